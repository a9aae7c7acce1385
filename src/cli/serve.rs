//! `meetvo serve`

use clap::Args;

use super::{CommandError, block_on, load_settings, stop_signal};
use crate::{app::Application, clock::Clock, config::Sources};

/// Take webhooks and answer reads, until told to stop
#[derive(Debug, Args)]
#[command(after_help = "\
Settings come from the folder of settings, .env and the environment; `meetvo config` prints them.
The schema is brought up to date first. SIGTERM and Ctrl-C end it: what was accepted is committed
and answered before.

Example:
  DATABASE_URL=sqlite:meetvo.db CLERK_WEBHOOK_SIGNING_SECRET=whsec_… PORT=8080 meetvo serve")]
pub(super) struct Serve {}

pub(super) fn run(sources: &Sources) -> Result<(), CommandError> {
    let settings = load_settings(sources)?;
    block_on(async {
        let told_to_stop = stop_signal()?;
        let application = Application::build(&settings, Clock::system()).await?;
        let url = format!("http://{}", application.address());
        let environment = settings.environment.to_string();
        tracing::info!(url, environment, database = %settings.database.url, "listening");
        Ok(application.run_until(told_to_stop).await?)
    })
}
