//! The results of a sender, written in one transaction.

use super::messages::WaitingMessage;
use crate::{
    domain::Millis,
    store::{
        Store, StoreError,
        driver::Tx,
        finish,
        statement::{self, Table},
    },
};

/// Attempt to deliver a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Number of the message's change.
    pub seq: i64,
    /// Time of the attempt.
    pub at: Millis,
    /// Number of the attempt, from 1.
    pub attempt: i64,
    /// Duration in milliseconds.
    pub duration_ms: i64,
    /// Status code of the response, if there was one.
    pub status: Option<i64>,
    /// Problem; none if the message was delivered.
    pub problem: Option<String>,
}

/// Results of a sender since the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Number up to which every change is delivered or has a row.
    pub position: i64,
    /// Time of the first failure after the last success.
    pub failing_since: Option<Millis>,
    /// Reason to disable the endpoint, if there is one, and its time.
    pub disable: Option<(&'static str, Millis)>,
    /// Attempts that were made.
    pub attempts: Vec<Attempt>,
    /// Messages that wait for another attempt.
    pub waiting: Vec<WaitingMessage>,
    /// Messages that have failed for good, by number: number of attempts, and time of the last.
    pub failed: Vec<(i64, i64, Millis)>,
    /// Numbers of messages that have rows and were delivered.
    pub delivered: Vec<i64>,
}

impl Store {
    /// Writes the results of a sender, if it still has the lease. Otherwise writes nothing, and
    /// returns false. If an operator has moved the position back since the sender began,
    /// it stays. `replays` tells this.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn record_push_progress(
        &self,
        (endpoint_id, replays, sender): (&str, i64, &str),
        progress: &Progress,
    ) -> Result<bool, StoreError> {
        let write = async {
            let mut tx = self.pool.begin().await?;
            let written = write(&mut tx, (endpoint_id, replays, sender), progress).await;
            finish(tx, written).await
        };
        self.within_commit_timeout(write).await
    }
}

async fn write(
    tx: &mut Tx,
    (endpoint_id, replays, sender): (&str, i64, &str),
    progress: &Progress,
) -> Result<bool, StoreError> {
    let sql = "UPDATE push_endpoints SET position = CASE WHEN replays = $2 THEN $4 ELSE position END, \
               failing_since = $5, \
               disabled = COALESCE(disabled, $6), disabled_at = COALESCE(disabled_at, $7) \
               WHERE id = $1 AND sender = $3";
    let (reason, at) = progress.disable.unzip();
    let query = tx.query(sql).bind(endpoint_id).bind(replays).bind(sender);
    let query = query.bind(progress.position).bind(progress.failing_since).bind(reason).bind(at);
    if query.execute().await? == 0 {
        return Ok(false);
    }
    write_messages(tx, endpoint_id, progress).await?;
    let attempts = Table {
        name: "push_attempts",
        columns: vec!["endpoint_id", "seq", "at", "attempt", "duration_ms", "status", "problem"],
        key_length: 3,
    };
    attempts
        .upsert(tx, &progress.attempts, &[], |query, it| {
            let query = query.bind_text(endpoint_id).bind(it.seq).bind(it.at).bind(it.attempt);
            query.bind(it.duration_ms).bind(it.status).bind_text(it.problem.as_deref())
        })
        .await?;
    Ok(true)
}

async fn write_messages(
    tx: &mut Tx,
    endpoint_id: &str,
    progress: &Progress,
) -> Result<(), StoreError> {
    let table = Table {
        name: "push_messages",
        columns: vec!["endpoint_id", "seq", "attempts", "next_attempt_at", "failed_at"],
        key_length: 2,
    };
    table
        .upsert(tx, &progress.waiting, &[], |query, it| {
            let query = query.bind_text(endpoint_id).bind(it.seq).bind(it.attempts);
            query.bind(it.next_attempt_at).bind(None::<Millis>)
        })
        .await?;
    table
        .upsert(tx, &progress.failed, &[], |query, (seq, attempts, at)| {
            let query = query.bind_text(endpoint_id).bind(*seq).bind(*attempts);
            query.bind(None::<Millis>).bind(*at)
        })
        .await?;
    if !progress.delivered.is_empty() {
        let sql = statement::delete_by_keys("push_messages", ["endpoint_id", "seq"]);
        statement::execute_by_rows(tx, &sql, 2, &progress.delivered, |query, seq| {
            query.bind_text(endpoint_id).bind(*seq)
        })
        .await?;
    }
    Ok(())
}
