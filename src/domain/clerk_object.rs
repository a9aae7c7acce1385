//! The fields of Clerk's objects.
//!
//! A field that Clerk added since is unknown: it is counted, and redacted if its name may be that
//! of a secret. Sources: Clerk's webhook specification 2025-04-15, the types of its SDK, and
//! deliveries that were published since 2023.

use std::cmp::Ordering;

/// The fields of an object of Clerk's.
#[derive(Debug)]
pub struct ClerkObject {
    /// All known fields, sorted.
    pub fields: &'static [&'static str],
    /// The fields that hold an object or an array of objects with known fields.
    pub nested: &'static [(&'static str, &'static Self)],
    /// The fields whose values are not stored: secrets, and personal data that is read from another
    /// object. [`ALL_UNKNOWN`] stands for all unknown fields.
    pub redacted: &'static [&'static str],
}

/// In [`ClerkObject::redacted`]: all unknown fields, for objects with much personal data. Clerk may
/// add more of it.
pub const ALL_UNKNOWN: &str = "*";

impl ClerkObject {
    /// Returns whether the object is known to have a field.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.fields.binary_search(&field).is_ok()
    }

    /// Returns whether the values of unknown fields are not stored, whatever their names.
    #[must_use]
    pub fn redacts_unknown(&self) -> bool {
        self.redacted.contains(&ALL_UNKNOWN)
    }

    /// Returns a search for fields in ascending order, which is faster than [`Self::has`].
    #[must_use]
    pub fn search(&self) -> FieldSearch {
        FieldSearch { rest: self.fields }
    }

    /// Returns the fields of the objects in a field. An unknown object has no known field.
    #[must_use]
    pub fn nested(&self, field: &str) -> &'static Self {
        let nested = self.nested.iter().find(|(name, _)| *name == field);
        nested.map_or(&UNKNOWN, |(_, object)| object)
    }
}

/// A search for fields in ascending order.
#[derive(Debug)]
pub struct FieldSearch {
    /// The known fields that are not less than the last one that was searched.
    rest: &'static [&'static str],
}

impl FieldSearch {
    /// Returns whether the object is known to have a field. The field must not be less than the
    /// previous one.
    pub fn has(&mut self, field: &str) -> bool {
        while let [first, rest @ ..] = self.rest {
            match (*first).cmp(field) {
                Ordering::Less => self.rest = rest,
                order => return order.is_eq(),
            }
        }
        false
    }
}

/// An object of which no field is known.
static UNKNOWN: ClerkObject = ClerkObject { fields: &[], nested: &[], redacted: &[] };

/// The fields of the envelope.
pub const ENVELOPE_FIELDS: &[&str] =
    &["data", "event_attributes", "instance_id", "object", "timestamp", "type"];

/// The message of an event of which only the envelope is known.
pub static ENVELOPE: ClerkObject = ClerkObject {
    fields: ENVELOPE_FIELDS,
    nested: &[("event_attributes", &EVENT_ATTRIBUTES)],
    redacted: &[],
};

/// The message about a deleted object.
pub static DELETION_MESSAGE: ClerkObject = ClerkObject {
    fields: ENVELOPE_FIELDS,
    nested: &[("data", &DELETED_OBJECT), ("event_attributes", &EVENT_ATTRIBUTES)],
    redacted: &[],
};

/// The attributes of an event.
pub static EVENT_ATTRIBUTES: ClerkObject = ClerkObject {
    fields: &["http_request"],
    nested: &[("http_request", &HTTP_REQUEST)],
    redacted: &[],
};

static HTTP_REQUEST: ClerkObject =
    ClerkObject { fields: &["client_ip", "user_agent"], nested: &[], redacted: &[] };

/// The attributes of an event about an object that no person and no organization owns. No deletion
/// and no erasure would find the address of the person who changed it.
pub static UNOWNED_ATTRIBUTES: ClerkObject = ClerkObject {
    fields: &["http_request"],
    nested: &[("http_request", &UNOWNED_HTTP_REQUEST)],
    redacted: &[],
};

static UNOWNED_HTTP_REQUEST: ClerkObject = ClerkObject {
    fields: HTTP_REQUEST.fields,
    nested: &[],
    redacted: &["client_ip", "user_agent"],
};

static DELETED_OBJECT: ClerkObject = ClerkObject {
    fields: &["deleted", "external_id", "id", "object", "slug"],
    nested: &[],
    redacted: &[],
};

/// Declares the message that holds an object in its data.
macro_rules! message_with {
    ($object:expr) => {
        $crate::domain::clerk_object::message_with!(
            $object,
            &$crate::domain::clerk_object::EVENT_ATTRIBUTES
        )
    };
    ($object:expr, $attributes:expr) => {
        $crate::domain::clerk_object::ClerkObject {
            fields: $crate::domain::clerk_object::ENVELOPE_FIELDS,
            nested: &[("data", $object), ("event_attributes", $attributes)],
            redacted: &[],
        }
    };
}
pub(crate) use message_with;

#[cfg(test)]
mod tests {
    use super::{ClerkObject, DELETION_MESSAGE};

    const OBJECT: ClerkObject =
        ClerkObject { fields: &["a", "c", "e"], nested: &[], redacted: &[] };

    #[test]
    fn search_finds_known_fields() {
        let mut search = OBJECT.search();
        let found = ["", "a", "b", "c", "d", "f"].into_iter().filter(|field| search.has(field));
        assert_eq!(found.collect::<Vec<_>>(), ["a", "c"]);
    }

    #[test]
    fn fields_are_known_in_their_object() {
        let deleted = DELETION_MESSAGE.nested("data");
        assert!(deleted.has("slug") && !deleted.has("data") && !deleted.nested("id").has("slug"));
    }
}
