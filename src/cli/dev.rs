//! `meetvo dev`: runs the service on SQLite with development settings and the fixtures in it.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use comfy_table::Table;
use tokio::sync::oneshot;

use super::{
    CommandError, block_on, init_logging,
    replay::{self, Report},
    stop_signal,
    terminal::{self, stdout},
};
use crate::{
    app::{self, Application},
    clock::Clock,
    config::{self, Settings, Sources},
    domain::version::Version,
    objects::{AnyState, Kind},
    store::{PageRequest, Store, StoreError, users::UserFilter},
};

/// Run the service with SQLite and example data, to try it out
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo dev
  meetvo dev --fresh --port 9000

The command posts the example payloads of the program to the service over HTTP,
prints the decisions, the users and the organizations, and keeps running. It
listens on the loopback interface only, because its signing secret and API key
are public. It ignores DATABASE_URL, so that no example data is written to
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
        let (failed, has_failed) = oneshot::channel();
        let demo = async {
            let shown = show_fixtures(command, &settings, &url).await;
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
        let (shown, stopped) = tokio::join!(demo, application.run_until(stop));
        shown.and(stopped.map_err(CommandError::from))
    })
}

/// Posts the fixtures, then prints the report, the users, the organizations and example commands.
async fn show_fixtures(command: &Dev, settings: &Settings, url: &str) -> Result<(), CommandError> {
    let report = post_fixtures(command.fixtures.as_deref(), url).await?;
    let store = app::open_store(&settings.database).await?;
    let (users, organizations) = (users_table(&store).await?, organizations_table(&store).await?);
    write!(stdout(), "{report}\n{users}\n\n{organizations}\n\n")?;
    store.close().await;
    print_examples(settings, url)?;
    // The log starts only now, because the report already covers the fixtures.
    init_logging(settings, None)
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
fn print_examples(settings: &Settings, url: &str) -> Result<(), CommandError> {
    let key = config::development_api_key().unwrap_or_default();
    let database = &settings.database.url;
    writeln!(
        stdout(),
        "Listening on {url}, with the data in {database}. To read, add and change users:

  curl -H 'Authorization: Bearer {key}' '{url}/v1/users?limit=3'
  meetvo trigger --scenario sign-up --to {url}
  meetvo replay fixtures/user/created-google.json --set data.first_name=Ada --to {url}

To open the dashboard, sign in at {url}/dashboard/ with the key {key}.

Ctrl-C stops it."
    )?;
    Ok(())
}

/// Returns a table of the synced users.
async fn users_table(store: &Store) -> Result<Table, StoreError> {
    let page = || PageRequest { after: None, limit: 500 };
    let mut rows = Vec::new();
    for user in store.users(&UserFilter::default(), &page()).await?.items {
        let accounts = store.accounts(&user.id, &page()).await?.items;
        let accounts: Vec<_> = accounts.into_iter().filter_map(|it| it.provider_id).collect();
        let sessions = store.sessions(&user.id, &page()).await?.items.len();
        let profile = user.profile;
        let name = [profile.first_name, profile.last_name].into_iter().flatten();
        rows.push([
            user.id,
            name.collect::<Vec<_>>().join(" "),
            profile.email.unwrap_or_default(),
            accounts.join(", "),
            sessions.to_string(),
        ]);
    }
    Ok(terminal::table(["user", "name", "email", "accounts", "sessions"], rows))
}

/// Returns a table of the synced organizations with their members.
async fn organizations_table(store: &Store) -> Result<Table, StoreError> {
    let ids = store.live_ids(Kind::Organization, "", 500).await?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut rows = Vec::new();
    for found in store.whole_objects(Kind::Organization, &ids).await? {
        let AnyState::Organization(organization) = found.state else { continue };
        if organization.version == Version::default() {
            continue;
        }
        let members = members(store, &organization.id).await?;
        let data = organization.data;
        rows.push([
            organization.id,
            data.name.unwrap_or_default(),
            data.slug.unwrap_or_default(),
            members.join(", "),
        ]);
    }
    rows.sort_unstable();
    Ok(terminal::table(["organization", "name", "slug", "members"], rows))
}

/// Returns the members of an organization with their roles.
async fn members(store: &Store, organization_id: &str) -> Result<Vec<String>, StoreError> {
    let ids = store.live_membership_ids(Kind::Organization, organization_id, 500).await?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut members = Vec::new();
    for found in store.whole_objects(Kind::Membership, &ids).await? {
        let AnyState::Membership(membership) = found.state else { continue };
        let data = membership.data;
        let profile = store.user(&data.user_id).await?.map(|user| user.profile);
        let name = profile.and_then(|it| it.first_name.or(it.email)).unwrap_or(data.user_id);
        members.push(format!("{name} ({})", data.role.unwrap_or_default()));
    }
    members.sort_unstable();
    Ok(members)
}
