//! Captures the statements that the store runs.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, LazyLock, Mutex},
};

use tracing::{
    Dispatch, Event, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry,
};

/// Statements that the store logs, in their order.
#[derive(Clone, Default)]
pub(super) struct Statements(Arc<Mutex<Vec<String>>>);

/// A second subscriber, which is never the default and disables everything.
///
/// If only one subscriber exists, tracing does not ask it whether a new callsite is enabled. It
/// asks the default subscriber of the current thread, and caches the answer for all threads. If the
/// thread of another test reaches the callsite first and has no subscriber, the callsite stays
/// disabled, and nothing is captured. If several subscribers exist, tracing asks all of them.
static SECOND_SUBSCRIBER: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(registry().with(LevelFilter::OFF)));

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

impl Visit for Statements {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl Statements {
    /// Returns the statements of `work`, which must run in the current thread.
    pub(super) fn capture_all(work: impl Future<Output = ()>) -> impl Future<Output = Vec<String>> {
        let work = Box::pin(work);
        async {
            // Created first, so that two subscribers exist before this one enables any callsite.
            LazyLock::force(&SECOND_SUBSCRIBER);
            let statements = Self::default();
            let guard = tracing::subscriber::set_default(registry().with(statements.clone()));
            work.await;
            drop(guard);
            statements.0.lock().unwrap().clone()
        }
    }

    /// Returns the distinct statements of `work`, which must run in the current thread.
    pub(super) fn capture(
        work: impl Future<Output = ()>,
    ) -> impl Future<Output = BTreeSet<String>> {
        let statements = Self::capture_all(work);
        async { statements.await.into_iter().collect() }
    }
}
