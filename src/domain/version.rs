//! Order of the states of one object.

use super::Millis;

/// Version of a state. Of two states of one object, the one with the greater version wins.
///
/// The fields are compared in their declared order, and the id by bytes. Two different events
/// therefore never tie. `Version::default()` is older than the version of every event. It marks
/// stubs and tombstones.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Whether the state has a final status, such as that of an ended session. It beats every state
    /// without one. The database has the status in place of this field.
    pub is_final: bool,
    /// `data.updated_at`, or the envelope's time if that field is missing. 0 for an incomplete
    /// state, which must lose to every complete one.
    pub updated_at: Millis,
    /// `timestamp` of the envelope. 0 if it is missing, and for a state from the Backend API.
    pub occurred_at: Millis,
    /// `svix-id` of the event. Empty for a state from the Backend API.
    pub event_id: String,
}

impl Version {
    /// Returns the version of a complete state.
    #[must_use]
    pub fn complete(
        updated_at: Option<Millis>,
        occurred_at: Option<Millis>,
        event_id: &str,
    ) -> Self {
        let occurred_at = occurred_at.unwrap_or_default();
        Self {
            is_final: false,
            updated_at: updated_at.unwrap_or(occurred_at),
            occurred_at,
            event_id: event_id.to_owned(),
        }
    }

    /// Returns the version of a state with a status that is final or not.
    #[must_use]
    pub fn with_final_status(self, is_final: bool) -> Self {
        Self { is_final, ..self }
    }

    /// Returns the version of a state that lacks required fields. It is older than the version of
    /// every complete state.
    #[must_use]
    pub fn incomplete(occurred_at: Option<Millis>, event_id: &str) -> Self {
        Self {
            is_final: false,
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
    fn versions_order_by_updated_at_envelope_id() {
        let ordered = [
            Version::default(),
            Version::incomplete(Some(99), "z"),
            Version::complete(Some(1), Some(1), "msg_A"),
            Version::complete(Some(1), Some(1), "msg_a"),
            Version::complete(Some(1), Some(2), "msg_A"),
            Version::complete(Some(2), None, "msg_A"),
            Version::complete(Some(1), None, "msg_A").with_final_status(true),
        ];
        assert!(ordered.is_sorted_by(|a, b| a < b), "{ordered:?}");
    }

    #[test]
    fn missing_updated_at_uses_envelope_time() {
        assert_eq!(Version::complete(None, Some(7), "m"), Version::complete(Some(7), Some(7), "m"));
        assert_eq!(Version::complete(None, None, "m"), Version::complete(Some(0), Some(0), "m"));
    }
}
