//! Signatures of messages, by the rules of Standard Webhooks.

use svix::webhooks::Webhook;

use super::Message;
use crate::domain::Millis;

/// Names of the headers with ID, time and signature: those of Standard Webhooks and those of Svix.
pub(super) const HEADER_FAMILIES: [[&str; 3]; 2] = [
    ["webhook-id", "webhook-timestamp", "webhook-signature"],
    ["svix-id", "svix-timestamp", "svix-signature"],
];

/// Signer of messages with one secret.
#[derive(Debug)]
pub struct Signer {
    /// The secret.
    pub secret: Webhook,
    /// Time after which messages are no longer signed with it.
    pub expires_at: Option<Millis>,
}

/// Returns the headers of a message that is signed at the time `now`, or none if a secret is
/// malformed.
pub(super) fn headers(
    signers: &[Signer],
    Message { id, body, .. }: &Message,
    now: Millis,
) -> Option<Vec<(&'static str, String)>> {
    let seconds = now / 1_000;
    let valid = signers.iter().filter(|it| it.expires_at.is_none_or(|at| now < at));
    let signatures: Result<Vec<_>, _> =
        valid.map(|signer| signer.secret.sign(id, seconds, body.as_bytes())).collect();
    let values = [id.clone(), seconds.to_string(), signatures.ok()?.join(" ")];
    let families = HEADER_FAMILIES.into_iter();
    Some(families.flat_map(|names| names.into_iter().zip(values.clone())).collect())
}
