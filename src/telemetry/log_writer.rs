//! Thread that writes the log of a service, in batches.
//!
//! A request puts its lines into a bounded queue and never waits for standard error. If the queue is
//! full, because the reader of the log is too slow, new lines are dropped and counted.

use std::{
    fmt::{self, Debug, Formatter},
    io::{self, ErrorKind, Write},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use tracing_appender::non_blocking::{ErrorCounter, NonBlocking, NonBlockingBuilder, WorkerGuard};

/// Maximum number of lines in the queue. Most lines have 200 to 500 bytes, so a full queue uses
/// about 8 MB. At 10,000 lines a second, the reader of the log can pause for 1.6 seconds.
const QUEUE_LINES: usize = 16_384;

/// Size of a batch, in bytes, after which it is written although the queue has more lines. It is the
/// capacity of a pipe on Linux.
const BATCH_BYTES: usize = 64 * 1024;

/// Pause after a batch, in which the lines of the next one are collected. Without it, a service
/// under constant load would write each line separately, and wake up the thread for it. A line waits
/// for at most one pause, and the end of the process for two. The pause must stay far below the
/// 100 ms that `WorkerGuard` waits for room in a full queue.
const PAUSE: Duration = Duration::from_millis(5);

/// Name of the thread.
const THREAD: &str = "meetvo-log";

/// Counter of the lines that the log of this process has lost.
static LOST: OnceLock<LostLines> = OnceLock::new();

/// Returns the number of log lines that were dropped because the queue was full, or that could not
/// be written.
pub fn dropped_log_lines() -> u64 {
    LOST.get().map_or(0, LostLines::count)
}

/// Thread that writes the log. Dropping the value writes the lines that are left, and waits for the
/// reader of the log for at most 1.1 seconds. If the queue then has no room for the end, the library
/// prints a line to standard output.
pub struct LogWriter {
    queue: NonBlocking,
    lost: LostLines,
    _thread: WorkerGuard,
}

impl LogWriter {
    /// Starts the thread. `output` must not have a buffer, because it is not flushed.
    ///
    /// # Panics
    /// Panics if the system cannot start a thread.
    pub fn start(output: impl Write + Send + 'static) -> Self {
        Self::start_with(output, || thread::sleep(PAUSE))
    }

    fn start_with(
        output: impl Write + Send + 'static,
        pause: impl FnMut() + Send + 'static,
    ) -> Self {
        let failed = Arc::new(AtomicU64::new(0));
        let batch = Vec::with_capacity(BATCH_BYTES);
        let output = BatchWriter { output, pause, batch, lines: 0, failed: Arc::clone(&failed) };
        let queue = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(QUEUE_LINES);
        let (queue, thread) = queue.thread_name(THREAD).finish(output);
        let lost = LostLines { dropped: queue.error_counter(), failed };
        Self { queue, lost, _thread: thread }
    }

    /// Returns the writer for the threads that log.
    pub(super) fn queue(&self) -> NonBlocking {
        self.queue.clone()
    }

    /// Makes [`dropped_log_lines`] return the number of this log.
    pub(super) fn export_lost_lines(&self) {
        // A process has one log. Its subscriber cannot be replaced, and neither can its counter.
        LOST.set(self.lost.clone()).ok();
    }
}

impl Debug for LogWriter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogWriter").field("lost", &self.lost).finish_non_exhaustive()
    }
}

/// Number of lines that are not in the log.
#[derive(Clone, Debug)]
struct LostLines {
    /// Lines that found the queue full.
    dropped: ErrorCounter,
    /// Lines of batches that could not be written.
    failed: Arc<AtomicU64>,
}

impl LostLines {
    fn count(&self) -> u64 {
        let dropped = u64::try_from(self.dropped.dropped_lines()).unwrap_or(u64::MAX);
        dropped.saturating_add(self.failed.load(Ordering::Relaxed))
    }
}

/// Collects lines, and writes them at the end of a batch.
///
/// It never returns an error. After one, the thread of `tracing-appender` would forget that it has
/// to end, and could panic while it reports the error.
struct BatchWriter<W, P> {
    output: W,
    /// Called after each batch.
    pause: P,
    batch: Vec<u8>,
    /// Number of lines in the batch.
    lines: u64,
    /// Number of lines that could not be written.
    failed: Arc<AtomicU64>,
}

impl<W: Write, P> BatchWriter<W, P> {
    /// Writes the batch. If that fails, counts its lines as failed: the reader of the log has ended,
    /// or the disk is full, and a retry would fail too.
    fn write_batch(&mut self) {
        if write_all(&mut self.output, &self.batch).is_err() {
            self.failed.fetch_add(self.lines, Ordering::Relaxed);
        }
        self.batch.clear();
        self.lines = 0;
    }
}

impl<W: Write, P: FnMut()> Write for BatchWriter<W, P> {
    /// Adds a line. The queue passes each line with one call.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.batch.extend_from_slice(line);
        self.lines += 1;
        if self.batch.len() >= BATCH_BYTES {
            self.write_batch();
        }
        Ok(line.len())
    }

    /// Writes the lines that are left. The queue calls it when it is empty.
    fn flush(&mut self) -> io::Result<()> {
        if !self.batch.is_empty() {
            self.write_batch();
            (self.pause)();
        }
        Ok(())
    }
}

/// Writes all bytes. Waits if a pipe is full that another process has made non-blocking.
fn write_all(output: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match output.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::WouldBlock => thread::sleep(PAUSE),
                _ => return Err(error),
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
