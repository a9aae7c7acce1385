//! The content of a message.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Shapes, previous, targets::Message, types::message_type};
use crate::{
    domain::Millis,
    objects::{AnyState, ChangeKind, Kind},
    store::{
        Store, StoreError,
        changes::ChangeEntry,
        entitlements::{Entitlement, PayerId},
        push::changes::EventPair,
    },
};

/// Number of bytes of the hash in an ID.
const ID_BYTES: usize = 16;

/// Body of a message.
#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    /// Time of the change.
    timestamp: Value,
    /// The object as the API shows it at the time of the attempt.
    data: Value,
    /// The change as the API shows it, with the earlier values.
    change: Value,
}

/// Returns the ID of the message about an event for an endpoint. Each attempt has the same.
pub(super) fn id(endpoint_id: &str, event_id: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(endpoint_id);
    hash.update([0]);
    hash.update(event_id);
    format!("msg_{}", hex::encode(&hash.finalize()[..ID_BYTES]))
}

/// Everything that messages about changes contain.
#[derive(Debug)]
pub(super) struct Content {
    changes: Vec<ChangeEntry>,
    objects: Objects,
    /// Entitlements at the time of the read.
    entitlements: HashMap<PayerId, Entitlement>,
    /// Earlier values of entitlements, by the number of the change.
    earlier: HashMap<i64, Value>,
    /// Events with the states before and after an update, by the number of the change.
    pairs: HashMap<i64, EventPair>,
}

impl Content {
    /// Reads the content of the messages about these changes, of which some have to be read.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub(super) async fn read(
        store: &Store,
        due: Vec<(i64, Option<ChangeEntry>)>,
        now: Millis,
    ) -> Result<Self, StoreError> {
        let is_unknown = |it: &&(i64, Option<ChangeEntry>)| it.1.is_none();
        let unknown: Vec<i64> = due.iter().filter(is_unknown).map(|(seq, _)| *seq).collect();
        let mut changes: Vec<ChangeEntry> =
            due.into_iter().filter_map(|(_, change)| change).collect();
        if !unknown.is_empty() {
            changes.extend(store.changes_by_seq(&unknown).await?);
        }
        let objects = read_objects(store, &changes).await?;
        let payers: Vec<PayerId> = changes.iter().filter_map(payer).collect();
        let entitlements = store.entitlements(&payers, now).await?.into_iter();
        let entitlements = entitlements.map(|it| (it.payer.clone(), it)).collect();
        let earlier = store.earlier_plans(&changes).await?;
        let pairs = store.event_pairs(&changes).await?;
        Ok(Self { changes, objects, entitlements, earlier, pairs })
    }

    /// Creates the messages, by the number of the change.
    pub(super) fn into_messages(
        self,
        shapes: Shapes,
        endpoint_id: &str,
        now: Millis,
    ) -> HashMap<i64, Message> {
        let Self { changes, objects, entitlements, earlier, pairs } = self;
        let messages = changes.into_iter().map(|change| {
            let entitlement = payer(&change).and_then(|payer| entitlements.get(&payer));
            let data = match entitlement.filter(|_| !change.deleted) {
                Some(entitlement) => (shapes.entitlement)(entitlement.clone()),
                None => data(shapes, &objects, &change, now),
            };
            let values = || previous::values(shapes, pairs.get(&change.seq)?, &change.id);
            let known = earlier.get(&change.seq).cloned();
            let earlier = known.or_else(|| values().map(Value::Object));
            let message_type = message_type(change.kind, change.operation);
            let (seq, id) = (change.seq, id(endpoint_id, &change.event_id));
            let mut change = (shapes.change)(change);
            let timestamp = change["at"].clone();
            change["previous"] = earlier.unwrap_or_default();
            let body = Body { r#type: &message_type, timestamp, data, change };
            let body = serde_json::to_string(&body).unwrap_or_default();
            (seq, Message { id, message_type, body })
        });
        messages.collect()
    }
}

/// Creates a message that tests an endpoint.
pub(super) fn test(endpoint_id: &str, timestamp: impl Serialize, id: String) -> Message {
    let data = json!({ "endpoint_id": endpoint_id });
    let message_type = "meetvo.test".to_owned();
    let body = json!({ "type": message_type, "timestamp": timestamp, "data": data });
    Message { id, message_type, body: body.to_string() }
}

/// Objects by kind and ID. A deleted object has no state.
type Objects = HashMap<(Kind, String), Option<AnyState>>;

/// Reads the objects of changes, and the users of memberships. Objects that cannot be read are left
/// out.
async fn read_objects(store: &Store, changes: &[ChangeEntry]) -> Result<Objects, StoreError> {
    let mut wanted: HashMap<Kind, Vec<&str>> = HashMap::new();
    for change in changes.iter().filter(|change| !change.deleted) {
        let Some(kind) = change.kind.object() else { continue };
        wanted.entry(kind).or_default().push(&change.id);
        if let (Kind::Membership, Some(user_id)) = (kind, &change.user_id) {
            wanted.entry(Kind::User).or_default().push(user_id);
        }
    }
    let mut objects = Objects::new();
    for (kind, mut ids) in wanted {
        ids.sort_unstable();
        ids.dedup();
        let found = store.whole_objects(kind, &ids).await?;
        objects.extend(found.into_iter().map(|it| {
            let has_state = it.lifecycle().has_state();
            ((kind, it.state.id().to_owned()), has_state.then_some(it.state))
        }));
    }
    Ok(objects)
}

/// Returns the payer whose plan changed, if the change is one of a plan.
fn payer(change: &ChangeEntry) -> Option<PayerId> {
    if change.kind != ChangeKind::Entitlement {
        return None;
    }
    let is_organization = change.organization_id.as_ref() == Some(&change.id);
    let kind = if is_organization { Kind::Organization } else { Kind::User };
    Some(PayerId { kind, id: change.id.clone() })
}

fn data(shapes: Shapes, objects: &Objects, change: &ChangeEntry, now: Millis) -> Value {
    let user = change.user_id.clone().and_then(|id| objects.get(&(Kind::User, id))?.as_ref());
    let object = change.kind.object().and_then(|kind| objects.get(&(kind, change.id.clone())));
    match object {
        Some(Some(state)) => (shapes.object)(state.clone(), user, now),
        Some(None) => json!({ "id": change.id, "deleted": true }),
        None if change.deleted => json!({ "id": change.id, "deleted": true }),
        None => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn id_depends_on_endpoint_and_event() {
        let ids =
            [id("ep_1", "msg_1"), id("ep_1", "msg_2"), id("ep_2", "msg_1"), id("ep_", "1msg_1")];
        for (index, id) in ids.iter().enumerate() {
            assert!(id.len() == 36 && !ids[..index].contains(id), "{ids:?}");
        }
        assert_eq!(id("ep_1", "msg_1"), ids[0]);
    }
}
