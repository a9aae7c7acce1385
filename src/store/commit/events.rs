//! Reads and writes the event log for a commit.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use serde_json::json;

use super::{
    AnyState, DecidedEvent, Decision, Event, Kind, Millis, Operation, StoredDecision, Tx,
    entitlements::{EntitlementChange, PayersPlan},
    keyed, statement,
};
use crate::{
    domain::{
        change_source::ChangeSource,
        local_event::{self, Action, ENTITLEMENT_CHANGED, EVENT_REPROCESSED},
    },
    objects::{ChangeKind, EventType},
    store::{StoreError, driver::Query, events::ExistingEvent, object_events::OBJECT_COLUMN},
};

/// Decisions of stored events, by event ID.
pub(super) type StoredDecisions = HashMap<String, StoredDecision>;

/// Returns the ID of the row that records the later application of an event.
#[must_use]
pub fn reprocessed_id(id: &str) -> String {
    local_event::id(EVENT_REPROCESSED, id)
}

/// Returns the ID of the event whose later application the row `id` records. Returns none for other
/// rows.
pub(in crate::store) fn original_id(id: &str) -> Option<&str> {
    id.strip_prefix(EVENT_REPROCESSED)?.strip_prefix(':')
}

/// Returns a SQL expression that computes [`original_id`] for a row of `webhook_events`.
pub(in crate::store) fn original_id_sql() -> String {
    let start = EVENT_REPROCESSED.len() + 2;
    format!("CASE WHEN type = '{EVENT_REPROCESSED}' THEN SUBSTR(id, {start}) END")
}

/// Locks `ids`, and returns the decisions of the events that are stored already, by event ID. If
/// another process stores or decides one of the events before it releases the locks, [`record`] ends
/// with a conflict.
pub(super) async fn lock_and_read_decisions(
    tx: &mut Tx,
    ids: &[&str],
    events: &[Event],
) -> Result<StoredDecisions, StoreError> {
    let keys: Vec<&str> = events.iter().map(|event| &*event.id).collect();
    let from = (&["id", "decision"][..], "webhook_events", "id");
    let rows: Vec<ExistingEvent> = keyed::lock_and_fetch(tx, ids, from, &keys).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.decision)).collect())
}

/// Records the last use of signing secrets. Returns false if there is nothing to record.
pub(super) async fn record_secret_uses(
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

/// Returns the column of `webhook_events` by which the events about an object are found, with the
/// condition of its index.
pub(super) fn label_column(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "subject",
        Kind::Organization => "organization_id",
        _ => OBJECT_COLUMN,
    }
}

/// Returns whether a deletion of the object empties the payloads of the events about it. The events
/// about other objects have personal data of their users and organizations, and are emptied with
/// these.
pub(super) fn empties_payloads(kind: Kind) -> bool {
    matches!(kind, Kind::User | Kind::Organization)
        || kind.object_type().personal_data.is_addressed()
}

/// Deletes the payloads of all events about these objects. Returns the number of changed events.
pub(super) async fn empty_payloads(
    tx: &mut Tx,
    objects: &[(Kind, &str)],
) -> Result<u64, StoreError> {
    let mut changed = 0;
    for kind in Kind::ALL.into_iter().filter(|kind| empties_payloads(*kind)) {
        let ids: Vec<&str> = objects.iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
        let sql = format!(
            "UPDATE webhook_events SET payload = NULL WHERE payload IS NOT NULL AND {} IN {{}}",
            label_column(kind)
        );
        changed += keyed::execute(tx, &sql, &ids).await?;
    }
    Ok(changed)
}

/// Appends new events, and updates stored ones whose decision changed. Returns false if there is
/// nothing to write.
pub(super) async fn record(
    tx: &mut Tx,
    decided: &[&DecidedEvent<'_>],
    notifies: bool,
) -> Result<bool, StoreError> {
    let mut rows: Vec<EventRow<'_>> = Vec::with_capacity(decided.len());
    let mut updates = Vec::new();
    for decided in decided {
        match decided.previous {
            None => {
                rows.push(EventRow::new(decided));
                rows.extend(EventRow::consequences(decided));
            }
            Some(previous) if previous == decided.decision => {}
            Some(previous) => {
                // The row of the later application has the operation, so that the change feed has
                // the change once.
                let row = EventRow { operation: None, ..EventRow::new(decided) };
                updates.push((row, previous));
                rows.extend(EventRow::reprocessed(decided));
                rows.extend(EventRow::consequences(decided));
            }
        }
    }
    for row in rows.iter_mut().filter(|row| row.source.is_some_and(|it| !it.is_pushed())) {
        row.notify = notifies.then_some(true);
    }
    update(tx, &updates).await?;
    if rows.is_empty() {
        return Ok(!updates.is_empty());
    }
    let into = "webhook_events (id, type, subject, object_id, instance_id, payload, decision, \
                reason, secret, occurred_at, received_at, organization_id, object_kind, operation, source, \
                notify)";
    let (with, from) = tx.commit_order();
    let insert = (into, 16, "(id) DO NOTHING");
    let written = statement::insert_after(tx, (&with, from), insert, &rows, bind_event).await?;
    // With fewer rows, another process has stored one of the events meanwhile. The commit starts
    // again from the beginning.
    if written == rows.len() as u64 { Ok(true) } else { Err(StoreError::Conflict) }
}

/// Updates the rows of stored events whose decision changed from the given one. A deleted payload is
/// not written again, because retention may have passed the row and then never deletes it.
async fn update(tx: &mut Tx, rows: &[(EventRow<'_>, Decision)]) -> Result<(), StoreError> {
    let sql = "UPDATE webhook_events SET type = column2, subject = column3, object_id = column4, \
               instance_id = column5, \
               payload = CASE WHEN webhook_events.payload IS NOT NULL THEN column6 END, \
               decision = column7, reason = column8, secret = column9, occurred_at = column10, \
               organization_id = column12, object_kind = column13, operation = column14 \
               FROM (VALUES {}) AS changed \
               WHERE webhook_events.id = column1 AND webhook_events.decision = column17";
    let updated = statement::execute_by_rows(tx, sql, 17, rows, |query, (row, previous)| {
        bind_event(query, row).bind(previous.as_str())
    });
    // With fewer rows, another process has decided one of the events meanwhile.
    if updated.await? == rows.len() as u64 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// A row of `webhook_events` to write.
struct EventRow<'a> {
    id: Cow<'a, str>,
    kind: Option<Cow<'a, str>>,
    subject: Option<&'a str>,
    object_id: Option<Cow<'a, str>>,
    instance_id: Option<&'a str>,
    payload: Option<Cow<'a, str>>,
    decision: Decision,
    reason: Option<&'a str>,
    secret: Option<&'a str>,
    occurred_at: Option<Millis>,
    received_at: Millis,
    organization_id: Option<&'a str>,
    object_kind: Option<ChangeKind>,
    operation: Option<Operation>,
    /// Source of the change, if the type of the event does not imply it.
    source: Option<ChangeSource>,
    /// Whether endpoints get a message although the source is not pushed.
    notify: Option<bool>,
}

impl<'a> EventRow<'a> {
    fn new(decided: &DecidedEvent<'a>) -> Self {
        let event = decided.event;
        Self {
            id: (&*event.id).into(),
            kind: event.kind.as_deref().map(Cow::Borrowed),
            subject: event.subject.as_deref(),
            object_id: event.object_id.as_deref().map(Cow::Borrowed),
            instance_id: event.instance_id.as_deref(),
            payload: event.payload.as_deref().filter(|_| !decided.drops_payload).map(Cow::Borrowed),
            decision: decided.decision,
            reason: decided.reason,
            secret: Some(&*event.secret).filter(|label| !label.is_empty()),
            occurred_at: event.occurred_at,
            received_at: event.received_at,
            organization_id: event.organization_id.as_deref(),
            object_kind: event.kind.as_deref().and_then(EventType::of).map(|it| it.kind.into()),
            operation: decided.operation,
            source: decided.source(),
            notify: None,
        }
    }

    /// Returns a row that records the later application of an event, or none if it was not applied.
    /// Readers of the change feed need it: the event's own row keeps its number, which they may
    /// have passed.
    fn reprocessed(decided: &DecidedEvent<'a>) -> Option<Self> {
        (decided.decision == Decision::Applied).then(|| Self {
            id: reprocessed_id(&decided.event.id).into(),
            kind: Some(EVENT_REPROCESSED.into()),
            payload: None,
            reason: None,
            secret: None,
            ..Self::new(decided)
        })
    }

    /// Returns a row for each object that the event embeds and changed, and one for the plan of a
    /// payer that it changed, so that readers of the change feed see them.
    fn consequences(decided: &DecidedEvent<'a>) -> impl Iterator<Item = Self> {
        let embedded = decided.embedded.iter().enumerate().map(|(place, (state, operation))| {
            Self::embedded_object(decided, place, state, *operation)
        });
        let entitlement = decided.entitlement.iter().map(|it| Self::entitlement(decided, it));
        embedded.chain(entitlement)
    }

    fn entitlement(decided: &DecidedEvent<'a>, change: &EntitlementChange) -> Self {
        let EntitlementChange { payer, before, after } = change;
        let plan = |plan: &PayersPlan| json!({ "plan_id": plan.id, "plan": plan.slug });
        let data = json!({ "id": payer.id, "before": plan(before), "after": plan(after) });
        let payload = json!({ "type": ENTITLEMENT_CHANGED, "data": data });
        Self {
            id: local_event::id(ENTITLEMENT_CHANGED, &decided.event.id).into(),
            kind: Some(ENTITLEMENT_CHANGED.into()),
            object_id: Some(payer.id.clone().into()),
            object_kind: Some(ChangeKind::Entitlement),
            payload: (!decided.drops_payload).then(|| payload.to_string().into()),
            decision: Decision::Applied,
            reason: None,
            secret: None,
            operation: Some(Operation::Changed),
            ..Self::new(decided)
        }
    }

    fn embedded_object(
        decided: &DecidedEvent<'a>,
        place: usize,
        state: &'a AnyState,
        operation: Operation,
    ) -> Self {
        let event_type = local_event::event_type(state.kind().name(), Action::Embedded);
        Self {
            id: local_event::embedded_id(&event_type, &decided.event.id, place).into(),
            kind: Some(event_type.into()),
            subject: state.user_id(),
            object_id: Some(state.id().into()),
            organization_id: state.organization_id(),
            object_kind: Some(state.kind().into()),
            payload: None,
            decision: Decision::Applied,
            reason: None,
            secret: None,
            operation: Some(operation),
            ..Self::new(decided)
        }
    }
}

fn bind_event<'c>(query: Query<'c>, row: &EventRow<'_>) -> Query<'c> {
    query
        .bind_text(&*row.id)
        .bind_text(row.kind.as_deref())
        .bind_text(row.subject)
        .bind_text(row.object_id.as_deref())
        .bind_text(row.instance_id)
        .bind_text(row.payload.as_deref())
        .bind_text(row.decision.as_str())
        .bind_text(row.reason)
        .bind_text(row.secret)
        .bind(row.occurred_at)
        .bind(row.received_at)
        .bind_text(row.organization_id)
        .bind_text(row.object_kind.map(ChangeKind::name))
        .bind_text(row.operation.map(Operation::as_str))
        .bind_text(row.source.map(ChangeSource::as_str))
        .bind(row.notify)
}
