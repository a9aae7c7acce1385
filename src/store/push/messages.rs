//! Messages that wait for another attempt or have failed, and their replay.

use crate::{
    domain::Millis,
    store::{
        Store, StoreError,
        driver::{Tx, record},
        finish,
    },
};

/// Message that waits for another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingMessage {
    /// Number of its change.
    pub seq: i64,
    /// Number of attempts so far.
    pub attempts: i64,
    /// Time of the next attempt.
    pub next_attempt_at: Millis,
}

record!(WaitingMessage, "push_messages" { seq, attempts, next_attempt_at });

/// Message that waits for another attempt or has failed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// Number of attempts so far.
    pub attempts: i64,
    /// Time of the next attempt; none if the message has failed for good.
    pub next_attempt_at: Option<Millis>,
    /// Time of the last attempt, if the message has failed for good.
    pub failed_at: Option<Millis>,
}

record!(StoredMessage, "push_messages" { attempts, next_attempt_at, failed_at });

/// Numbers of messages of an endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MessageCounts {
    /// Messages that wait for another attempt.
    pub waiting: i64,
    /// Messages in the dead letter.
    pub failed: i64,
}

record!(MessageCounts, "push_messages" { waiting, failed });

/// Messages to send again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The message about the change with this number.
    One(i64),
    /// The messages that have failed since this time.
    FailedSince(Millis),
    /// The messages about all changes after this number.
    After(i64),
}

impl Store {
    /// Reads the messages of an endpoint that wait for another attempt, in the order of their
    /// changes.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn waiting_push_messages(
        &self,
        endpoint_id: &str,
    ) -> Result<Vec<WaitingMessage>, StoreError> {
        let sql = "SELECT seq, attempts, next_attempt_at FROM push_messages \
                   WHERE endpoint_id = $1 AND next_attempt_at IS NOT NULL ORDER BY seq";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(endpoint_id).fetch_all().await?)
    }

    /// Reads the message of an endpoint about the change with this number, if it waits or has failed.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn push_message(
        &self,
        endpoint_id: &str,
        seq: i64,
    ) -> Result<Option<StoredMessage>, StoreError> {
        let sql = "SELECT attempts, next_attempt_at, failed_at FROM push_messages \
                   WHERE endpoint_id = $1 AND seq = $2";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(endpoint_id).bind(seq).fetch_optional().await?)
    }

    /// Counts the messages of an endpoint that wait or have failed.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn count_push_messages(
        &self,
        endpoint_id: &str,
    ) -> Result<MessageCounts, StoreError> {
        let sql = "SELECT COUNT(next_attempt_at) AS waiting, COUNT(failed_at) AS failed \
                   FROM push_messages WHERE endpoint_id = $1";
        let mut connection = self.pool.read().await?;
        Ok(connection.query(sql).bind(endpoint_id).fetch_one().await?)
    }

    /// Lets an endpoint send messages again. Returns false if there is no such endpoint.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn replay_push_messages(
        &self,
        endpoint_id: &str,
        replay: Replay,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let write = async {
            let mut tx = self.pool.begin().await?;
            let written = write(&mut tx, endpoint_id, replay, now).await;
            finish(tx, written).await
        };
        self.within_commit_timeout(write).await
    }
}

async fn write(
    tx: &mut Tx,
    endpoint_id: &str,
    replay: Replay,
    now: Millis,
) -> Result<bool, StoreError> {
    // The sender notices the new revision, and reads the rows again. This statement comes first: a
    // transaction of the sender updates the endpoint first, too, so that one waits for the other.
    let after = match replay {
        Replay::After(seq) => Some(seq),
        Replay::One(_) | Replay::FailedSince(_) => None,
    };
    let sql = "UPDATE push_endpoints SET revision = revision + 1, \
               replays = replays + $3, \
               position = CASE WHEN $2 < position THEN $2 ELSE position END WHERE id = $1";
    let found = tx.query(sql).bind(endpoint_id).bind(after.unwrap_or(i64::MAX));
    let found = found.bind(i64::from(after.is_some())).execute().await?;
    match replay {
        Replay::One(seq) if found > 0 => {
            let sql = "INSERT INTO push_messages (endpoint_id, seq, attempts, next_attempt_at) \
                       VALUES ($1, $2, 0, $3) ON CONFLICT (endpoint_id, seq) DO UPDATE SET \
                       attempts = 0, next_attempt_at = excluded.next_attempt_at, failed_at = NULL";
            tx.query(sql).bind(endpoint_id).bind(seq).bind(now).execute().await?;
        }
        Replay::FailedSince(since) if found > 0 => {
            let sql = "UPDATE push_messages SET attempts = 0, next_attempt_at = $3, failed_at = NULL \
                       WHERE endpoint_id = $1 AND failed_at >= $2";
            tx.query(sql).bind(endpoint_id).bind(since).bind(now).execute().await?;
        }
        Replay::After(seq) if found > 0 => {
            // The sender reads these changes again.
            let sql = "DELETE FROM push_messages WHERE endpoint_id = $1 AND seq > $2";
            tx.query(sql).bind(endpoint_id).bind(seq).execute().await?;
        }
        Replay::One(_) | Replay::FailedSince(_) | Replay::After(_) => {}
    }
    Ok(found > 0)
}
