//! Compares the recomputed rows with the stored rows, and repairs the stored rows.
//!
//! The database does the comparison, because it has both sets of rows. The differences go to a
//! temporary table. Memory never holds all rows or all differences.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;

use crate::{
    domain::{Millis, event::Decision, local_event},
    store::{
        StoreError,
        driver::{DbError, Record, Row, Tx},
        rows, statement,
    },
};

/// Maximum number of differences in memory.
const ROWS_PER_PAGE: i64 = 512;

/// Temporary table of the users whose rows the repair compares again: the users that differed, and
/// the subjects of all later events, because a later event can give a row to another user.
pub(super) const AFFECTED: &str = "affected";

/// Temporary table of the rows that differ.
pub(super) const DIFFERENCES: &str = "differences";

/// Temporary table with one row per event whose change can no longer be read: the event's subject.
pub(super) const LOST: &str = "lost";

/// A synced table.
#[derive(Clone, Copy)]
pub(super) struct SyncedTable {
    pub(super) name: &'static str,
    columns: &'static [&'static str],
    key: &'static [&'static str],
    /// Column with the user's ID.
    owner: &'static str,
    /// Column that distinguishes the rows of one user.
    id: &'static str,
}

/// All synced tables. Users come first, because the other tables refer to them.
pub(super) const SYNCED_TABLES: [SyncedTable; 6] = [
    SyncedTable {
        name: "users",
        columns: rows::USERS.columns,
        key: &["clerk_id"],
        owner: "clerk_id",
        id: "clerk_id",
    },
    SyncedTable {
        name: "partial_users",
        columns: &["user_id", "field_versions"],
        key: &["user_id"],
        owner: "user_id",
        id: "user_id",
    },
    SyncedTable {
        name: "user_terms",
        columns: &["term", "user_id"],
        key: &["term", "user_id"],
        owner: "user_id",
        id: "term",
    },
    SyncedTable {
        name: "sessions",
        columns: rows::SESSIONS.columns,
        key: &["id"],
        owner: "user_id",
        id: "id",
    },
    SyncedTable {
        name: "accounts",
        columns: rows::ACCOUNTS.columns,
        key: &["user_id", "id"],
        owner: "user_id",
        id: "id",
    },
    SyncedTable {
        name: "verifications",
        columns: rows::VERIFICATIONS.columns,
        key: &["user_id", "id"],
        owner: "user_id",
        id: "id",
    },
];

/// Kind of difference between a stored row and the recomputed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowDifferenceKind {
    /// The row is recomputed but not stored.
    Missing,
    /// The row is stored but not recomputed.
    Extra,
    /// Both rows exist, with different values.
    Different,
}

impl RowDifferenceKind {
    /// Returns the name that the command line prints.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Different => "different",
        }
    }
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDifference {
    /// Name of the table.
    pub table: String,
    /// ID of the row's user. If the row is recomputed, the recomputed value, otherwise the stored
    /// one.
    pub user_id: String,
    /// ID of the row, or the term in `user_terms`.
    pub id: String,
    /// Kind of the difference.
    pub kind: RowDifferenceKind,
    /// Columns that differ. Empty unless the kind is [`RowDifferenceKind::Different`].
    pub columns: Vec<String>,
}

/// Number of rows that differ, by table and kind. Contains no zeros.
pub type DifferenceCounts = BTreeMap<&'static str, BTreeMap<RowDifferenceKind, u64>>;

/// Creates the temporary tables. They copy column types of a synced table, so that comparisons use
/// the same collation.
pub(super) async fn create_tables(tx: &mut Tx) -> Result<(), StoreError> {
    for sql in [
        "CREATE TEMPORARY TABLE lost AS SELECT user_id FROM user_terms WHERE FALSE",
        "CREATE TEMPORARY TABLE affected AS SELECT user_id FROM user_terms WHERE FALSE",
        "CREATE TEMPORARY TABLE differences AS SELECT term AS table_name, user_id, \
         user_id AS stored_user_id, term AS id, term AS kind, term AS columns \
         FROM user_terms WHERE FALSE",
        "CREATE INDEX differences_in_order ON differences (table_name, user_id, id)",
        "CREATE INDEX terms_by_user ON user_terms (user_id)",
    ] {
        tx.query(sql).execute().await?;
    }
    Ok(())
}

/// Adds the users that differ to the affected users.
pub(super) async fn mark_affected(tx: &mut Tx) -> Result<(), StoreError> {
    let sql = "INSERT INTO affected SELECT user_id FROM differences \
               UNION SELECT stored_user_id FROM differences WHERE stored_user_id IS NOT NULL";
    tx.query(sql).execute().await?;
    Ok(())
}

/// Adds users to a temporary table, which can already contain some of them.
pub(super) async fn add_users(
    tx: &mut Tx,
    table: &str,
    users: &[String],
) -> Result<(), StoreError> {
    let into = format!("{table} (user_id)");
    statement::insert(tx, &into, 1, "DO NOTHING", users, |query, id| query.bind(id.as_str()))
        .await?;
    Ok(())
}

/// Counts the events whose change can no longer be read and whose user is not deleted.
pub(super) async fn count_lost(tx: &mut Tx) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) AS count FROM lost WHERE NOT EXISTS (SELECT 1 FROM users \
               WHERE clerk_id = lost.user_id AND deleted_at IS NOT NULL)";
    let counted = tx.query(sql).rows().await?;
    let count: i64 = counted.first().map_or(Ok(0), |row| row.get("count"))?;
    Ok(count.unsigned_abs())
}

/// Compares all rows.
pub(super) async fn compare_all(tx: &mut Tx, stored: &str) -> Result<DifferenceCounts, StoreError> {
    compare_tables(tx, stored, |_, _| String::new()).await
}

/// Compares the rows of the affected users.
pub(super) async fn compare_affected(
    tx: &mut Tx,
    stored: &str,
) -> Result<DifferenceCounts, StoreError> {
    tx.query("DELETE FROM differences").execute().await?;
    let condition =
        |side: &str, owner: &str| format!("{side}.{owner} IN (SELECT user_id FROM affected) AND ");
    compare_tables(tx, stored, condition).await
}

/// Replaces the recorded differences with those of the rows that meet a condition.
async fn compare_tables(
    tx: &mut Tx,
    stored: &str,
    condition: impl Fn(&str, &str) -> String,
) -> Result<DifferenceCounts, StoreError> {
    tx.query("DELETE FROM differences").execute().await?;
    for table in &SYNCED_TABLES {
        let [scratch, other] = ["scratch", "stored"].map(|side| condition(side, table.owner));
        for sql in [table.missing_or_different(stored, &scratch), table.extra(stored, &other)] {
            tx.query(AssertSqlSafe(sql)).execute().await?;
        }
    }
    let sql = "SELECT table_name, kind, COUNT(*) AS count FROM differences \
               GROUP BY table_name, kind";
    let counted: Vec<TableCount> = tx.query(sql).fetch_all().await?;
    let mut counts = DifferenceCounts::new();
    for TableCount { table, kind, count } in counted {
        if let Some(table) = SYNCED_TABLES.iter().find(|it| it.name == table) {
            counts.entry(table.name).or_default().insert(kind, count);
        }
    }
    Ok(counts)
}

impl SyncedTable {
    fn missing_or_different(&self, stored: &str, condition: &str) -> String {
        let Self { name, columns, owner, id, .. } = self;
        let differs = |column: &&str| format!("scratch.{column} IS DISTINCT FROM stored.{column}");
        let any: Vec<_> = columns.iter().map(differs).collect();
        let named =
            |column: &&str| format!("CASE WHEN {} THEN ' {column}' ELSE '' END", differs(column));
        let named: Vec<_> = columns.iter().map(named).collect();
        format!(
            "INSERT INTO differences SELECT '{name}', scratch.{owner}, stored.{owner}, \
             scratch.{id}, CASE WHEN stored.{id} IS NULL THEN 'missing' ELSE 'different' END, \
             CASE WHEN stored.{id} IS NULL THEN '' ELSE {named} END \
             FROM {name} AS scratch LEFT JOIN {stored}.{name} AS stored ON {same} \
             WHERE {condition}({any})",
            named = named.join(" || "),
            same = self.same_key(),
            any = any.join(" OR "),
        )
    }

    fn extra(&self, stored: &str, condition: &str) -> String {
        let Self { name, owner, id, .. } = self;
        format!(
            "INSERT INTO differences SELECT '{name}', stored.{owner}, stored.{owner}, \
             stored.{id}, 'extra', '' FROM {stored}.{name} AS stored \
             WHERE {condition}NOT EXISTS (SELECT 1 FROM {name} AS scratch WHERE {same})",
            same = self.same_key(),
        )
    }

    fn same_key(&self) -> String {
        let same = |column: &&str| format!("stored.{column} = scratch.{column}");
        self.key.iter().map(same).collect::<Vec<_>>().join(" AND ")
    }

    /// Returns the SQL condition for the rows, stored or recomputed, whose recorded difference has
    /// a kind that meets `condition`.
    fn is_difference(&self, condition: &str) -> String {
        let Self { name, owner, id, .. } = self;
        format!(
            "({owner}, {id}) IN (SELECT user_id, id FROM differences \
             WHERE table_name = '{name}' AND kind {condition})"
        )
    }

    fn delete(&self, stored: &str) -> String {
        format!("DELETE FROM {stored}.{} WHERE {}", self.name, self.is_difference("= 'extra'"))
    }

    fn upsert(&self, stored: &str) -> String {
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
}

/// Corrects the stored rows that differ.
pub(super) async fn repair(tx: &mut Tx, stored: &str) -> Result<(), StoreError> {
    // Extra users are deleted last. By then every row that referred to them is deleted or belongs
    // to another user.
    let (users, others) = (&SYNCED_TABLES[..1], &SYNCED_TABLES[1..]);
    let deletes = others.iter().map(|table| table.delete(stored));
    let upserts = SYNCED_TABLES.iter().map(|table| table.upsert(stored));
    let last = users.iter().map(|table| table.delete(stored));
    for sql in deletes.chain(upserts).chain(last) {
        tx.query(AssertSqlSafe(sql)).execute().await?;
    }
    Ok(())
}

/// Appends an event for each user and each session with a repaired row, so that readers of the
/// change feed read the object again. The event ID contains `through` and is unique, because the
/// sequence numbers of the appended events are greater than `through`.
pub(super) async fn append_events(
    tx: &mut Tx,
    through: i64,
    now: Millis,
) -> Result<(), StoreError> {
    let kind = local_event::PROJECTION_REBUILT;
    let applied = Decision::Applied;
    let sql = format!(
        "INSERT INTO webhook_events \
             (id, type, subject, object_id, decision, occurred_at, received_at) \
         SELECT '{kind}:{through}:' || object_id, '{kind}', user_id, object_id, '{applied}', \
             $1, $1 \
         FROM (SELECT user_id, CASE table_name WHEN 'sessions' THEN id ELSE user_id END \
                   AS object_id FROM differences \
               UNION SELECT stored_user_id, stored_user_id FROM differences \
                   WHERE stored_user_id <> user_id) AS changed \
         ORDER BY user_id, object_id"
    );
    tx.query(AssertSqlSafe(sql)).bind(now).execute().await?;
    Ok(())
}

/// Reads a page of differences after the given one.
pub(super) async fn read_page(
    tx: &mut Tx,
    after: Option<&RowDifference>,
) -> Result<Vec<RowDifference>, StoreError> {
    let sql = "SELECT * FROM differences WHERE (table_name, user_id, id) > ($1, $2, $3) \
               ORDER BY table_name, user_id, id LIMIT $4";
    let (table, user_id, id) =
        after.map_or(("", "", ""), |after| (&*after.table, &*after.user_id, &*after.id));
    Ok(tx.query(sql).bind(table).bind(user_id).bind(id).bind(ROWS_PER_PAGE).fetch_all().await?)
}

struct TableCount {
    table: String,
    kind: RowDifferenceKind,
    count: u64,
}

impl Record for TableCount {
    fn read(row: &Row) -> Result<Self, DbError> {
        let count: i64 = row.get("count")?;
        Ok(Self { table: row.get("table_name")?, kind: kind(row)?, count: count.unsigned_abs() })
    }
}

impl Record for RowDifference {
    fn read(row: &Row) -> Result<Self, DbError> {
        let columns: String = row.get("columns")?;
        Ok(Self {
            table: row.get("table_name")?,
            user_id: row.get("user_id")?,
            id: row.get("id")?,
            kind: kind(row)?,
            columns: columns.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

fn kind(row: &Row) -> Result<RowDifferenceKind, DbError> {
    let name: String = row.get("kind")?;
    Ok(match &*name {
        "missing" => RowDifferenceKind::Missing,
        "extra" => RowDifferenceKind::Extra,
        _ => RowDifferenceKind::Different,
    })
}
