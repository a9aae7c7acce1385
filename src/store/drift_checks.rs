//! State and result of the scheduled drift check, shared by all replicas.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::{Millis, drift::DriftCounts};

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftCheckResult {
    /// Number of users in Clerk.
    pub users: u64,
    /// Number of users that differ, by kind.
    pub counts: DriftCounts,
    /// Number of users that could not be decoded and compared.
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

/// Name of the only kind of check.
const DRIFT: &str = "drift";

impl Store {
    /// Reads the state of the drift check. Returns none if no check has started yet.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn drift_check(&self) -> Result<Option<DriftCheckState>, StoreError> {
        let sql = "SELECT begun_at, ended_at, problem, users, missing, extra, different, deleted, \
                   not_understood FROM checks WHERE name = $1";
        Ok(self.pool.read().await?.query(sql).bind(DRIFT).fetch_optional().await?)
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
        outcome: Result<DriftCheckResult, &str>,
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
        let result = outcome.ok();
        let count = |of: fn(DriftCheckResult) -> u64| result.map(of).map(u64::cast_signed);
        let counts = [
            count(|it| it.users),
            count(|it| it.counts.missing),
            count(|it| it.counts.extra),
            count(|it| it.counts.different),
            count(|it| it.counts.deleted),
            count(|it| it.not_understood),
        ];
        self.execute(sql, |query| {
            let query = query.bind(DRIFT).bind(begun_at).bind(ended_at).bind(outcome.err());
            counts.into_iter().fold(query, super::driver::Query::bind)
        })
        .await
        .map(drop)
    }
}

impl Record for DriftCheckState {
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
        let result =
            count("users")?.map(|users| DriftCheckResult { users, counts, not_understood });
        Ok(Self {
            begun_at: row.get("begun_at")?,
            ended_at: row.get("ended_at")?,
            problem: row.get("problem")?,
            result,
        })
    }
}
