//! Write probe: a small write that shows whether commits can succeed.
//!
//! A read does not show it: a read-only server, a full disk and a file that belongs to another user
//! all answer reads.

use super::{
    Store, StoreError, abandon,
    driver::{OutageCause, Tx},
};

/// Size in bytes of the row that a thorough probe leaves in the table of the checks. It takes new
/// pages, for which a full disk has no space.
const CHECK_BYTES: usize = 65_536;

/// Size in bytes of an event that a thorough probe inserts. It nearly fills a page.
const EVENT_BYTES: usize = 6_000;

/// Kind of a write probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteProbe {
    /// Writes a few bytes.
    Light,
    /// Writes a row that takes new pages, takes the locks that a commit needs, and checks that every
    /// writer of the process can begin. It is for a database that has rejected commits.
    Thorough,
}

impl Store {
    /// Checks that the database accepts writes, by writing and committing a row.
    ///
    /// # Errors
    /// Returns an error if the write or its commit fails.
    pub async fn check_writable(&self, probe: WriteProbe) -> Result<(), StoreError> {
        let write = async {
            match self.write_once(probe).await {
                // The connection can lead to a server that has become a standby. It is closed now,
                // and the next connection can lead to the new primary.
                Err(error) if error.outage() == Some(OutageCause::ReadOnly) => {
                    self.write_once(probe).await
                }
                done => done,
            }
        };
        self.within_commit_timeout(write).await
    }

    /// Returns whether this process has ever seen the database accept a write. Without that, a
    /// server can be a standby on purpose.
    #[must_use]
    pub fn was_writable(&self) -> bool {
        self.pool.was_writable()
    }

    async fn write_once(&self, probe: WriteProbe) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        match write(&mut tx, probe).await {
            Ok(()) => {
                tx.commit().await?;
                self.pool.committed();
                if probe == WriteProbe::Thorough {
                    self.pool.check_other_writers().await?;
                }
                Ok(())
            }
            Err(failure) => {
                abandon(tx, &failure).await;
                Err(failure)
            }
        }
    }
}

async fn write(tx: &mut Tx, probe: WriteProbe) -> Result<(), StoreError> {
    let filler = match probe {
        WriteProbe::Light => None,
        WriteProbe::Thorough => {
            take_locks(tx).await?;
            extend_event_log(tx).await?;
            Some(filler(CHECK_BYTES))
        }
    };
    // The table of the checks, for which every installation has granted the rights.
    let sql = "INSERT INTO checks (name, begun_at, problem) VALUES ('write', 1, $1) \
               ON CONFLICT (name) DO UPDATE SET begun_at = checks.begun_at + 1, \
               problem = excluded.problem";
    tx.query(sql).bind(filler).execute().await?;
    Ok(())
}

/// Takes the locks that a commit needs, with statements that change no row.
async fn take_locks(tx: &mut Tx) -> Result<(), StoreError> {
    for sql in [
        "UPDATE users SET deleted_at = deleted_at WHERE clerk_id = ''",
        "UPDATE sessions SET status = status WHERE id = ''",
        "UPDATE webhook_events SET reason = reason WHERE seq = 0",
    ] {
        tx.query(sql).execute().await?;
    }
    Ok(tx.order_commits().await?)
}

/// Inserts rows that need new pages into the event log, and deletes them. No reader sees them.
async fn extend_event_log(tx: &mut Tx) -> Result<(), StoreError> {
    let insert = "INSERT INTO webhook_events (id, decision, payload, received_at) \
                  VALUES ('meetvo.write:1', 'ignored', $1, 0), \
                  ('meetvo.write:2', 'ignored', $1, 0), ('meetvo.write:3', 'ignored', $1, 0)";
    tx.query(insert).bind(filler(EVENT_BYTES)).execute().await?;
    let delete = "DELETE FROM webhook_events \
                  WHERE id IN ('meetvo.write:1', 'meetvo.write:2', 'meetvo.write:3')";
    tx.query(delete).execute().await?;
    Ok(())
}

/// Returns a text of a length in bytes that the database cannot compress.
fn filler(length: usize) -> String {
    let mut bytes = vec![0; length / 2];
    // Without random numbers, the text is compressed and the probe is less thorough.
    getrandom::fill(&mut bytes).ok();
    hex::encode(bytes)
}
