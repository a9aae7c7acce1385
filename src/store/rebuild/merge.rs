//! What no event tells any more.
//!
//! Payloads go when they are too old, and later the events with them. A row that came of such an event
//! cannot be made again, and must not go with it. So it is an event's part itself: it joins the draft as
//! one more state, under the version that it has, and the law decides. Where an event that can be read
//! tells something newer, that wins; where it was the newest, the row stays as it is.
//!
//! A row whose event is there and can be read needs no help, however it looks by now. One whose event is
//! not there at all is somebody's slip, if every event since the first is there; it may be older than all
//! that is kept otherwise, and stays. So does a state that came from Clerk's Backend API, which has no
//! event's id.

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

/// How many rows are in memory at once.
const ROWS: i64 = 128;

/// How many rows stay as they are.
#[derive(Default)]
pub(super) struct KeptRows {
    pub(super) users: u64,
    pub(super) sessions: u64,
}

/// Adds what no event tells any more to the draft.
pub(super) async fn merge_stored_rows(
    tx: &mut Tx,
    stored_schema: &str,
    decode: EventDecoder,
) -> Result<KeptRows, StoreError> {
    let mut merger =
        RowMerger { stored_schema, decode, log_is_complete: is_log_complete(tx).await? };
    Ok(KeptRows { users: merger.users(tx).await?, sessions: merger.sessions(tx).await? })
}

/// Whether every event since the first is there. Numbers that were never given look like events that
/// are gone: too much is kept then, and not too little.
async fn is_log_complete(tx: &mut Tx) -> Result<bool, StoreError> {
    let first = tx.query("SELECT 1 FROM webhook_events WHERE seq = 1");
    Ok(first.fetch_optional::<()>().await?.is_some())
}

struct RowMerger<'a> {
    stored_schema: &'a str,
    decode: EventDecoder,
    log_is_complete: bool,
}

/// What is known of the events of some rows: whether they are lost.
type LostEvents = HashMap<String, bool>;

/// A session's row.
struct StoredSession {
    session: Session,
    /// It is in the draft too.
    is_in_scratch: bool,
}

impl Record for StoredSession {
    fn read(row: &Row) -> Result<Self, DbError> {
        let is_in_scratch = row.get::<Option<String>>("scratch_id")?.is_some();
        Ok(Self { session: Session::read(row)?, is_in_scratch })
    }
}

impl RowMerger<'_> {
    async fn users(&mut self, tx: &mut Tx) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT stored.* FROM {}.users AS stored \
             LEFT JOIN users AS scratch ON scratch.clerk_id = stored.clerk_id \
             WHERE stored.clerk_id > $1 AND (scratch.clerk_id IS NULL \
             OR stored.deleted_at < scratch.deleted_at OR scratch.deleted_at IS NULL AND (stored.deleted_at IS NOT NULL OR (stored.version_updated_at, \
                 stored.version_occurred_at, stored.version_event_id) > (scratch.version_updated_at, \
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
            let known = self.look_up_events(tx, rows.iter().map(|row| &row.user.version)).await?;
            let (mut contents, mut states) = (Vec::new(), Vec::new());
            for FullUser { user, deleted_at } in rows {
                match deleted_at {
                    Some(at) if !self.log_is_complete => {
                        let deleted = Change::UserDeleted { user_id: user.id, at };
                        contents.push(Content::Change(deleted));
                    }
                    None if self.must_keep(&user.version, &known) => states.push(user),
                    // Nobody but an event deletes.
                    Some(_) | None => {}
                }
            }
            self.attach_sets(tx, &mut states).await?;
            contents.extend(states.into_iter().map(|it| Content::Change(Change::User(it.into()))));
            kept += merge(tx, &contents).await?;
        }
    }

    /// The accounts and verifications of these users, as they are stored.
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
            let known = self.look_up_events(tx, versions).await?;
            let parts = rows.into_iter().filter_map(|row| self.part_to_keep(row, &known));
            let change = |session| {
                Content::Change(Change::Session { session: Box::new(session), user: None })
            };
            kept += merge(tx, &parts.map(change).collect::<Vec<_>>()).await?;
        }
    }

    /// What is to be kept of a session: its state, its sign-in, both, or nothing.
    fn part_to_keep(&self, row: StoredSession, known: &LostEvents) -> Option<Session> {
        let StoredSession { mut session, is_in_scratch } = row;
        let state = self.must_keep(&session.state.version, known);
        session.sign_in.take_if(|it| !self.must_keep(&it.version, known));
        if !state {
            session.sign_in.as_ref()?;
        }
        if !state && is_in_scratch {
            // Older than every other: the sign-in comes alone.
            let SessionState { user_id, .. } = session.state;
            let (status, version) = ("active".to_owned(), Version::default());
            session.state = SessionState { user_id, status, version, ..SessionState::default() };
        }
        Some(session)
    }

    /// Whether a row of this version has to tell of itself.
    fn must_keep(&self, version: &Version, known: &LostEvents) -> bool {
        match known.get(&version.event_id) {
            Some(lost) => *lost,
            // No event's: of the Backend API, unless it is a stub.
            None if version.event_id.is_empty() => version.updated_at > 0 || !self.log_is_complete,
            None => !self.log_is_complete,
        }
    }

    /// Looks for the events of some rows.
    async fn look_up_events<'v>(
        &self,
        tx: &mut Tx,
        versions: impl Iterator<Item = &'v Version>,
    ) -> Result<LostEvents, StoreError> {
        let ids = versions.map(|version| &*version.event_id).filter(|id| !id.is_empty());
        let ids: BTreeSet<&str> = ids.collect();
        let sql = "SELECT * FROM webhook_events WHERE id IN {}";
        let events: Vec<StoredEvent> =
            statement::fetch_by_keys(tx, sql, &Vec::from_iter(ids)).await?;
        let lost = |event: &StoredEvent| (self.decode)(event) == EventEffect::Lost;
        Ok(events.into_iter().map(|event| (event.id.clone(), lost(&event))).collect())
    }
}

/// Joins states into the draft; how many of them made a difference.
async fn merge(tx: &mut Tx, contents: &[Content]) -> Result<u64, StoreError> {
    let changes = contents.iter().filter_map(Content::change);
    let subjects: BTreeSet<&str> = changes.map(Change::subject).collect();
    let applied = apply(tx, &subjects, &contents.iter().collect::<Vec<_>>()).await?;
    let made = applied.decisions.iter().filter(|(decision, _)| *decision == Decision::Applied);
    Ok(made.count() as u64)
}
