//! Reads of attempts.

use super::progress::Attempt;
use crate::{
    domain::Millis,
    store::{Store, StoreError, driver::record},
};

record!(Attempt, "push_attempts" { seq, at, attempt, duration_ms, status, problem });

/// Number of the newest attempts whose success and duration are summed up.
const SUMMARIZED: i64 = 1_000;

/// Maximum number of attempts that one statement deletes.
const PURGED: i64 = 500;

/// Success and duration of the newest attempts of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttemptSummary {
    /// Number of attempts.
    pub attempts: i64,
    /// Number of those that delivered their message.
    pub delivered: i64,
    /// Sum of the durations of those in milliseconds.
    pub duration_ms: i64,
    /// Time of the last success.
    pub delivered_at: Option<Millis>,
}

record!(AttemptSummary, "push_attempts" { attempts, delivered, duration_ms, delivered_at });

impl Store {
    /// Reads the newest attempts of an endpoint, in the reverse order of their changes.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_attempts(
        &self,
        endpoint_id: &str,
        only_failed: bool,
        limit: u16,
    ) -> Result<Vec<Attempt>, StoreError> {
        let condition = if only_failed { " AND problem IS NOT NULL" } else { "" };
        let sql = format!(
            "SELECT seq, at, attempt, duration_ms, status, problem FROM push_attempts \
             WHERE endpoint_id = $1{condition} ORDER BY seq DESC, at DESC LIMIT $2"
        );
        let mut connection = self.pool.read().await?;
        let query = connection.query(sqlx::AssertSqlSafe(sql)).bind(endpoint_id);
        Ok(query.bind(i64::from(limit)).fetch_all().await?)
    }

    /// Reads the attempts to deliver one message, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_attempts_of(
        &self,
        endpoint_id: &str,
        seq: i64,
    ) -> Result<Vec<Attempt>, StoreError> {
        let sql = "SELECT seq, at, attempt, duration_ms, status, problem FROM push_attempts \
                   WHERE endpoint_id = $1 AND seq = $2 ORDER BY at";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(endpoint_id).bind(seq).fetch_all().await?)
    }

    /// Sums up the newest attempts of an endpoint.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_attempt_summary(
        &self,
        endpoint_id: &str,
    ) -> Result<AttemptSummary, StoreError> {
        let sql = "SELECT COUNT(*) AS attempts, \
                   COUNT(CASE WHEN problem IS NULL THEN 1 END) AS delivered, \
                   CAST(COALESCE(SUM(CASE WHEN problem IS NULL THEN duration_ms END), 0) AS BIGINT) \
                       AS duration_ms, \
                   MAX(CASE WHEN problem IS NULL THEN at END) AS delivered_at \
                   FROM (SELECT problem, duration_ms, at FROM push_attempts \
                         WHERE endpoint_id = $1 ORDER BY seq DESC, at DESC LIMIT $2) AS summarized";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(endpoint_id).bind(SUMMARIZED).fetch_one().await?)
    }

    /// Deletes some of the oldest attempts of an endpoint that were made before a time. Returns
    /// whether there were any.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn purge_push_attempts(
        &self,
        endpoint_id: &str,
        before: Millis,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM push_attempts WHERE endpoint_id = $1 AND at < $2 AND (seq, at) IN \
                   (SELECT seq, at FROM push_attempts WHERE endpoint_id = $1 \
                    ORDER BY seq, at LIMIT $3)";
        self.execute(sql, |query| query.bind(endpoint_id).bind(before).bind(PURGED)).await
    }
}
