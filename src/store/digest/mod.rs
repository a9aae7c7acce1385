//! Computes one hash of the synced tables. Equal hashes mean equal states, also across engines.
//!
//! A row is hashed as a JSON object of its columns, in the canonical form of [`json`]. Names are
//! sorted, and nulls are left out. The digest of a table hashes the digests of its rows in the
//! order of the key. The digest of the synced tables hashes the digests of the tables.
//!
//! The digest covers the states of objects and the times that order them. It leaves out the IDs of
//! the events that set a state, because they differ between replays. It also leaves out stubs,
//! which are users with a known ID and no other data.

mod json;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, types::Json};

use super::{
    StoreError,
    driver::{DbError, Row, Snapshot, UndecodableValue},
};
use crate::objects::{
    Kind,
    columns::{Column, ColumnType},
};

/// SHA-256 hash.
pub type Hash = [u8; 32];

/// Maximum number of rows in memory.
const PAGE_SIZE: usize = 500;

/// Digest of the synced tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncedTablesDigest {
    /// Hash of the digests of the tables.
    pub sha256: Hash,
    /// Digests of the tables, in a fixed order.
    pub tables: Vec<TableDigest>,
}

/// Digest of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDigest {
    /// Name of the table.
    pub table: &'static str,
    /// Number of hashed rows.
    pub rows: u64,
    /// Hash of the digests of the rows.
    pub sha256: Hash,
}

/// Digest of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDigest {
    /// Name of the table.
    pub table: &'static str,
    /// Values of the key's columns.
    pub key: Vec<String>,
    /// Hash of the canonical row.
    pub sha256: Hash,
}

/// Synced table with the condition for its hashed rows. Every column that a commit writes is
/// hashed, except for the IDs of events.
struct HashedTable {
    name: &'static str,
    /// The columns, with those of the key first.
    columns: Vec<Column>,
    key_length: usize,
    /// SQL condition of the hashed rows.
    condition: &'static str,
}

/// SQL condition of tombstones and objects with a known state.
const NOT_STUBS: &str = "(deleted_at IS NOT NULL OR \
    (version_updated_at, version_occurred_at, version_event_id) > (0, 0, ''))";

/// Returns the hashed tables: the objects of each kind, and their items.
fn tables() -> Vec<HashedTable> {
    Kind::ALL.into_iter().flat_map(tables_of).collect()
}

fn tables_of(kind: Kind) -> Vec<HashedTable> {
    let text = |name| Column { name, column_type: ColumnType::Text };
    let integer = |name| Column { name, column_type: ColumnType::Integer };
    let table = &kind.object_type().table;
    let mut columns = vec![text(table.id)];
    columns.extend(table.columns.iter().filter(|column| !column.name.ends_with("event_id")));
    columns.extend(table.has_tombstones.then(|| integer("deleted_at")));
    columns.extend(table.terms.map(|_| text("search")));
    columns.extend([integer("version_updated_at"), integer("version_occurred_at")]);
    let condition = if table.has_tombstones { NOT_STUBS } else { "TRUE" };
    let objects = HashedTable { name: table.name, columns, key_length: 1, condition };
    let items = table.items.iter().map(|items| {
        let owner = [text(items.owner)].into_iter();
        let columns = owner.chain(items.columns.iter().copied()).collect();
        HashedTable { name: items.name, columns, key_length: 2, condition: "TRUE" }
    });
    [objects].into_iter().chain(items).collect()
}

impl Snapshot {
    /// Computes the digest of the synced tables, and calls `on_row` with the digest of each row.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or `on_row` fails.
    pub async fn digest<E: From<StoreError>>(
        &mut self,
        mut on_row: impl FnMut(&RowDigest) -> Result<(), E>,
    ) -> Result<SyncedTablesDigest, E> {
        let mut digests = Vec::new();
        for hashed in &tables() {
            let (mut rows, mut hasher) = (0, Sha256::new());
            let mut after = vec![String::new(); hashed.key_length];
            loop {
                let page = self.page(hashed, &after).await?;
                for row in &page {
                    let row = hashed.digest(row).map_err(StoreError::from)?;
                    on_row(&row)?;
                    hasher.update(row.sha256);
                    rows += 1;
                    after = row.key;
                }
                if page.len() < PAGE_SIZE {
                    break;
                }
            }
            let sha256 = hasher.finalize().into();
            digests.push(TableDigest { table: hashed.name, rows, sha256 });
        }
        let tables = digests;
        let hasher = tables.iter().fold(Sha256::new(), |all, table| all.chain_update(table.sha256));
        Ok(SyncedTablesDigest { sha256: hasher.finalize().into(), tables })
    }

    /// Reads the next rows after a key, in the order of their keys.
    async fn page(
        &mut self,
        table: &HashedTable,
        after: &[String],
    ) -> Result<Vec<Row>, StoreError> {
        let HashedTable { name, columns, key_length, condition } = table;
        let columns: Vec<_> = columns.iter().map(|column| column.name).collect();
        let parameters: Vec<_> = (1..=*key_length).map(|number| format!("${number}")).collect();
        let (columns, parameters, key) =
            (columns.join(", "), parameters.join(", "), columns[..*key_length].join(", "));
        let sql = format!(
            "SELECT {columns} FROM {name} WHERE ({key}) > ({parameters}) AND {condition} \
             ORDER BY {key} LIMIT {PAGE_SIZE}"
        );
        let query = self.query(AssertSqlSafe(sql));
        Ok(after.iter().fold(query, |query, part| query.bind(part.as_str())).rows().await?)
    }
}

impl HashedTable {
    fn digest(&self, row: &Row) -> Result<RowDigest, DbError> {
        let (table, columns) = (self.name, &self.columns);
        let key = columns[..self.key_length].iter().map(|column| row.get(column.name));
        let key = key.collect::<Result<Vec<String>, _>>()?;
        let mut members = Vec::with_capacity(columns.len());
        for column in columns {
            let name = column.name;
            let unknown = || UndecodableValue { table, column: name, row: key.join(" ") };
            let value = value(row, column, unknown).map_err(|error| match error {
                DbError::UndecodableValue(_) => unknown().into(),
                error => error,
            });
            if let Some(value) = value? {
                members.push(format!("\"{name}\":{value}"));
            }
        }
        members.sort_unstable();
        let sha256 = Sha256::digest(format!("{{{}}}", members.join(","))).into();
        Ok(RowDigest { table, key, sha256 })
    }
}

/// Returns the value of a column as canonical JSON, or none if it is null.
fn value(
    row: &Row,
    column: &Column,
    unknown: impl FnOnce() -> UndecodableValue,
) -> Result<Option<String>, DbError> {
    let name = column.name;
    Ok(match column.column_type {
        ColumnType::Json => {
            let json: Option<Json<Box<RawValue>>> = row.get(name)?;
            json.map(|json| json::canonical(&json).ok_or_else(unknown)).transpose()?
        }
        ColumnType::Flag => row.get::<Option<bool>>(name)?.map(|flag| flag.to_string()),
        ColumnType::Integer => row.get::<Option<i64>>(name)?.map(|number| number.to_string()),
        ColumnType::Text => row.get::<Option<String>>(name)?.map(json::string),
    })
}
