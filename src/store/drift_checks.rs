//! State and result of the scheduled drift check, shared by all replicas.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row, Tx},
    finish,
};
use crate::{
    domain::{Millis, drift::DriftCounts},
    objects::Kind,
};

/// State of the drift check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftCheckState {
    /// Start of the newest check.
    pub begun_at: Millis,
    /// End of the last completed check, if any.
    pub ended_at: Option<Millis>,
    /// Result of the last completed check. `None` if it failed.
    pub result: Option<DriftCheckResult>,
    /// Error of the last completed check, if it failed.
    pub problem: Option<String>,
}

/// Result of a drift check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DriftCheckResult {
    /// Results of the types that the Clerk instance uses, in the order of the registry.
    pub types: Vec<(Kind, TypeResult)>,
}

/// Result of a drift check for one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeResult {
    /// Number of objects in Clerk.
    pub objects: u64,
    /// Number of objects that differ, by kind.
    pub counts: DriftCounts,
    /// Number of objects that could not be decoded and compared.
    pub not_understood: u64,
}

/// Latest start of the previous check for which the next check is due.
#[derive(Clone, Copy, Debug)]
pub struct DriftCheckDue {
    /// Limit if the previous check succeeded.
    pub after_success: Millis,
    /// Limit if the previous check failed or did not end.
    pub after_failure: Millis,
}

/// Name of the drift check. The row has the result of the users.
const DRIFT: &str = "drift";

/// Name after all names of rows with a result.
const END: &str = "drift!";

/// Returns the name of the row with the result of a type.
fn row_name(kind: Kind) -> String {
    match kind {
        Kind::User => DRIFT.to_owned(),
        kind => format!("{DRIFT} {kind}"),
    }
}

impl Store {
    /// Reads the state of the drift check. Returns none if no check has started yet.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn drift_check(&self) -> Result<Option<DriftCheckState>, StoreError> {
        let sql = "SELECT name, begun_at, ended_at, problem, users, missing, extra, different, \
                   deleted, not_understood FROM checks WHERE name >= $1 AND name < $2";
        let rows: Vec<CheckRow> =
            self.pool.read().await?.query(sql).bind(DRIFT).bind(END).fetch_all().await?;
        let Some(users) = rows.iter().find(|row| row.name == DRIFT) else { return Ok(None) };
        let types = Kind::ALL.into_iter().filter_map(|kind| {
            let name = row_name(kind);
            // The row of a type is older if the last check failed, or did not compare the type.
            let of_check = |row: &&CheckRow| row.name == name && row.ended_at == users.ended_at;
            Some((kind, rows.iter().find(of_check)?.result?))
        });
        let result = users.result.map(|_| DriftCheckResult { types: types.collect() });
        Ok(Some(DriftCheckState {
            begun_at: users.begun_at,
            ended_at: users.ended_at,
            problem: users.problem.clone(),
            result,
        }))
    }

    /// Starts a check if one is due. Returns true for exactly one of several concurrent callers,
    /// which then runs the check.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn begin_drift_check(
        &self,
        now: Millis,
        due: DriftCheckDue,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO checks (name, begun_at) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at \
                   WHERE checks.begun_at <= $3 OR checks.begun_at <= $4 \
                   AND (checks.problem IS NOT NULL OR checks.ended_at IS NULL \
                   OR checks.ended_at < checks.begun_at)";
        let DriftCheckDue { after_success, after_failure } = due;
        self.execute(sql, |query| {
            query.bind(DRIFT).bind(now).bind(after_success).bind(after_failure)
        })
        .await
    }

    /// Stores the result or the error of a check, unless a newer check has started.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn finish_drift_check(
        &self,
        begun_at: Millis,
        ended_at: Millis,
        outcome: Result<&DriftCheckResult, &str>,
    ) -> Result<(), StoreError> {
        let write = async {
            let mut tx = self.pool.begin().await?;
            let written = write_results(&mut tx, (begun_at, ended_at), outcome).await;
            finish(tx, written).await
        };
        self.within_commit_timeout(write).await
    }
}

/// Stores the row of each type.
async fn write_results(
    tx: &mut Tx,
    (begun_at, ended_at): (Millis, Millis),
    outcome: Result<&DriftCheckResult, &str>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO checks (name, begun_at, ended_at, problem, users, missing, extra, \
               different, deleted, not_understood) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
               ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at, \
               ended_at = excluded.ended_at, problem = excluded.problem, \
               users = excluded.users, missing = excluded.missing, extra = excluded.extra, \
               different = excluded.different, deleted = excluded.deleted, \
               not_understood = excluded.not_understood \
               WHERE checks.begun_at <= excluded.begun_at";
    let results: Vec<(Kind, Option<TypeResult>)> = match outcome {
        Ok(result) => result.types.iter().map(|(kind, result)| (*kind, Some(*result))).collect(),
        Err(_) => vec![(Kind::User, None)],
    };
    for (kind, result) in results {
        let count = |of: fn(TypeResult) -> u64| result.map(of).map(u64::cast_signed);
        let counts = [
            count(|it| it.objects),
            count(|it| it.counts.missing),
            count(|it| it.counts.extra),
            count(|it| it.counts.different),
            count(|it| it.counts.deleted),
            count(|it| it.not_understood),
        ];
        let query = tx.query(sql).bind(row_name(kind)).bind(begun_at).bind(ended_at);
        let query = query.bind(outcome.err());
        counts.into_iter().fold(query, super::driver::Query::bind).execute().await?;
    }
    Ok(())
}

/// A row of the table.
struct CheckRow {
    name: String,
    begun_at: Millis,
    ended_at: Option<Millis>,
    problem: Option<String>,
    result: Option<TypeResult>,
}

impl Record for CheckRow {
    fn read(row: &Row) -> Result<Self, DbError> {
        let count =
            |column| Ok::<_, DbError>(row.get::<Option<i64>>(column)?.map(i64::unsigned_abs));
        let counts = DriftCounts {
            missing: count("missing")?.unwrap_or_default(),
            extra: count("extra")?.unwrap_or_default(),
            different: count("different")?.unwrap_or_default(),
            deleted: count("deleted")?.unwrap_or_default(),
        };
        let not_understood = count("not_understood")?.unwrap_or_default();
        let result = count("users")?.map(|objects| TypeResult { objects, counts, not_understood });
        Ok(Self {
            name: row.get("name")?,
            begun_at: row.get("begun_at")?,
            ended_at: row.get("ended_at")?,
            problem: row.get("problem")?,
            result,
        })
    }
}
