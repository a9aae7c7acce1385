//! The payer of an object: a user or an organization.

use crate::{
    domain::json::Json,
    objects::{
        Kind,
        decode::{Fault, Fields, Labels},
        state::Owners,
    },
};

/// Payer of a subscription, an item or a payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::objects) struct Payer {
    /// ID of the payer, `cpayer_…`.
    pub(in crate::objects) id: Option<String>,
    /// ID of the user, if the payer is one.
    pub(in crate::objects) user_id: Option<String>,
    /// ID of the organization, if the payer is one.
    pub(in crate::objects) organization_id: Option<String>,
}

impl Payer {
    /// Reads the payer in the data of an event. Clerk sends the ID that does not apply as an empty
    /// text, which counts as none.
    ///
    /// # Errors
    /// Returns an error if the payer is neither a user nor an organization.
    pub(in crate::objects) fn required(data: &Fields<'_>) -> Result<Self, Fault> {
        let payer = data.object("payer").ok_or(Fault::Missing("data.payer"))?;
        let organization_id = payer.item_id("organization_id");
        // A payer is one of them.
        let user_id = payer.item_id("user_id").filter(|_| organization_id.is_none());
        if user_id.is_none() && organization_id.is_none() {
            return Err(Fault::Missing("data.payer.user_id"));
        }
        let id = data.item_id("payer_id").or_else(|| payer.item_id("id"));
        Ok(Self { id, user_id, organization_id })
    }
}

/// Returns the owner of an object with these IDs of its payer.
pub(in crate::objects) fn owner<'a>(
    user_id: Option<&'a String>,
    organization_id: Option<&'a String>,
) -> Owners<'a> {
    [user_id.map(|id| (Kind::User, &**id)), organization_id.map(|id| (Kind::Organization, &**id))]
}

/// Reads the IDs of the payer from data that may not be decodable.
pub(in crate::objects) fn labels(data: &Json<'_>) -> Labels {
    Labels {
        user_id: Labels::id(data, &["payer", "user_id"]),
        organization_id: Labels::id(data, &["payer", "organization_id"]),
    }
}
