//! `meetvo dev`: runs the service on SQLite with development settings and the fixtures in it.
//! [`tables`] has tables of the synced objects.

mod tables;

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use tokio::sync::oneshot;

use self::tables::{organizations_table, users_table};
use super::{
    CommandError, block_on,
    replay::{self, Report},
    start_log, stop_signal,
    terminal::stdout,
};
use crate::{
    app::{self, Application},
    clock::Clock,
    config::{self, Settings, Sources},
    telemetry::LogWriter,
};

/// Run the service with SQLite and example data, to try it out
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo dev
  meetvo dev --fresh --port 9000

The command posts the example payloads of the program to the service over HTTP,
prints the decisions, the users and the organizations, and keeps running. It
creates an endpoint for a page on the next port, or a free one, that shows the
messages about the changes. It listens on the loopback interface only, because
its signing secret and API key are public. It ignores DATABASE_URL, so that no example data is written to
another database.")]
pub(super) struct Dev {
    /// Store the data in this SQLite file
    #[arg(long, value_name = "FILE", default_value = "meetvo-development.db")]
    database: PathBuf,
    /// Delete the database file first
    #[arg(long)]
    fresh: bool,
    /// Listen on this port [default: PORT, or 8080]
    #[arg(long)]
    port: Option<u16>,
    /// Post the payloads in this file or folder [default: the example payloads
    /// of the program]
    #[arg(long, value_name = "PATH")]
    fixtures: Option<PathBuf>,
}

pub(super) fn run(command: &Dev, sources: Sources) -> Result<(), CommandError> {
    let settings = Settings::load(&development_sources(command, sources))?;
    if command.fresh {
        delete_database(&command.database)?;
    }
    block_on(async {
        let stop_signal = stop_signal()?;
        let application = Application::build(&settings, Clock::system()).await?;
        let url = format!("http://{}", application.address());
        let port = application.address().port();
        let (page, page_url) = app::start_listening_page(&settings, port).await?;
        let (failed, has_failed) = oneshot::channel();
        let demo = async {
            let shown = show_fixtures(command, &settings, &url, &page_url).await;
            if shown.is_err() {
                failed.send(()).ok();
            }
            shown
        };
        let stop = async {
            tokio::select! {
                () = stop_signal => {}
                Ok(()) = has_failed => {}
            }
        };
        let stop_page = page.handle();
        let service = async {
            let stopped = application.run_until(stop).await;
            // The page answers until the service has sent its last message.
            stop_page.stop(false).await;
            stopped
        };
        let (shown, stopped, page_stopped) = tokio::join!(demo, service, page);
        // The log is dropped last, so that the lines of the shutdown are written.
        let _log = shown?;
        stopped?;
        Ok(page_stopped?)
    })
}

/// Posts the fixtures, then prints the report, the users, the organizations and example commands.
/// Returns the log, which starts then.
async fn show_fixtures(
    command: &Dev,
    settings: &Settings,
    url: &str,
    page_url: &str,
) -> Result<LogWriter, CommandError> {
    let report = post_fixtures(command.fixtures.as_deref(), url).await?;
    let store = app::open_store(&settings.database).await?;
    let (users, organizations) = (users_table(&store).await?, organizations_table(&store).await?);
    write!(stdout(), "{report}\n{users}\n\n{organizations}\n\n")?;
    store.close().await;
    print_examples(settings, url, page_url)?;
    // The log starts only now, because the report already covers the fixtures.
    start_log(settings, None)
}

/// Returns the development settings. The environment cannot change the database, secrets and keys,
/// and there is no secret key for requests to Clerk.
fn development_sources(command: &Dev, sources: Sources) -> Sources {
    let mut sources = sources.ignoring(&[
        "CLERK_",
        "MEETVO__CLERK__",
        "MEETVO__API__",
        "MEETVO__DATABASE__",
        "MEETVO__SERVER__HOST",
    ]);
    sources.variables.extend(config::development_variables());
    let mut set = |name: &str, value: String| sources.variables.insert(name.to_owned(), value);
    set("MEETVO_ENV", "development".to_owned());
    set("MEETVO__CLERK__INSTANCE_ID", String::new());
    set("DATABASE_URL", format!("sqlite:{}", command.database.display()));
    set("HOST", "127.0.0.1".to_owned());
    if let Some(port) = command.port {
        set("PORT", port.to_string());
    }
    sources
}

/// Deletes a database file with its write-ahead log.
fn delete_database(database: &Path) -> Result<(), CommandError> {
    for suffix in ["", "-wal", "-shm"] {
        let mut file = database.as_os_str().to_owned();
        file.push(suffix);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Posts the payloads in order, one at a time.
async fn post_fixtures(fixtures: Option<&Path>, url: &str) -> Result<Report, CommandError> {
    if let Some(missing) = fixtures.filter(|path| !path.exists()) {
        return Err(CommandError::MissingFixtures(missing.display().to_string()));
    }
    let secret = config::development_signing_secret().ok_or(CommandError::MissingSigningSecret)?;
    let sender = replay::Sender::new(&[url.to_owned()], secret.secret.expose())?;
    let schedule = replay::Schedule::of_paths(fixtures.map(Path::to_owned).as_slice())?;
    let options =
        replay::SendOptions { concurrency: 1, rate: None, presign: false, progress: false };
    Ok(replay::send_all(sender, schedule, options).await)
}

/// Prints commands to copy.
fn print_examples(settings: &Settings, url: &str, page_url: &str) -> Result<(), CommandError> {
    let key = config::development_api_key().unwrap_or_default();
    let database = &settings.database.url;
    writeln!(
        stdout(),
        "Listening on {url}, with the data in {database}. To read, add and change users:

  curl -H 'Authorization: Bearer {key}' '{url}/v1/users?limit=3'
  meetvo trigger --scenario sign-up --to {url}
  meetvo replay fixtures/user/created-google.json --set data.first_name=Ada --to {url}

To open the dashboard, sign in at {url}/dashboard/ with the key {key}.
To see the messages that the service pushes about changes, open {page_url}.

Ctrl-C stops it."
    )?;
    Ok(())
}
