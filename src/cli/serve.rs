//! `meetvo serve`

use tokio::signal::unix::{SignalKind, signal};

use super::{Failure, block_on, settings};
use crate::{app::Application, clock::Clock, config::Sources};

pub(super) fn run(sources: &Sources) -> Result<(), Failure> {
    let settings = settings(sources)?;
    block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let application = Application::build(&settings, Clock::system()).await?;
        let url = format!("http://{}", application.address());
        let environment = settings.environment.to_string();
        tracing::info!(url, environment, database = %settings.database.url, "listening");
        let told_to_stop = async {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        Ok(application.run_until(told_to_stop).await?)
    })
}
