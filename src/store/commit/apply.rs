//! Merges changes into the synced tables. All writes to these tables go through this module, except
//! for erasures.

use std::collections::{BTreeSet, HashSet};

use super::{
    Tx,
    search_terms::StoredTerms,
    synced_tables::{self, StoredRows},
    unreadable_rows,
};
use crate::{
    domain::{
        event::{Change, Content, Decision},
        merge::{self, Merge, StoredState},
    },
    store::StoreError,
};

/// Result of applying contents.
pub(in crate::store) struct Applied<'a> {
    /// Decision for each content, with its reason if there is one.
    pub(in crate::store) decisions: Vec<(Decision, Option<&'a str>)>,
    /// Subjects that are deleted now.
    pub(super) deleted: HashSet<&'a str>,
    /// Users whose tombstone is new, or has an earlier time than before.
    pub(super) new_tombstones: Vec<&'a str>,
}

/// Reads the stored subjects and sessions, merges the changes into them, and writes the rows that
/// changed.
pub(in crate::store) async fn apply<'a>(
    tx: &mut Tx,
    subjects: &BTreeSet<&'a str>,
    contents: &[&'a Content],
) -> Result<Applied<'a>, StoreError> {
    let (stored, search_terms) = read_stored(tx, subjects, contents).await?;
    let mut merge = Merge::new(stored);
    let decide = |content: &&'a Content| match content {
        Content::Change(change) => (merge.apply(change), None),
        Content::NotApplied { decision, reason } => (*decision, reason.as_deref()),
    };
    let decisions = contents.iter().map(decide).collect();
    let deleted = subjects.iter().copied().filter(|subject| merge.is_tombstone(subject)).collect();
    let writes = merge.into_writes();
    synced_tables::write(tx, &writes, &search_terms).await?;
    let new_tombstones = writes.tombstones.iter().map(|(id, _)| *id).collect();
    Ok(Applied { decisions, deleted, new_tombstones })
}

/// Reads the stored state of the subjects and of the sessions that the contents change.
async fn read_stored(
    tx: &mut Tx,
    subjects: &BTreeSet<&str>,
    contents: &[&Content],
) -> Result<(StoredState, StoredTerms), StoreError> {
    let changes = || contents.iter().filter_map(|content| content.change());
    let sessions: BTreeSet<&str> = changes().filter_map(Change::session_id).collect();
    let users: Vec<&str> = subjects.iter().copied().collect();
    let sessions = Vec::from_iter(sessions);
    let rows = read_rows(tx, &users, &sessions, contents).await?;

    // Clerk never moves a session to another user. If an event does, the previous owner must be
    // locked too, so that no other transaction deletes that user. This lock is out of order. The
    // server breaks a resulting deadlock, and the commit is retried.
    let owners: BTreeSet<&str> = rows.0.sessions.values().map(|it| &*it.state.user_id).collect();
    let others: Vec<&str> = owners.into_iter().filter(|it| !subjects.contains(it)).collect();
    if others.is_empty() {
        return Ok(rows);
    }
    tx.lock(&others).await?;
    read_rows(tx, &users, &sessions, contents).await
}

/// Reads users and sessions. Fails if a change merges into a row that cannot be read. Events without
/// a change need no row.
async fn read_rows(
    tx: &mut Tx,
    users: &[&str],
    sessions: &[&str],
    contents: &[&Content],
) -> Result<(StoredState, StoredTerms), StoreError> {
    let partial = merge::partial_versions(contents.iter().filter_map(|content| content.change()));
    let StoredRows { state, terms, mut unreadable } =
        synced_tables::read(tx, users, sessions, &partial).await?;
    unreadable.retain(|row| {
        let mut changes = contents.iter().filter_map(|content| content.change());
        changes.any(|change| unreadable_rows::concerns(row, change))
    });
    match unreadable.is_empty() {
        true => Ok((state, terms)),
        false => Err(StoreError::UnreadableRows(unreadable)),
    }
}
