//! The types of Clerk's objects that are synced, and the rules by which their states merge.
//!
//! Each type has a folder with its state, its decoding, its known fields and its [`ObjectType`], and
//! a line in the registry below. The merge, the store, the API's change feed, the backfill and the
//! drift check work with any type. Everything here is a pure value or a pure function.
//!
//! | module | contents |
//! |---|---|
//! | [`object_type`] | the description of a type |
//! | [`change_kind`] | what changes are about |
//! | [`api_access`] | how the Backend API lists and returns the objects |
//! | [`columns`] | the columns of the tables, and their values |
//! | [`state`] | the state of an object, and the merge of two states |
//! | [`lifecycle`] | the part of an object that decides the next merge |
//! | [`merge`] | the merge of a batch of events into the stored objects |
//! | [`event`] | one webhook message and the change that it asks for |
//! | [`decode`] | decoding of deliveries and of objects from the Backend API |
//! | [`billing`] | the parts that the objects of Clerk Billing share |
//! | [`known_fields`] | the event types and fields that Clerk is known to send |
//! | the other modules | one type of objects each |

pub mod api_access;
pub mod billing;
pub mod change_kind;
pub mod columns;
pub mod decode;
pub mod event;
pub mod invitation;
pub mod known_fields;
pub mod lifecycle;
pub mod membership;
pub mod merge;
pub mod object_type;
pub mod organization;
pub mod organization_domain;
pub mod payment_attempt;
pub mod permission;
pub mod plan;
pub mod role;
pub mod session;
pub mod state;
pub mod subscription;
pub mod subscription_item;
pub mod user;
pub mod waitlist_entry;

use std::{collections::HashMap, fmt, sync::LazyLock};

use self::columns::ColumnValue;
pub use self::{
    change_kind::ChangeKind,
    object_type::{ObjectType, Request},
    state::{FieldVersions, ObjectData, State},
};
use crate::domain::{
    Millis,
    clerk_object::{ClerkObject, ENVELOPE},
    local_event,
    version::Version,
};

/// Declares the registry: the kind, the module and the data of each type. An owner comes before the
/// objects that belong to it.
macro_rules! registry {
    ($($kind:ident: $module:ident::$data:ident,)+) => {
        /// Kind of a synced object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                $kind,
            )+
        }

        impl Kind {
            /// All kinds. An owner comes before the objects that belong to it.
            pub const ALL: [Self; [$(stringify!($kind)),+].len()] = [$(Self::$kind),+];

            /// Returns the description of the objects of this kind.
            #[must_use]
            pub fn object_type(self) -> &'static ObjectType {
                match self {
                    $(Self::$kind => &$module::TYPE,)+
                }
            }
        }

        /// State of an object of any kind.
        #[derive(Clone, Debug, PartialEq)]
        pub enum AnyState {
            $(
                #[doc = concat!("See [`", stringify!($module), "`].")]
                $kind(Box<State<$module::$data>>),
            )+
        }

        $(
            impl From<State<$module::$data>> for AnyState {
                fn from(state: State<$module::$data>) -> Self {
                    Self::$kind(Box::new(state))
                }
            }
        )+

        impl AnyState {
            /// Returns the kind of the object.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)+
                }
            }

            /// Merges another state of the object into this one. Returns true if anything changed.
            pub fn merge(&mut self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$kind(state), Self::$kind(other)) => state.merge(other),)+
                    // The states of one ID have the same kind.
                    _ => false,
                }
            }

            /// Returns the part of the state whose versions are kept, or none if there is none. See
            /// [`State::kept`].
            #[must_use]
            pub fn kept(self, has_row: bool, is_kept: impl Fn(&Version) -> bool) -> Option<Self> {
                match self {
                    $(Self::$kind(state) => state.kept(has_row, is_kept).map(Self::from),)+
                }
            }

            /// Returns the names of the columns and items that differ from those of Clerk's. See
            /// [`ObjectData::differences`].
            #[must_use]
            pub fn differences(&self, remote: &Self, is_older: bool) -> Vec<&'static str> {
                match (self, remote) {
                    $((Self::$kind(state), Self::$kind(remote)) => {
                        state.differences(remote, is_older)
                    })+
                    // The states of one ID have the same kind.
                    _ => Vec::new(),
                }
            }

            /// Returns a state of which only the ID is known.
            #[must_use]
            pub fn stub(kind: Kind, id: &str) -> Self {
                match kind {
                    $(Kind::$kind => {
                        let state: State<$module::$data> =
                            State { id: id.to_owned(), ..State::default() };
                        state.into()
                    })+
                }
            }
        }

        /// Evaluates an expression for the state, whatever its kind.
        macro_rules! for_state {
            ($any:expr, $state:ident => $result:expr) => {
                match $any {
                    $(AnyState::$kind($state) => $result,)+
                }
            };
        }
    };
}

registry! {
    User: user::UserData,
    Session: session::SessionData,
    Organization: organization::OrganizationData,
    Membership: membership::MembershipData,
    Invitation: invitation::InvitationData,
    OrganizationDomain: organization_domain::OrganizationDomainData,
    Role: role::RoleData,
    Permission: permission::PermissionData,
    WaitlistEntry: waitlist_entry::WaitlistEntryData,
    Plan: plan::PlanData,
    Subscription: subscription::SubscriptionData,
    SubscriptionItem: subscription_item::SubscriptionItemData,
    PaymentAttempt: payment_attempt::PaymentAttemptData,
}

impl AnyState {
    /// Returns the ID of the object.
    #[must_use]
    pub fn id(&self) -> &str {
        for_state!(self, state => &state.id)
    }

    /// Returns the version of the state.
    #[must_use]
    pub fn version(&self) -> &Version {
        for_state!(self, state => &state.version)
    }

    /// Returns true if all fields are from one state.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        for_state!(self, state => state.is_whole())
    }

    /// Returns true if the state wins or loses as a whole: all of it has one version.
    #[must_use]
    pub fn is_atomic(&self) -> bool {
        self.is_whole() && for_state!(self, state => state.data.unversioned()).is_none()
    }

    /// Returns the versions of the fields whose values are from other states.
    #[must_use]
    pub fn field_versions(&self) -> &FieldVersions {
        for_state!(self, state => &state.field_versions)
    }

    /// Returns all versions of the state and of its parts.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        let unversioned = for_state!(self, state => state.data.unversioned());
        [self.version()].into_iter().chain(self.field_versions().values()).chain(unversioned)
    }

    /// Returns the objects that the object goes with.
    pub fn owners(&self) -> impl Iterator<Item = (Kind, &str)> + use<'_> {
        for_state!(self, state => state.data.owners()).into_iter().flatten()
    }

    /// Returns the ID of the user whom the state is about, if it is about one.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        let named = for_state!(self, state => state.data.named_user());
        self.labeled(Kind::User).or(named)
    }

    /// Returns the ID of the organization that the state is about, if it is about one.
    #[must_use]
    pub fn organization_id(&self) -> Option<&str> {
        self.labeled(Kind::Organization)
    }

    /// Returns the object's own ID or that of its owner.
    fn labeled(&self, kind: Kind) -> Option<&str> {
        if self.kind() == kind {
            return Some(self.id());
        }
        self.owners().find(|(owner, _)| *owner == kind).map(|(_, id)| id)
    }

    /// Returns the time at which the object was created at Clerk, if it is known.
    #[must_use]
    pub fn created_at(&self) -> Option<Millis> {
        match self.value("created_at")? {
            ColumnValue::Integer(at) => at,
            _ => None,
        }
    }

    /// Returns the values of the columns.
    #[must_use]
    pub fn values(&self) -> Vec<ColumnValue<'_>> {
        for_state!(self, state => columns::Columns::values(&state.data))
    }

    /// Returns the value of a column.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<ColumnValue<'_>> {
        for_state!(self, state => columns::Columns::value(&state.data, column))
    }

    /// Returns the values of the items in one of the tables of items, one item after another.
    #[must_use]
    pub fn items(&self, table: usize) -> Vec<ColumnValue<'_>> {
        for_state!(self, state => state.data.items(table))
    }

    /// Adds an item from one of the tables of items.
    pub fn add_item(&mut self, table: usize, values: &mut dyn Iterator<Item = ColumnValue<'_>>) {
        for_state!(self, state => state.data.add_item(table, values));
    }

    /// Returns the terms by which the object is found.
    #[must_use]
    pub fn search_terms(&self) -> Vec<String> {
        for_state!(self, state => state.data.search_terms())
    }
}

/// An event type that is synced.
#[derive(Clone, Copy, Debug)]
pub struct EventType {
    /// Kind of the object.
    pub kind: Kind,
    /// Request of the event.
    pub request: Request,
    /// The known fields of the message.
    pub fields: &'static ClerkObject,
}

impl EventType {
    /// Returns the description of a synced event type, Clerk's or a local one. Returns none for
    /// other types.
    #[must_use]
    pub fn of(event_type: &str) -> Option<Self> {
        static CLERKS: LazyLock<HashMap<&str, EventType>> = LazyLock::new(|| {
            let types = Kind::ALL.into_iter().flat_map(|kind| {
                let events = kind.object_type().events.iter();
                events.map(move |(name, request)| (*name, EventType::new(kind, *request)))
            });
            types.collect()
        });
        let local = || {
            let (object, action) = local_event::parse(event_type)?;
            let kind = Kind::named(object)?;
            let request = match action {
                local_event::Action::Fetched => Request::Store,
                // An object without a tombstone cannot be deleted.
                local_event::Action::Missing | local_event::Action::Erased => {
                    kind.object_type().table.has_tombstones.then_some(Request::Delete)?
                }
                local_event::Action::Embedded => return None,
            };
            Some(Self::new(kind, request))
        };
        CLERKS.get(event_type).copied().or_else(local)
    }

    fn new(kind: Kind, request: Request) -> Self {
        let fields = match request {
            Request::Store => kind.object_type().fields,
            Request::Delete => kind.object_type().deletion_fields,
        };
        Self { kind, request, fields }
    }
}

impl Kind {
    /// Returns the name in the API, in the change feed, and in the types of local events.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.object_type().name
    }

    /// Returns the kind with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the kinds of the objects that go with an object of this kind, with the column that
    /// has its ID.
    pub fn owned(self) -> impl Iterator<Item = (Self, &'static str)> {
        Self::ALL.into_iter().flat_map(move |kind| {
            let owners = kind.object_type().owners.iter();
            owners.filter(move |(_, owner)| *owner == self).map(move |(column, _)| (kind, *column))
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Returns the known fields of the message of an event type. Of a type that is not synced, only the
/// envelope is known.
#[must_use]
pub fn message_fields(event_type: &str) -> &'static ClerkObject {
    EventType::of(event_type).map_or(&ENVELOPE, |it| it.fields)
}
