//! Session tokens whose active organization is still that of the user.
//!
//! A token stays valid for a minute after its user has left the active organization, or has got
//! another role in it. The endpoints about memberships and organizations reject such a token as soon
//! as the synced tables contain the change. A token is newer than a change that is older than its
//! issue: it can name a membership or a role that is not synced yet, and is accepted.

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;

use super::{Caller, Key, Read, SignedInUser, state};
use crate::{
    clerk::session_token::ActiveOrganization,
    domain::{Millis, organization_key::is_same_key},
    http::{State, problem::Problem},
    store::authorization::ActiveMembership,
};

/// Extractor for a signed-in user whose active organization, if the token names one, is current.
pub(in crate::http) struct SignedInMember(pub(in crate::http) SignedInUser);

impl FromRequest for SignedInMember {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (signed_in, state) = (SignedInUser::from_request(request, payload), state(request));
        Box::pin(async move {
            let signed_in = signed_in.await?;
            check_active_organization(&signed_in, &*state?).await?;
            Ok(Self(signed_in))
        })
    }
}

/// Extractor for a [`Caller`]. The active organization of a session token must be current.
pub(in crate::http) struct MemberCaller(pub(in crate::http) Caller);

impl FromRequest for MemberCaller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (caller, state) = (Caller::from_request(request, payload), state(request));
        Box::pin(async move {
            let caller = caller.await?;
            if let Caller::Session(signed_in) = &caller {
                check_active_organization(signed_in, &*state?).await?;
            }
            Ok(Self(caller))
        })
    }
}

/// Extractor for a caller that can read an organization: a backend or, if members can see each
/// other, a signed-in user. The endpoint checks that the user is a member.
pub(in crate::http) struct OrganizationReader(pub(in crate::http) Caller);

impl FromRequest for OrganizationReader {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if state(request).is_ok_and(|state| state.members_see_members) {
            let caller = MemberCaller::from_request(request, payload);
            return Box::pin(async move { caller.await.map(|MemberCaller(caller)| Self(caller)) });
        }
        let key = Key::<Read>::from_request(request, payload);
        Box::pin(async move { key.await.map(|key| Self(Caller::Key(key))) })
    }
}

async fn check_active_organization(signed_in: &SignedInUser, state: &State) -> Result<(), Problem> {
    let Some(organization) = &signed_in.active_organization else { return Ok(()) };
    let membership = state.store.active_membership(&signed_in.user_id, &organization.id).await?;
    let Some((code, detail)) = rejection(organization, signed_in.issued_at, &membership) else {
        return Ok(());
    };
    tracing::debug!(organization = organization.id, code, "rejected a valid session token");
    Err(Problem::unauthorized(code, detail))
}

/// Returns the reason to reject a valid token for its active organization, as a code and a detail.
/// The token states its time to the second, so that a change in the same second counts as later.
fn rejection(
    organization: &ActiveOrganization,
    issued_at: Millis,
    membership: &ActiveMembership,
) -> Option<(&'static str, &'static str)> {
    let is_later = |changed_at: Millis| changed_at >= issued_at;
    match membership {
        ActiveMembership::Absent { is_organization_deleted, membership_deleted_at } => {
            let is_ended = *is_organization_deleted || membership_deleted_at.is_some_and(is_later);
            let detail = "the user is no longer a member of the token's active organization: get a \
                          new token with skipCache";
            is_ended.then_some(("token_organization_membership_ended", detail))
        }
        ActiveMembership::Present { role, updated_at } => {
            let roles = role.as_ref().zip(organization.role.as_ref());
            let is_changed = roles.is_some_and(|(held, stated)| !is_same_key(held, stated));
            let detail = "the user no longer has the token's role in the active organization: get a \
                          new token with skipCache";
            (is_changed && is_later(*updated_at))
                .then_some(("token_organization_role_changed", detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ActiveMembership, ActiveOrganization, rejection};

    const ISSUED_AT: i64 = 1_000;

    fn code(role: Option<&str>, membership: &ActiveMembership) -> Option<&'static str> {
        let role = role.map(str::to_owned);
        let organization = ActiveOrganization { id: "org_1".to_owned(), role };
        rejection(&organization, ISSUED_AT, membership).map(|(code, _)| code)
    }

    #[test]
    fn only_later_deletion_ends_membership() {
        let absent = |is_organization_deleted, membership_deleted_at| ActiveMembership::Absent {
            is_organization_deleted,
            membership_deleted_at,
        };
        let ended = Some("token_organization_membership_ended");
        for (membership, expected) in [
            (absent(false, None), None),
            (absent(false, Some(ISSUED_AT - 1)), None),
            (absent(false, Some(ISSUED_AT)), ended),
            (absent(true, None), ended),
        ] {
            assert_eq!(code(Some("admin"), &membership), expected, "{membership:?}");
        }
    }

    #[test]
    fn only_later_change_replaces_role() {
        let present = |role: Option<&str>, updated_at| ActiveMembership::Present {
            role: role.map(str::to_owned),
            updated_at,
        };
        let changed = Some("token_organization_role_changed");
        for (stated, membership, expected) in [
            (Some("admin"), present(Some("org:admin"), ISSUED_AT), None),
            (Some("org:admin"), present(Some("org:admin"), ISSUED_AT), None),
            (Some("admin"), present(Some("org:member"), ISSUED_AT), changed),
            (Some("admin"), present(Some("org:member"), ISSUED_AT - 1), None),
            (Some("admin"), present(None, ISSUED_AT), None),
            (None, present(Some("org:member"), ISSUED_AT), None),
        ] {
            assert_eq!(code(stated, &membership), expected, "{stated:?} {membership:?}");
        }
    }
}
