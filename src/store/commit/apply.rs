//! Merges changes into the synced tables. All writes to these tables go through this module, except
//! for erasures.

use std::collections::HashSet;

use super::{
    Tx,
    entitlements::{EntitlementChange, Entitlements},
    stored_rows::{self, StoredRows},
    synced_tables, unreadable_rows,
};
use crate::{
    domain::decision::{Decision, Operation},
    objects::{
        AnyState, Kind,
        event::{Change, Content},
        merge::{self, Merge, Merged},
    },
    store::StoreError,
};

/// Objects in the order of their kinds and IDs, each once.
pub(in crate::store) type Objects<'a> = Vec<(Kind, &'a str)>;

/// Sorts objects, and removes repetitions.
pub(super) fn sorted<'a>(objects: impl Iterator<Item = (Kind, &'a str)>) -> Objects<'a> {
    let mut objects: Objects<'a> = objects.collect();
    objects.sort_unstable();
    objects.dedup();
    objects
}

/// Result of applying contents.
pub(in crate::store) struct Applied<'a> {
    /// Outcome for each content.
    pub(in crate::store) outcomes: Vec<AppliedContent<'a>>,
    /// Objects that are deleted now.
    pub(super) deleted: HashSet<(Kind, &'a str)>,
    /// Objects whose tombstone is new, or has an earlier time than before.
    pub(super) new_tombstones: Vec<(Kind, &'a str)>,
}

/// Outcome of applying a content.
pub(in crate::store) struct AppliedContent<'a> {
    pub(in crate::store) decision: Decision,
    /// Reason for the decision, if there is one.
    pub(super) reason: Option<&'a str>,
    /// Operation on the object, if a change changed it.
    pub(super) operation: Option<Operation>,
    /// The embedded objects that changed, and what the change did to each.
    pub(super) embedded: Vec<(&'a AnyState, Operation)>,
    /// Change of the plan of a payer, if there is one.
    pub(super) entitlement: Option<EntitlementChange>,
}

/// Reads the stored objects, merges the changes into them, and writes the rows that changed.
/// `objects` are those that the contents, or the events with them, are about.
pub(in crate::store) async fn apply<'a>(
    tx: &mut Tx,
    objects: &[(Kind, &'a str)],
    contents: &[&'a Content],
) -> Result<Applied<'a>, StoreError> {
    let StoredRows { stored, found, unreadable: _ } = read_stored(tx, objects, contents).await?;
    let mut entitlements = Entitlements::read(tx, contents, &stored).await?;
    let mut merge = Merge::new(stored);
    let apply = |content: &&'a Content| match content {
        Content::Change(change) => {
            let Merged { decision, operation, embedded } = merge.apply(change);
            let entitlement = entitlements.update(&merge, change);
            AppliedContent { decision, reason: None, operation, embedded, entitlement }
        }
        Content::NotApplied { decision, reason } => AppliedContent {
            decision: *decision,
            reason: reason.as_deref(),
            operation: None,
            embedded: Vec::new(),
            entitlement: None,
        },
    };
    let outcomes = contents.iter().map(apply).collect();
    let deleted = objects.iter().copied().filter(|object| merge.is_tombstone(*object)).collect();
    let writes = merge.into_writes();
    synced_tables::write(tx, &writes, &found).await?;
    let new_tombstones = writes.tombstones.iter().map(|(kind, id, _)| (*kind, *id)).collect();
    Ok(Applied { outcomes, deleted, new_tombstones })
}

/// Returns the objects that contents are about.
pub(in crate::store) fn objects_of<'a>(contents: &[&'a Content]) -> Objects<'a> {
    sorted(contents.iter().filter_map(|content| content.change()).flat_map(Change::objects))
}

/// Reads the stored objects.
async fn read_stored(
    tx: &mut Tx,
    objects: &[(Kind, &str)],
    contents: &[&Content],
) -> Result<StoredRows, StoreError> {
    let rows = read_rows(tx, objects, contents).await?;
    // A deletion may not name the owner, and an event may move an object to another owner, which
    // Clerk never does. The stored owner must be locked too, so that no other transaction deletes it
    // with what it owns.
    let mut others = sorted(rows.stored.states().flat_map(AnyState::owners));
    others.retain(|owner| objects.binary_search(owner).is_err());
    let others: Vec<&str> = others.into_iter().map(|(_, id)| id).collect();
    if others.is_empty() {
        return Ok(rows);
    }
    if !tx.try_lock(&others).await? {
        return Err(StoreError::OwnersLocked(others.into_iter().map(str::to_owned).collect()));
    }
    drop(others);
    read_rows(tx, objects, contents).await
}

/// Reads objects. Fails if a change merges into a row that cannot be read. Events without a change
/// need no row.
async fn read_rows(
    tx: &mut Tx,
    objects: &[(Kind, &str)],
    contents: &[&Content],
) -> Result<StoredRows, StoreError> {
    let changes = || contents.iter().filter_map(|content| content.change());
    let partial = merge::partial_versions(changes());
    let mut rows = stored_rows::read(tx, objects, &partial).await?;
    rows.unreadable.retain(|row| changes().any(|change| unreadable_rows::concerns(row, change)));
    match rows.unreadable.is_empty() {
        true => Ok(rows),
        false => Err(StoreError::UnreadableRows(rows.unreadable)),
    }
}
