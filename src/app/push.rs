//! Push of changes to endpoints.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{StartError, background};
use crate::{
    clock::Clock,
    config::{Fault, Faults, Settings},
    http,
    push::{admin::EndpointAdmin, metrics::PushMetrics, senders::Senders, targets::Connector},
    sealing::Sealer,
    store::Store,
};

/// Name of the setting with the keys, for errors.
const KEYS: &str = "push.keys (MEETVO_PUSH_KEYS)";

/// Creates the management of the endpoints.
///
/// # Errors
/// Returns an error if a key is rejected.
pub fn endpoint_admin(
    settings: &Settings,
    store: &Store,
    clock: &Clock,
) -> Result<EndpointAdmin, StartError> {
    let push = &settings.push;
    let keys = push.keys.iter().map(|key| (&*key.id, key.expose()));
    let sealer = Sealer::new(KEYS, keys).map_err(|error| fault("push.keys", &error))?;
    let connector = Connector::new(push.allow_private_addresses, push.timeout);
    let sealer = sealer.map(Arc::new);
    Ok(EndpointAdmin { store: store.clone(), sealer, connector, clock: clock.clone() })
}

fn fault(setting: &str, problem: &impl ToString) -> Faults {
    Faults(vec![Fault { setting: setting.to_owned(), problem: problem.to_string() }])
}

/// Task that sends the messages.
pub(super) struct PushTask {
    task: AbortOnDropHandle<()>,
    stop: CancellationToken,
}

impl PushTask {
    /// Starts the senders.
    pub(super) fn start(admin: &EndpointAdmin, metrics: PushMetrics) -> Result<Self, StartError> {
        let mut process = [0_u8; 16];
        getrandom::fill(&mut process).map_err(|error| StartError::Push(error.to_string()))?;
        let process = Arc::from(hex::encode(process));
        let senders = Senders::new(admin.clone(), http::SHAPES, metrics, process);
        let stop = CancellationToken::new();
        Ok(Self { task: background::spawn(senders.run(stop.clone())), stop })
    }

    /// Waits for the end of the task, which ends only by a bug.
    pub(super) async fn ended(&mut self) -> String {
        super::outcome((&mut self.task).await)
    }

    /// Lets the senders record their results, and gives up their leases.
    pub(super) async fn stop(self, limit: Duration) {
        self.stop.cancel();
        if timeout(limit, self.task).await.is_err() {
            tracing::warn!("messages were still in progress; they are sent again");
        }
    }
}
