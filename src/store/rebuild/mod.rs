//! The projection once more, from the events that are kept.
//!
//! 1. [`Rebuild::read`] applies the events, page by page, to tables that are empty at first and hide
//!    the stored ones on a connection of its own ([`ScratchTables`]). It uses the statements of a
//!    commit, and so the same merge rules. No commit waits for it.
//! 2. [`Rebuild::compare`] reads on to the end of one snapshot, adds what no event tells any more
//!    ([`keep`]), and notes which rows differ from the stored ones, in one statement a table.
//! 3. [`Rebuild::mend`] waits until no commit is under way and lets none begin, reads the events since
//!    then, compares the users who differed once more, writes the rows that differ over the stored
//!    ones, and appends an event for each user and session that changed: all of it one transaction.
//!
//! The stored tables are mended row by row, and not put aside for the fresh ones: renaming would take
//! the right to change the schema, names of indexes and constraints that migrations do not know, views
//! and grants made anew, and a lock that readers wait for too; and it would rewrite all for one row.
//! What commits wait for is as long as there is damage, and not as there are users: whoever did not
//! differ in the snapshot does not differ now, since only events have changed them, under the one law.
//!
//! A temporary table is not written to any log and has no name for others. Whoever is killed before the
//! transaction of 3 has ended leaves everything as it was, and nothing to clear away.

mod compare;
mod merge;
mod event_reader;

use super::{
    Store, StoreError, abandon,
    driver::{Purpose, ScratchTables, Tx},
    events::StoredEvent,
};
use crate::domain::{Millis, event::Change};

pub use self::differ::{Counts, Difference, Differs};

/// What an event that is kept tells today.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The change that it asked for.
    Change(Change),
    /// It was applied, or too old, and what it brought can no longer be read.
    Lost,
    /// It is no part of the projection.
    Nothing,
}

/// How an event is read.
pub type Reader = fn(&StoredEvent) -> Told;

/// How far it has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The number of the last event that was read.
    pub through: i64,
    /// How many were read.
    pub events: u64,
    /// Of how many of them it can no longer be read what they brought to users who are not deleted.
    pub lost: u64,
    /// How many rows of users stay as they are for that.
    pub kept_users: u64,
    /// How many rows of sessions do.
    pub kept_sessions: u64,
}

/// A rebuild under way.
pub struct Rebuild {
    scratch: ScratchTables,
    reader: Reader,
    progress: Progress,
}

impl Store {
    /// Begins to rebuild. `alone`: so that it can be mended; nobody else can do so meanwhile.
    ///
    /// # Errors
    /// When somebody else is at it, or the database does not let us.
    pub async fn rebuild(&self, reader: Reader, alone: bool) -> Result<Rebuild, StoreError> {
        let names = differ::TABLES.map(|table| table.name);
        let scratch = self.pool.scratch_tables(&names, alone).await?;
        let scratch = scratch.ok_or(StoreError::RebuildRunning)?;
        let mut tx = scratch.begin(Purpose::Recompute).await?;
        let made = differ::prepare(&mut tx).await;
        end(tx, made).await?;
        Ok(Rebuild { scratch, reader, progress: Progress::default() })
    }
}

impl Rebuild {
    /// Reads the next page of events; whether there is more to read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read(&mut self) -> Result<bool, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let read = self.read_page(&mut tx).await;
        Ok(end(tx, read).await?.more)
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Compares what the events tell with what is stored, as both are at one instant.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn compare(&mut self) -> Result<Counts, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let compared = self.compare_in(&mut tx).await;
        end(tx, compared).await
    }

    async fn compare_in(&mut self, tx: &mut Tx) -> Result<Counts, StoreError> {
        while self.read_page(tx).await?.more {}
        let stored = &self.scratch.stored_schema;
        let kept = keep::all(tx, stored, self.reader).await?;
        (self.progress.kept_users, self.progress.kept_sessions) = (kept.users, kept.sessions);
        self.progress.lost = differ::lost(tx).await?;
        self.scratch.analyze(tx, &differ::TABLES.map(|table| table.name)).await?;
        let counts = differ::all(tx, stored).await?;
        // Now, and not while others wait.
        differ::note_affected(tx).await?;
        self.scratch.analyze(tx, &[differ::AFFECTED, differ::DIFFERENCES]).await?;
        Ok(counts)
    }

    /// Makes the stored rows of those who differed in [`Self::compare`] what the events tell, up to
    /// the last one; what differed until then.
    ///
    /// # Errors
    /// When the database does not answer, or refuses. Nothing has changed then.
    pub async fn mend(&mut self, now: Millis) -> Result<Counts, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Repair).await?;
        let mended = self.mend_in(&mut tx, now).await;
        end(tx, mended).await
    }

    async fn mend_in(&mut self, tx: &mut Tx, now: Millis) -> Result<Counts, StoreError> {
        loop {
            let page = self.read_page(tx).await?;
            differ::note(tx, differ::AFFECTED, &page.subjects).await?;
            if !page.more {
                break;
            }
        }
        let stored = &self.scratch.stored_schema;
        let counts = differ::affected(tx, stored).await?;
        differ::mend(tx, stored).await?;
        tx.order_commits().await?;
        differ::tell(tx, self.progress.through, now).await?;
        Ok(counts)
    }

    /// The rows that differed when it was last asked, behind one of them: at most a page.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn differences(
        &mut self,
        after: Option<&Difference>,
    ) -> Result<Vec<Difference>, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let page = differ::page(&mut tx, after).await;
        end(tx, page).await
    }

    /// Lets everything go but what was mended.
    pub fn close(self) {
        self.scratch.close();
    }

    async fn read_page(&mut self, tx: &mut Tx) -> Result<read::PageRequest, StoreError> {
        let page =
            read::page(tx, &self.scratch.stored_schema, self.progress.through, self.reader).await?;
        self.progress.through = page.through;
        self.progress.events += page.events;
        differ::note(tx, differ::LOST, &page.lost).await?;
        Ok(page)
    }
}

/// Ends a transaction as its work ended.
async fn end<T>(tx: Tx, done: Result<T, StoreError>) -> Result<T, StoreError> {
    match done {
        Ok(done) => {
            tx.commit().await?;
            Ok(done)
        }
        Err(failure) => {
            abandon(tx, &failure).await;
            Err(failure)
        }
    }
}
