//! Subscriptions, one for each payer.
//!
//! Clerk has no list of subscriptions. The pages are those of the list of items, and the
//! subscription of each payer in a page is requested by the payer.

use std::collections::HashSet;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use serde_json::{Map, Value, json, value::to_raw_value};

use super::{Lookup, ObjectPage, OffsetPages, unexpected};
use crate::{
    clerk::backend::{Backend, BackendError, RetryPolicy},
    domain::{Millis, change_source::ChangeSource},
    objects::{AnyState, Kind, api_access::List, decode::api_object, event::Event},
};

/// Field of a subscription with its items.
const ITEMS: &str = "subscription_items";

/// Maximum number of concurrent requests to Clerk.
const CONCURRENT_REQUESTS: usize = 8;

/// Iteration over the subscriptions of the payers in a list of items.
#[derive(Debug)]
pub(in crate::sync) struct PayerPages<'a> {
    backend: &'a Backend,
    items: OffsetPages<'a>,
    source: ChangeSource,
    /// Payers whose subscriptions the pages before had.
    seen: HashSet<Payer>,
}

impl<'a> PayerPages<'a> {
    pub(super) fn after(
        backend: &'a Backend,
        list: List,
        from: (Vec<String>, u64),
        source: ChangeSource,
    ) -> Self {
        let items = OffsetPages::after(backend, (Kind::SubscriptionItem, list), from, source);
        Self { backend, items, source, seen: HashSet::new() }
    }

    pub(super) fn cursor(&self) -> &[String] {
        self.items.cursor()
    }

    pub(super) async fn next_page(
        &mut self,
        now: impl Fn() -> Millis,
    ) -> Result<ObjectPage, BackendError> {
        let ObjectPage { objects, is_last } = self.items.next_page(&now).await?;
        let payers = objects.iter().filter_map(Payer::of_event);
        let payers: Vec<Payer> = payers.filter(|payer| self.seen.insert(payer.clone())).collect();
        let requests = stream::iter(payers).map(|payer| self.fetch(payer, now()));
        let found: Vec<_> = requests.buffered(CONCURRENT_REQUESTS).try_collect().await?;
        Ok(ObjectPage { objects: found.into_iter().flatten().collect(), is_last })
    }

    async fn fetch(&self, payer: Payer, now: Millis) -> Result<Option<Event>, BackendError> {
        let found = subscription(self.backend, &payer).await?;
        found.map(|it| fetched(Kind::Subscription, &it, (self.source, now))).transpose()
    }
}

/// A payer: the kind and the ID of the user or the organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Payer(Kind, String);

impl Payer {
    fn of_event(event: &Event) -> Option<Self> {
        event.content.change()?.states().find_map(Self::of)
    }

    fn of(state: &AnyState) -> Option<Self> {
        let (kind, id) = state.owners().next()?;
        Some(Self(kind, id.to_owned()))
    }
}

/// Returns the subscription of a payer, with the payer in it and in each item. Clerk's response has
/// the ID of the payer only.
async fn subscription(
    backend: &Backend,
    Payer(kind, id): &Payer,
) -> Result<Option<Map<String, Value>>, BackendError> {
    let (list, field) = match kind {
        Kind::Organization => ("organizations", "organization_id"),
        _ => ("users", "user_id"),
    };
    let path = [list, id, "billing", "subscription"];
    let Some(found) = backend.object(&path, RetryPolicy::Persistent).await? else {
        return Ok(None);
    };
    let parsed = serde_json::from_str(found.get());
    let mut subscription: Map<String, Value> =
        parsed.map_err(|_| unexpected(Kind::Subscription, "is no object"))?;
    let mut payer = json!({ field: id });
    if let Some(payer_id) = subscription.get("payer_id") {
        payer["id"] = payer_id.clone();
    }
    let own_id = subscription.get("id").cloned().unwrap_or_default();
    let items = subscription.get_mut(ITEMS).and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
        item.insert("payer".to_owned(), payer.clone());
        item.insert("subscription_id".to_owned(), own_id.clone());
    }
    subscription.insert("payer".to_owned(), payer);
    Ok(Some(subscription))
}

/// Returns the event with the state of an object.
fn fetched(
    kind: Kind,
    object: &impl Serialize,
    (source, now): (ChangeSource, Millis),
) -> Result<Event, BackendError> {
    let object = to_raw_value(object).map_err(|_| unexpected(kind, "is no object"))?;
    Ok(api_object::fetched(kind, &object, source, now))
}

/// Looks for a subscription or an item in the subscription of the payer.
///
/// # Errors
/// Returns an error if the request to Clerk fails.
pub(super) async fn look_up(
    backend: &Backend,
    state: &AnyState,
    now: Millis,
) -> Result<Lookup, BackendError> {
    // Without its payer, the object cannot be requested.
    let Some(payer) = Payer::of(state) else { return Ok(Lookup::Exists) };
    let Some(found) = subscription(backend, &payer).await? else { return Ok(Lookup::Missing) };
    let is_it = |object: &Map<String, Value>| object.get("id") == Some(&json!(state.id()));
    let items = found.get(ITEMS).and_then(Value::as_array).into_iter().flatten();
    let mut objects = [&found].into_iter().chain(items.filter_map(Value::as_object));
    Ok(match objects.find(|object| is_it(object)) {
        Some(object) => {
            let event = fetched(state.kind(), object, (ChangeSource::Repair, now))?;
            Lookup::Found(Box::new(event))
        }
        None => Lookup::Missing,
    })
}
