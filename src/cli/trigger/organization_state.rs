//! The user's organization with its members, as they are after each event of a scenario.
//!
//! The IDs of the organization, its members and their memberships are derived from the ID of the
//! user who creates it. A later call with the same user is therefore about the same objects.
//! Invitations have new IDs in each call.

use serde_json::Value;

use self::OrganizationChange::{
    Accept, ChangeRole, Create, CreatorJoins, Delete, Invite, MemberJoins, MemberLeaves,
    MemberSignsUp,
};
use super::{
    examples,
    fake_user::FakeUser,
    ksuid,
    rewrite::object_of_example,
    user_state::{UserChange, UserUpsert, set_field},
};
use crate::{cli::CommandError, domain::Millis};

/// Lifetime of an invitation in milliseconds.
const INVITATION_LIFETIME: Millis = 30 * 24 * 60 * 60 * 1000;

/// A change of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OrganizationChange {
    /// The user creates the organization.
    Create,
    /// The user becomes an administrator of the organization.
    CreatorJoins,
    /// The user invites another member. If the last member has left, that member is invited again.
    Invite,
    /// The invited member signs up.
    MemberSignsUp,
    /// The invited member accepts the invitation.
    Accept,
    /// The invited member joins the organization.
    MemberJoins,
    /// The invited member becomes an administrator.
    ChangeRole,
    /// The invited member leaves the organization.
    MemberLeaves,
    /// The user deletes the organization.
    Delete,
}

/// Parameters of the organization of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct OrganizationOptions<'a> {
    /// Number of the first member to invite. Each number stands for another person.
    pub(super) first_member: u64,
    /// Key from which IDs are derived that are new in each call.
    pub(super) key: &'a str,
    /// Creation second (Unix time) of these IDs.
    pub(super) second: i64,
    /// ID of the Clerk instance; `None` keeps that of the examples.
    pub(super) instance: Option<&'a str>,
    /// Current time.
    pub(super) now: Millis,
}

/// An organization with its creator and the member who was invited last. Objects are in Clerk's
/// format.
#[derive(Debug)]
pub(super) struct OrganizationState<'a> {
    options: OrganizationOptions<'a>,
    creator: FakeUser,
    organization: Value,
    creator_membership: Value,
    invitation: Value,
    /// Number of invitations in this call.
    invitations: u64,
    member: Member,
    deleted_object: Value,
}

/// The member who was invited last.
#[derive(Debug)]
struct Member {
    number: u64,
    user: UserUpsert,
    membership: Value,
    progress: Progress,
    /// Number of times that the member was invited again in this call.
    rejoins: u64,
}

/// The last change of a member in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    None,
    Joined,
    Left,
}

impl<'a> OrganizationState<'a> {
    /// Returns the organization of a user, with the creator and one member.
    pub(super) fn new(
        creator: FakeUser,
        options: OrganizationOptions<'a>,
    ) -> Result<Self, CommandError> {
        let created_at = creator.created_at;
        let object =
            |kind| object_of_example(kind, &creator, &creator.id, created_at, options.instance);
        let mut organization = object("organization.created")?;
        set_field(&mut organization, "/name", creator.organization_name());
        set_field(&mut organization, "/slug", creator.organization_slug());
        let mut creator_membership = object("organizationMembership.created")?;
        promote(&mut creator_membership)?;
        let deleted_object = examples::example("organization.deleted")?["data"].take();
        let member = Member::new(&creator, options.first_member, options)?;
        Ok(Self {
            options,
            creator,
            organization,
            creator_membership,
            invitation: Value::Null,
            invitations: 0,
            member,
            deleted_object,
        })
    }

    /// Applies a change, and returns whether Clerk sends an event for it.
    pub(super) fn apply(
        &mut self,
        change: OrganizationChange,
        at: Millis,
    ) -> Result<bool, CommandError> {
        match change {
            Create => set_field(&mut self.organization, "/updated_at", at),
            CreatorJoins => set_field(&mut self.creator_membership, "/updated_at", at),
            Invite => self.invite(at)?,
            // A member who joins again has an account.
            MemberSignsUp if self.member.rejoins > 0 => return Ok(false),
            MemberSignsUp => {
                self.member.user.apply(UserChange::SignUp, at, self.options.instance)?;
            }
            Accept => {
                set_field(&mut self.invitation, "/status", "accepted");
                set_field(&mut self.invitation, "/updated_at", at);
                add_field(&mut self.invitation, "user_id", self.member.user.user.id.as_str());
            }
            MemberJoins => {
                self.member.progress = Progress::Joined;
                set_field(&mut self.member.membership, "/updated_at", at);
            }
            ChangeRole => {
                self.member.progress = Progress::Joined;
                promote(&mut self.member.membership)?;
                set_field(&mut self.member.membership, "/updated_at", at);
            }
            // The event contains the membership as after its last change, also in `updated_at`.
            MemberLeaves => self.member.progress = Progress::Left,
            Delete => {
                for pointer in ["/id", "/slug"] {
                    let value = field(&self.organization, pointer);
                    set_field(&mut self.deleted_object, pointer, value);
                }
            }
        }
        let embedded = embedded(&self.organization);
        for membership in [&mut self.creator_membership, &mut self.member.membership] {
            set_field(membership, "/organization", embedded.clone());
        }
        Ok(true)
    }

    /// Returns the object in the event of a change.
    pub(super) fn object_mut(&mut self, change: OrganizationChange) -> &mut Value {
        match change {
            Create => &mut self.organization,
            CreatorJoins => &mut self.creator_membership,
            Invite | Accept => &mut self.invitation,
            MemberSignsUp => &mut self.member.user.object,
            MemberJoins | ChangeRole | MemberLeaves => &mut self.member.membership,
            Delete => &mut self.deleted_object,
        }
    }

    fn invite(&mut self, at: Millis) -> Result<(), CommandError> {
        match self.member.progress {
            Progress::None => {}
            Progress::Joined => {
                let number = self.member.number.saturating_add(1);
                self.member = Member::new(&self.creator, number, self.options)?;
            }
            Progress::Left => self.member.invite_again(self.options, at)?,
        }
        let OrganizationOptions { key, second, instance, .. } = self.options;
        let key = format!("{key}.{}", self.invitations);
        self.invitations += 1;
        let user = &self.member.user.user;
        let kind = "organizationInvitation.created";
        self.invitation = object_of_example(kind, user, &key, second * 1000, instance)?;
        let invitation = &mut self.invitation;
        set_field(invitation, "/organization_id", field(&self.organization, "/id"));
        // Clerk copies the metadata of an invitation to the membership.
        for pointer in ["/public_metadata", "/private_metadata"] {
            set_field(invitation, pointer, field(&self.member.membership, pointer));
        }
        set_field(invitation, "/created_at", at);
        set_field(invitation, "/updated_at", at);
        set_field(invitation, "/expires_at", at.saturating_add(INVITATION_LIFETIME));
        let mut inviter = field(&self.creator_membership, "/public_user_data");
        remove_field(&mut inviter, "profile_image_url");
        add_field(invitation, "inviter_id", self.creator.id.as_str());
        add_field(invitation, "public_inviter_data", inviter);
        Ok(())
    }
}

impl Member {
    /// Returns the member with a number, who joined when the organization was created.
    fn new(
        creator: &FakeUser,
        number: u64,
        options: OrganizationOptions<'_>,
    ) -> Result<Self, CommandError> {
        let second = creator.created_at / 1000;
        let id = ksuid::id("user", second, &creator.id, &format!("member {number}"));
        let user = FakeUser::new(id, options.now);
        let kind = "organizationMembership.created";
        let membership =
            object_of_example(kind, &user, &user.id, user.created_at, options.instance)?;
        let user = UserUpsert::new(user, options.instance)?;
        Ok(Self { number, user, membership, progress: Progress::None, rejoins: 0 })
    }

    /// Replaces the membership by a new one, because a membership that has ended does not come
    /// back.
    fn invite_again(
        &mut self,
        options: OrganizationOptions<'_>,
        at: Millis,
    ) -> Result<(), CommandError> {
        self.rejoins += 1;
        let OrganizationOptions { key, second, instance, .. } = options;
        let key = format!("{key}.{}", self.rejoins);
        let kind = "organizationMembership.created";
        let user = &self.user.user;
        self.membership = object_of_example(kind, user, &key, second * 1000, instance)?;
        set_field(&mut self.membership, "/created_at", at);
        self.progress = Progress::None;
        Ok(())
    }
}

/// Gives a membership the role of an administrator.
fn promote(membership: &mut Value) -> Result<(), CommandError> {
    let administrator = examples::example("organizationMembership.updated")?;
    for name in ["role", "role_name", "permissions"] {
        let value = field(&administrator, &format!("/data/{name}"));
        set_field(membership, &format!("/{name}"), value);
    }
    Ok(())
}

/// Returns an organization as memberships embed it.
fn embedded(organization: &Value) -> Value {
    let mut embedded = organization.clone();
    remove_field(&mut embedded, "private_metadata");
    remove_field(&mut embedded, "created_by");
    embedded
}

/// Returns the value of a field, or null if an edit has removed it.
fn field(object: &Value, pointer: &str) -> Value {
    object.pointer(pointer).cloned().unwrap_or_default()
}

fn add_field(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value.into());
    }
}

fn remove_field(object: &mut Value, name: &str) {
    if let Some(fields) = object.as_object_mut() {
        fields.remove(name);
    }
}
