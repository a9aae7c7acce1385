//! The changes of messages, with the payloads before and after.

use std::collections::HashMap;

use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::{
    domain::{
        decision::Operation,
        local_event::{self, Action, ENTITLEMENT_CHANGED},
    },
    objects::{ChangeKind, Kind},
    store::{
        Store, StoreError,
        changes::{self, ChangeEntry},
        commit::reprocessed_id,
        driver::{Connection, record},
        events::{COLUMNS, StoredEvent},
        keyed,
        object_events::OBJECT_COLUMN,
        statement,
    },
};

/// Number of earlier events about a user or an object that are searched for the state before a
/// change.
const SEARCHED: i64 = 200;

/// Events with the state of an object before and after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPair {
    /// The last earlier event that changed the object.
    pub before: StoredEvent,
    /// The event of the change.
    pub after: StoredEvent,
}

impl Store {
    /// Reads the changes with these numbers. Those that are no longer in the log are left out.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn changes_by_seq(&self, seqs: &[i64]) -> Result<Vec<ChangeEntry>, StoreError> {
        let sql = format!("SELECT {} FROM webhook_events WHERE seq IN {{}}", changes::COLUMNS);
        let mut connection = self.pool.read().await?;
        let rows = keyed::read_numbers(&mut connection, &sql, seqs).await?;
        let changes: Vec<Option<ChangeEntry>> = self.readable(&rows)?;
        Ok(changes.into_iter().flatten().collect())
    }

    /// Reads the changes of an event, in the order of the commits: its own, those of the objects
    /// that it embeds, that of a payer's plan, and those by reprocessing it.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn changes_of_event(&self, id: &str) -> Result<Vec<ChangeEntry>, StoreError> {
        let sql = format!("SELECT {} FROM webhook_events WHERE id IN {{}}", changes::COLUMNS);
        let embedded = Kind::ALL.map(|kind| {
            local_event::id(&local_event::event_type(kind.name(), Action::Embedded), id)
        });
        let (later, entitlement) = (reprocessed_id(id), local_event::id(ENTITLEMENT_CHANGED, id));
        let own = [id, &later, &entitlement].into_iter();
        let ids: Vec<&str> = own.chain(embedded.iter().map(String::as_str)).collect();
        let mut connection = self.pool.read().await?;
        let mut rows = keyed::read(&mut connection, &sql, &ids).await?;
        // A subscription embeds several items. The IDs of all but the first end with a number.
        let columns = changes::COLUMNS;
        let sql = format!("SELECT {columns} FROM webhook_events WHERE id > $1 AND id < $2");
        let item = &embedded[Kind::SubscriptionItem as usize];
        let (from, to) = (format!("{item}:"), format!("{item};"));
        let query = connection.query(AssertSqlSafe(sql)).bind(&*from).bind(&*to);
        rows.extend(query.rows().await?);
        let changes: Vec<Option<ChangeEntry>> = self.readable(&rows)?;
        let mut changes: Vec<ChangeEntry> = changes.into_iter().flatten().collect();
        changes.sort_by_key(|change| change.seq);
        Ok(changes)
    }

    /// Reads the plans that payers had before these changes of them, by the number of the change.
    /// Changes whose payload is no longer stored are left out.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn earlier_plans(
        &self,
        changes: &[ChangeEntry],
    ) -> Result<HashMap<i64, Value>, StoreError> {
        let changes = changes.iter().filter(|it| it.kind == ChangeKind::Entitlement);
        let seqs: Vec<i64> = changes.map(|change| change.seq).collect();
        if seqs.is_empty() {
            return Ok(HashMap::new());
        }
        let mut connection = self.pool.read().await?;
        let sql = "SELECT seq, payload FROM webhook_events WHERE payload IS NOT NULL AND seq IN {}";
        let rows = keyed::read_numbers(&mut connection, sql, &seqs).await?;
        let mut earlier = HashMap::new();
        for row in &rows {
            let payload: String = row.get("payload")?;
            if let Ok(mut payload) = serde_json::from_str::<Value>(&payload) {
                earlier.insert(row.get("seq")?, payload["data"]["before"].take());
            }
        }
        Ok(earlier)
    }

    /// Reads the events with the states before and after each update, by the number of the change.
    /// Updates without the payloads are left out.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn event_pairs(
        &self,
        changes: &[ChangeEntry],
    ) -> Result<HashMap<i64, EventPair>, StoreError> {
        let updates = changes.iter().filter(|change| change.operation == Operation::Updated);
        let updates: Vec<UpdateKey> = updates.map(UpdateKey::new).collect();
        if updates.is_empty() {
            return Ok(HashMap::new());
        }
        let mut connection = self.pool.read().await?;
        let mut earlier = Vec::new();
        for (label, is_by_user) in [("subject", true), (OBJECT_COLUMN, false)] {
            let keys: Vec<&UpdateKey> =
                updates.iter().filter(|it| it.is_by_user == is_by_user).collect();
            if !keys.is_empty() {
                earlier.extend(earlier_events(&mut connection, label, &keys).await?);
            }
        }
        let pairs = earlier.into_iter().filter_map(|it| Some((it.seq, it.earlier?)));
        let pairs: HashMap<i64, i64> = pairs.collect();
        let mut seqs: Vec<i64> =
            pairs.iter().flat_map(|(after, before)| [*after, *before]).collect();
        seqs.sort_unstable();
        seqs.dedup();
        let sql = format!("SELECT {COLUMNS}, payload FROM webhook_events WHERE seq IN {{}}");
        let rows = keyed::read_numbers(&mut connection, &sql, &seqs).await?;
        let events: Vec<StoredEvent> = self.readable(&rows)?;
        // Without its payload, the state before is not known: an older event does not have it.
        let events: HashMap<i64, StoredEvent> =
            events.into_iter().filter(|it| it.payload.is_some()).map(|it| (it.seq, it)).collect();
        let pair = |(after, before): (i64, i64)| {
            let (before, after) = (events.get(&before)?.clone(), events.get(&after)?.clone());
            Some((after.seq, EventPair { before, after }))
        };
        Ok(pairs.into_iter().filter_map(pair).collect())
    }
}

/// Update whose earlier event is searched.
struct UpdateKey<'a> {
    seq: i64,
    object_id: &'a str,
    /// The user or object whose events are searched.
    searched: &'a str,
    /// Whether it is the user. The events about users and sessions are found by the user.
    is_by_user: bool,
}

impl<'a> UpdateKey<'a> {
    fn new(change: &'a ChangeEntry) -> Self {
        let (searched, is_by_user) = match (change.kind.object(), &change.user_id) {
            (Some(Kind::User | Kind::Session), Some(user_id)) => (&**user_id, true),
            _ => (&*change.id, false),
        };
        Self { seq: change.seq, object_id: &change.id, searched, is_by_user }
    }
}

/// Number of the last earlier event that changed an object.
struct EarlierEvent {
    seq: i64,
    earlier: Option<i64>,
}

record!(EarlierEvent, "webhook_events" { seq, earlier });

/// Reads the numbers of the last earlier events. `label` is the column of [`UpdateKey::searched`].
async fn earlier_events(
    connection: &mut Connection,
    label: &str,
    keys: &[&UpdateKey<'_>],
) -> Result<Vec<EarlierEvent>, StoreError> {
    let sql = format!(
        "SELECT column1 AS seq, (SELECT seq FROM (SELECT seq, object_id, operation \
         FROM webhook_events WHERE {label} = column2 AND seq < column1 \
         ORDER BY seq DESC LIMIT {SEARCHED}) AS searched \
         WHERE object_id = column3 AND operation IS NOT NULL ORDER BY seq DESC LIMIT 1) \
         AS earlier FROM (VALUES {{}}) AS updates"
    );
    statement::read_by_rows(connection, &sql, 3, keys, |query, it| {
        query.bind(it.seq).bind_text(it.searched).bind_text(it.object_id)
    })
    .await
}
