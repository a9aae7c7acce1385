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
    rows,
    statement::Table,
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
/// hashed, except for event IDs.
struct HashedTable {
    table: Table,
    /// SQL condition of the hashed rows.
    condition: &'static str,
}

/// SQL condition of tombstones and users with a known state.
const NOT_STUBS: &str = "(deleted_at IS NOT NULL OR \
    (version_updated_at, version_occurred_at, version_event_id) > (0, 0, ''))";

const TABLES: [HashedTable; 4] = [
    HashedTable { table: rows::USERS, condition: NOT_STUBS },
    HashedTable { table: rows::SESSIONS, condition: "TRUE" },
    HashedTable { table: rows::ACCOUNTS, condition: "TRUE" },
    HashedTable { table: rows::VERIFICATIONS, condition: "TRUE" },
];

impl Snapshot {
    /// Computes the digest of the synced tables, and calls `on_row` with the digest of each row.
    ///
    /// # Errors
    /// Returns an error if the database does not answer, or `on_row` fails.
    pub async fn digest<E: From<StoreError>>(
        &mut self,
        mut on_row: impl FnMut(&RowDigest) -> Result<(), E>,
    ) -> Result<SyncedTablesDigest, E> {
        let mut tables = Vec::with_capacity(TABLES.len());
        for hashed in &TABLES {
            let (mut rows, mut hasher) = (0, Sha256::new());
            let mut after = vec![String::new(); hashed.table.key_length];
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
            tables.push(TableDigest { table: hashed.table.name, rows, sha256 });
        }
        let hasher = tables.iter().fold(Sha256::new(), |all, table| all.chain_update(table.sha256));
        Ok(SyncedTablesDigest { sha256: hasher.finalize().into(), tables })
    }

    /// Reads the next rows after a key, in the order of their keys.
    async fn page(
        &mut self,
        table: &HashedTable,
        after: &[String],
    ) -> Result<Vec<Row>, StoreError> {
        let HashedTable { table: Table { name, columns, key_length }, condition } = table;
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
        let Table { name: table, columns, key_length } = self.table;
        let key = columns[..key_length].iter().map(|column| row.get(column));
        let key = key.collect::<Result<Vec<String>, _>>()?;
        let mut members = Vec::with_capacity(columns.len());
        for column in columns.iter().filter(|column| !column.ends_with("event_id")) {
            let unknown = || UndecodableValue { table, column, row: key.join(" ") };
            let value = value(row, column, unknown).map_err(|error| match error {
                DbError::UndecodableValue(_) => unknown().into(),
                error => error,
            });
            if let Some(value) = value? {
                members.push(format!("\"{column}\":{value}"));
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
    column: &'static str,
    unknown: impl FnOnce() -> UndecodableValue,
) -> Result<Option<String>, DbError> {
    Ok(match column {
        "public_metadata" | "private_metadata" | "unsafe_metadata" | "actor" => {
            let json: Option<Json<Box<RawValue>>> = row.get(column)?;
            json.map(|json| json::canonical(&json).ok_or_else(unknown)).transpose()?
        }
        "email_verified" | "banned" | "locked" | "password_enabled" | "two_factor_enabled" => {
            row.get::<Option<bool>>(column)?.map(|flag| flag.to_string())
        }
        number if number == "attempts" || number.ends_with("_at") => {
            row.get::<Option<i64>>(column)?.map(|number| number.to_string())
        }
        _ => row.get::<Option<String>>(column)?.map(json::string),
    })
}
