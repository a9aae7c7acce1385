//! Push of changes to endpoints.

use std::{sync::Arc, thread, time::Duration};

use tokio::{
    runtime::{self, Handle},
    sync::oneshot,
    time::timeout,
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::StartError;
use crate::{
    clock::Clock,
    config::{Fault, Faults, Settings},
    http,
    ingest::QueueShutdown,
    push::{
        admin::EndpointAdmin, metrics::PushMetrics, senders::Senders, targets::Connector,
        throttle::Throttle,
    },
    sealing::Sealer,
    store::Store,
};

/// Name of the setting with the keys, for errors.
const KEYS: &str = "push.keys (MEETVO_PUSH_KEYS)";

/// Nice value of the thread that sends the messages.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// Number of uncommitted events from which the service is busy. It is more than a few thousand
/// deliveries per second have at a time.
const BUSY: usize = 24;

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

/// Thread that sends the messages. It ends when the value is dropped.
pub(super) struct PushThread {
    ended: oneshot::Receiver<()>,
    stop: CancellationToken,
    _abort: DropGuard,
}

impl PushThread {
    /// Starts the senders.
    pub(super) fn start(
        admin: &EndpointAdmin,
        metrics: PushMetrics,
        queue: QueueShutdown,
    ) -> Result<Self, StartError> {
        let error = |error: &dyn ToString| StartError::Push(error.to_string());
        let mut process = [0_u8; 16];
        getrandom::fill(&mut process).map_err(|cause| error(&cause))?;
        let process = Arc::from(hex::encode(process));
        let throttle = Throttle::new(move || queue.uncommitted() >= BUSY);
        let limits = (throttle, Handle::current());
        let senders = Senders::new(admin.clone(), http::SHAPES, metrics, process, limits);
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| error(&cause))?;
        let (stop, abort) = (CancellationToken::new(), CancellationToken::new());
        let (sender, ended) = oneshot::channel();
        let run = {
            let (stop, abort) = (stop.clone(), abort.clone());
            move || {
                lower_priority();
                runtime.block_on(abort.run_until_cancelled(senders.run(stop)));
                sender.send(()).ok();
            }
        };
        let thread = thread::Builder::new().name("push".to_owned()).spawn(run);
        thread.map_err(|cause| error(&cause))?;
        Ok(Self { ended, stop, _abort: abort.drop_guard() })
    }

    /// Waits for the end of the thread, which ends only by a bug.
    pub(super) async fn ended(&mut self) -> String {
        match (&mut self.ended).await {
            Ok(()) => "it stopped".to_owned(),
            Err(_) => "it panicked".to_owned(),
        }
    }

    /// Lets the senders record their results, and gives up their leases.
    pub(super) async fn stop(self, limit: Duration) {
        self.stop.cancel();
        if timeout(limit, self.ended).await.is_err() {
            tracing::warn!("messages were still in progress; they are sent again");
        }
    }
}

/// Lets the deliveries have the processor first. On other systems than Linux, the priority would be
/// that of the whole process.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::warn!(%error, "the thread that pushes has the normal priority");
    }
}
