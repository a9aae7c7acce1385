//! Part of the model that reads which objects an event is about.

use serde_json::Value;

use super::{columns::instant, model::Event};

/// Kind of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    User,
    Session,
    Organization,
    Membership,
    Invitation,
    Domain,
    Role,
    Permission,
    WaitlistEntry,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::User,
        Self::Session,
        Self::Organization,
        Self::Membership,
        Self::Invitation,
        Self::Domain,
        Self::Role,
        Self::Permission,
        Self::WaitlistEntry,
    ];

    pub fn table(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Session => "sessions",
            Self::Organization => "organizations",
            Self::Membership => "organization_memberships",
            Self::Invitation => "organization_invitations",
            Self::Domain => "organization_domains",
            Self::Role => "roles",
            Self::Permission => "permissions",
            Self::WaitlistEntry => "waitlist_entries",
        }
    }

    /// Returns the column with the id.
    pub fn key(self) -> &'static str {
        if self == Self::User { "clerk_id" } else { "id" }
    }

    /// Returns the objects that an object goes with, and the columns with their ids.
    pub fn owners(self) -> &'static [(Self, &'static str)] {
        match self {
            Self::Session => &[(Self::User, "user_id")],
            Self::Membership => &[(Self::Organization, "organization_id"), (Self::User, "user_id")],
            Self::Invitation | Self::Domain => &[(Self::Organization, "organization_id")],
            _ => &[],
        }
    }

    pub fn has_status(self) -> bool {
        matches!(self, Self::Session | Self::Invitation)
    }

    /// Returns the first part of the event types, and the second parts of those with a state.
    fn events(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::User => ("user", &["created", "updated"]),
            Self::Session => ("session", &["created", "pending", "ended", "removed", "revoked"]),
            Self::Organization => ("organization", &["created", "updated"]),
            Self::Membership => ("organizationMembership", &["created", "updated"]),
            Self::Invitation => ("organizationInvitation", &["created", "accepted", "revoked"]),
            Self::Domain => ("organizationDomain", &["created", "updated"]),
            Self::Role => ("role", &["created", "updated"]),
            Self::Permission => ("permission", &["created", "updated"]),
            Self::WaitlistEntry => ("waitlistEntry", &["created", "updated"]),
        }
    }

    fn has_deletions(self) -> bool {
        !self.has_status() && self != Self::WaitlistEntry
    }
}

/// What an event with a state says.
pub struct Stated<'a> {
    pub kind: Kind,
    pub id: &'a str,
    pub data: &'a Value,
    pub owners: Vec<(Kind, &'a str)>,
    pub embedded: Option<(Kind, &'a Value)>,
}

fn event_type(event: &Event) -> (&str, &str) {
    event.body["type"].as_str().unwrap_or_default().split_once('.').unwrap_or_default()
}

/// Returns the kind of the object of a synced event type.
pub fn kind(event: &Event) -> Option<Kind> {
    let (object, action) = event_type(event);
    Kind::ALL.into_iter().find(|kind| {
        let (name, states) = kind.events();
        object == name && (states.contains(&action) || kind.has_deletions() && action == "deleted")
    })
}

/// Returns the object that an event deletes.
pub fn deleted(event: &Event) -> Option<(Kind, &str)> {
    let kind = kind(event).filter(|_| event_type(event).1 == "deleted")?;
    Some((kind, event.body["data"]["id"].as_str()?))
}

/// Returns the state in an event, or none if the event has another purpose, or lacks an id.
pub fn stated(event: &Event) -> Option<Stated<'_>> {
    let kind = kind(event).filter(|_| event_type(event).1 != "deleted")?;
    let data = object_data(kind, event);
    let id = data["id"].as_str()?;
    let organization = || {
        let part = &data["public_organization_data"]["id"];
        data["organization_id"].as_str().or(part.as_str())
    };
    let owners = match kind {
        Kind::Session => vec![(Kind::User, data["user_id"].as_str()?)],
        Kind::Invitation | Kind::Domain => vec![(Kind::Organization, organization()?)],
        Kind::Membership => {
            // The id is next to the object only if there is no object.
            let organization = match data["organization"].is_object() {
                true => &data["organization"]["id"],
                false => &data["organization_id"],
            };
            let user = match data["public_user_data"].is_object() {
                true => &data["public_user_data"]["user_id"],
                false => &data["user_id"],
            };
            vec![(Kind::Organization, organization.as_str()?), (Kind::User, user.as_str()?)]
        }
        _ => Vec::new(),
    };
    let embedded = match kind {
        // Some sessions embed another user.
        Kind::Session if data["user"]["id"] == data["user_id"] => Some((Kind::User, &data["user"])),
        Kind::Membership if data["organization"].is_object() => {
            Some((Kind::Organization, &data["organization"]))
        }
        _ => None,
    };
    Some(Stated { kind, id, data, owners, embedded })
}

/// Returns the object of an event. That of an accepted invitation can be one level deeper.
fn object_data(kind: Kind, event: &Event) -> &Value {
    let data = &event.body["data"];
    let is_nested = kind == Kind::Invitation && data["id"].is_null() && data["data"].is_object();
    if is_nested { &data["data"] } else { data }
}

/// Returns the time of an event, or 0 if it is missing.
pub fn occurred_at(event: &Event) -> i64 {
    instant(&event.body["timestamp"]).unwrap_or(0)
}

/// Returns the attributes of the request that caused an event.
pub fn request(event: &Event) -> &Value {
    &event.body["event_attributes"]["http_request"]
}

/// Returns the status of a session or an invitation. If it is missing, the event type implies it.
pub fn status(event: &Event) -> &str {
    let (object, action) = event_type(event);
    let kind = kind(event).unwrap();
    object_data(kind, event)["status"].as_str().unwrap_or(match (object, action) {
        ("session", "created") => "active",
        ("organizationInvitation", "created") => "pending",
        _ => action,
    })
}

/// Returns whether a state has a status that beats others at any version.
pub fn is_final(kind: Kind, event: &Event) -> bool {
    match kind {
        Kind::Session => !["active", "pending"].contains(&status(event)),
        Kind::Invitation => ["accepted", "revoked"].contains(&status(event)),
        _ => false,
    }
}
