//! State of an entry of the waitlist.

use crate::{
    domain::Millis,
    objects::{
        columns::columns,
        state::{ObjectData, State},
    },
};

/// State of an entry of the waitlist, `wle_…`.
pub type WaitlistEntry = State<WaitlistEntryData>;

columns! {
    /// Values of an entry of the waitlist.
    pub struct WaitlistEntryData {
        /// Address of the person who waits.
        pub email: Option<String>,
        /// `pending`, `invited`, `completed`, `rejected`: an open set.
        pub status: Option<String>,
        /// Id of the invitation, once the person is invited.
        pub invitation_id: Option<String>,
        /// Time at which the person joined the waitlist.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for WaitlistEntryData {}
