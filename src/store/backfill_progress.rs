//! Progress of interrupted backfills, from which the next run resumes, and the last completed one.

use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::{DbError, Record, Row},
};
use crate::domain::Millis;

/// Separator of the IDs in a cursor. No ID contains it.
const SEPARATOR: &str = "\n";

/// Cursor of a type whose objects are all imported. No ID is like that.
const COMPLETE: &str = "complete";

/// Name of the completed backfill in the table of the checks.
const BACKFILL: &str = "backfill";

/// Progress of one type in an unfinished backfill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackfillProgress {
    /// IDs of objects after which the backfill resumes. If Clerk no longer has the first object, the
    /// next one applies. Empty at the beginning.
    pub cursor: Vec<String>,
    /// Number of objects imported.
    pub objects: u64,
    /// Whether all objects of the type are imported, and the backfill continues with other types.
    pub is_complete: bool,
    /// Start of the backfill.
    pub begun_at: Millis,
}

impl BackfillProgress {
    /// Returns the progress at the start.
    #[must_use]
    pub fn new(begun_at: Millis) -> Self {
        Self { cursor: Vec::new(), objects: 0, is_complete: false, begun_at }
    }
}

impl Store {
    /// Reads the progress of the unfinished backfill of this name, if any.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn backfill_progress(
        &self,
        name: &str,
    ) -> Result<Option<BackfillProgress>, StoreError> {
        let sql = "SELECT cursor, users, begun_at FROM crawls WHERE name = $1";
        Ok(self.pool.read().await?.query(sql).bind(name).fetch_optional().await?)
    }

    /// Stores the progress of a backfill.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn save_backfill_progress(
        &self,
        name: &str,
        progress: &BackfillProgress,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO crawls (name, cursor, users, begun_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, \
                   users = excluded.users, begun_at = excluded.begun_at";
        let objects = i64::try_from(progress.objects).unwrap_or(i64::MAX);
        let cursor = match progress.is_complete {
            true => COMPLETE.to_owned(),
            false => progress.cursor.join(SEPARATOR),
        };
        let begun_at = progress.begun_at;
        self.execute(sql, |query| query.bind(name).bind(cursor).bind(objects).bind(begun_at))
            .await
            .map(drop)
    }

    /// Deletes the progress of all types of a backfill that has finished or starts from the
    /// beginning, in one statement. A type whose progress remained would be skipped by the next
    /// backfill.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn delete_backfill_progress(&self, names: &[String]) -> Result<(), StoreError> {
        let keys: Vec<_> = (1..=names.len()).map(|number| format!("${number}")).collect();
        let sql = format!("DELETE FROM crawls WHERE name IN ({})", keys.join(", "));
        self.execute(AssertSqlSafe(sql), |query| {
            names.iter().cloned().fold(query, super::driver::Query::bind)
        })
        .await
        .map(drop)
    }

    /// Stores the start and the end of a backfill that has imported the objects of all types.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn save_completed_backfill(
        &self,
        begun_at: Millis,
        ended_at: Millis,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO checks (name, begun_at, ended_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (name) DO UPDATE SET begun_at = excluded.begun_at, \
                   ended_at = excluded.ended_at";
        self.execute(sql, |query| query.bind(BACKFILL).bind(begun_at).bind(ended_at))
            .await
            .map(drop)
    }

    /// Returns the start of the last backfill that has imported the objects of all types.
    ///
    /// # Errors
    /// Returns an error if the database query fails.
    pub async fn completed_backfill(&self) -> Result<Option<Millis>, StoreError> {
        let sql = "SELECT begun_at FROM checks WHERE name = $1";
        let mut connection = self.pool.read().await?;
        let rows = connection.query(sql).bind(BACKFILL).rows().await?;
        Ok(rows.first().map(|row| row.get("begun_at")).transpose()?)
    }
}

impl Record for BackfillProgress {
    fn read(row: &Row) -> Result<Self, DbError> {
        let cursor: String = row.get("cursor")?;
        let objects: i64 = row.get("users")?;
        let is_complete = cursor == COMPLETE;
        let ids = cursor.split(SEPARATOR).filter(|id| !id.is_empty() && !is_complete);
        Ok(Self {
            cursor: ids.map(str::to_owned).collect(),
            objects: objects.unsigned_abs(),
            is_complete,
            begun_at: row.get("begun_at")?,
        })
    }
}
