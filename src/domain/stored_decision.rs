//! Decisions as they are stored, which is an open set.

use std::fmt;

use super::decision::{Decision, UnknownDecision};

/// A decision in the event log. A newer version of the program can have written one that this
/// version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredDecision {
    /// A decision that this version knows.
    Known(Decision),
    /// The name of another decision.
    Unknown(String),
}

impl StoredDecision {
    /// Returns the decision if this version knows it.
    #[must_use]
    pub fn known(&self) -> Option<Decision> {
        match self {
            Self::Known(decision) => Some(*decision),
            Self::Unknown(_) => None,
        }
    }

    /// Returns whether the decision never changes. This version does not change a decision that it
    /// does not know.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.known().is_none_or(Decision::is_final)
    }

    /// Returns the name of the decision in the API and the database.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(decision) => decision.as_str(),
            Self::Unknown(name) => name,
        }
    }
}

impl From<String> for StoredDecision {
    fn from(name: String) -> Self {
        match name.parse() {
            Ok(decision) => Self::Known(decision),
            Err(UnknownDecision) => Self::Unknown(name),
        }
    }
}

impl From<Decision> for StoredDecision {
    fn from(decision: Decision) -> Self {
        Self::Known(decision)
    }
}

impl PartialEq<Decision> for StoredDecision {
    fn eq(&self, decision: &Decision) -> bool {
        self.known() == Some(*decision)
    }
}

impl fmt::Display for StoredDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, StoredDecision};

    #[test]
    fn unknown_stored_decision_is_final() {
        for decision in Decision::ALL {
            let stored = StoredDecision::from(decision.as_str().to_owned());
            assert_eq!(stored, decision);
            assert_eq!(stored.is_final(), decision.is_final());
        }
        let stored = StoredDecision::from("postponed".to_owned());
        assert_eq!((stored.known(), stored.as_str()), (None, "postponed"));
        assert!(stored.is_final());
    }
}
