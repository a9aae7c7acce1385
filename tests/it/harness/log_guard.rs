//! Asserts that no service of any test writes personal data to its log.

use std::{
    io, mem,
    sync::{LazyLock, Mutex, Once},
    thread,
};

use tracing_subscriber::{
    EnvFilter, fmt::layer, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

use super::{KEY, SECRET, fake_clerk::SECRET_KEY, fixtures};

/// Texts that the payloads of tests contain and a log must not contain.
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
        // The beginnings of OAuth tokens and of a key that encrypts them.
        "gho_",
        "bWVldHZvO",
    ];
    let files = ["secrets.txt", "private_metadata.txt"].into_iter().flat_map(fixtures::canaries);
    // A code of eight digits is part of many numbers, so it is left out.
    let written = files.filter(|it| !it.bytes().all(|byte| byte.is_ascii_digit()));
    made_up.into_iter().map(str::to_owned).chain(written).collect()
});

/// Log lines of services in this process that contain personal data.
static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Guard that fails the test on drop if a service in this process has logged personal data.
pub struct LogGuard;

impl LogGuard {
    pub fn install() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            let filter = EnvFilter::new("info,meetvo=debug");
            let layer = layer().with_ansi(false).with_writer(|| LogWriter);
            let subscriber = registry().with(filter).with(layer);
            subscriber.try_init().expect("no other subscriber is installed");
        });
        Self
    }
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        if !thread::panicking() {
            // Taken out, so that one test fails and not all later ones.
            let leaks = mem::take(&mut *LEAKS.lock().unwrap());
            assert!(leaks.is_empty(), "the log contains personal data: {leaks:?}");
        }
    }
}

/// Writer that receives each log line in a single write.
struct LogWriter;

impl io::Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if personal_text(&text).is_some() {
            LEAKS.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Asserts that the log of another process contains no personal data.
pub(super) fn assert_not_personal(log: &str) {
    let line = log.lines().find(|line| personal_text(line).is_some());
    assert_eq!(line, None, "the log contains personal data");
}

fn personal_text(line: &str) -> Option<&str> {
    PERSONAL.iter().map(String::as_str).find(|text| line.contains(text))
}
