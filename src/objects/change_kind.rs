//! Kinds of changes: of objects, and of entitlements, which follow from several objects.

use std::fmt;

use super::Kind;

/// Kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// An object.
    Object(Kind),
    /// The plan of a payer, which follows from the items of its subscription. The ID is that of the
    /// user or the organization.
    Entitlement,
}

/// Name of [`ChangeKind::Entitlement`].
const ENTITLEMENT: &str = "entitlement";

impl ChangeKind {
    /// Returns all kinds.
    pub fn all() -> impl Iterator<Item = Self> {
        Kind::ALL.into_iter().map(Self::Object).chain([Self::Entitlement])
    }

    /// Returns the name in the API and the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Object(kind) => kind.name(),
            Self::Entitlement => ENTITLEMENT,
        }
    }

    /// Returns the kind with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.name() == name)
    }

    /// Returns the kind of the object, if the change is about one.
    #[must_use]
    pub fn object(self) -> Option<Kind> {
        match self {
            Self::Object(kind) => Some(kind),
            Self::Entitlement => None,
        }
    }
}

impl From<Kind> for ChangeKind {
    fn from(kind: Kind) -> Self {
        Self::Object(kind)
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeKind;

    #[test]
    fn names_round_trip() {
        for kind in ChangeKind::all() {
            assert_eq!(ChangeKind::named(kind.name()), Some(kind));
        }
        assert_eq!(ChangeKind::named("plans"), None);
    }
}
