//! Checks that the database is reachable, has the current schema, and accepts writes.

use super::{Finding, Grade, events};
use crate::{
    app::{self, StartError},
    config::{DatabaseUrl, Settings},
    store::{Store, StoreError, driver::OutageCause, write_probe::WriteProbe},
};

const DATABASE: &str = "database";
const SCHEMA: &str = "schema";
const FILES: &str = "database files";
const FOREIGN_KEYS: &str = "foreign keys";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let url = &settings.database.url;
    let store = match app::open_existing_store(&settings.database).await {
        Ok(store) => store,
        Err(StartError::Database { source: StoreError::FileNotFound, .. }) => {
            let remediation =
                "`meetvo serve` creates it at start; if it should exist, correct DATABASE_URL";
            return vec![Finding::warning(
                DATABASE,
                format!("{url} does not exist yet"),
                remediation,
            )];
        }
        Err(StartError::Database { source: StoreError::Unusable(reason), .. }) => {
            let message = format!("{url} cannot be used: {}", reason.problem);
            return vec![Finding::error(DATABASE, message, reason.remediation)];
        }
        Err(error) => {
            let remediation = "check DATABASE_URL, and the log of the server";
            return vec![Finding::error(DATABASE, error.to_string(), remediation)];
        }
    };
    let schema = check_schema(&store).await;
    let database = match schema.grade {
        Grade::Ok => check_writes(&store, url).await,
        // A write needs the tables.
        _ => Finding::ok(DATABASE, format!("{url} answers")),
    };
    let mut findings = vec![database, schema];
    if findings.iter().all(|finding| finding.check != SCHEMA || finding.grade == Grade::Ok) {
        findings.extend(check_foreign_keys(&store).await);
        findings.extend(events::check(&store, settings).await);
    }
    // SQLite removes some of its files when it closes.
    findings.extend(check_files(settings));
    store.close().await;
    findings
}

/// Warns of database files that other users of the machine can read. They contain personal data.
fn check_files(settings: &Settings) -> Option<Finding> {
    let exposed = app::exposed_database_files(&settings.database).unwrap_or_default();
    let files: Vec<_> = exposed.iter().map(|(file, _)| file.display().to_string()).collect();
    let modes: Vec<_> = exposed
        .iter()
        .map(|(file, mode)| format!("{} (mode {mode:04o})", file.display()))
        .collect();
    (!files.is_empty()).then(|| {
        let message = format!("other users of this machine can read {}", modes.join(", "));
        Finding::warning(FILES, message, format!("run `chmod 600 {}`", files.join(" ")))
    })
}

async fn check_writes(store: &Store, url: &DatabaseUrl) -> Finding {
    match store.check_writable(WriteProbe::Thorough).await {
        Ok(()) => Finding::ok(DATABASE, format!("{url} answers and accepts writes")),
        Err(error) => {
            let cause = error.outage().unwrap_or(OutageCause::Other);
            let message = format!("{url} accepts no writes, because it {cause}: {error}");
            Finding::error(DATABASE, message, cause.remediation())
        }
    }
}

/// Finds foreign keys of other programs that can prevent deletions.
async fn check_foreign_keys(store: &Store) -> Option<Finding> {
    let found = match store.blocking_foreign_keys().await {
        Ok(found) => found,
        Err(error) => {
            let remediation = "check the database, and run the command again";
            return Some(Finding::error(FOREIGN_KEYS, error.to_string(), remediation));
        }
    };
    let names: Vec<_> = found.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| {
        let message = format!("some can prevent deletions: {}", names.join(", "));
        let remediation = "drop them, or let them lead to users or organizations, whose rows stay";
        Finding::error(FOREIGN_KEYS, message, remediation)
    })
}

async fn check_schema(store: &Store) -> Finding {
    let missing: Result<Vec<_>, StoreError> = store
        .migrations()
        .await
        .map(|steps| steps.into_iter().filter(|it| !it.applied).map(|it| it.name).collect());
    match missing {
        Ok(missing) if missing.is_empty() => Finding::ok(SCHEMA, "is up to date"),
        Ok(missing) => Finding::error(
            SCHEMA,
            format!("has {} pending migrations: {}", missing.len(), missing.join(", ")),
            "run `meetvo migrate run` as the role that owns the tables, or start `meetvo serve`, \
             which runs them",
        ),
        Err(error) => {
            let remediation =
                "use the version of the program that created the schema, or a later one";
            Finding::error(SCHEMA, error.to_string(), remediation)
        }
    }
}
