//! Writes the synced tables for a commit.

use std::collections::HashMap;

use super::{Tx, search_terms, statement, stored_rows::FoundRows};
use crate::{
    objects::{
        Kind,
        columns::{Column, ColumnValue},
        merge::{RowWrites, StateWrite},
        object_type::ItemTable,
    },
    store::{
        StoreError,
        driver::{Position, Row},
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
    let indexed = indexed_columns(kind);
    let (mut changed, mut kept) = (Vec::new(), Vec::new());
    for (write, (id, terms)) in states.iter().zip(&joined) {
        let values = write.state.values();
        let indexed = indexed.iter().map(|(index, column)| (column.name, *column, &values[*index]));
        let keeps_indexed = found.row(kind, id).is_some_and(|row| has_values(row, indexed));
        let row = ObjectRow::State(&write.state, values, terms.as_deref());
        if keeps_indexed { kept.push(row) } else { changed.push(row) }
    }
    let tombstones = writes.tombstones.iter().filter(|(of, ..)| *of == kind);
    changed.extend(tombstones.map(|(_, id, deleted_at)| ObjectRow::Tombstone(id, *deleted_at)));
    let table = object_rows::table(kind);
    let description = &kind.object_type().table;
    // A state never replaces a tombstone, so `deleted_at` is null already.
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

/// Returns the indexed columns of a kind, with their positions among the values of a state.
fn indexed_columns(kind: Kind) -> Vec<(usize, &'static Column)> {
    let table = &kind.object_type().table;
    let columns = table.columns.iter().enumerate();
    columns.filter(|(_, column)| table.indexed.contains(&column.name)).collect()
}

/// Returns whether a stored row has these values in these columns. A value that cannot be read
/// differs, and is replaced.
fn has_values<'v, P: Position>(
    row: &Row,
    mut values: impl Iterator<Item = (P, &'v Column, &'v ColumnValue<'v>)>,
) -> bool {
    values.all(|(position, column, value)| {
        row.value(position, column, JsonReading::Strict).is_ok_and(|stored| stored == *value)
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
    let mut stored: HashMap<ItemKey<'_>, &Row> = HashMap::with_capacity(rows.len());
    for row in &rows {
        stored.insert(item_key(row, items)?, row);
    }
    let values: Vec<_> = states.iter().map(|write| write.state.items(index)).collect();
    let mut changed = Vec::new();
    for (write, values) in states.iter().zip(&values) {
        for values in values.chunks_exact(items.columns.len()) {
            let key = (write.state.id(), item_id(values));
            let columns = items.columns.iter().zip(1..).zip(values);
            let columns = columns.map(|((column, index), value)| (index, column, value));
            if !stored.remove(&key).is_some_and(|row| has_values(row, columns)) {
                changed.push((write.state.id(), values));
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

/// Returns the key of a stored item.
fn item_key<'r>(row: &'r Row, items: &ItemTable) -> Result<ItemKey<'r>, StoreError> {
    let text = |index: usize, column| row.text_at(index, column).map(Option::unwrap_or_default);
    Ok((text(0, items.owner)?, text(1, "id")?))
}

/// Returns the ID of an item, which is the first of its values.
fn item_id<'v>(values: &'v [ColumnValue<'_>]) -> &'v str {
    match values.first() {
        Some(ColumnValue::Text(Some(id))) => id,
        _ => "",
    }
}
