//! `meetvo serve`

use super::{Failure, block_on, settings, stop_signal};
use crate::{app::Application, clock::Clock, config::Sources};

pub(super) fn run(sources: &Sources) -> Result<(), Failure> {
    let settings = settings(sources)?;
    block_on(async {
        let told_to_stop = stop_signal()?;
        let application = Application::build(&settings, Clock::system()).await?;
        let url = format!("http://{}", application.address());
        let environment = settings.environment.to_string();
        tracing::info!(url, environment, database = %settings.database.url, "listening");
        Ok(application.run_until(told_to_stop).await?)
    })
}
