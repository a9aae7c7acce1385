//! Types of messages that an endpoint subscribes to.

use std::{fmt, str::FromStr};

use crate::{domain::decision::Operation, objects::ChangeKind, store::changes::ChangeFilter};

/// Types of messages: at least one pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageTypes(Vec<Pattern>);

/// Pattern of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    /// `*`: all types.
    All,
    /// `user.*`: all operations on objects of a kind.
    Kind(ChangeKind),
    /// `user.created`: one operation on objects of a kind.
    One(ChangeKind, Operation),
}

/// Text that is no type of messages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be `*`, a kind with `.*` such as `membership.*`, or a kind and an operation such as \
     `user.created`; kinds: {}; operations: {} (`changed` for `entitlement` only)",
    names(ChangeKind::all().map(ChangeKind::name)),
    names(Operation::ALL.into_iter().map(Operation::as_str))
)]
pub struct InvalidType;

fn names(names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// Returns the type of the message about an operation on an object.
#[must_use]
pub fn message_type(kind: ChangeKind, operation: Operation) -> String {
    format!("{kind}.{}", operation.as_str())
}

impl MessageTypes {
    /// Parses patterns. Removes repetitions.
    ///
    /// # Errors
    /// Returns an error if there is none, or if one is malformed.
    pub fn parse<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidType> {
        let mut parsed: Vec<Pattern> = Vec::new();
        for pattern in patterns {
            let pattern = pattern.parse()?;
            if !parsed.contains(&pattern) {
                parsed.push(pattern);
            }
        }
        if parsed.is_empty() { Err(InvalidType) } else { Ok(Self(parsed)) }
    }

    /// Returns whether they include the message about an operation on an object.
    #[must_use]
    pub fn include(&self, kind: ChangeKind, operation: Operation) -> bool {
        self.0.iter().any(|pattern| match *pattern {
            Pattern::All => true,
            Pattern::Kind(included) => included == kind,
            Pattern::One(included_kind, included) => (included_kind, included) == (kind, operation),
        })
    }

    /// Returns a filter that matches all changes with these types, and possibly more.
    #[must_use]
    pub fn filter(&self) -> ChangeFilter {
        let kinds: Option<Vec<ChangeKind>> = self.0.iter().map(|pattern| pattern.kind()).collect();
        ChangeFilter { kinds: kinds.unwrap_or_default(), operations: Vec::new() }
    }

    /// Returns the patterns.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl Pattern {
    fn kind(self) -> Option<ChangeKind> {
        match self {
            Self::All => None,
            Self::Kind(kind) | Self::One(kind, _) => Some(kind),
        }
    }
}

impl FromStr for Pattern {
    type Err = InvalidType;

    fn from_str(text: &str) -> Result<Self, InvalidType> {
        if text == "*" {
            return Ok(Self::All);
        }
        let (kind, operation) = text.split_once('.').ok_or(InvalidType)?;
        let kind = ChangeKind::named(kind).ok_or(InvalidType)?;
        match operation {
            "*" => Ok(Self::Kind(kind)),
            name => {
                let operation = Operation::named(name).ok_or(InvalidType)?;
                // Only an entitlement has this operation, and no other.
                let is_change = operation == Operation::Changed;
                match is_change == (kind == ChangeKind::Entitlement) {
                    true => Ok(Self::One(kind, operation)),
                    false => Err(InvalidType),
                }
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::All => f.write_str("*"),
            Self::Kind(kind) => write!(f, "{kind}.*"),
            Self::One(kind, operation) => f.write_str(&message_type(kind, operation)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidType, MessageTypes};
    use crate::{
        domain::decision::Operation,
        objects::{ChangeKind, Kind},
    };

    fn types(patterns: &[&str]) -> MessageTypes {
        MessageTypes::parse(patterns.iter().copied()).unwrap()
    }

    #[test]
    fn patterns_include_their_types() {
        for (patterns, kind, operation, expected) in [
            (&["*"][..], Kind::User, Operation::Created, true),
            (&["user.*"], Kind::User, Operation::Deleted, true),
            (&["user.*"], Kind::Session, Operation::Deleted, false),
            (&["user.created"], Kind::User, Operation::Created, true),
            (&["user.created"], Kind::User, Operation::Updated, false),
            (&["user.created", "membership.*"], Kind::Membership, Operation::Updated, true),
            (&["user.created", "membership.*"], Kind::Organization, Operation::Updated, false),
        ] {
            let (types, kind) = (types(patterns), ChangeKind::from(kind));
            assert_eq!(types.include(kind, operation), expected, "{patterns:?} {kind}");
            let passes = types.filter().kinds.is_empty() || types.filter().kinds.contains(&kind);
            assert!(passes || !expected, "{patterns:?} {kind}");
        }
    }

    #[test]
    fn malformed_patterns_are_rejected() {
        for patterns in [
            &[][..],
            &[""],
            &["user"],
            &["*.created"],
            &["user."],
            &["user.create"],
            &["users.created"],
            &["user.created", "?"],
            &["user.changed"],
            &["entitlement.created"],
        ] {
            let parsed = MessageTypes::parse(patterns.iter().copied());
            assert_eq!(parsed, Err(InvalidType), "{patterns:?}");
        }
    }

    #[test]
    fn names_are_the_patterns_without_repetitions() {
        let types = types(&["user.created", "membership.*", "user.created", "*"]);
        assert_eq!(types.names(), ["user.created", "membership.*", "*"]);
    }
}
