//! Is the database there, as this program needs it, and does it take writes?

use super::{Finding, Grade};
use crate::{
    app::{self, StartError},
    config::{DatabaseUrl, Settings},
    store::{Store, StoreError},
};

const DATABASE: &str = "database";
const SCHEMA: &str = "schema";

pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    let url = &settings.database.url;
    let store = match app::open_existing_store(&settings.database).await {
        Ok(store) => store,
        Err(StartError::Database { source: StoreError::FileNotFound, .. }) => {
            let mend = "`meetvo serve` makes it at its start; if there should be one, DATABASE_URL names another";
            return vec![Finding::warning(DATABASE, format!("{url} is not there yet"), mend)];
        }
        Err(error) => {
            let mend = "look at DATABASE_URL, and whether the server runs and lets this role in";
            return vec![Finding::bad(DATABASE, error.to_string(), mend)];
        }
    };
    let schema = schema(&store).await;
    let database = match schema.grade {
        Grade::Good => writes(&store, url).await,
        // Without its tables nothing could be written.
        _ => Finding::good(DATABASE, format!("{url} answers")),
    };
    store.close().await;
    vec![database, schema]
}

async fn writes(store: &Store, url: &DatabaseUrl) -> Finding {
    match store.try_write().await {
        Ok(()) => Finding::good(DATABASE, format!("{url} answers, and takes writes")),
        Err(error) => {
            let mend = "look at the disk, the rights of the role or the file, and whether the server is a standby";
            Finding::bad(DATABASE, format!("{url} takes no writes: {error}"), mend)
        }
    }
}

async fn schema(store: &Store) -> Finding {
    let missing: Result<Vec<_>, StoreError> = store
        .migrations()
        .await
        .map(|steps| steps.into_iter().filter(|it| !it.applied).map(|it| it.name).collect());
    match missing {
        Ok(missing) if missing.is_empty() => Finding::good(SCHEMA, "of this version"),
        Ok(missing) => Finding::bad(
            SCHEMA,
            format!("{} migrations are to be run: {}", missing.len(), missing.join(", ")),
            "`meetvo migrate run`, or start `meetvo serve`, which runs them",
        ),
        Err(error) => {
            Finding::bad(SCHEMA, error.to_string(), "use the version that it is of, or a later one")
        }
    }
}
