//! Checks the newest deliveries and the failed events in the database.

use super::Finding;
use crate::{
    cli::terminal::escape,
    clock::Clock,
    config::Settings,
    domain::{Millis, decision::Decision, unsynced::UnsyncedCause},
    store::{Store, StoreError, event_groups::EventGroup, unsynced_events::UnsyncedEvents},
};

const EVENTS: &str = "events";

/// The check for events of types that were not synced when they arrived.
const BACKFILL: &str = "events/backfill";

/// Age in milliseconds up to which deliveries are examined: a day.
const PERIOD: Millis = 86_400_000;

/// Maximum number of reasons that are listed.
const MAX_REASONS: usize = 10;

pub(super) async fn check(store: &Store, settings: &Settings) -> Vec<Finding> {
    match read(store, settings).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::skipped(EVENTS, format!("not read: {error}"))],
    }
}

async fn read(store: &Store, settings: &Settings) -> Result<Vec<Finding>, StoreError> {
    let pinned = settings.clerk.instance_id.as_deref();
    let recent = store.recent_deliveries(Clock::system().now() - PERIOD).await?;
    let mut findings = Vec::new();
    if let Some(unsynced) = recent.unsynced() {
        let (message, remediation) = (unsynced.description(pinned), unsynced.remediation(pinned));
        findings.push(match unsynced.cause {
            UnsyncedCause::Stale => Finding::warning(EVENTS, message, remediation),
            _ => Finding::error(EVENTS, message, remediation),
        });
    }
    let failed = store.event_groups(Decision::Failed).await?;
    let shown = failed.groups.iter().take(MAX_REASONS);
    findings.extend(shown.map(|group| failure(group, failed.is_complete)));
    let unsynced = unsynced(store).await?;
    if findings.is_empty() {
        findings.push(match store.secret_usage().await?[..] {
            [] => Finding::skipped(
                EVENTS,
                "no delivery has arrived yet; in Clerk's dashboard, add an endpoint with the path \
                 /webhooks/clerk and send an example",
            ),
            _ => Finding::ok(EVENTS, "none has failed, and the newest deliveries are synced"),
        });
    }
    findings.extend(unsynced);
    Ok(findings)
}

/// Warns of events that arrived before their types were synced, unless a backfill has fetched the
/// objects since.
async fn unsynced(store: &Store) -> Result<Option<Finding>, StoreError> {
    let since = store.completed_backfill().await?.unwrap_or_default();
    let UnsyncedEvents { types, is_complete } = store.unsynced_events(since).await?;
    if types.is_empty() {
        return Ok(None);
    }
    let count: u64 = types.values().sum();
    let at_least = if is_complete { "" } else { "at least " };
    let shown: Vec<_> = types.keys().take(MAX_REASONS).map(|it| escape(it).to_string()).collect();
    let more = if types.len() > MAX_REASONS { ", …" } else { "" };
    let message = format!(
        "{at_least}{count} events arrived before their types were synced, and kept only IDs: {}{more}",
        shown.join(", ")
    );
    let remediation =
        "run `meetvo backfill`, which fetches the objects from Clerk; it needs CLERK_SECRET_KEY";
    Ok(Some(Finding::warning(BACKFILL, message, remediation)))
}

fn failure(group: &EventGroup, is_complete: bool) -> Finding {
    let EventGroup { reason, count, newest_id, .. } = group;
    let reason = escape(reason.as_deref().unwrap_or("no reason is stored"));
    let at_least = if is_complete { "" } else { "at least " };
    Finding::warning(
        EVENTS,
        format!("{at_least}{count} failed: {reason} (newest: {})", escape(newest_id)),
        "after an upgrade, run `meetvo reprocess --decision failed`; if they can never be \
         applied, run `meetvo dismiss --decision failed --reason <REASON>`",
    )
}
