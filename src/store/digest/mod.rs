//! The projection as one hash, the same on both engines: equal hashes, equal states.
//!
//! A row is hashed as the JSON object of its columns, in the one spelling of [`json`]: names in
//! their order, nulls left out. A table's digest is that of its rows' digests in the order of the
//! key, the projection's that of its tables'.
//!
//! What is compared are states and the instants that order them. Not compared are the ids of the
//! events that told of them, which differ from one replay to the next, and stubs: a user of whom
//! nothing is known but the id.

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

/// A SHA-256.
pub type Hash = [u8; 32];

/// How many rows are in memory at once.
const PAGE: usize = 500;

/// The digest of everything that is synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncedTablesDigest {
    /// Of the tables' digests.
    pub sha256: Hash,
    /// Each table, in a fixed order.
    pub tables: Vec<TableDigest>,
}

/// The digest of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDigest {
    /// Its name.
    pub table: &'static str,
    /// How many rows count.
    pub rows: u64,
    /// Of the rows' digests.
    pub sha256: Hash,
}

/// The digest of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDigest {
    /// The table's name.
    pub table: &'static str,
    /// The key's columns.
    pub key: Vec<String>,
    /// Of the canonical row.
    pub sha256: Hash,
}

/// A table of the projection: the columns that are written are the columns that are hashed.
struct HashedTable {
    written: Table,
    /// Which rows count, in SQL.
    counts: &'static str,
}

/// Tombstones, and users of whom an event has told.
const NOT_STUBS: &str = "(deleted_at IS NOT NULL OR \
    (version_updated_at, version_occurred_at, version_event_id) > (0, 0, ''))";

const TABLES: [HashedTable; 4] = [
    HashedTable { written: rows::USERS, counts: NOT_STUBS },
    HashedTable { written: rows::SESSIONS, counts: "TRUE" },
    HashedTable { written: rows::ACCOUNTS, counts: "TRUE" },
    HashedTable { written: rows::VERIFICATIONS, counts: "TRUE" },
];

impl Snapshot {
    /// Digests the projection, and shows each row's digest on the way.
    ///
    /// # Errors
    /// When the database does not answer, or `each` fails.
    pub async fn digest<E: From<StoreError>>(
        &mut self,
        mut each: impl FnMut(&RowDigest) -> Result<(), E>,
    ) -> Result<SyncedTablesDigest, E> {
        let mut tables = Vec::with_capacity(TABLES.len());
        for table in &TABLES {
            let (mut rows, mut hasher) = (0, Sha256::new());
            let mut after = vec![String::new(); table.written.key];
            loop {
                let page = self.page(table, &after).await?;
                for row in &page {
                    let row = table.digest(row).map_err(StoreError::from)?;
                    each(&row)?;
                    hasher.update(row.sha256);
                    rows += 1;
                    after = row.key;
                }
                if page.len() < PAGE {
                    break;
                }
            }
            let sha256 = hasher.finalize().into();
            tables.push(TableDigest { table: table.written.table, rows, sha256 });
        }
        let hasher = tables.iter().fold(Sha256::new(), |all, table| all.chain_update(table.sha256));
        Ok(SyncedTablesDigest { sha256: hasher.finalize().into(), tables })
    }

    /// The rows behind a key, in the order of their keys.
    async fn page(&mut self, table: &HashedTable, after: &[String]) -> Result<Vec<Row>, StoreError> {
        let HashedTable { written: Table { table, columns, key }, counts } = table;
        let holes: Vec<_> = (1..=*key).map(|hole| format!("${hole}")).collect();
        let (columns, holes, key) =
            (columns.join(", "), holes.join(", "), columns[..*key].join(", "));
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE ({key}) > ({holes}) AND {counts} \
             ORDER BY {key} LIMIT {PAGE}"
        );
        let query = self.query(AssertSqlSafe(sql));
        Ok(after.iter().fold(query, |query, part| query.bind(part.as_str())).rows().await?)
    }
}

impl HashedTable {
    fn digest(&self, row: &Row) -> Result<RowDigest, DbError> {
        let Table { table, columns, key } = self.written;
        let key = columns[..key].iter().map(|column| row.get(column));
        let key = key.collect::<Result<Vec<String>, _>>()?;
        let mut members = Vec::with_capacity(columns.len());
        for column in columns.iter().filter(|column| !column.ends_with("event_id")) {
            let unknown = || UndecodableValue { table, column, row: key.join(" ") };
            if let Some(value) = value(row, column, unknown)? {
                members.push(format!("\"{column}\":{value}"));
            }
        }
        members.sort_unstable();
        let sha256 = Sha256::digest(format!("{{{}}}", members.join(","))).into();
        Ok(RowDigest { table, key, sha256 })
    }
}

/// What a column holds, as canonical JSON; none where it is null.
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
