//! Entitlements of several payers at once.

use meetvo::store::entitlements::PayerId;

use super::{commit, event, migrated};
use crate::harness::{
    Engine, NOW, apply,
    billing_events::{Item, Payer},
    both_engines,
};

/// Several messages of a batch can be about the same payer.
#[apply(both_engines)]
async fn repeated_payer_has_same_entitlement(engine: Engine) {
    let (_database, store, _tables) = migrated(engine).await;
    let item = Item::new("csub_item_1", Payer::User("user_1"), "pro", "active", 5);
    commit(&store, &[event("msg_1", &item.event("active"))]).await;
    let (payer, other) = (PayerId::user("user_1"), PayerId::organization("org_1"));
    let found = store.entitlements(&[payer.clone(), other.clone(), payer.clone()], NOW).await;
    let [own, others] = [&payer, &other].map(|payer| store.entitlement(payer, NOW));
    let (own, others) = (own.await.unwrap(), others.await.unwrap());
    assert_eq!((own.plan_slug(), others.is_default), (Some("pro"), true));
    assert_eq!(found.unwrap(), [own.clone(), others, own]);
}
