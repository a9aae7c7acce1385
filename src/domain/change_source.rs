//! Sources of changes, as the change feed shows them.

use super::local_event::{self, Action, EVENT_REPROCESSED, PROJECTION_REBUILT};

/// Source of a change of a synced object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeSource {
    /// A delivery of Clerk's webhook.
    Webhook,
    /// A request for a user who was not synced yet. The user was fetched from Clerk.
    ReadThrough,
    /// A backfill.
    Backfill,
    /// The repair of a drift check.
    Repair,
    /// A rebuild of the synced tables.
    Rebuild,
    /// An event that was received earlier, and applied later.
    Reprocess,
    /// An erasure by an operator.
    Erasure,
}

impl ChangeSource {
    /// All sources.
    pub const ALL: [Self; 7] = [
        Self::Webhook,
        Self::ReadThrough,
        Self::Backfill,
        Self::Repair,
        Self::Rebuild,
        Self::Reprocess,
        Self::Erasure,
    ];

    /// Returns the name in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::ReadThrough => "read_through",
            Self::Backfill => "backfill",
            Self::Repair => "repair",
            Self::Rebuild => "rebuild",
            Self::Reprocess => "reprocess",
            Self::Erasure => "erasure",
        }
    }

    /// Returns the source with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }

    /// Returns whether endpoints get messages about the changes. Those of a backfill, a repair or a
    /// rebuild can be many, and are not new to Clerk's users. An operator can ask for messages.
    #[must_use]
    pub fn is_pushed(self) -> bool {
        !matches!(self, Self::Backfill | Self::Repair | Self::Rebuild)
    }

    /// Returns the source that the type of an event implies. A fetched object is from a backfill
    /// unless the event says otherwise.
    #[must_use]
    pub fn of_event_type(event_type: &str) -> Self {
        match (event_type, local_event::parse(event_type)) {
            (EVENT_REPROCESSED, _) => Self::Reprocess,
            (PROJECTION_REBUILT, _) => Self::Rebuild,
            (_, Some((_, Action::Fetched))) => Self::Backfill,
            (_, Some((_, Action::Missing))) => Self::Repair,
            (_, Some((_, Action::Erased))) => Self::Erasure,
            (_, Some((_, Action::Embedded)) | None) => Self::Webhook,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ChangeSource;

    #[test]
    fn names_round_trip() {
        for source in ChangeSource::ALL {
            assert_eq!(ChangeSource::named(source.as_str()), Some(source));
        }
        assert_eq!(ChangeSource::named("clerk"), None);
    }

    #[test]
    fn event_type_implies_source() {
        for (event_type, source) in [
            ("user.created", ChangeSource::Webhook),
            ("meetvo.organization.embedded", ChangeSource::Webhook),
            ("meetvo.user.fetched", ChangeSource::Backfill),
            ("meetvo.user.missing", ChangeSource::Repair),
            ("meetvo.user.erased", ChangeSource::Erasure),
            ("meetvo.event.reprocessed", ChangeSource::Reprocess),
            ("meetvo.projection.rebuilt", ChangeSource::Rebuild),
        ] {
            assert_eq!(ChangeSource::of_event_type(event_type), source, "{event_type}");
        }
    }
}
