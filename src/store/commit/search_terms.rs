//! The terms by which users are found: only what differs from those that are there is written.

use std::collections::{BTreeSet, HashMap};

use super::{Tx, statement};
use crate::{
    domain::{merge::RowWrites, search, user::Profile},
    store::StoreError,
};

/// Stands between the terms in a user's row. No term holds one.
const SEPARATOR: &str = "\n";

/// The terms of users, as they stand in their rows.
pub(super) type Stored = HashMap<String, String>;

/// What the row of somebody with this profile is to hold; nothing where there is none.
pub(super) fn of(profile: &Profile) -> Option<String> {
    let terms: Vec<String> = search::terms(profile).into_iter().collect();
    (!terms.is_empty()).then(|| terms.join(SEPARATOR))
}

/// Makes the terms of these users what their rows are to hold; those of deleted ones go.
pub(super) async fn write(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    searches: &[Option<String>],
    stored: &Stored,
) -> Result<(), StoreError> {
    let (mut added, mut gone) = (Vec::new(), Vec::new());
    for (state, search) in writes.users.iter().zip(searches) {
        let id = &*state.user.id;
        let (before, search) = (stored.get(id), search.as_ref());
        // Most updates of a user change no name.
        if before != search {
            let (before, terms) = (terms(before), terms(search));
            added.extend(terms.difference(&before).map(|term| (*term, id)));
            gone.extend(before.difference(&terms).map(|term| (*term, id)));
        }
    }
    for (id, _) in &writes.tombstones {
        gone.extend(terms(stored.get(*id)).into_iter().map(|term| (term, *id)));
    }
    let (into, conflict) = ("user_terms (term, user_id)", "(term, user_id) DO NOTHING");
    statement::insert(tx, into, 2, conflict, &added, |query, (term, id)| {
        query.bind(*term).bind(*id)
    })
    .await?;
    for (term, id) in gone {
        let sql = "DELETE FROM user_terms WHERE term = $1 AND user_id = $2";
        tx.query(sql).bind(term).bind(id).execute().await?;
    }
    Ok(())
}

fn terms(stored: Option<&String>) -> BTreeSet<&str> {
    stored.into_iter().flat_map(|terms| terms.split(SEPARATOR)).collect()
}
