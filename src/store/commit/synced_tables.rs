//! Reads and writes the synced tables for a commit.

use std::collections::{BTreeMap, HashMap};

use super::{
    Tx,
    apply::Objects,
    search_terms::{self, StoredTerms},
    statement,
};
use crate::{
    domain::version::Version,
    objects::{
        Kind,
        columns::ColumnValue,
        merge::{RowWrites, StateWrite, StoredObject, StoredObjects},
        object_type::ItemTable,
    },
    store::{
        StoreError,
        driver::{DbError, Row, UndecodableValue},
        object_rows::{self, JsonReading, ObjectRow, VERSION_COLUMNS},
        stored_objects::{self, WholeObject},
    },
};

/// Stored objects, as far as the merge needs them.
pub(super) struct StoredRows {
    pub(super) stored: StoredObjects,
    /// Search terms of the objects.
    pub(super) terms: StoredTerms,
    /// Rows that cannot be read. Their objects have no state.
    pub(super) unreadable: Vec<UndecodableValue>,
}

/// Reads stored objects and their search terms. `partial` has the newest versions of states that
/// lack fields.
pub(super) async fn read(
    tx: &mut Tx,
    objects: &Objects<'_>,
    partial: &BTreeMap<(Kind, &str), &Version>,
) -> Result<StoredRows, StoreError> {
    let mut rows = StoredRows {
        stored: StoredObjects::default(),
        terms: StoredTerms::new(),
        unreadable: Vec::new(),
    };
    for kind in Kind::ALL {
        let ids: Vec<&str> = objects.iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
        match kind.object_type().table.versions_first {
            true => read_versions_first(tx, kind, &ids, partial, &mut rows).await?,
            false => read_states(tx, kind, &ids, &mut rows).await?,
        }
    }
    Ok(rows)
}

/// Reads the versions of objects, and the states that the merge needs.
async fn read_versions_first(
    tx: &mut Tx,
    kind: Kind,
    ids: &[&str],
    partial: &BTreeMap<(Kind, &str), &Version>,
    rows: &mut StoredRows,
) -> Result<(), StoreError> {
    let table = &kind.object_type().table;
    let deleted_at = if table.has_tombstones { "deleted_at, " } else { "" };
    let search = if table.terms.is_some() { "search, " } else { "" };
    let sql = format!(
        "SELECT {}, {deleted_at}{search}{}, field_versions IS NOT NULL AS is_partial FROM {} \
         WHERE {} IN {{}}",
        table.id,
        VERSION_COLUMNS.join(", "),
        table.name,
        table.id,
    );
    let mut objects = HashMap::new();
    for row in statement::rows_by_keys(tx, &sql, ids).await? {
        let Some(id) = read_id(&row, kind, rows)? else { continue };
        let Some(lifecycle) = collected(row.lifecycle(kind), rows)? else { continue };
        let is_partial: bool = row.get("is_partial")?;
        objects.insert(id, (lifecycle, is_partial));
    }
    let needed = objects.iter().filter(|(id, (lifecycle, is_partial))| {
        let newest = partial.get(&(kind, &***id));
        let is_needed = *is_partial || newest.is_some_and(|it| lifecycle.loses_to(it));
        is_needed && lifecycle.has_state()
    });
    let needed: Vec<&str> = needed.map(|(id, _)| &**id).collect();
    let states = stored_objects::read(tx, kind, &needed, &mut rows.unreadable).await?;
    let mut states: HashMap<String, _> =
        states.into_iter().map(|it| (it.state.id().to_owned(), it.state)).collect();
    for (id, (lifecycle, _)) in objects {
        let state = states.remove(&id);
        rows.stored.insert(kind, id, StoredObject { lifecycle, state });
    }
    Ok(())
}

/// Reads the states of objects.
async fn read_states(
    tx: &mut Tx,
    kind: Kind,
    ids: &[&str],
    rows: &mut StoredRows,
) -> Result<(), StoreError> {
    let table = &kind.object_type().table;
    let sql = format!("{} WHERE {} IN {{}}", object_rows::table(kind).select(), table.id);
    for row in statement::rows_by_keys(tx, &sql, ids).await? {
        let Some(id) = read_id(&row, kind, rows)? else { continue };
        let Some(lifecycle) = collected(row.lifecycle(kind), rows)? else { continue };
        let state = collected(row.object(kind, JsonReading::Strict), rows)?;
        let state = state.map(|WholeObject { state, .. }| state);
        rows.stored.insert(kind, id, StoredObject { lifecycle, state });
    }
    Ok(())
}

/// Reads the ID of an object, and notes its search terms. Returns none if they cannot be read.
fn read_id(row: &Row, kind: Kind, rows: &mut StoredRows) -> Result<Option<String>, StoreError> {
    let table = &kind.object_type().table;
    let named = |error| object_rows::in_table(error, table.name);
    let id = row.get::<String>(table.id).map_err(named);
    let Some(id) = collected(id, rows)? else { return Ok(None) };
    if table.terms.is_some() {
        let search = row.get::<Option<String>>("search").map_err(named);
        let search = collected(search, rows)?;
        let Some(search) = search else { return Ok(None) };
        rows.terms.extend(search.map(|joined| ((kind, id.clone()), joined)));
    }
    Ok(Some(id))
}

/// Returns a value, or notes that it cannot be read.
fn collected<T>(read: Result<T, DbError>, rows: &mut StoredRows) -> Result<Option<T>, StoreError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(DbError::UndecodableValue(value)) => {
            rows.unreadable.push(value);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes the result of a merge. Owners are written before the objects that refer to them.
pub(super) async fn write(
    tx: &mut Tx,
    writes: &RowWrites<'_>,
    terms: &StoredTerms,
) -> Result<(), StoreError> {
    for kind in Kind::ALL {
        write_objects(tx, kind, writes, terms).await?;
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
    terms: &StoredTerms,
) -> Result<(), StoreError> {
    let states: Vec<&StateWrite<'_>> =
        writes.states.iter().filter(|write| write.state.kind() == kind).collect();
    let joined: Vec<(&str, Option<String>)> =
        states.iter().map(|write| (write.state.id(), search_terms::joined(&write.state))).collect();
    let upserts = states.iter().zip(&joined);
    let upserts =
        upserts.map(|(write, (_, joined))| ObjectRow::State(&write.state, joined.clone()));
    let tombstones = writes.tombstones.iter().filter(|(of, ..)| *of == kind);
    let tombstones = tombstones.map(|(_, id, deleted_at)| ObjectRow::Tombstone(id, *deleted_at));
    let rows: Vec<_> = upserts.chain(tombstones).collect();
    let table = object_rows::table(kind);
    table.upsert(tx, &rows, |query, row| object_rows::bind_object(query, kind, row)).await?;
    search_terms::write(tx, kind, writes, &joined, terms).await?;
    let stubs: Vec<&str> =
        writes.stubs.iter().filter(|(of, _)| *of == kind).map(|(_, id)| *id).collect();
    let id = kind.object_type().table.id;
    let (into, conflict) = (format!("{} ({id})", table.name), format!("({id}) DO NOTHING"));
    statement::insert(tx, &into, 1, &conflict, &stubs, |query, id| query.bind(*id)).await?;
    for (index, items) in kind.object_type().table.items.iter().enumerate() {
        write_items(tx, index, items, &states).await?;
    }
    Ok(())
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
    let rows = rows.iter().map(|row| stored_item(row, items)).collect::<Result<Vec<_>, _>>()?;
    let mut stored: HashMap<(&str, &str), Option<&Vec<ColumnValue<'_>>>> =
        rows.iter().map(|((owner, id), values)| ((&**owner, &**id), values.as_ref())).collect();
    let mut changed = Vec::new();
    for write in states {
        let owner = write.state.id();
        for (id, values) in write.state.items(index) {
            if stored.remove(&(owner, id)) != Some(Some(&values)) {
                changed.push((owner, values));
            }
        }
    }
    table
        .upsert(tx, &changed, |query, (owner, values)| {
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
type ItemKey = (String, String);

/// Returns the key of a stored item, and its values. An item that cannot be read has none: the new
/// state of the object replaces it.
fn stored_item(
    row: &Row,
    items: &ItemTable,
) -> Result<(ItemKey, Option<Vec<ColumnValue<'static>>>), StoreError> {
    let key = (row.get(items.owner)?, row.get("id")?);
    match row.item(items, JsonReading::Strict) {
        Ok(values) => Ok((key, Some(values))),
        Err(DbError::UndecodableValue(_)) => Ok((key, None)),
        Err(error) => Err(error.into()),
    }
}
