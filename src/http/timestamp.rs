//! Timestamps of the API, in the format of RFC 3339.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use utoipa::ToSchema;

use crate::domain::{Millis, timestamp};

/// Time in UTC with milliseconds: `2026-08-12T09:30:00.123Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, format = DateTime, examples("2026-08-12T09:30:00.123Z"))]
pub(super) struct Timestamp(pub(super) Millis);

impl Timestamp {
    pub(super) fn from_option(millis: Option<Millis>) -> Option<Self> {
        millis.map(Self)
    }
}

/// Converts a time or a duration to seconds.
#[expect(clippy::cast_precision_loss, reason = "f64 is exact for the times of this millennium")]
pub(super) fn seconds(millis: Millis) -> f64 {
    millis as f64 / 1_000.0
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match timestamp::format(self.0) {
            Some(text) => serializer.serialize_str(&text),
            // The decoder rejects times outside of this range.
            None => serializer.serialize_none(),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = || {
            // In a query string, `+` stands for a blank.
            let hint = if text.contains(' ') { "; write + as %2B" } else { "" };
            D::Error::custom(format!("expected a time such as 2026-08-12T09:30:00Z{hint}"))
        };
        timestamp::parse(&text).map(Self).ok_or_else(expected)
    }
}
