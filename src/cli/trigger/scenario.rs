//! Scenarios: series of events that Clerk sends about one user.

use clap::ValueEnum;

use super::user_state::UserChange;

/// A series of events about one user, in the order in which Clerk sends them.
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
}

/// An event type, and the change of the user that precedes the event.
pub(super) type Step = (&'static str, UserChange);

impl Scenario {
    /// Returns the events in order.
    pub(super) fn steps(self) -> &'static [Step] {
        match self {
            Self::SignUp => &[
                ("email.created", UserChange::None),
                ("user.created", UserChange::SignUp),
                ("session.created", UserChange::SignIn),
            ],
            Self::ProfileChange => &[
                ("user.updated", UserChange::Rename),
                ("user.updated", UserChange::AddEmail),
                ("email.created", UserChange::None),
                ("user.updated", UserChange::VerifyEmail),
            ],
            Self::LinkAccount => &[("user.updated", UserChange::LinkGoogle)],
            Self::SignOut => &[("session.ended", UserChange::None)],
            Self::DeleteAccount => &[("user.deleted", UserChange::None)],
        }
    }
}
