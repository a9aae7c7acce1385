//! Writes the search terms of users. Only terms that differ from the stored ones are written.

use std::collections::{BTreeSet, HashMap};

use super::{Tx, statement};
use crate::{
    domain::{merge::RowWrites, search, user::Profile},
    store::StoreError,
};

/// Separator of the terms in a user's row. No term contains it.
const SEPARATOR: &str = "\n";

/// Joined search terms by user ID, as stored in the rows of the users.
pub(super) type StoredTerms = HashMap<String, String>;

/// Returns the joined search terms of a profile, or none if it has no term.
pub(super) fn joined(profile: &Profile) -> Option<String> {
    let terms: Vec<String> = search::terms(profile).into_iter().collect();
    (!terms.is_empty()).then(|| terms.join(SEPARATOR))
}

/// Writes the search terms of changed users, and deletes those of deleted users. `joined` has the
/// joined terms of each changed user.
pub(super) async fn write(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    joined: &[Option<String>],
    stored: &StoredTerms,
) -> Result<(), StoreError> {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for (state, after) in writes.users.iter().zip(joined) {
        let id = &*state.user.id;
        let (before, after) = (stored.get(id), after.as_ref());
        // Most updates of a user change no name.
        if before != after {
            let (before, after) = (split(before), split(after));
            added.extend(after.difference(&before).map(|term| (*term, id)));
            removed.extend(before.difference(&after).map(|term| (*term, id)));
        }
    }
    for (id, _) in &writes.tombstones {
        removed.extend(split(stored.get(*id)).into_iter().map(|term| (term, *id)));
    }
    let (into, conflict) = ("user_terms (term, user_id)", "(term, user_id) DO NOTHING");
    statement::insert(tx, into, 2, conflict, &added, |query, (term, id)| {
        query.bind(*term).bind(*id)
    })
    .await?;
    let sql = statement::delete_by_keys("user_terms", ["term", "user_id"]);
    statement::execute_by_rows(tx, &sql, 2, &removed, |query, (term, id)| {
        query.bind(*term).bind(*id)
    })
    .await?;
    Ok(())
}

fn split(joined: Option<&String>) -> BTreeSet<&str> {
    joined.into_iter().flat_map(|terms| terms.split(SEPARATOR)).collect()
}
