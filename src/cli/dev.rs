//! `meetvo dev`: the whole service on one's own machine, with something in it.

use std::{
    fs,
    io::{ErrorKind, Write, stdout},
    path::{Path, PathBuf},
};

use clap::Args;
use comfy_table::{Table, presets};
use tokio::sync::oneshot;

use super::{
    Failure, block_on,
    replay::{self, Report},
    start_log, stop_signal,
};
use crate::{
    app::{self, Application},
    clock::Clock,
    config::{self, Settings, Sources},
    store::{Page, Store, StoreError, users::UserFilter},
};

/// Try the service out: on SQLite, with fixtures replayed and the users shown
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo dev
  meetvo dev --fresh --port 9000

Replays the fixtures through the real HTTP path, shows what became of them, and stays up. Listens on the loopback interface only, with a signing secret and an API key that stand in a public
repository. DATABASE_URL is not looked at: fixtures belong into no other database.")]
pub(super) struct Dev {
    /// The SQLite file, which is kept
    #[arg(long, value_name = "FILE", default_value = "meetvo-development.db")]
    database: PathBuf,
    /// Begin with an empty database
    #[arg(long)]
    fresh: bool,
    /// Where to listen [default: PORT, or 8080]
    #[arg(long)]
    port: Option<u16>,
    /// The payloads to replay
    #[arg(long, value_name = "PATH", default_value = "fixtures")]
    fixtures: PathBuf,
}

pub(super) fn run(command: &Dev, sources: Sources) -> Result<(), Failure> {
    let settings = Settings::load(&development(command, sources))?;
    if command.fresh {
        remove(&command.database)?;
    }
    block_on(async {
        let told_to_stop = stop_signal()?;
        let application = Application::build(&settings, Clock::system()).await?;
        let url = format!("http://{}", application.address());
        let (failed, has_failed) = oneshot::channel();
        let present = async {
            let presented = present(command, &settings, &url).await;
            if presented.is_err() {
                failed.send(()).ok();
            }
            presented
        };
        let stop = async {
            tokio::select! {
                () = told_to_stop => {}
                Ok(()) = has_failed => {}
            }
        };
        let (presented, stopped) = tokio::join!(present, application.run_until(stop));
        presented.and(stopped.map_err(Failure::from))
    })
}

/// Replays the fixtures and shows what came of them.
async fn present(command: &Dev, settings: &Settings, url: &str) -> Result<(), Failure> {
    let report = post(&command.fixtures, url).await?;
    let store = app::open_store(&settings.database).await?;
    write!(stdout(), "{report}\n{}\n\n", users(&store).await?)?;
    store.close().await;
    explain(settings, url)?;
    // Only now: what the fixtures came to stands in the tables.
    start_log(settings)
}

/// The development settings, whatever the environment says of databases, secrets and keys. Nor is
/// Clerk asked for anything.
fn development(command: &Dev, sources: Sources) -> Sources {
    let mut sources = sources.without(&[
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

/// Removes a database with what SQLite keeps beside it.
fn remove(database: &Path) -> Result<(), Failure> {
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

/// Posts the payloads one after the other, in their order.
async fn post(fixtures: &Path, url: &str) -> Result<Report, Failure> {
    let secret = config::development_secret().ok_or(Failure::NoSecret)?;
    let sender =
        replay::Sender::new(&[url.parse().map_err(|_| Failure::Target)?], secret.secret.expose())?;
    let schedule = replay::Schedule::of_paths(&[fixtures.to_owned()])?;
    let options =
        replay::SendOptions { concurrency: 1, rate: None, presign: false, progress: false };
    Ok(replay::send_all(sender, schedule, options).await)
}

/// Lines to paste.
fn explain(settings: &Settings, url: &str) -> Result<(), Failure> {
    let key = config::development_key().unwrap_or_default();
    let database = &settings.database.url;
    writeln!(
        stdout(),
        "Listening on {url}, with everything kept in {database}. To read, to add and to change users:

  curl -H 'Authorization: Bearer {key}' '{url}/v1/users?limit=3'
  meetvo trigger --scenario sign-up --to {url}
  meetvo replay fixtures/user/created-google.json --set data.first_name=Ada --to {url}

To look at it, sign in at {url}/dashboard/ with the key {key}.

Ctrl-C stops it."
    )?;
    Ok(())
}

/// The synced users.
async fn users(store: &Store) -> Result<Table, StoreError> {
    let page = || Page { after: None, limit: 500 };
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["user", "name", "email", "accounts", "sessions"]);
    for user in store.users(&UserFilter::default(), &page()).await?.items {
        let accounts = store.accounts(&user.id, &page()).await?;
        let accounts: Vec<_> = accounts.into_iter().filter_map(|it| it.provider_id).collect();
        let sessions = store.sessions(&user.id, &page()).await?.len();
        let profile = user.profile;
        let name = [profile.first_name, profile.last_name].into_iter().flatten();
        table.add_row([
            user.id,
            name.collect::<Vec<_>>().join(" "),
            profile.email.unwrap_or_default(),
            accounts.join(", "),
            sessions.to_string(),
        ]);
    }
    Ok(table)
}
