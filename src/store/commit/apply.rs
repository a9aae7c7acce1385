//! Changes folded into the synced_tables: the one way into it.

use std::collections::{BTreeSet, HashSet};

use super::{Tx, synced_tables, search_terms::Stored};
use crate::{
    domain::{
        event::{Change, Content, Decision},
        merge::{Merge, StoredState},
    },
    store::StoreError,
};

/// What became of a run of contents.
pub(in crate::store) struct Applied<'a> {
    /// Of each, in their order, with the reason where it has one.
    pub(in crate::store) decisions: Vec<(Decision, Option<&'a str>)>,
    /// Those of the subjects who are deleted by now.
    pub(super) deleted: HashSet<&'a str>,
    /// Those who are deleted by this run, or earlier than was known.
    pub(super) buried: Vec<&'a str>,
}

/// Reads what is there of these subjects and of what changes, folds the changes into it, and writes
/// what came out.
pub(in crate::store) async fn apply<'a>(
    tx: &mut Tx,
    subjects: &BTreeSet<&'a str>,
    contents: &[&'a Content],
) -> Result<Applied<'a>, StoreError> {
    let (present, search_terms) = present(tx, subjects, contents).await?;
    let mut merge = Merge::new(present);
    let decide = |content: &&'a Content| match content {
        Content::Change(change) => (merge.apply(change), None),
        Content::NotApplied { decision, reason } => (*decision, reason.as_deref()),
    };
    let decisions = contents.iter().map(decide).collect();
    let deleted = subjects.iter().copied().filter(|subject| merge.is_tombstone(subject)).collect();
    let writes = merge.into_writes();
    synced_tables::write(tx, &writes, &search_terms).await?;
    let buried = writes.tombstones.iter().map(|(id, _)| *id).collect();
    Ok(Applied { decisions, deleted, buried })
}

/// What is there of what the contents are about.
async fn present(
    tx: &mut Tx,
    subjects: &BTreeSet<&str>,
    contents: &[&Content],
) -> Result<(StoredState, Stored), StoreError> {
    let changes = contents.iter().filter_map(|content| content.change());
    let sessions: BTreeSet<&str> = changes.filter_map(Change::session_id).collect();
    let users: Vec<&str> = subjects.iter().copied().collect();
    let sessions = Vec::from_iter(sessions);
    let (present, search_terms) = synced_tables::present(tx, &users, &sessions).await?;

    // A session that is another user's so far, which Clerk does not do: nobody may delete that user
    // meanwhile. The lock comes out of its order; a circle is broken by the server, and tried again.
    let owners: BTreeSet<&str> = present.sessions.values().map(|it| &*it.state.user_id).collect();
    let others: Vec<&str> = owners.into_iter().filter(|it| !subjects.contains(it)).collect();
    if others.is_empty() {
        return Ok((present, search_terms));
    }
    tx.lock(&others).await?;
    synced_tables::present(tx, &users, &sessions).await
}
