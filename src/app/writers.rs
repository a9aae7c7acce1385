//! Threads that commit batches of events.

use std::io;

use tokio::{
    runtime,
    task::{JoinError, JoinSet},
};

use crate::ingest::Writer;

/// Running writers, each on its own thread with its own runtime.
///
/// A commit has about ten statements with one round trip each. On its own thread, a writer is woken
/// directly by each response, without a switch to another thread.
pub(super) struct WriterThreads(JoinSet<()>);

impl WriterThreads {
    pub(super) fn start(writers: Vec<Writer>) -> io::Result<Self> {
        let mut threads = JoinSet::new();
        for writer in writers {
            let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
            threads.spawn_blocking(move || runtime.block_on(writer.run()));
        }
        Ok(Self(threads))
    }

    /// Waits for the first writer to end. A writer ends only after its queue is dropped, or by a
    /// panic.
    pub(super) async fn first_ended(&mut self) -> Result<(), JoinError> {
        self.0.join_next().await.unwrap_or(Ok(()))
    }

    /// Waits for all writers to end.
    pub(super) async fn join_all(mut self) -> Result<(), JoinError> {
        while let Some(ended) = self.0.join_next().await {
            ended?;
        }
        Ok(())
    }
}
