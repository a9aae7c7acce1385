//! Writes the search terms of objects. Only terms that differ from the stored ones are written.

use std::collections::BTreeSet;

use super::{
    Tx, statement,
    stored_rows::{self, FoundRows, SEARCH},
};
use crate::{
    objects::{AnyState, Kind, merge::RowWrites},
    store::StoreError,
};

/// Separator of the terms in an object's row. No term contains it.
const SEPARATOR: &str = "\n";

/// Returns the joined search terms of an object, or none if it has no term.
pub(super) fn joined(state: &AnyState) -> Option<String> {
    let terms = state.search_terms();
    (!terms.is_empty()).then(|| terms.join(SEPARATOR))
}

/// Writes the search terms of changed objects of a kind, and deletes those of deleted ones. `joined`
/// has the joined terms of each changed object, by ID.
pub(super) async fn write(
    tx: &mut Tx,
    kind: Kind,
    writes: &RowWrites<'_>,
    joined: &[(&str, Option<String>)],
    found: &FoundRows,
) -> Result<(), StoreError> {
    let Some((table, id_column)) = kind.object_type().table.terms else { return Ok(()) };
    let search = stored_rows::search_position(kind);
    // A row whose terms cannot be read is not merged.
    let stored = |id| found.row(kind, id)?.text_at(search?, SEARCH).ok()?;
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for (id, after) in joined {
        let (before, after) = (stored(id), after.as_deref());
        // Most updates change no name.
        if before != after {
            let (before, after) = (split(before), split(after));
            added.extend(after.difference(&before).map(|term| (*term, *id)));
            removed.extend(before.difference(&after).map(|term| (*term, *id)));
        }
    }
    for (_, id, _) in writes.tombstones.iter().filter(|(of, ..)| *of == kind) {
        removed.extend(split(stored(id)).into_iter().map(|term| (term, *id)));
    }
    let into = format!("{table} (term, {id_column})");
    let conflict = format!("(term, {id_column}) DO NOTHING");
    statement::insert(tx, &into, 2, &conflict, &added, |query, (term, id)| {
        query.bind(*term).bind(*id)
    })
    .await?;
    let sql = statement::delete_by_keys(table, ["term", id_column]);
    statement::execute_by_rows(tx, &sql, 2, &removed, |query, (term, id)| {
        query.bind(*term).bind(*id)
    })
    .await?;
    Ok(())
}

fn split(joined: Option<&str>) -> BTreeSet<&str> {
    joined.into_iter().flat_map(|terms| terms.split(SEPARATOR)).collect()
}
