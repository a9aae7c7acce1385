//! Dismissal of events: an operator puts failed and quarantined events aside that can never be
//! applied. The event log keeps the events, the operator and the time.

use tokio::time::timeout;

use super::{PageRequest, Store, StoreError, bounded_scan, driver::Query};
use crate::domain::{Millis, decision::Decision};

/// Operator and time of a dismissal.
#[derive(Clone, Copy, Debug)]
pub struct Dismissal<'a> {
    /// Name of the API key, or of the user of the command line.
    pub by: &'a str,
    /// Time of the dismissal.
    pub at: Millis,
}

/// Events to dismiss: those with the same decision and reason.
#[derive(Clone, Copy, Debug)]
pub struct DismissedGroup<'a> {
    /// Current decision, which is `failed` or `quarantined`.
    pub decision: Decision,
    /// Exact reason. The empty text selects the events without a reason.
    pub reason: &'a str,
}

/// Result of one page of a bulk dismissal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DismissedPage {
    /// Number of dismissed events.
    pub dismissed: u64,
    /// Position at which the next page begins. `None` if no event is left.
    pub through: Option<i64>,
}

/// Maximum number of attempts if a dismissal conflicts with a commit of the same events.
const MAX_ATTEMPTS: usize = 5;

/// Assignments of a dismissal. The first two parameters are the operator and the time.
const SET: &str = "SET dismissed_decision = decision, decision = 'dismissed', \
                   dismissed_by = $1, dismissed_at = $2";

impl Store {
    /// Dismisses an event. Returns false if no event with this ID is failed or quarantined.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn dismiss_event(
        &self,
        id: &str,
        dismissal: Dismissal<'_>,
    ) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE webhook_events {SET} WHERE id = $3 AND decision IN ('failed', 'quarantined')"
        );
        let Dismissal { by, at } = dismissal;
        Ok(self.dismiss(&sql, |query| query.bind(by).bind(at).bind(id)).await? > 0)
    }

    /// Dismisses the events of a group, one page of the events with the decision at a time, the
    /// oldest first. To dismiss all of them, request the page after `through` until it is `None`.
    ///
    /// # Errors
    /// Returns an error if the database does not answer. Events dismissed before the error stay
    /// dismissed.
    pub async fn dismiss_page(
        &self,
        group: DismissedGroup<'_>,
        page: &PageRequest<i64>,
        dismissal: Dismissal<'_>,
    ) -> Result<DismissedPage, StoreError> {
        let (decision, after) = (group.decision.as_str(), page.after.unwrap_or_default());
        let end = "SELECT seq FROM webhook_events WHERE (decision, seq) > ($1, $2) \
                   AND decision <= $1 AND decision NOT IN ('applied', 'stale') \
                   ORDER BY decision, seq LIMIT 1 OFFSET $3";
        let mut connection = self.pool.read().await?;
        let query = connection.query(end).bind(decision).bind(after);
        let through = bounded_scan::scan_end(query, "seq", i64::from(page.limit)).await?;
        drop(connection);
        let sql = format!(
            "UPDATE webhook_events {SET} WHERE (decision, seq) > ($3, $4) \
             AND (decision, seq) <= ($3, $5) AND decision NOT IN ('applied', 'stale') \
             AND COALESCE(reason, '') = $6"
        );
        let Dismissal { by, at } = dismissal;
        let until = through.unwrap_or(i64::MAX);
        let dismissed = self.dismiss(&sql, |query| {
            let query = query.bind(by).bind(at).bind(decision).bind(after);
            query.bind(until).bind(group.reason)
        });
        Ok(DismissedPage { dismissed: dismissed.await?, through })
    }

    /// Runs a statement that dismisses events, and returns their number. Repeats it if a commit
    /// changes one of the events at the same time.
    async fn dismiss(
        &self,
        sql: &str,
        bind: impl for<'c> Fn(Query<'c>) -> Query<'c>,
    ) -> Result<u64, StoreError> {
        let limit = self.commit_timeout;
        let mut attempt = 1;
        loop {
            let sql = sqlx::AssertSqlSafe(sql.to_owned());
            let done = timeout(limit, self.pool.execute_standalone(sql, &bind)).await;
            match done.map_err(|_| StoreError::Timeout(limit))?.map_err(StoreError::from) {
                Err(StoreError::Conflict) if attempt < MAX_ATTEMPTS => attempt += 1,
                done => return done,
            }
        }
    }
}
