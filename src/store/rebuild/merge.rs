//! Merges stored rows that no readable event explains into the scratch tables.
//!
//! Retention purges old payloads, and later the events. A row that comes from such an event cannot
//! be recomputed, and the rebuild must not delete it. The stored row therefore takes the place of
//! the event: it is merged into the scratch tables as one more state with its own version. If a
//! readable event is newer, that event wins. Otherwise the row stays as it is.
//!
//! A row whose event is readable is not merged, whatever its current values are. If the event does
//! not exist, the event log decides. In a complete log, the row is an error and is not merged. In
//! a log that begins later, the row can come from an expired event and is merged. A state from
//! Clerk's Backend API has no event ID and is merged too.

use std::collections::{BTreeSet, HashMap};

use sqlx::AssertSqlSafe;

use super::{EventDecoder, EventEffect};
use crate::{
    domain::{
        event::{Change, Content, Decision},
        session::{Session, SessionState},
        user::{Account, User, Verification},
        version::Version,
    },
    store::{
        StoreError,
        commit::apply,
        driver::{DbError, Record, Row, Tx},
        events::StoredEvent,
        full_users::{FullUser, attach_sets},
        rows::Owned,
        statement,
    },
};

/// Maximum number of rows in memory.
const ROWS: i64 = 128;

/// Number of rows that stay as they are.
#[derive(Default)]
pub(super) struct KeptRows {
    pub(super) users: u64,
    pub(super) sessions: u64,
}

/// Merges the stored rows that no readable event explains.
pub(super) async fn merge_stored_rows(
    tx: &mut Tx,
    stored_schema: &str,
    decode: EventDecoder,
) -> Result<KeptRows, StoreError> {
    let mut merger =
        RowMerger { stored_schema, decode, log_is_complete: is_log_complete(tx).await? };
    Ok(KeptRows { users: merger.users(tx).await?, sessions: merger.sessions(tx).await? })
}

/// Returns whether the log contains every event since the first. If sequence number 1 was never
/// assigned, the log looks incomplete. The rebuild then keeps too many rows, and not too few.
async fn is_log_complete(tx: &mut Tx) -> Result<bool, StoreError> {
    let first = tx.query("SELECT 1 FROM webhook_events WHERE seq = 1");
    Ok(first.fetch_optional::<()>().await?.is_some())
}

struct RowMerger<'a> {
    stored_schema: &'a str,
    decode: EventDecoder,
    log_is_complete: bool,
}

/// Stored events by ID. The value is true if the event's change can no longer be read.
type LostById = HashMap<String, bool>;

/// A stored session.
struct StoredSession {
    session: Session,
    /// Whether the scratch table has the session too.
    is_in_scratch: bool,
}

impl Record for StoredSession {
    const TABLE: &'static str = "sessions";

    fn read(row: &Row) -> Result<Self, DbError> {
        let is_in_scratch = row.get::<Option<String>>("scratch_id")?.is_some();
        // No event has a value in the place of an unreadable one, which the repair removes.
        Ok(Self { session: row.session(row.json_or_null("actor")?)?, is_in_scratch })
    }
}

impl RowMerger<'_> {
    async fn users(&mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT stored.*, partial.field_versions FROM {0}.users AS stored \
             LEFT JOIN {0}.partial_users AS partial ON partial.user_id = stored.clerk_id \
             LEFT JOIN users AS scratch ON scratch.clerk_id = stored.clerk_id \
             WHERE stored.clerk_id > $1 AND (scratch.clerk_id IS NULL \
             OR stored.deleted_at < scratch.deleted_at \
             OR scratch.deleted_at IS NULL AND (stored.deleted_at IS NOT NULL \
             OR partial.user_id IS NOT NULL OR (stored.version_updated_at, \
                 stored.version_occurred_at, stored.version_event_id) \
              > (scratch.version_updated_at, \
                 scratch.version_occurred_at, scratch.version_event_id))) \
             ORDER BY stored.clerk_id LIMIT $2",
            self.stored_schema
        );
        let (mut kept, mut after) = (0, String::new());
        loop {
            let query = tx.query(AssertSqlSafe(sql.clone())).bind(after.as_str()).bind(ROWS);
            let rows: Vec<FullUser> = query.fetch_all().await?;
            let Some(last) = rows.last() else { return Ok(kept) };
            after.clone_from(&last.user.id);
            let versions = rows.iter().flat_map(|FullUser { user, .. }| {
                [&user.version].into_iter().chain(user.field_versions.values())
            });
            let lost_by_id = self.look_up_events(tx, versions).await?;
            let (mut contents, mut states) = (Vec::new(), Vec::new());
            for FullUser { user, deleted_at } in rows {
                match deleted_at {
                    Some(at) if !self.log_is_complete => {
                        let deleted = Change::UserDeleted { user_id: user.id, at };
                        contents.push(Content::Change(deleted));
                    }
                    None if !user.is_whole() || self.must_keep(&user.version, &lost_by_id) => {
                        states.push(user);
                    }
                    // Only events delete users: with a complete log, a tombstone without an event
                    // is an error.
                    Some(_) | None => {}
                }
            }
            self.attach_sets(tx, &mut states).await?;
            let is_kept = |version: &Version| self.must_keep(version, &lost_by_id);
            let states = states.into_iter().filter_map(|user| user.kept(is_kept));
            contents.extend(states.map(|it| Content::Change(Change::User(it.into()))));
            kept += merge(tx, &contents).await?;
        }
    }

    /// Adds their stored accounts and verifications to users.
    async fn attach_sets(&self, tx: &mut Tx, users: &mut [User]) -> Result<(), StoreError> {
        let ids: Vec<&str> = users.iter().map(|user| &*user.id).collect();
        let sql =
            |table| format!("SELECT * FROM {}.{table} WHERE user_id IN {{}}", self.stored_schema);
        let accounts: Vec<Owned<Account>> =
            statement::fetch_by_keys(tx, &sql("accounts"), &ids).await?;
        let verifications: Vec<Owned<Verification>> =
            statement::fetch_by_keys(tx, &sql("verifications"), &ids).await?;
        attach_sets(users, accounts, verifications);
        Ok(())
    }

    async fn sessions(&mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT stored.*, scratch.id AS scratch_id FROM {}.sessions AS stored \
             LEFT JOIN sessions AS scratch ON scratch.id = stored.id \
             WHERE stored.id > $1 AND (scratch.id IS NULL \
             OR stored.version_event_id <> scratch.version_event_id \
             OR stored.sign_in_event_id IS DISTINCT FROM scratch.sign_in_event_id) \
             ORDER BY stored.id LIMIT $2",
            self.stored_schema
        );
        let (mut kept, mut after) = (0, String::new());
        loop {
            let query = tx.query(AssertSqlSafe(sql.clone())).bind(after.as_str()).bind(ROWS);
            let rows: Vec<StoredSession> = query.fetch_all().await?;
            let Some(last) = rows.last() else { return Ok(kept) };
            after.clone_from(&last.session.id);
            let versions = rows.iter().flat_map(|StoredSession { session, .. }| {
                let sign_in = session.sign_in.as_ref().map(|sign_in| &sign_in.version);
                [&session.state.version].into_iter().chain(sign_in)
            });
            let lost_by_id = self.look_up_events(tx, versions).await?;
            let parts = rows.into_iter().filter_map(|row| self.part_to_keep(row, &lost_by_id));
            let change = |session| {
                Content::Change(Change::Session { session: Box::new(session), user: None })
            };
            kept += merge(tx, &parts.map(change).collect::<Vec<_>>()).await?;
        }
    }

    /// Returns the parts of a session to merge: its state, its sign-in, both, or none.
    fn part_to_keep(&self, row: StoredSession, lost_by_id: &LostById) -> Option<Session> {
        let StoredSession { mut session, is_in_scratch } = row;
        let state = self.must_keep(&session.state.version, lost_by_id);
        session.sign_in.take_if(|it| !self.must_keep(&it.version, lost_by_id));
        if !state {
            session.sign_in.as_ref()?;
        }
        if !state && is_in_scratch {
            // Only the sign-in is merged: the default version is older than every other, so the
            // state has no effect.
            let SessionState { user_id, .. } = session.state;
            let (status, version) = ("active".to_owned(), Version::default());
            session.state = SessionState { user_id, status, version, ..SessionState::default() };
        }
        Some(session)
    }

    /// Returns whether a row of this version is merged, because no readable event explains it.
    fn must_keep(&self, version: &Version, lost_by_id: &LostById) -> bool {
        match lost_by_id.get(&version.event_id) {
            Some(lost) => *lost,
            // A state without an event comes from the Backend API, or is a stub.
            None if version.event_id.is_empty() => version.updated_at > 0 || !self.log_is_complete,
            None => !self.log_is_complete,
        }
    }

    /// Reads the events of rows with these versions.
    async fn look_up_events<'v>(
        &self,
        tx: &mut Tx,
        versions: impl Iterator<Item = &'v Version>,
    ) -> Result<LostById, StoreError> {
        let ids = versions.map(|version| &*version.event_id).filter(|id| !id.is_empty());
        let ids: BTreeSet<&str> = ids.collect();
        let sql = "SELECT * FROM webhook_events WHERE id IN {}";
        let events: Vec<StoredEvent> =
            statement::fetch_by_keys(tx, sql, &Vec::from_iter(ids)).await?;
        let lost = |event: &StoredEvent| (self.decode)(event) == EventEffect::Lost;
        Ok(events.into_iter().map(|event| (event.id.clone(), lost(&event))).collect())
    }
}

/// Merges states into the scratch tables, and returns how many of them changed a row.
async fn merge(tx: &mut Tx, contents: &[Content]) -> Result<u64, StoreError> {
    let changes = contents.iter().filter_map(Content::change);
    let subjects: BTreeSet<&str> = changes.map(Change::subject).collect();
    let applied = apply(tx, &subjects, &contents.iter().collect::<Vec<_>>()).await?;
    let effective = applied.decisions.iter().filter(|(it, _)| *it == Decision::Applied);
    Ok(effective.count() as u64)
}
