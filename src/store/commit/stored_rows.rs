//! Reads the stored objects for a commit.

use std::collections::{BTreeMap, HashMap};

use super::{Tx, compared_columns::ComparedColumns, compared_items, keyed};
use crate::{
    domain::version::Version,
    objects::{
        Kind,
        columns::ColumnValue,
        merge::{StoredObject, StoredObjects},
    },
    store::{
        StoreError,
        driver::{DbError, Row, UndecodableValue},
        keyed::Selected,
        object_rows::{self, JsonReading, VERSION_COLUMNS},
        stored_objects,
    },
};

/// Column with the joined search terms.
pub(super) const SEARCH: &str = "search";

/// Stored objects, as far as the merge and the writes need them.
#[derive(Default)]
pub(super) struct StoredRows {
    pub(super) stored: StoredObjects,
    /// The rows of the objects.
    pub(super) found: FoundRows,
    /// Rows that cannot be read. Their objects have no state.
    pub(super) unreadable: Vec<UndecodableValue>,
}

/// Rows by the ID of their object. They have at least the indexed columns and the search terms.
#[derive(Default)]
pub(super) struct FoundRows(BTreeMap<Kind, HashMap<String, Row>>);

impl FoundRows {
    /// Returns the row of an object.
    pub(super) fn row(&self, kind: Kind, id: &str) -> Option<&Row> {
        self.0.get(&kind)?.get(id)
    }
}

/// Returns the position of the joined search terms in the rows of a kind, if it has them. To read a
/// column by its position is much faster than by its name.
pub(super) fn search_position(kind: Kind) -> Option<usize> {
    let table = &kind.object_type().table;
    let columns = match table.versions_first {
        true => &first_columns(kind),
        false => &object_rows::table(kind).columns,
    };
    columns.iter().position(|column| *column == SEARCH)
}

/// Returns the first columns of rows without a state. The indexed columns follow.
fn first_columns(kind: Kind) -> Vec<&'static str> {
    let table = &kind.object_type().table;
    let mut columns = vec![table.id];
    columns.extend(table.has_tombstones.then_some("deleted_at"));
    columns.extend(table.terms.map(|_| SEARCH));
    columns.extend(VERSION_COLUMNS);
    columns
}

/// Indexed columns of a kind in the stored rows. None if an update spares the index of a column that
/// keeps its value.
pub(super) struct IndexedColumns {
    /// Positions among the values of a state.
    values: Vec<usize>,
    compared: ComparedColumns,
    /// Columns of rows without a state that read them.
    selected: Selected,
}

impl IndexedColumns {
    pub(super) fn new(tx: &Tx, kind: Kind) -> Self {
        let table = &kind.object_type().table;
        if !tx.writes_named_indexes() {
            let compared = ComparedColumns::Separate(Vec::new());
            return Self { values: Vec::new(), compared, selected: Selected::new() };
        }
        let columns = table.columns.iter().enumerate();
        let indexed = columns.filter(|(_, column)| table.indexed.contains(&column.name));
        let (values, columns): (Vec<_>, Vec<_>) = indexed.unzip();
        if table.versions_first {
            let first = first_columns(kind).len();
            let (compared, selected) = ComparedColumns::selected(tx, first, &columns);
            return Self { values, compared, selected };
        }
        // The ID is the first column of a whole row.
        let positions = values.iter().map(|index| index + 1);
        let compared = ComparedColumns::Separate(positions.zip(columns).collect());
        Self { values, compared, selected: Selected::new() }
    }

    /// Returns whether a stored row has these values of a state.
    pub(super) fn have(&self, row: &Row, values: &[ColumnValue<'_>]) -> bool {
        self.compared.have(row, self.values.iter().map(|index| &values[*index]))
    }
}

/// Reads stored objects. `partial` has the newest versions of states that lack fields.
pub(super) async fn read(
    tx: &mut Tx,
    objects: &[(Kind, &str)],
    partial: &BTreeMap<(Kind, &str), &Version>,
) -> Result<StoredRows, StoreError> {
    let mut rows = StoredRows::default();
    for kind in Kind::ALL {
        let ids: Vec<&str> = objects.iter().filter(|it| it.0 == kind).map(|it| it.1).collect();
        if ids.is_empty() {
            continue;
        }
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
    let first = first_columns(kind).into_iter().map(|column| (column.into(), column));
    let mut columns: Selected = first.collect();
    columns.extend(IndexedColumns::new(tx, kind).selected);
    columns.push(("field_versions IS NOT NULL".into(), "is_partial"));
    columns.extend(compared_items::selected(tx, table.name, table.id, table.items));
    let from = (table.name, table.id);
    let (mut objects, mut found) = (HashMap::new(), HashMap::new());
    let search = search_position(kind);
    for row in keyed::columns(tx, &columns, from, ids).await? {
        let Some(id) = read_id(&row, kind, search, rows)? else { continue };
        let Some(lifecycle) = collected(row.lifecycle(kind), rows)? else { continue };
        let is_partial: bool = row.get("is_partial")?;
        found.insert(id.clone(), row);
        objects.insert(id, (lifecycle, is_partial));
    }
    rows.found.0.insert(kind, found);
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
    let columns = &object_rows::table(kind).columns;
    let columns: Selected = columns.iter().map(|column| ((*column).into(), *column)).collect();
    let mut found = HashMap::new();
    let search = search_position(kind);
    for row in keyed::columns(tx, &columns, (table.name, table.id), ids).await? {
        let Some(id) = read_id(&row, kind, search, rows)? else { continue };
        let (lifecycle, state) = match collected(row.object(kind, JsonReading::Strict), rows)? {
            Some(object) => (Some(object.lifecycle()), Some(object.state)),
            None => (collected(row.lifecycle(kind), rows)?, None),
        };
        let Some(lifecycle) = lifecycle else { continue };
        found.insert(id.clone(), row);
        rows.stored.insert(kind, id, StoredObject { lifecycle, state });
    }
    rows.found.0.insert(kind, found);
    Ok(())
}

/// Reads the ID of an object. Returns none if it or the search terms cannot be read.
fn read_id(
    row: &Row,
    kind: Kind,
    search: Option<usize>,
    rows: &mut StoredRows,
) -> Result<Option<String>, StoreError> {
    let table = &kind.object_type().table;
    let named = |error| object_rows::in_table(error, table.name);
    let id = row.get_at::<String>(0, table.id).map_err(named);
    let Some(id) = collected(id, rows)? else { return Ok(None) };
    if let Some(search) = search {
        let search = row.text_at(search, SEARCH).map_err(named);
        if collected(search, rows)?.is_none() {
            return Ok(None);
        }
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
