//! The order of two states of one thing.

use super::Millis;

/// When a state was true. Of two states of one thing, the one with the greater version wins.
///
/// The fields are compared in their order, the id byte by byte, so that two different events never
/// tie. `Version::default()` is older than every event: it stands on stubs and tombstones.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// `data.updated_at`. The envelope's time where that is missing; 0 for an incomplete state,
    /// which must lose to every complete one.
    pub updated_at: Millis,
    /// The envelope's `timestamp`; 0 where it is missing, and for a state from the Backend API.
    pub occurred_at: Millis,
    /// The `svix-id`; empty for a state from the Backend API.
    pub event_id: String,
}

impl Version {
    /// The version of a complete state.
    #[must_use]
    pub fn of(updated_at: Option<Millis>, occurred_at: Option<Millis>, event_id: &str) -> Self {
        let occurred_at = occurred_at.unwrap_or_default();
        Self {
            updated_at: updated_at.unwrap_or(occurred_at),
            occurred_at,
            event_id: event_id.to_owned(),
        }
    }

    /// The version of a state with parts missing: older than every complete one.
    #[must_use]
    pub fn incomplete(occurred_at: Option<Millis>, event_id: &str) -> Self {
        Self {
            updated_at: 0,
            occurred_at: occurred_at.unwrap_or_default(),
            event_id: event_id.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn updated_at_decides_first_then_the_envelope_then_the_bytes_of_the_id() {
        let ordered = [
            Version::default(),
            Version::incomplete(Some(99), "z"),
            Version::of(Some(1), Some(1), "msg_A"),
            Version::of(Some(1), Some(1), "msg_a"),
            Version::of(Some(1), Some(2), "msg_A"),
            Version::of(Some(2), None, "msg_A"),
        ];
        assert!(ordered.is_sorted_by(|a, b| a < b), "{ordered:?}");
    }

    #[test]
    fn a_missing_updated_at_takes_the_envelopes_time() {
        assert_eq!(Version::of(None, Some(7), "m"), Version::of(Some(7), Some(7), "m"));
        assert_eq!(Version::of(None, None, "m"), Version::of(Some(0), Some(0), "m"));
    }
}
