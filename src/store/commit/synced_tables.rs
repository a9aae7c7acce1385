//! Writes the synced tables for a commit.

use std::collections::HashMap;

use super::{Tx, search_terms, statement, stored_rows::FoundRows};
use crate::{
    objects::{
        AnyState, Kind,
        columns::ColumnValue,
        merge::{RowWrites, StateWrite},
        object_type::ItemTable,
    },
    store::{
        StoreError,
        driver::{DbError, Row},
        object_rows::{self, JsonReading, ObjectRow},
    },
};

/// Writes the result of a merge. Owners are written before the objects that refer to them.
pub(super) async fn write(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    found: &FoundRows,
) -> Result<(), StoreError> {
    for kind in Kind::ALL {
        write_objects(tx, kind, writes, found).await?;
    }
    for kind in Kind::ALL {
        let deleted = writes.tombstones.iter().filter(|(of, ..)| *of == kind);
        let deleted: Vec<&str> = deleted.map(|(_, id, _)| *id).collect();
        delete_owned(tx, kind, &deleted).await?;
    }
    Ok(())
}

async fn write_objects(
    tx: &mut Tx,
    kind: Kind,
    writes: &RowWrites<'_>,
    found: &FoundRows,
) -> Result<(), StoreError> {
    let states: Vec<&StateWrite<'_>> =
        writes.states.iter().filter(|write| write.state.kind() == kind).collect();
    let joined: Vec<(&str, Option<String>)> =
        states.iter().map(|write| (write.state.id(), search_terms::joined(&write.state))).collect();
    let (mut changed, mut kept) = (Vec::new(), Vec::new());
    for (write, (id, terms)) in states.iter().zip(&joined) {
        let row = ObjectRow::State(&write.state, terms.as_deref());
        match found.row(kind, id) {
            Some(stored) if keeps_indexed(stored, &write.state) => kept.push(row),
            _ => changed.push(row),
        }
    }
    let tombstones = writes.tombstones.iter().filter(|(of, ..)| *of == kind);
    changed.extend(tombstones.map(|(_, id, deleted_at)| ObjectRow::Tombstone(id, *deleted_at)));
    let table = object_rows::table(kind);
    let description = &kind.object_type().table;
    // A row with these values is not a tombstone.
    let unchanged = [description.indexed, &["deleted_at"]].concat();
    for (rows, unchanged) in [(changed, &[][..]), (kept, &unchanged)] {
        table
            .upsert(tx, &rows, unchanged, |query, row| object_rows::bind_object(query, kind, row))
            .await?;
    }
    search_terms::write(tx, kind, writes, &joined, found).await?;
    let stubs: Vec<&str> =
        writes.stubs.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
    let id = description.id;
    let (into, conflict) = (format!("{} ({id})", table.name), format!("({id}) DO NOTHING"));
    statement::insert(tx, &into, 1, &conflict, &stubs, |query, id| query.bind(*id)).await?;
    for (index, items) in description.items.iter().enumerate() {
        write_items(tx, index, items, &states).await?;
    }
    Ok(())
}

/// Returns whether the stored row of an object has the values of a state in all indexed columns.
fn keeps_indexed(stored: &Row, state: &AnyState) -> bool {
    let table = &state.kind().object_type().table;
    let mut indexed = table.columns.iter().filter(|column| table.indexed.contains(&column.name));
    indexed.all(|column| {
        // A value that cannot be read is replaced.
        let stored = stored.value(column, JsonReading::Strict).ok();
        stored.is_some() && stored == state.value(column.name)
    })
}

/// Deletes everything that belongs to deleted objects. Returns the number of deleted rows.
pub(super) async fn delete_owned(tx: &mut Tx, kind: Kind, ids: &[&str]) -> Result<u64, StoreError> {
    let owned = kind.owned().map(|(owned, column)| (owned.object_type().table.name, column));
    let items = kind.object_type().table.items.iter().map(|items| (items.name, items.owner));
    let mut deleted = 0;
    for (table, column) in owned.chain(items) {
        let sql = format!("DELETE FROM {table} WHERE {column} IN {{}}");
        deleted += statement::execute_by_keys(tx, &sql, ids).await?;
    }
    Ok(deleted)
}

/// Writes the items of objects, and deletes the items that are not in their states. Touches only the
/// rows that differ: most updates of a user change no item, and the deletion of an account also
/// deletes its token.
async fn write_items(
    tx: &mut Tx,
    index: usize,
    items: &ItemTable,
    states: &[&StateWrite<'_>],
) -> Result<(), StoreError> {
    let table = object_rows::item_table(items);
    let replaced = states.iter().filter(|write| write.replaces);
    let replaced: Vec<&str> = replaced.map(|write| write.state.id()).collect();
    let sql = format!("{} WHERE {} IN {{}}", table.select(), items.owner);
    let rows = statement::rows_by_keys(tx, &sql, &replaced).await?;
    let stored = rows.iter().map(|row| stored_item(row, items));
    let mut stored: HashMap<ItemKey<'_>, Option<Vec<ColumnValue<'_>>>> =
        stored.collect::<Result<_, _>>()?;
    let mut changed = Vec::new();
    for write in states {
        let owner = write.state.id();
        for (id, values) in write.state.items(index) {
            if stored.remove(&(owner, id)).flatten().as_ref() != Some(&values) {
                changed.push((owner, values));
            }
        }
    }
    table
        .upsert(tx, &changed, &[], |query, (owner, values)| {
            values.iter().fold(query.bind(*owner), object_rows::bind_value)
        })
        .await?;
    let mut removed: Vec<_> = stored.into_keys().collect();
    // Transactions that lock rows in the same order cannot deadlock.
    removed.sort_unstable();
    let sql = statement::delete_by_keys(items.name, [items.owner, "id"]);
    statement::execute_by_rows(tx, &sql, 2, &removed, |query, (owner, id)| {
        query.bind(*owner).bind(*id)
    })
    .await?;
    Ok(())
}

/// Key of an item: the IDs of its object and its own.
type ItemKey<'r> = (&'r str, &'r str);

/// Returns the key of a stored item, and its values. An item that cannot be read has none: the new
/// state of the object replaces it.
fn stored_item<'r>(
    row: &'r Row,
    items: &ItemTable,
) -> Result<(ItemKey<'r>, Option<Vec<ColumnValue<'r>>>), StoreError> {
    let text = |column| row.get_text(column).map(Option::unwrap_or_default);
    let key = (text(items.owner)?, text("id")?);
    match row.item(items, JsonReading::Strict) {
        Ok(values) => Ok((key, Some(values))),
        Err(DbError::UndecodableValue(_)) => Ok((key, None)),
        Err(error) => Err(error.into()),
    }
}
