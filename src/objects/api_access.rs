//! Lists of Clerk's Backend API with the objects of a type, and requests for one of them.

use std::borrow::Cow;

use super::{AnyState, Kind, columns::ColumnValue};

/// Access to the objects of a type in Clerk's Backend API.
#[derive(Debug)]
pub struct ApiAccess {
    /// Path of the list of all objects.
    pub list: &'static [&'static str],
    /// Paging of the list.
    pub paging: Paging,
    /// The request that tells whether Clerk still has an object.
    pub single: SingleRead,
}

/// Paging of a list, in the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// A page starts after an object. Its response is an array.
    Cursor,
    /// A page starts at a position. Its response has the objects in `data`, and the number of all
    /// objects in `total_count`.
    Offset,
}

/// The request that tells whether Clerk still has an object.
#[derive(Clone, Copy, Debug)]
pub enum SingleRead {
    /// The response is the object.
    Object(&'static [PathPart]),
    /// The response is a list, filtered by a parameter, that contains the object.
    List(&'static [PathPart], (&'static str, PathPart)),
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
    use super::PathPart;
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
    #[test]
    fn each_listed_type_has_its_own_list() {
        let mut lists: Vec<_> = Kind::ALL
            .into_iter()
            .filter_map(|kind| Some(kind.object_type().api.as_ref()?.list))
            .collect();
        let count = lists.len();
        lists.sort_unstable();
        lists.dedup();
        // Clerk lists sessions for single users only.
        assert_eq!((lists.len(), count), (Kind::ALL.len() - 1, Kind::ALL.len() - 1));
    }
}
