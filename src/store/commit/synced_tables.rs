//! Writes the synced tables for a commit.

use super::{
    Tx,
    compared_columns::ComparedColumns,
    compared_items, keyed, search_terms, statement,
    stored_rows::{FoundRows, IndexedColumns},
};
use crate::{
    objects::{
        Kind,
        columns::ColumnValue,
        merge::{RowWrites, StateWrite},
        object_type::ItemTable,
    },
    store::{
        StoreError,
        driver::Row,
        keyed::Selected,
        object_rows::{self, ObjectRow},
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
    let tombstones = writes.tombstones.iter().filter(|(of, ..)| *of == kind);
    let tombstones: Vec<_> =
        tombstones.map(|(_, id, deleted_at)| ObjectRow::Tombstone(id, *deleted_at)).collect();
    let stubs: Vec<&str> =
        writes.stubs.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
    if states.is_empty() && tombstones.is_empty() && stubs.is_empty() {
        return Ok(());
    }
    let joined: Vec<(&str, Option<String>)> =
        states.iter().map(|write| (write.state.id(), search_terms::joined(&write.state))).collect();
    let indexed = IndexedColumns::new(tx, kind);
    let (mut changed, mut kept) = (Vec::new(), Vec::new());
    for (write, (id, terms)) in states.iter().zip(&joined) {
        let values = write.state.values();
        // A new row is inserted by the same statement as one that keeps its indexed columns.
        let keeps_indexed = found.row(kind, id).is_none_or(|row| indexed.have(row, &values));
        let row = ObjectRow::State(&write.state, terms.as_deref());
        if keeps_indexed { kept.push(row) } else { changed.push(row) }
    }
    // Without an index to spare, one statement writes all rows.
    let rows = if tx.writes_named_indexes() { &mut changed } else { &mut kept };
    rows.extend(tombstones);
    let table = object_rows::table(kind);
    let description = &kind.object_type().table;
    // A state never replaces a tombstone, so `deleted_at` is null already.
    let unchanged = match tx.writes_named_indexes() {
        true => [description.indexed, &["deleted_at"]].concat(),
        false => Vec::new(),
    };
    for (rows, unchanged) in [(changed, &[][..]), (kept, &unchanged)] {
        table
            .upsert(tx, &rows, unchanged, |query, row| object_rows::bind_object(query, kind, row))
            .await?;
    }
    search_terms::write(tx, kind, writes, &joined, found).await?;
    let id = description.id;
    let (into, conflict) = (format!("{} ({id})", table.name), format!("({id}) DO NOTHING"));
    statement::insert(tx, &into, 1, &conflict, &stubs, |query, id| query.bind(*id)).await?;
    for (index, items) in description.items.iter().enumerate() {
        let changed = states.iter().copied().filter(|write| {
            let values = write.state.items(index);
            let values = values.chunks_exact(items.columns.len());
            let row = found.row(kind, write.state.id());
            !row.is_some_and(|row| compared_items::are_stored(tx, row, index, values))
        });
        let changed: Vec<&StateWrite<'_>> = changed.collect();
        write_items(tx, index, items, &changed).await?;
    }
    Ok(())
}

/// Deletes everything that belongs to deleted objects. Returns the number of deleted rows.
pub(super) async fn delete_owned(tx: &mut Tx, kind: Kind, ids: &[&str]) -> Result<u64, StoreError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let owned = kind.owned().map(|(owned, column)| (owned.object_type().table.name, column));
    let items = kind.object_type().table.items.iter().map(|items| (items.name, items.owner));
    let mut deleted = 0;
    for (table, column) in owned.chain(items) {
        let sql = format!("DELETE FROM {table} WHERE {column} IN {{}}");
        deleted += keyed::execute(tx, &sql, ids).await?;
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
    // The ID is part of the key.
    let compared: Vec<_> = items.columns.iter().skip(1).collect();
    let (compared, selected) = ComparedColumns::selected(tx, 2, &compared);
    let (name, owner) = (items.name, items.owner);
    let mut columns: Selected = vec![(owner.into(), owner), ("id".into(), "id")];
    columns.extend(selected);
    let rows = keyed::columns(tx, &columns, (name, owner), &replaced).await?;
    let stored = rows.iter().map(|row| StoredItem::new(row, items));
    let mut stored = stored.collect::<Result<Vec<_>, _>>()?;
    // Transactions that lock rows in the same order cannot deadlock.
    stored.sort_unstable_by_key(|item| item.key);
    let mut changed = Vec::new();
    for write in states {
        let owner = write.state.id();
        for values in write.state.items(index).chunks_exact(items.columns.len()) {
            let key = (owner, item_id(values));
            let found = stored.binary_search_by(|item| item.key.cmp(&key)).ok();
            let is_same = found.is_some_and(|index| {
                stored[index].is_kept = true;
                compared.have(stored[index].row, values.iter().skip(1))
            });
            if !is_same {
                changed.push((owner, values.to_vec()));
            }
        }
    }
    table
        .upsert(tx, &changed, &[], |query, (owner, values)| {
            values.iter().fold(query.bind_text(*owner), object_rows::bind_value)
        })
        .await?;
    let removed: Vec<_> = stored.iter().filter(|item| !item.is_kept).map(|it| it.key).collect();
    let sql = statement::delete_by_keys(items.name, [items.owner, "id"]);
    statement::execute_by_rows(tx, &sql, 2, &removed, |query, (owner, id)| {
        query.bind(*owner).bind(*id)
    })
    .await?;
    Ok(())
}

/// A stored item of an object that is replaced.
struct StoredItem<'r> {
    /// The IDs of its object and its own.
    key: (&'r str, &'r str),
    row: &'r Row,
    /// Whether the new state has the item.
    is_kept: bool,
}

impl<'r> StoredItem<'r> {
    fn new(row: &'r Row, items: &ItemTable) -> Result<Self, StoreError> {
        let text = |index: usize, column| row.text_at(index, column).map(Option::unwrap_or_default);
        Ok(Self { key: (text(0, items.owner)?, text(1, "id")?), row, is_kept: false })
    }
}

/// Returns the ID of an item, which is the first of its values.
fn item_id<'v>(values: &'v [ColumnValue<'_>]) -> &'v str {
    match values.first() {
        Some(ColumnValue::Text(Some(id))) => id,
        _ => "",
    }
}
