//! Shapes of objects and changes outside of responses, such as in pushed messages.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    billing::{
        entitlements::Entitlement,
        payment_attempts::PaymentAttempt,
        plans::Plan,
        subscriptions::{Subscription, SubscriptionItem},
    },
    changes::Change,
    memberships::Membership,
    organizations::{
        OfOrganization, Organization, domains::OrganizationDomain, invitations::Invitation,
    },
    owned::Owned,
    roles::{Permission, Role},
    sessions::Session,
    timestamp::Timestamp,
    users::User,
};
use crate::{
    domain::Millis,
    objects::{
        AnyState, State,
        membership::MembershipData,
        organization::OrganizationData,
        user::{Profile, UserData, Verification},
        waitlist_entry::WaitlistEntryData,
    },
    push::Shapes,
    store::{
        changes::ChangeEntry,
        entitlements,
        memberships::{MemberProfile, MembershipView},
        object_view::ObjectView,
        users::{Identifier, UserView},
    },
};

/// Functions that convert objects and changes to the shapes of the API.
pub const SHAPES: Shapes = Shapes { object, entitlement, change };

/// Converts an entitlement.
fn entitlement(entitlement: entitlements::Entitlement) -> Value {
    json(Entitlement::from(entitlement))
}

/// Converts a change.
fn change(change: ChangeEntry) -> Value {
    json(Change::from(change))
}

/// Converts an object at the time `now`. `user` is the user of a membership.
fn object(state: AnyState, user: Option<&AnyState>, now: Millis) -> Value {
    match state {
        AnyState::User(state) => json(User::from(user_view(*state))),
        AnyState::Session(state) => json(Session::at(*state, now)),
        AnyState::Organization(state) => json(Organization::from(organization_view(*state))),
        AnyState::Membership(state) => json(Membership::from(membership_view(*state, user))),
        AnyState::Invitation(state) => {
            json(<Invitation as Owned<OfOrganization>>::convert(view(*state), now))
        }
        AnyState::OrganizationDomain(state) => {
            json(<OrganizationDomain as Owned<OfOrganization>>::convert(view(*state), now))
        }
        AnyState::Role(state) => json(Role::from(view(*state))),
        AnyState::Permission(state) => json(Permission::from(view(*state))),
        AnyState::WaitlistEntry(state) => waitlist_entry(*state),
        AnyState::Plan(state) => json(Plan::from(view(*state))),
        AnyState::Subscription(state) => json(Subscription::from(view(*state))),
        AnyState::SubscriptionItem(state) => json(SubscriptionItem::from(view(*state))),
        AnyState::PaymentAttempt(state) => json(PaymentAttempt::from(view(*state))),
    }
}

fn json(shape: impl Serialize) -> Value {
    serde_json::to_value(shape).unwrap_or_default()
}

fn view<T>(State { id, data, .. }: State<T>) -> ObjectView<T> {
    ObjectView { id, data }
}

fn user_view(State { id, data, .. }: State<UserData>) -> UserView {
    let profile = Profile { private_metadata: None, ..data.profile };
    let verifications = data.verifications.into_values();
    UserView { id, profile, identifiers: verifications.filter_map(identifier).collect() }
}

/// Returns the email address or phone number of a verification, if it has one.
fn identifier(verification: Verification) -> Option<Identifier> {
    let Verification { id, kind, identifier, status, .. } = verification;
    let is_verified = status.as_deref() == Some("verified");
    let is_shown = kind == "email" || kind == "phone";
    let value = identifier.filter(|_| is_shown)?;
    Some(Identifier { id, kind: kind.into_owned(), value, is_verified })
}

fn organization_view(state: State<OrganizationData>) -> ObjectView<OrganizationData> {
    let ObjectView { id, data } = view(state);
    ObjectView { id, data: OrganizationData { private_metadata: None, ..data } }
}

fn membership_view(state: State<MembershipData>, user: Option<&AnyState>) -> MembershipView {
    let ObjectView { id, data } = view(state);
    let profile = match user {
        Some(AnyState::User(user)) => user.data.profile.clone(),
        _ => Profile::default(),
    };
    let member = MemberProfile {
        username: profile.username,
        first_name: profile.first_name,
        last_name: profile.last_name,
        image: profile.image,
        email: profile.email,
    };
    MembershipView { id, data: MembershipData { private_metadata: None, ..data }, member }
}

/// Converts an entry of the waitlist, which the API does not return.
fn waitlist_entry(State { id, data, .. }: State<WaitlistEntryData>) -> Value {
    json!({
        "id": id,
        "email": data.email,
        "status": data.status,
        "invitation_id": data.invitation_id,
        "created_at": Timestamp::from_option(data.created_at),
        "updated_at": Timestamp::from_option(data.updated_at),
    })
}
