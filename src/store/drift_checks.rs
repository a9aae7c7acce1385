//! What checks came to that are made again and again, for everybody who asks any replica.

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::{Millis, drift::DriftCounts};

/// A check of the users against Clerk's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftCheckState {
    /// When the newest began.
    pub begun_at: Millis,
    /// When the last one ended, if one did.
    pub ended_at: Option<Millis>,
    /// What that one came to; none where it came to nothing.
    pub result: Option<DriftCheckResult>,
    /// Why it came to nothing.
    pub problem: Option<String>,
}

/// What a check came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DriftCheckResult {
    /// How many users Clerk has.
    pub users: u64,
    /// How many of them, and of ours, differ.
    pub counts: DriftCounts,
    /// How many could not be compared.
    pub not_understood: u64,
}

/// Which check is due, by when the last one began.
#[derive(Clone, Copy, Debug)]
pub struct DriftCheckDue {
    /// One that ended well, by then.
    pub after_success: Millis,
    /// One that came to nothing, or did not come to its end, by then.
    pub after_failure: Millis,
}

/// There is one kind of them so far.
const DRIFT: &str = "drift";

impl Store {
    /// The last check, if there was one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drift_check(&self) -> Result<Option<DriftCheckState>, StoreError> {
        let sql = "SELECT begun_at, ended_at, problem, users, missing, extra, different, deleted, \
                   not_understood FROM checks WHERE name = $1";
        Ok(self.pool.read().await?.query(sql).bind(DRIFT).fetch_optional().await?)
    }

    /// Begins a check, if one is due; whether it is this caller who does it. Of several processes that
    /// ask, one is told so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin_drift_check(&self, now: Millis, due: DriftCheckDue) -> Result<bool, StoreError> {
        let sql = "INSERT INTO checks (name, begun_at) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at \
                   WHERE checks.begun_at <= $3 OR checks.begun_at <= $4 \
                   AND (checks.problem IS NOT NULL OR checks.ended_at IS NULL \
                   OR checks.ended_at < checks.begun_at)";
        let DriftCheckDue { after_success, after_failure } = due;
        self.execute(sql, |query| query.bind(DRIFT).bind(now).bind(after_success).bind(after_failure)).await
    }

    /// Keeps what a check came to, if no other has begun since: what it result, or why it result nothing.
    ///
    /// # Errors
    /// When the database does not answer.
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
        let result = count("users")?.map(|users| DriftCheckResult { users, counts, not_understood });
        Ok(Self {
            begun_at: row.get("begun_at")?,
            ended_at: row.get("ended_at")?,
            problem: row.get("problem")?,
            result,
        })
    }
}
