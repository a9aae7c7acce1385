//! `meetvo serve`: runs the service.

use clap::Args;

use super::{CommandError, block_on, init_telemetry, stop_signal};
use crate::{
    app::Application,
    clock::Clock,
    config::{Settings, Sources},
};

/// Run the service: receive webhooks and answer API requests.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  CLERK_WEBHOOK_SIGNING_SECRET=whsec_… meetvo serve
  DATABASE_URL=postgres://meetvo@db/meetvo PORT=9000 meetvo serve

Settings come from the settings files, .env and the environment;
`meetvo config` prints them. At start the service runs pending migrations.
SIGTERM and Ctrl-C shut it down gracefully: it first commits and answers the
deliveries that it has received.")]
pub(super) struct Serve {}

pub(super) fn run(sources: &Sources) -> Result<(), CommandError> {
    let settings = Settings::load(sources)?;
    // Dropped last, so that the spans of the shutdown are exported and its lines are written.
    let _telemetry = init_telemetry(&settings)?;
    block_on(async {
        let mut stop = Box::pin(stop_signal()?);
        // The start can wait for the locks of a migration.
        let application = tokio::select! {
            built = Application::build(&settings, Clock::system()) => built?,
            () = &mut stop => {
                tracing::info!("stopped during the start");
                return Ok(());
            }
        };
        let url = format!("http://{}", application.address());
        let environment = settings.environment.to_string();
        tracing::info!(url, environment, database = %settings.database.url, "listening");
        Ok(application.run_until(stop).await?)
    })
}
