//! The threads that commit.

use std::io;

use tokio::{
    runtime,
    task::{JoinError, JoinSet},
};

use crate::ingest::Writer;

/// Writers at work, each on a thread and in a runtime of its own. A commit is some ten statements, and as
/// many times there and back: the thread that waits for an answer is woken by it, and no other has to
/// hand it over.
pub(super) struct Writers(JoinSet<()>);

impl Writers {
    pub(super) fn begin(writers: Vec<Writer>) -> io::Result<Self> {
        let mut threads = JoinSet::new();
        for writer in writers {
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            threads.spawn_blocking(move || runtime.block_on(writer.run()));
        }
        Ok(Self(threads))
    }

    /// Waits for one to end, which none does before its queue is dropped.
    pub(super) async fn first(&mut self) -> Result<(), JoinError> {
        self.0.join_next().await.unwrap_or(Ok(()))
    }

    /// Waits for all to end.
    pub(super) async fn all(mut self) -> Result<(), JoinError> {
        while let Some(ended) = self.0.join_next().await {
            ended?;
        }
        Ok(())
    }
}
