//! Where the draft and what is stored are not the same, and making them so.
//!
//! Both stand in one database, so both are compared there: what differs is is_difference in a table, and neither
//! the rows nor their differences are ever all in memory.

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

/// How many differences are in memory at once.
const ROWS_PER_PAGE: i64 = 512;

/// Whose rows may have to be mended. Beside those who differed, all of whom an event tells that came
/// later: a row may have become another user's by it.
pub(super) const AFFECTED: &str = "affected";

/// Where rows are is_difference that differ.
pub(super) const DIFFERENCES: &str = "differences";

/// Once for each event, whom it is about whose change can no longer be read.
pub(super) const LOST: &str = "lost";

/// A table of the projection.
#[derive(Clone, Copy)]
pub(super) struct SyncedTable {
    pub(super) name: &'static str,
    columns: &'static [&'static str],
    key: &'static [&'static str],
    /// The column of the user's id.
    owner: &'static str,
    /// The column by which rows of one user are told apart.
    id: &'static str,
}

/// Users first: the others refer to them.
pub(super) const SYNCED_TABLES: [SyncedTable; 5] = [
    SyncedTable {
        name: "users",
        columns: rows::USERS.columns,
        key: &["clerk_id"],
        owner: "clerk_id",
        id: "clerk_id",
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

/// In which way a stored row is not what the events tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowDifferenceKind {
    /// It is not there.
    Missing,
    /// No event tells of it.
    Extra,
    /// It says something else.
    Different,
}

impl RowDifferenceKind {
    /// What it is called.
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
    /// Its table.
    pub table: String,
    /// Whose it is, as the events tell; where they do not, as it is stored.
    pub user_id: String,
    /// Its id; of a term the term.
    pub id: String,
    /// In which way.
    pub differs: RowDifferenceKind,
    /// In which columns, where it says something else.
    pub columns: Vec<String>,
}

/// How many rows differ, by table and way. What does not differ is not there.
pub type DifferenceCounts = BTreeMap<&'static str, BTreeMap<RowDifferenceKind, u64>>;

/// Makes room for differences. Of other tables, so that the columns are compared as those are.
pub(super) async fn create_tables(tx: &mut Tx) -> Result<(), StoreError> {
    for sql in [
        "CREATE TEMPORARY TABLE lost AS SELECT user_id FROM user_terms WHERE FALSE",
        "CREATE TEMPORARY TABLE affected AS SELECT user_id FROM user_terms WHERE FALSE",
        "CREATE TEMPORARY TABLE differences AS SELECT term AS table_name, user_id, \
         user_id AS stored_user_id, term AS id, term AS differs, term AS what \
         FROM user_terms WHERE FALSE",
        "CREATE INDEX differences_in_order ON differences (table_name, user_id, id)",
        "CREATE INDEX terms_by_user ON user_terms (user_id)",
    ] {
        tx.query(sql).execute().await?;
    }
    Ok(())
}

/// Notes whom the differences are about.
pub(super) async fn mark_affected(tx: &mut Tx) -> Result<(), StoreError> {
    let sql = "INSERT INTO affected SELECT user_id FROM differences \
               UNION SELECT stored_user_id FROM differences WHERE stored_user_id IS NOT NULL";
    tx.query(sql).execute().await?;
    Ok(())
}

/// Notes users; some may be is_difference already.
pub(super) async fn add_users(tx: &mut Tx, list: &str, users: &[String]) -> Result<(), StoreError> {
    let into = format!("{list} (user_id)");
    statement::insert(tx, &into, 1, "DO NOTHING", users, |query, id| query.bind(id.as_str()))
        .await?;
    Ok(())
}

/// Of how many events that are about somebody still there it can no longer be read what they brought.
pub(super) async fn count_lost(tx: &mut Tx) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) AS count FROM lost WHERE NOT EXISTS (SELECT 1 FROM users \
               WHERE clerk_id = lost.user_id AND deleted_at IS NOT NULL)";
    let counted = tx.query(sql).rows().await?;
    let count: i64 = counted.first().map_or(Ok(0), |row| row.get("count"))?;
    Ok(count.unsigned_abs())
}

/// Compares everything.
pub(super) async fn compare_all(tx: &mut Tx, stored: &str) -> Result<DifferenceCounts, StoreError> {
    compare_tables(tx, stored, |_, _| String::new()).await
}

/// Compares what is of those who were is_difference.
pub(super) async fn compare_affected(
    tx: &mut Tx,
    stored: &str,
) -> Result<DifferenceCounts, StoreError> {
    tx.query("DELETE FROM differences").execute().await?;
    let condition =
        |side: &str, owner: &str| format!("{side}.{owner} IN (SELECT user_id FROM affected) AND ");
    compare_tables(tx, stored, condition).await
}

/// Notes what differs, and forgets what had differed before.
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
    let sql = "SELECT table_name, differs, COUNT(*) AS count FROM differences \
               GROUP BY table_name, differs";
    let counted: Vec<TableCount> = tx.query(sql).fetch_all().await?;
    let mut counts = DifferenceCounts::new();
    for TableCount { table, differs, count } in counted {
        if let Some(table) = SYNCED_TABLES.iter().find(|it| it.name == table) {
            counts.entry(table.name).or_default().insert(differs, count);
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
            "INSERT INTO differences SELECT '{name}', scratch.{owner}, stored.{owner}, scratch.{id}, \
             CASE WHEN stored.{id} IS NULL THEN 'missing' ELSE 'different' END, \
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

    /// Those rows, of whichever side, that were is_difference as condition.
    fn is_difference(&self, condition: &str) -> String {
        let Self { name, owner, id, .. } = self;
        format!(
            "({owner}, {id}) IN (SELECT user_id, id FROM differences \
             WHERE table_name = '{name}' AND differs {condition})"
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

/// Writes over the stored rows what was is_difference.
pub(super) async fn repair(tx: &mut Tx, stored: &str) -> Result<(), StoreError> {
    // Whoever is extra goes last: what refers to them has gone by then, or has become another's.
    let (users, others) = (&SYNCED_TABLES[..1], &SYNCED_TABLES[1..]);
    let deletes = others.iter().map(|table| table.delete(stored));
    let upserts = SYNCED_TABLES.iter().map(|table| table.upsert(stored));
    let last = users.iter().map(|table| table.delete(stored));
    for sql in deletes.chain(upserts).chain(last) {
        tx.query(AssertSqlSafe(sql)).execute().await?;
    }
    Ok(())
}

/// Appends an event for each user and each session of which a row was mended, so that whoever follows
/// the changes reads them anew. The id is that of no other: these are numbered behind `through`.
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
         SELECT '{kind}:{through}:' || object_id, '{kind}', user_id, object_id, '{applied}', $1, $1 \
         FROM (SELECT user_id, CASE table_name WHEN 'sessions' THEN id ELSE user_id END \
                   AS object_id FROM differences \
               UNION SELECT stored_user_id, stored_user_id FROM differences \
                   WHERE stored_user_id <> user_id) AS changed \
         ORDER BY user_id, object_id"
    );
    tx.query(AssertSqlSafe(sql)).bind(now).execute().await?;
    Ok(())
}

/// A page of what was is_difference.
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
    differs: RowDifferenceKind,
    count: u64,
}

impl Record for TableCount {
    fn read(row: &Row) -> Result<Self, DbError> {
        let count: i64 = row.get("count")?;
        let (table, differs) = (row.get("table_name")?, differs(row)?);
        Ok(Self { table, differs, count: count.unsigned_abs() })
    }
}

impl Record for RowDifference {
    fn read(row: &Row) -> Result<Self, DbError> {
        let what: String = row.get("what")?;
        Ok(Self {
            table: row.get("table_name")?,
            user_id: row.get("user_id")?,
            id: row.get("id")?,
            differs: differs(row)?,
            columns: what.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

fn differs(row: &Row) -> Result<RowDifferenceKind, DbError> {
    let name: String = row.get("differs")?;
    Ok(match &*name {
        "missing" => RowDifferenceKind::Missing,
        "extra" => RowDifferenceKind::Extra,
        _ => RowDifferenceKind::Different,
    })
}
