//! Decisions on events, and the answers to their deliveries.

use std::{fmt, str::FromStr};

/// The outcome of an event. It is stored as long as the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The event changed a row of the synced tables.
    Applied,
    /// The stored data is as new as the event, or newer.
    Stale,
    /// The user is deleted.
    Tombstoned,
    /// The type of the event is not synced.
    Ignored,
    /// The event is not from the pinned Clerk instance.
    Quarantined,
    /// The event is signed, but cannot be decoded, or the database rejected it.
    Failed,
    /// The event failed or was quarantined, and an operator put it aside.
    Dismissed,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 7] = [
        Self::Applied,
        Self::Stale,
        Self::Tombstoned,
        Self::Ignored,
        Self::Quarantined,
        Self::Failed,
        Self::Dismissed,
    ];

    /// Returns whether the decision never changes.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Stale | Self::Tombstoned)
    }

    /// Returns whether an operator can dismiss an event with this decision.
    #[must_use]
    pub fn can_be_dismissed(self) -> bool {
        matches!(self, Self::Failed | Self::Quarantined)
    }

    /// Returns the name of the decision in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Stale => "stale",
            Self::Tombstoned => "tombstoned",
            Self::Ignored => "ignored",
            Self::Quarantined => "quarantined",
            Self::Failed => "failed",
            Self::Dismissed => "dismissed",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An unknown name of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a decision; use applied, stale, tombstoned, ignored, quarantined, failed or dismissed"
)]
pub struct UnknownDecision;

impl FromStr for Decision {
    type Err = UnknownDecision;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == name).ok_or(UnknownDecision)
    }
}

/// Operation of an applied event on its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// The object had no state before.
    Created,
    /// The object had another state before.
    Updated,
    /// The object is deleted.
    Deleted,
    /// A value that follows from several objects is another.
    Changed,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 4] = [Self::Created, Self::Updated, Self::Deleted, Self::Changed];

    /// Returns the operation with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == name)
    }

    /// Returns the name of the operation in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Changed => "changed",
        }
    }
}

/// The answer to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// This delivery recorded the event, with this decision.
    Recorded(Decision),
    /// An earlier delivery recorded the event. Nothing was written.
    Duplicate,
}

impl Outcome {
    /// Returns the name of the outcome in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded(decision) => decision.as_str(),
            Self::Duplicate => "duplicate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, Outcome, UnknownDecision};

    #[test]
    fn decision_names_round_trip() {
        let names =
            ["applied", "stale", "tombstoned", "ignored", "quarantined", "failed", "dismissed"];
        assert_eq!(Decision::ALL.map(Decision::as_str), names);
        assert_eq!(Decision::ALL.map(|it| Outcome::Recorded(it).as_str()), names);
        assert_eq!(Outcome::Duplicate.as_str(), "duplicate");
        for decision in Decision::ALL {
            assert_eq!(decision.to_string().parse(), Ok(decision));
        }
        assert_eq!("duplicate".parse::<Decision>(), Err(UnknownDecision));
    }

    #[test]
    fn merge_decisions_are_final() {
        let merged = [Decision::Applied, Decision::Stale, Decision::Tombstoned];
        let all: Vec<_> = Decision::ALL.into_iter().filter(|it| it.is_final()).collect();
        assert_eq!(all, merged);
    }
}
