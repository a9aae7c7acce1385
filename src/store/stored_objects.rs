//! Reads whole objects: with private metadata and items.

use std::collections::{HashMap, HashSet};

use super::{
    Store, StoreError,
    driver::{DbError, Row, Tx, UndecodableValue},
    keyed,
    object_rows::{self, JsonReading, VERSION_COLUMNS},
};
use crate::{
    domain::Millis,
    objects::{AnyState, Kind, lifecycle::Lifecycle, object_type::ItemTable},
};

/// Number of objects that one statement counts.
const OBJECTS_PER_COUNT: i64 = 20_000;

/// An object's row with its items: a state, a stub, or a tombstone.
#[derive(Clone, Debug, PartialEq)]
pub struct WholeObject {
    /// State of the object. A stub and a tombstone contain only the ID.
    pub state: AnyState,
    /// Time of the deletion, if the object is deleted.
    pub deleted_at: Option<Millis>,
}

impl WholeObject {
    /// Returns the part of the row that decides how it merges with another state.
    #[must_use]
    pub fn lifecycle(&self) -> Lifecycle {
        match self.deleted_at {
            Some(deleted_at) => Lifecycle::Tombstone { deleted_at },
            None => Lifecycle::Live(self.state.version().clone()),
        }
    }
}

impl Store {
    /// Reads these objects, each in one consistent state. Unknown IDs and objects that cannot be
    /// read are omitted from the result. Metadata that cannot be read is null, so that it differs
    /// from Clerk's.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn whole_objects(
        &self,
        kind: Kind,
        ids: &[&str],
    ) -> Result<Vec<WholeObject>, StoreError> {
        let table = &kind.object_type().table;
        let by_id = format!("WHERE {} IN {{}}", table.id);
        let mut connection = self.pool.read().await?;
        let (mut found, mut remaining) = (Vec::new(), ids.to_vec());
        while !remaining.is_empty() {
            let sql = format!("{} {by_id}", object_rows::table(kind).select());
            let rows = keyed::read(&mut connection, &sql, &remaining).await?;
            let mut objects = self.readable_objects(kind, &rows)?;
            let mut unreadable: HashSet<String> = HashSet::new();
            if objects.len() < rows.len() {
                unreadable.extend(rows.iter().filter_map(|row| row.get(table.id).ok()));
                let readable: HashSet<&str> = objects.iter().map(|it| it.state.id()).collect();
                unreadable.retain(|id| !readable.contains(&**id));
            }
            for (index, items) in table.items.iter().enumerate() {
                let sql = items_sql(items);
                let rows = keyed::read(&mut connection, &sql, &remaining).await?;
                let mut undecodable = Vec::new();
                attach_items(&mut objects, index, items, &rows, &mut undecodable)?;
                for value in &undecodable {
                    self.unreadable.report(value);
                }
            }
            // An object that changed between these queries is read again, because the items can
            // belong to another state.
            if table.items.is_empty() {
                remaining.clear();
            } else {
                let sql = format!(
                    "SELECT {}, deleted_at, {} FROM {} {by_id}",
                    table.id,
                    VERSION_COLUMNS.join(", "),
                    table.name
                );
                let now = keyed::read(&mut connection, &sql, &remaining).await?;
                let now = now.iter().map(|row| Ok((row.get(table.id)?, row.lifecycle(kind)?)));
                let now: HashMap<String, Lifecycle> = now.collect::<Result<_, DbError>>()?;
                objects.retain(|it| now.get(it.state.id()) == Some(&it.lifecycle()));
                remaining.retain(|id| now.contains_key(*id));
            }
            let read: HashSet<&str> = objects.iter().map(|it| it.state.id()).collect();
            remaining.retain(|id| !read.contains(id) && !unreadable.contains(*id));
            found.extend(objects);
        }
        Ok(found)
    }

    fn readable_objects(&self, kind: Kind, rows: &[Row]) -> Result<Vec<WholeObject>, StoreError> {
        let mut unreadable = Vec::new();
        let objects = collect_objects(kind, rows, JsonReading::Lenient, &mut unreadable);
        for value in &unreadable {
            self.unreadable.report(value);
        }
        objects
    }

    /// Reads a page of the IDs of objects that are not deleted, including stubs.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn live_ids(
        &self,
        kind: Kind,
        after: &str,
        limit: u16,
    ) -> Result<Vec<String>, StoreError> {
        let table = &kind.object_type().table;
        let (id, is_live) = (table.id, is_live(kind));
        let sql = format!(
            "SELECT {id} FROM {} WHERE {id} > $1{is_live} ORDER BY {id} LIMIT $2",
            table.name
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(sqlx::AssertSqlSafe(sql)).bind(after).bind(i64::from(limit));
        Ok(query.rows().await?.iter().map(|row| row.get(id)).collect::<Result<_, _>>()?)
    }

    /// Reads the IDs of the memberships of a user or an organization, without those that a newer
    /// membership of the same user in the same organization replaces.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn live_membership_ids(
        &self,
        owner: Kind,
        owner_id: &str,
        limit: u16,
    ) -> Result<Vec<String>, StoreError> {
        let column = if owner == Kind::Organization { "organization_id" } else { "user_id" };
        // The view `live_memberships` reads all memberships, unless both columns are given.
        let sql = format!(
            "SELECT id FROM organization_memberships \
             WHERE {column} = $1 AND deleted_at IS NULL AND id = ( \
                 SELECT newest.id FROM organization_memberships AS newest \
                 WHERE newest.user_id = organization_memberships.user_id \
                     AND newest.organization_id = organization_memberships.organization_id \
                     AND newest.deleted_at IS NULL \
                 ORDER BY newest.version_updated_at DESC, newest.version_occurred_at DESC, \
                     newest.version_event_id DESC, newest.id DESC LIMIT 1) \
             ORDER BY id LIMIT $2"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(sqlx::AssertSqlSafe(sql));
        let rows = query.bind(owner_id).bind(i64::from(limit)).rows().await?;
        Ok(rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?)
    }

    /// Counts the objects that are not deleted, including stubs. Counts in parts, because no
    /// statement of a reader may take long.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn count_live(&self, kind: Kind) -> Result<u64, StoreError> {
        let table = &kind.object_type().table;
        let (id, is_live) = (table.id, is_live(kind));
        let sql = format!(
            "SELECT COUNT(*) AS count, MAX({id}) AS last FROM \
             (SELECT {id} FROM {} WHERE {id} > $1{is_live} ORDER BY {id} LIMIT $2) AS part",
            table.name
        );
        let (mut count, mut after) = (0, String::new());
        loop {
            let mut connection = self.pool.read().await?;
            let query = connection.query(sqlx::AssertSqlSafe(sql.clone()));
            let part = query.bind(&*after).bind(OBJECTS_PER_COUNT).rows().await?;
            let Some(part) = part.first() else { return Ok(count) };
            count += part.get::<i64>("count")?.unsigned_abs();
            let Some(last) = part.get("last")? else { return Ok(count) };
            after = last;
        }
    }
}

/// Returns the SQL condition that excludes tombstones, after another condition.
pub(super) fn is_live(kind: Kind) -> &'static str {
    if kind.object_type().table.has_tombstones { " AND deleted_at IS NULL" } else { "" }
}

fn items_sql(items: &ItemTable) -> String {
    format!("{} WHERE {} IN {{}}", object_rows::item_table(items).select(), items.owner)
}

/// Reads the states of these objects in a transaction. Collects the values that cannot be read, and
/// leaves out their objects.
pub(super) async fn read(
    tx: &mut Tx,
    kind: Kind,
    ids: &[&str],
    unreadable: &mut Vec<UndecodableValue>,
) -> Result<Vec<WholeObject>, StoreError> {
    let table = &kind.object_type().table;
    let sql = format!("{} WHERE {} IN {{}}", object_rows::table(kind).select(), table.id);
    let rows = keyed::rows(tx, &sql, ids).await?;
    let mut objects = collect_objects(kind, &rows, JsonReading::Strict, unreadable)?;
    for (index, items) in table.items.iter().enumerate() {
        let rows = keyed::rows(tx, &items_sql(items), ids).await?;
        attach_items(&mut objects, index, items, &rows, unreadable)?;
    }
    Ok(objects)
}

/// Reads the objects in rows, and collects the values that cannot be read.
pub(super) fn collect_objects(
    kind: Kind,
    rows: &[Row],
    json: JsonReading,
    unreadable: &mut Vec<UndecodableValue>,
) -> Result<Vec<WholeObject>, StoreError> {
    let mut objects = Vec::with_capacity(rows.len());
    for row in rows {
        match row.object(kind, json) {
            Ok(object) => objects.push(object),
            Err(DbError::UndecodableValue(value)) => unreadable.push(value),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(objects)
}

/// Adds the items in rows to their objects, and collects the values that cannot be read.
pub(super) fn attach_items(
    objects: &mut [WholeObject],
    index: usize,
    items: &ItemTable,
    rows: &[Row],
    unreadable: &mut Vec<UndecodableValue>,
) -> Result<(), StoreError> {
    let mut by_id: HashMap<String, &mut AnyState> =
        objects.iter_mut().map(|it| (it.state.id().to_owned(), &mut it.state)).collect();
    for row in rows {
        match row.item(items, JsonReading::Strict) {
            Ok(values) => {
                if let Some(state) = by_id.get_mut(&row.get::<String>(items.owner)?) {
                    state.add_item(index, &mut values.into_iter());
                }
            }
            Err(DbError::UndecodableValue(value)) => unreadable.push(value),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
