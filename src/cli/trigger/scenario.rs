//! Stories that users of Clerk live through.

use clap::ValueEnum;

use super::user::Change;

/// Several events of one user, in the order in which Clerk sends them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Scenario {
    /// Signs up by email code, and is signed in
    SignUp,
    /// Takes another name, then another email address
    ProfileChange,
    /// Links a Google account
    LinkAccount,
    /// Ends the session of the sign-up
    SignOut,
    /// Deletes the account
    DeleteAccount,
}

/// The type of an event, and what has happened to the user by then.
pub(super) type Step = (&'static str, Change);

impl Scenario {
    /// What happens, in order.
    pub(super) fn steps(self) -> &'static [Step] {
        match self {
            Self::SignUp => &[
                ("email.created", Change::Nothing),
                ("user.created", Change::SignUp),
                ("session.created", Change::SignIn),
            ],
            Self::ProfileChange => &[
                ("user.updated", Change::Rename),
                ("user.updated", Change::AddEmail),
                ("email.created", Change::Nothing),
                ("user.updated", Change::VerifyEmail),
            ],
            Self::LinkAccount => &[("user.updated", Change::LinkGoogle)],
            Self::SignOut => &[("session.ended", Change::Nothing)],
            Self::DeleteAccount => &[("user.deleted", Change::Nothing)],
        }
    }
}
