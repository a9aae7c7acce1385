//! Nothing personal is logged, whatever a test is about: every line that a service of any test writes
//! is looked at.

use std::{
    io, mem,
    sync::{LazyLock, Mutex, Once},
    thread,
};

use tracing_subscriber::{
    EnvFilter, fmt::layer, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

use super::{KEY, SECRET, backend::SECRET_KEY, fixtures};

/// What the payloads of tests are full of, and no line of a log.
static PERSONAL: LazyLock<Vec<String>> = LazyLock::new(|| {
    let made_up = [
        "@example.",
        "Lovelace",
        "Mozilla/",
        "192.0.2.7",
        "198.51.100.",
        "203.0.113.",
        "+1202555",
        "browser ",
        KEY,
        &SECRET[6..],
        SECRET_KEY,
        // What tokens of linked accounts begin with, and a key that seals them.
        "gho_",
        "bWVldHZvO",
    ];
    let files = ["secrets.txt", "private_metadata.txt"].into_iter().flat_map(fixtures::canaries);
    // A code of eight digits is a part of many a number.
    let written = files.filter(|it| !it.bytes().all(|byte| byte.is_ascii_digit()));
    made_up.into_iter().map(str::to_owned).chain(written).collect()
});

/// The lines of services in this process that hold something of it.
static HEARD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Hears what services in this process log, and at its end fails the test if that was personal.
pub struct Hush;

impl Hush {
    pub fn listen() -> Self {
        static LISTENING: Once = Once::new();
        LISTENING.call_once(|| {
            let filter = EnvFilter::new("info,meetvo=debug");
            let layer = layer().with_ansi(false).with_writer(|| Ear);
            registry().with(filter).with(layer).try_init().expect("nobody else listens");
        });
        Self
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        if !thread::panicking() {
            // Taken out: one test fails for it, not all that come after.
            let heard = mem::take(&mut *HEARD.lock().unwrap());
            assert!(heard.is_empty(), "personal, in a log: {heard:?}");
        }
    }
}

/// Where each event is written as a whole.
struct Ear;

impl io::Write for Ear {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if personal(&text).is_some() {
            HEARD.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Fails where the log of another process holds something personal.
pub(super) fn check(log: &str) {
    let line = log.lines().find(|line| personal(line).is_some());
    assert_eq!(line, None, "personal, in a log");
}

fn personal(line: &str) -> Option<&str> {
    PERSONAL.iter().map(String::as_str).find(|text| line.contains(text))
}
