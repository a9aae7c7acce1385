//! Lists of Clerk's Backend API with the objects of a type, and requests for one of them.

use std::borrow::Cow;

use super::{AnyState, Kind, columns::ColumnValue};

/// Access to the objects of a type in Clerk's Backend API.
#[derive(Debug)]
pub struct ApiAccess {
    /// The list of all objects.
    pub list: List,
    /// Paging of the list.
    pub paging: Paging,
    /// The request that tells whether Clerk still has an object.
    pub single: SingleRead,
    /// Statuses of stored objects that Clerk may no longer return.
    pub omitted: &'static [&'static str],
    /// Source of the version, which orders the states of an object.
    pub version: VersionSource,
}

impl ApiAccess {
    /// Returns whether Clerk may no longer return an object, because it has ended.
    #[must_use]
    pub fn may_omit(&self, state: &AnyState) -> bool {
        match state.value("status") {
            Some(ColumnValue::Text(Some(status))) => self.omitted.contains(&&*status),
            _ => false,
        }
    }

    /// Returns whether the objects have no time of their last change.
    #[must_use]
    pub fn has_no_time(&self) -> bool {
        self.version == VersionSource::Fetch
    }
}

/// List of objects.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Path.
    pub path: &'static [&'static str],
    /// Parameters of each request, besides those of the paging.
    pub parameters: &'static [(&'static str, &'static str)],
}

impl List {
    /// Creates a list that can be ordered by the time of creation.
    #[must_use]
    pub const fn ordered(path: &'static [&'static str]) -> Self {
        Self { path, parameters: &[("order_by", "+created_at")] }
    }
}

/// Source of the version, which orders the states of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionSource {
    /// The time of the last change at Clerk.
    UpdatedAt,
    /// The time of the fetch, because the objects have no other. A state is stored only if it
    /// differs from the stored one.
    Fetch,
}

/// Paging of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// A page starts after an object. Its response is an array.
    Cursor,
    /// A page starts at a position. Its response has the objects in `data`, and the number of all
    /// objects in `total_count`.
    Offset,
    /// The list contains other objects, by offset. Each payer in it has one object, which is
    /// requested by the payer.
    Payers,
}

/// The request that tells whether Clerk still has an object.
#[derive(Clone, Copy, Debug)]
pub enum SingleRead {
    /// The response is the object.
    Object(&'static [PathPart]),
    /// The response is a list, filtered by a parameter if there is one, that contains the object.
    List(&'static [PathPart], Option<(&'static str, PathPart)>),
    /// The response is the subscription of the payer: the object, or an object that contains it.
    OfPayer,
}

/// A part of a path, or the value of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// This text.
    Text(&'static str),
    /// ID of the object.
    Id,
    /// ID of the object's owner of this kind.
    Owner(Kind),
    /// Text in this column of the object.
    Column(&'static str),
}

impl PathPart {
    /// Returns the text of the part for an object. Returns none if the object has no such owner or
    /// text.
    #[must_use]
    pub fn of<'s>(&self, state: &'s AnyState) -> Option<&'s str> {
        match *self {
            Self::Text(text) => Some(text),
            Self::Id => Some(state.id()),
            Self::Owner(kind) => {
                let id =
                    state.owners().filter(|(owner, _)| *owner == kind).map(|(_, id)| id).next();
                id.filter(|id| !id.is_empty())
            }
            Self::Column(name) => match state.value(name)? {
                ColumnValue::Text(Some(Cow::Borrowed(text))) => Some(text),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Paging, PathPart};
    use crate::objects::{AnyState, Kind, State, membership::MembershipData};

    #[test]
    fn path_parts_are_ids_of_owners() {
        let data = MembershipData {
            organization_id: "org_1".to_owned(),
            user_id: "user_1".to_owned(),
            role: Some("org:member".to_owned()),
            ..MembershipData::default()
        };
        let membership: AnyState =
            State { id: "orgmem_1".to_owned(), data, ..State::default() }.into();
        let of = |part: PathPart| part.of(&membership).map(str::to_owned);
        assert_eq!(of(PathPart::Text("organizations")).as_deref(), Some("organizations"));
        assert_eq!(of(PathPart::Id).as_deref(), Some("orgmem_1"));
        assert_eq!(of(PathPart::Owner(Kind::Organization)).as_deref(), Some("org_1"));
        assert_eq!(of(PathPart::Owner(Kind::User)).as_deref(), Some("user_1"));
        assert_eq!(of(PathPart::Owner(Kind::Role)), None);
        assert_eq!(of(PathPart::Column("role")).as_deref(), Some("org:member"));
        assert_eq!(of(PathPart::Column("permissions")), None);
        let stub = AnyState::stub(Kind::Membership, "orgmem_2");
        assert_eq!(PathPart::Owner(Kind::User).of(&stub), None);
    }

    /// The drift check finds each object that a walk can list, and no type has the list of another.
    /// Clerk lists sessions and payments for single owners only.
    #[test]
    fn each_listed_type_has_its_own_list() {
        let listed = |kind: &Kind| kind.object_type().api.is_some();
        let unlisted: Vec<_> = Kind::ALL.into_iter().filter(|kind| !listed(kind)).collect();
        assert_eq!(unlisted, [Kind::Session, Kind::PaymentAttempt]);
        let lists = Kind::ALL.into_iter().filter_map(|kind| {
            let api = kind.object_type().api.as_ref()?;
            // The list of items only names the payers of the subscriptions.
            (api.paging != Paging::Payers).then_some(api.list.path)
        });
        let mut lists: Vec<_> = lists.collect();
        let count = lists.len();
        lists.sort_unstable();
        lists.dedup();
        assert_eq!(lists.len(), count);
    }
}
