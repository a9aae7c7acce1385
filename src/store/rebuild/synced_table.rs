//! The synced tables, and the SQL that compares and repairs their rows.
//!
//! The table names stand for the recomputed rows, because the scratch tables hide the stored ones.

use crate::{objects::Kind, store::object_rows};

/// A synced table.
pub(super) struct SyncedTable {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    columns: Vec<&'static str>,
    key: Vec<&'static str>,
    /// Column with the object's ID.
    pub(super) object: &'static str,
    /// Column that distinguishes the rows of one object.
    id: &'static str,
}

/// Returns all synced tables: the objects of each kind, their items and their search terms. Owners
/// come first, because the other tables refer to them.
pub(super) fn synced_tables() -> Vec<SyncedTable> {
    Kind::ALL.into_iter().flat_map(tables_of).collect()
}

pub(super) fn tables_of(kind: Kind) -> Vec<SyncedTable> {
    let table = &kind.object_type().table;
    let columns = object_rows::table(kind).columns.clone();
    let key = vec![table.id];
    let (object, id) = (table.id, table.id);
    let mut tables = vec![SyncedTable { name: table.name, kind, columns, key, object, id }];
    if let Some((name, object)) = table.terms {
        let columns = vec!["term", object];
        tables.push(SyncedTable { name, kind, key: columns.clone(), columns, object, id: "term" });
    }
    for items in table.items {
        let (object, key) = (items.owner, vec![items.owner, "id"]);
        let columns = object_rows::item_table(items).columns;
        tables.push(SyncedTable { name: items.name, kind, columns, key, object, id: "id" });
    }
    tables
}

impl SyncedTable {
    /// Returns the SQL that records the rows that are missing or different.
    pub(super) fn missing_or_different(&self, stored: &str, condition: &str) -> String {
        let Self { name, columns, object, id, .. } = self;
        let differs = |column: &&str| format!("scratch.{column} IS DISTINCT FROM stored.{column}");
        let any: Vec<_> = columns.iter().map(differs).collect();
        let named =
            |column: &&str| format!("CASE WHEN {} THEN ' {column}' ELSE '' END", differs(column));
        let named: Vec<_> = columns.iter().map(named).collect();
        format!(
            "INSERT INTO differences SELECT '{name}', scratch.{object}, scratch.{id}, \
             CASE WHEN stored.{id} IS NULL THEN 'missing' ELSE 'different' END, \
             CASE WHEN stored.{id} IS NULL THEN '' ELSE {named} END, {user}, {stored_user}, \
             {organization} \
             FROM {name} AS scratch LEFT JOIN {stored}.{name} AS stored ON {same} \
             WHERE {condition}({any})",
            named = named.join(" || "),
            user = self.label("scratch", Kind::User),
            stored_user = self.label("stored", Kind::User),
            organization = self.label("scratch", Kind::Organization),
            same = self.same_key(),
            any = any.join(" OR "),
        )
    }

    /// Returns the SQL that records the stored rows that are not recomputed.
    pub(super) fn extra(&self, stored: &str, condition: &str) -> String {
        let Self { name, object, id, .. } = self;
        format!(
            "INSERT INTO differences SELECT '{name}', stored.{object}, stored.{id}, 'extra', '', \
             {user}, {user}, {organization} FROM {stored}.{name} AS stored \
             WHERE {condition}NOT EXISTS (SELECT 1 FROM {name} AS scratch WHERE {same})",
            user = self.label("stored", Kind::User),
            organization = self.label("stored", Kind::Organization),
            same = self.same_key(),
        )
    }

    /// Returns the SQL for the ID of the user or the organization that a row is about.
    fn label(&self, side: &str, kind: Kind) -> String {
        let mut owners = self.kind.object_type().owners.iter();
        match owners.find(|(_, owner)| *owner == kind) {
            _ if self.kind == kind => format!("{side}.{}", self.object),
            Some((column, _)) => format!("{side}.{column}"),
            None => "CAST(NULL AS TEXT)".to_owned(),
        }
    }

    fn same_key(&self) -> String {
        let same = |column: &&str| format!("stored.{column} = scratch.{column}");
        self.key.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// Returns the SQL condition for the rows, stored or recomputed, whose recorded difference has
    /// a kind that meets `condition`.
    fn is_difference(&self, condition: &str) -> String {
        let Self { name, object, id, .. } = self;
        format!(
            "({object}, {id}) IN (SELECT object_id, id FROM differences \
             WHERE table_name = '{name}' AND kind {condition})"
        )
    }

    /// Returns the SQL that deletes the recorded extra rows.
    pub(super) fn delete(&self, stored: &str) -> String {
        format!("DELETE FROM {stored}.{} WHERE {}", self.name, self.is_difference("= 'extra'"))
    }

    /// Returns the SQL that writes the recorded missing and different rows.
    pub(super) fn upsert(&self, stored: &str) -> String {
        let (name, columns) = (self.name, self.columns.join(", "));
        let rest = self.columns.iter().filter(|column| !self.key.contains(column));
        let changes: Vec<_> = rest.map(|column| format!("{column} = excluded.{column}")).collect();
        let change = match changes.is_empty() {
            true => "NOTHING".to_owned(),
            false => format!("UPDATE SET {}", changes.join(", ")),
        };
        format!(
            "INSERT INTO {stored}.{name} ({columns}) SELECT {columns} FROM {name} WHERE {} \
             ON CONFLICT ({}) DO {change}",
            self.is_difference("<> 'extra'"),
            self.key.join(", "),
        )
    }

    /// Returns whether the rows are objects that own others.
    pub(super) fn is_owner(&self) -> bool {
        self.object == self.id && self.kind.owned().next().is_some()
    }
}
