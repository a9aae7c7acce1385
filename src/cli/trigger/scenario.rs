//! Scenarios: series of events that Clerk sends about one user, and the user's organization and
//! subscription.

use clap::ValueEnum;

use super::{
    billing_state::BillingChange, organization_state::OrganizationChange, user_state::UserChange,
};

/// A series of events about one user, and the user's organization and subscription, in the order in
/// which Clerk sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Scenario {
    /// Sign up with an email code, which starts a session
    SignUp,
    /// Change the name, then the email address
    ProfileChange,
    /// Link a Google account
    LinkAccount,
    /// End the session of the sign-up
    SignOut,
    /// Delete the user
    DeleteAccount,
    /// Create the user's organization, with the user as administrator
    CreateOrganization,
    /// Invite another user to the organization, who signs up and joins
    InviteMember,
    /// Make the invited member an administrator
    ChangeRole,
    /// End the membership of the invited member
    LeaveOrganization,
    /// Delete the organization
    DeleteOrganization,
    /// Subscribe to the plan `team`
    Subscribe,
    /// Change to the plan `scale`: the new item starts before the old one ends
    Upgrade,
    /// Cancel the plan, which stays until its period ends
    Cancel,
    /// Fail to pay for the next period
    PaymentFails,
    /// Try the plan `team` for two weeks
    Trial,
}

/// An event type, and the change that precedes the event.
pub(super) type Step = (&'static str, Change);

/// A change that causes an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// A change of the user.
    User(UserChange),
    /// A change of the user's organization.
    Organization(OrganizationChange),
    /// A change of the user's subscription.
    Billing(BillingChange),
}

const SUBSCRIBE: &[Step] = &[
    ("subscription.created", Change::Billing(BillingChange::Start)),
    ("paymentAttempt.created", Change::Billing(BillingChange::Charge)),
    ("subscriptionItem.active", Change::Billing(BillingChange::Activate)),
    ("subscriptionItem.ended", Change::Billing(BillingChange::EndFree)),
    ("paymentAttempt.updated", Change::Billing(BillingChange::Pay)),
    ("subscription.updated", Change::Billing(BillingChange::Refresh)),
];

const UPGRADE: &[Step] = &[
    ("subscriptionItem.active", Change::Billing(BillingChange::Upgrade)),
    ("subscriptionItem.ended", Change::Billing(BillingChange::EndPrevious)),
    ("subscription.updated", Change::Billing(BillingChange::Refresh)),
];

const CANCEL: &[Step] = &[
    ("subscriptionItem.canceled", Change::Billing(BillingChange::Cancel)),
    ("subscriptionItem.upcoming", Change::Billing(BillingChange::FollowFree)),
    ("subscription.updated", Change::Billing(BillingChange::Refresh)),
];

const PAYMENT_FAILS: &[Step] = &[
    ("paymentAttempt.created", Change::Billing(BillingChange::Charge)),
    ("paymentAttempt.updated", Change::Billing(BillingChange::Decline)),
    ("subscriptionItem.pastDue", Change::Billing(BillingChange::PastDue)),
    ("subscription.pastDue", Change::Billing(BillingChange::MarkPastDue)),
];

const TRIAL: &[Step] = &[
    ("subscription.created", Change::Billing(BillingChange::Start)),
    ("subscriptionItem.active", Change::Billing(BillingChange::StartTrial)),
    ("subscriptionItem.freeTrialEnding", Change::Billing(BillingChange::TrialEnds)),
];

impl Scenario {
    /// Returns the events in order.
    pub(super) fn steps(self) -> &'static [Step] {
        use Change::{Organization, User};
        match self {
            Self::SignUp => &[
                ("email.created", User(UserChange::None)),
                ("user.created", User(UserChange::SignUp)),
                ("session.created", User(UserChange::SignIn)),
            ],
            Self::ProfileChange => &[
                ("user.updated", User(UserChange::Rename)),
                ("user.updated", User(UserChange::AddEmail)),
                ("email.created", User(UserChange::None)),
                ("user.updated", User(UserChange::VerifyEmail)),
            ],
            Self::LinkAccount => &[("user.updated", User(UserChange::LinkGoogle))],
            Self::SignOut => &[("session.ended", User(UserChange::None))],
            Self::DeleteAccount => &[("user.deleted", User(UserChange::None))],
            Self::CreateOrganization => &[
                ("organization.created", Organization(OrganizationChange::Create)),
                ("organizationMembership.created", Organization(OrganizationChange::CreatorJoins)),
            ],
            Self::InviteMember => &[
                ("organizationInvitation.created", Organization(OrganizationChange::Invite)),
                ("user.created", Organization(OrganizationChange::MemberSignsUp)),
                ("organizationInvitation.accepted", Organization(OrganizationChange::Accept)),
                ("organizationMembership.created", Organization(OrganizationChange::MemberJoins)),
            ],
            Self::ChangeRole => {
                &[("organizationMembership.updated", Organization(OrganizationChange::ChangeRole))]
            }
            Self::LeaveOrganization => &[(
                "organizationMembership.deleted",
                Organization(OrganizationChange::MemberLeaves),
            )],
            Self::DeleteOrganization => {
                &[("organization.deleted", Organization(OrganizationChange::Delete))]
            }
            Self::Subscribe => SUBSCRIBE,
            Self::Upgrade => UPGRADE,
            Self::Cancel => CANCEL,
            Self::PaymentFails => PAYMENT_FAILS,
            Self::Trial => TRIAL,
        }
    }

    /// Returns the scenario that creates the objects that this one needs.
    fn prerequisite(self) -> Option<Self> {
        match self {
            Self::SignUp => None,
            Self::ProfileChange
            | Self::LinkAccount
            | Self::SignOut
            | Self::DeleteAccount
            | Self::CreateOrganization
            | Self::Subscribe
            | Self::Trial => Some(Self::SignUp),
            Self::Upgrade | Self::Cancel | Self::PaymentFails => Some(Self::Subscribe),
            Self::InviteMember | Self::DeleteOrganization => Some(Self::CreateOrganization),
            Self::ChangeRole | Self::LeaveOrganization => Some(Self::InviteMember),
        }
    }

    /// Adds the scenarios that this one needs unless they come earlier, and then this one.
    pub(super) fn push_with_prerequisites(self, scenarios: &mut Vec<Self>) {
        if let Some(before) = self.prerequisite().filter(|before| !scenarios.contains(before)) {
            before.push_with_prerequisites(scenarios);
        }
        scenarios.push(self);
    }
}
