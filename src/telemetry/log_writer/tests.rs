//! Batches, bounds and failures of the thread that writes the log.

use std::{
    io::{self, ErrorKind, Write},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
};

use super::{BATCH_BYTES, LogWriter, QUEUE_LINES};

/// Output that keeps each write.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    fn writes(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Recorder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(String::from_utf8(bytes.to_vec()).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Output that always fails.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(ErrorKind::BrokenPipe.into())
    }
}

/// Non-blocking pipe that is full before each write, and has room for seven bytes.
struct SmallPipe {
    pipe: Recorder,
    is_full: bool,
}

impl Write for SmallPipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_full = !self.is_full;
        if self.is_full {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.pipe.write(&bytes[..bytes.len().min(7)])
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A pause lasts until the test ends it.
struct Pauses {
    begun: Receiver<()>,
    end: Sender<()>,
}

impl Pauses {
    fn wait_for_one(&self) {
        self.begun.recv().unwrap();
    }

    fn end_one(&self) {
        self.end.send(()).unwrap();
    }
}

/// Starts a writer whose pauses the test ends.
fn start(output: impl Write + Send + 'static) -> (LogWriter, Pauses) {
    let ((sender, begun), (end, ended)) = (channel(), channel());
    let pause = move || {
        // Both fail at the end of a test, so that the thread does not wait for ever.
        sender.send(()).ok();
        ended.recv().ok();
    };
    (LogWriter::start_with(output, pause), Pauses { begun, end })
}

fn write(log: &LogWriter, lines: impl IntoIterator<Item = usize>) {
    for line in lines {
        log.queue().write_all(format!("line {line}\n").as_bytes()).unwrap();
    }
}

fn text(lines: impl IntoIterator<Item = usize>) -> String {
    lines.into_iter().flat_map(|line| ["line ".into(), line.to_string(), "\n".into()]).collect()
}

#[test]
fn burst_is_written_in_one_batch() {
    let output = Recorder::default();
    let (log, pauses) = start(output.clone());
    write(&log, [0]);
    pauses.wait_for_one();
    write(&log, 1..1000);
    pauses.end_one();
    pauses.wait_for_one();
    assert_eq!(output.writes(), [text([0]), text(1..1000)]);
    assert_eq!(log.lost.count(), 0);
}

#[test]
fn large_burst_is_written_in_order() {
    let output = Recorder::default();
    let (log, pauses) = start(output.clone());
    write(&log, [0]);
    pauses.wait_for_one();
    write(&log, 1..QUEUE_LINES);
    pauses.end_one();
    pauses.wait_for_one();
    let writes = output.writes();
    assert_eq!(writes.concat(), text(0..QUEUE_LINES));
    assert_eq!(writes.len() - 1, text(1..QUEUE_LINES).len().div_ceil(BATCH_BYTES));
}

#[test]
fn full_queue_drops_and_counts_lines() {
    let output = Recorder::default();
    let (log, pauses) = start(output.clone());
    write(&log, [0]);
    pauses.wait_for_one();
    write(&log, 1..=QUEUE_LINES + 10);
    assert_eq!(log.lost.count(), 10);
    pauses.end_one();
    pauses.wait_for_one();
    assert_eq!(output.writes().concat(), text(0..=QUEUE_LINES), "the oldest lines are kept");
    pauses.end_one();
    write(&log, [1]);
    pauses.wait_for_one();
    assert_eq!(log.lost.count(), 10);
}

#[test]
fn last_lines_are_written_on_drop() {
    let output = Recorder::default();
    let log = LogWriter::start(output.clone());
    write(&log, 0..100);
    drop(log);
    assert_eq!(output.writes().concat(), text(0..100));
}

/// The thread neither ends nor panics, so that it counts the lines after the first failure too.
#[test]
fn failed_writes_are_counted() {
    let log = LogWriter::start(Closed);
    let lost = log.lost.clone();
    write(&log, 0..100);
    drop(log);
    assert_eq!(lost.count(), 100);
}

#[test]
fn full_non_blocking_pipe_loses_nothing() {
    let output = Recorder::default();
    let log = LogWriter::start(SmallPipe { pipe: output.clone(), is_full: false });
    let lost = log.lost.clone();
    write(&log, 0..10);
    drop(log);
    assert_eq!((output.writes().concat(), lost.count()), (text(0..10), 0));
}
