//! Settings of the push to endpoints.

use std::time::Duration;

use serde_json::{Value, json};

use super::{EncryptionKey, joined, millis, reader::Reader};

/// Settings of the push to endpoints.
#[derive(Clone, Debug)]
pub struct Push {
    /// Encryption keys of the signing secrets. Without one, no endpoint can be created.
    pub keys: Vec<EncryptionKey>,
    /// True if endpoints can have loopback and private addresses, and plain HTTP.
    pub allow_private_addresses: bool,
    /// Timeout for the delivery of a message.
    pub timeout: Duration,
    /// Retention of attempts, in days. 0 means unlimited.
    pub attempt_days: u16,
}

impl Push {
    /// Reads the settings. Returns `None` if there is a fault.
    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let keys = from.parsed("push.keys", EncryptionKey::parse_list);
        from.reject_development_values("push.keys", keys.as_deref(), EncryptionKey::parse_list);
        let allow_private_addresses = from.raw("push.allow_private_addresses", "true or false");
        let timeout = from.millis("push.timeout_ms");
        let attempt_days = from.number("push.attempt_days", 0..=36_500);
        Some(Self {
            keys: keys?,
            allow_private_addresses: allow_private_addresses?,
            timeout: timeout?,
            attempt_days: attempt_days?,
        })
    }

    /// Returns the effective settings by name. Keys are redacted.
    pub(super) fn effective(&self) -> [(&'static str, Value); 4] {
        [
            ("push.keys", joined(&self.keys)),
            ("push.allow_private_addresses", json!(self.allow_private_addresses)),
            ("push.timeout_ms", millis(self.timeout)),
            ("push.attempt_days", json!(self.attempt_days)),
        ]
    }
}
