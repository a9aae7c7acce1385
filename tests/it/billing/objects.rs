//! Storage and reads of plans, subscriptions, items and payment attempts.

use serde_json::{Value, json};

use super::{ORGANIZATION, USER, apply_all, entitlement, start, summary};
use crate::harness::{
    Engine, KEY, NOW, apply,
    billing_events::{Item, payment_event, subscription_event},
    both_engines, fixtures,
};

#[apply(both_engines)]
async fn subscription_and_items_are_returned(engine: Engine) {
    let service = start(engine).await;
    let items = [
        Item::new("csub_item_1", USER, "pro", "active", 5),
        Item::new("csub_item_2", USER, "free", "upcoming", 5),
    ];
    apply_all(&service, &[subscription_event("created", USER, "active", &items, 5)]).await;
    let answer = service.get("/v1/users/user_1/subscriptions").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let subscription = &answer.body["data"][0];
    assert_eq!(subscription["id"], "csub_user_1");
    assert_eq!(
        (&subscription["status"], &subscription["user_id"], &subscription["organization_id"]),
        (&json!("active"), &json!("user_1"), &Value::Null),
        "an empty ID is none"
    );
    let stored = answer.body["items"].as_array().unwrap();
    assert_eq!(stored.len(), 2);
    assert_eq!(stored[0]["subscription_id"], "csub_user_1", "the embedded item has none");
    assert_eq!(stored[0]["plan_slug"], "pro");
    assert_eq!(stored[0]["plan_amount"], 2_000);
    assert_eq!(service.list("/v1/subscriptions?status=active").await.len(), 1);
    assert_eq!(service.list("/v1/subscriptions?status=past_due").await.len(), 0);
    let unknown = service.get("/v1/users/user_2/subscriptions").await;
    assert_eq!(unknown.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn payments_have_amounts_and_reasons_only(engine: Engine) {
    let service = start(engine).await;
    let events = [
        payment_event("pa_1", USER, "pending", 1),
        payment_event("pa_1", USER, "failed", 2),
        payment_event("pa_2", ORGANIZATION, "paid", 3),
    ];
    apply_all(&service, &events).await;
    let failed = service.list("/v1/payment-attempts?user_id=user_1").await;
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (&failed[0]["status"], &failed[0]["failed_code"], &failed[0]["decline_code"]),
        (&json!("failed"), &json!("card_declined"), &json!("insufficient_funds"))
    );
    assert_eq!((&failed[0]["grand_total"], &failed[0]["currency"]), (&json!(2_200), &json!("USD")));
    assert_eq!(failed[0]["subscription_item_ids"], json!(["csub_item_1"]));
    let paid = service.list("/v1/payment-attempts?organization_id=org_1&status=paid").await;
    assert_eq!((paid.len(), &paid[0]["user_id"]), (1, &Value::Null));
    let both = service.list("/v1/payment-attempts?user_id=user_1&organization_id=org_1").await;
    assert!(both.is_empty(), "a payer is one of them: {both:?}");
    let mut tables = service.tables().await;
    for table in ["payment_attempts", "webhook_events"] {
        let rows = serde_json::to_string(&tables.rows(table).await).unwrap();
        for text in ["pi_secret", "pm_secret", "visa", "4242", "Lovelace", "ada@example.com"] {
            assert!(!rows.contains(text), "{table} has {text}");
        }
    }
}

/// Clerk's types of billing are a beta. Unknown statuses and fields are kept.
#[apply(both_engines)]
async fn unknown_statuses_and_fields_are_kept(engine: Engine) {
    let service = start(engine).await;
    let mut event = Item::new("csub_item_1", USER, "pro", "paused", 5).event("updated");
    event["data"]["pause"] = json!({ "until": NOW });
    event["data"]["payer"]["tax_address"] = json!("1 Lantern Quay");
    apply_all(&service, &[event]).await;
    let answer = service.get("/v1/users/user_1/subscriptions").await;
    assert_eq!(answer.body["items"][0]["status"], "paused");
    let entitlement = entitlement(&service, USER).await;
    assert_eq!(entitlement["is_default"], true, "an unknown status gives no plan");
    let mut tables = service.tables().await;
    let payload = tables.rows("webhook_events").await[0]["payload"].as_str().unwrap().to_owned();
    assert!(payload.contains("\"pause\":{\"until\":"), "{payload}");
    assert!(!payload.contains("Lantern"), "{payload}");
}

/// Without a payer, the item would belong to no user and no organization.
#[apply(both_engines)]
async fn item_without_payer_is_failed(engine: Engine) {
    let service = start(engine).await;
    let mut event = Item::new("csub_item_1", USER, "pro", "active", 5).event("active");
    event["data"]["payer"]["user_id"] = json!("");
    assert_eq!(service.send(&event).await, "failed");
    event["data"].as_object_mut().unwrap().remove("payer");
    assert_eq!(service.send(&event).await, "failed");
    let mut tables = service.tables().await;
    assert!(tables.rows("subscription_items").await.is_empty());
}

/// What a payer owns goes with the payer, also if it comes later.
#[apply(both_engines)]
async fn billing_of_deleted_payers_is_removed(engine: Engine) {
    let service = start(engine).await;
    let item = Item::new("csub_item_1", USER, "pro", "active", 5);
    apply_all(
        &service,
        &[
            subscription_event("created", USER, "active", std::slice::from_ref(&item), 5),
            payment_event("pa_1", USER, "paid", 5),
            fixtures::user_deleted("user_1", 9),
        ],
    )
    .await;
    let late = Item { updated: 99, ..item }.event("updated");
    assert_eq!(service.send(&late).await, "tombstoned");
    let mut tables = service.tables().await;
    for table in ["subscriptions", "subscription_items", "payment_attempts"] {
        assert!(tables.rows(table).await.is_empty(), "{table}");
    }
    let answer = service.get("/v1/users/user_1/entitlements").await;
    assert_eq!(answer.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn payments_and_subscriptions_need_admin_keys(engine: Engine) {
    let reader = "reader_key_for_tests_0123456789abcdef";
    let keys = format!("tests:admin:{KEY},reader:read:{reader}");
    let service = crate::harness::Service::start_with(engine, [("MEETVO_API_KEYS", &*keys)]).await;
    apply_all(&service, &[fixtures::user_event("user.created", "user_1", 0)]).await;
    for (path, status) in [
        ("/v1/payment-attempts", 403),
        ("/v1/subscriptions", 403),
        ("/v1/users/user_1/subscriptions", 403),
        ("/v1/users/user_1/entitlements", 200),
        ("/v1/plans", 200),
    ] {
        let read = service.client.get(service.url_for(path)).bearer_auth(reader);
        assert_eq!(crate::harness::ApiResponse::fetch(read).await.status, status, "{path}");
    }
    let default = summary(&entitlement_of(&service, reader).await);
    assert_eq!(default, (Value::Null, json!(true), Value::Null), "no plan is synced");
}

async fn entitlement_of(service: &crate::harness::Service, key: &str) -> Value {
    let read = service.client.get(service.url_for("/v1/users/user_1/entitlements"));
    crate::harness::ApiResponse::fetch(read.bearer_auth(key)).await.body
}
