//! The events' side of a commit: what was seen, what is appended.

use std::{collections::HashMap, sync::Arc};

use super::{Decided, Decision, Event, Millis, Tx, statement};
use crate::{
    domain::local_event::{self, EVENT_REPROCESSED},
    store::{StoreError, driver::Query, events::ExistingEvent},
};

/// The id of the row that tells that an event was applied later.
#[must_use]
pub fn reprocessed_id(id: &str) -> String {
    local_event::id(EVENT_REPROCESSED, id)
}

/// The event of which the row with this id tells that it was applied later.
pub(in crate::store) fn original_id(id: &str) -> Option<&str> {
    id.strip_prefix(EVENT_REPROCESSED)?.strip_prefix(':')
}

/// The same in SQL, of a row of `webhook_events`.
pub(in crate::store) fn original_id_sql() -> String {
    let start = EVENT_REPROCESSED.len() + 2;
    format!("CASE WHEN type = '{EVENT_REPROCESSED}' THEN SUBSTR(id, {start}) END")
}

/// Which of the events are there, and with which decision.
pub(super) async fn seen(
    tx: &mut Tx,
    events: &[Event],
) -> Result<HashMap<String, Decision>, StoreError> {
    let ids: Vec<&str> = events.iter().map(|event| &*event.id).collect();
    let sql = "SELECT id, decision FROM webhook_events WHERE id IN {}";
    let rows: Vec<ExistingEvent> = statement::fetch_by_keys(tx, sql, &ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.decision)).collect())
}

/// Keeps when secrets were last used; whether there was anything to keep.
pub(super) async fn keep_secret_uses(
    tx: &mut Tx,
    uses: &[(Arc<str>, Millis)],
) -> Result<bool, StoreError> {
    let conflict = "(label) DO UPDATE SET last_used_at = excluded.last_used_at \
                    WHERE excluded.last_used_at > webhook_secrets.last_used_at";
    let into = "webhook_secrets (label, last_used_at)";
    statement::insert(tx, into, 2, conflict, uses, |query, (label, at)| {
        query.bind(&**label).bind(*at)
    })
    .await?;
    Ok(!uses.is_empty())
}

/// Empties the payloads of all events of users who are deleted; how many there were.
pub(super) async fn empty(tx: &mut Tx, deleted: &[&str]) -> Result<u64, StoreError> {
    let sql =
        "UPDATE webhook_events SET payload = NULL WHERE payload IS NOT NULL AND subject IN {}";
    statement::execute_by_keys(tx, sql, deleted).await
}

/// Appends what is new, and settles what was open; whether there was anything to write.
pub(super) async fn append(tx: &mut Tx, decided: &[&Decided<'_>]) -> Result<bool, StoreError> {
    let mut rows: Vec<EventRow<'_>> = Vec::with_capacity(decided.len());
    for decided in decided {
        match decided.was {
            None => rows.push(EventRow::of(decided)),
            Some(was) if was == decided.decision => {}
            Some(was) => {
                settle(tx, decided, was).await?;
                rows.extend(EventRow::of_retry(decided));
            }
        }
    }
    let settled = decided.iter().any(|it| it.was.is_some_and(|was| was != it.decision));
    if rows.is_empty() {
        return Ok(settled);
    }
    tx.order_commits().await?;
    let into = "webhook_events (id, type, subject, object_id, instance_id, payload, decision, \
                reason, secret, occurred_at, received_at)";
    let written = statement::insert(tx, into, 11, "(id) DO NOTHING", &rows, bind_event).await?;
    // Fewer: another process took one of them in the meantime. Look again from the beginning.
    if written == rows.len() as u64 { Ok(true) } else { Err(StoreError::Conflict) }
}

/// Rewrites the row of an event that was open, as it is understood now. A payload that is gone stays
/// gone: retention does not come by again.
async fn settle(tx: &mut Tx, decided: &Decided<'_>, was: Decision) -> Result<(), StoreError> {
    let row = EventRow::of(decided);
    let sql = "UPDATE webhook_events SET type = $1, subject = $2, object_id = $3, \
               instance_id = $4, payload = CASE WHEN payload IS NOT NULL THEN $5 END, \
               decision = $6, reason = $7, secret = $8, occurred_at = $9 \
               WHERE id = $10 AND decision = $11";
    let settled = tx
        .query(sql)
        .bind(row.kind)
        .bind(row.subject)
        .bind(row.object_id)
        .bind(row.instance_id)
        .bind(row.payload)
        .bind(row.decision.as_str())
        .bind(row.reason)
        .bind(row.secret)
        .bind(row.occurred_at)
        .bind(&*row.id)
        .bind(was.as_str())
        .execute()
        .await?;
    if settled == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A row of `webhook_events` as it is written.
struct EventRow<'a> {
    id: std::borrow::Cow<'a, str>,
    kind: Option<&'a str>,
    subject: Option<&'a str>,
    object_id: Option<&'a str>,
    instance_id: Option<&'a str>,
    payload: Option<&'a str>,
    decision: Decision,
    reason: Option<&'a str>,
    secret: Option<&'a str>,
    occurred_at: Option<Millis>,
    received_at: Millis,
}

impl<'a> EventRow<'a> {
    fn of(decided: &Decided<'a>) -> Self {
        let event = decided.event;
        Self {
            id: (&*event.id).into(),
            kind: event.kind.as_deref(),
            subject: event.subject.as_deref(),
            object_id: event.object_id.as_deref(),
            instance_id: event.instance_id.as_deref(),
            payload: event.payload.as_deref().filter(|_| !decided.emptied),
            decision: decided.decision,
            reason: decided.reason,
            secret: Some(&*event.secret).filter(|label| !label.is_empty()),
            occurred_at: event.occurred_at,
            received_at: event.received_at,
        }
    }

    /// Every write to the projection appends a row, so that readers of the feed see it: the
    /// event's own row keeps its place.
    fn of_retry(decided: &Decided<'a>) -> Option<Self> {
        (decided.decision == Decision::Applied).then(|| Self {
            id: reprocessed_id(&decided.event.id).into(),
            kind: Some(EVENT_REPROCESSED),
            payload: None,
            reason: None,
            secret: None,
            ..Self::of(decided)
        })
    }
}

fn bind_event<'c>(query: Query<'c>, row: &EventRow<'_>) -> Query<'c> {
    query
        .bind(&*row.id)
        .bind(row.kind)
        .bind(row.subject)
        .bind(row.object_id)
        .bind(row.instance_id)
        .bind(row.payload)
        .bind(row.decision.as_str())
        .bind(row.reason)
        .bind(row.secret)
        .bind(row.occurred_at)
        .bind(row.received_at)
}
