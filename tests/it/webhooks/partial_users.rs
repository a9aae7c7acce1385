//! User states that lack fields: a key that is absent erases no value, in any order of arrival.

use serde_json::{Value, json};

use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// Returns a `user.updated` event with these fields only.
fn partial(fields: &Value, offset: i64) -> Value {
    let mut data = json!({ "id": "user_2xP1", "object": "user" });
    data.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    fixtures::event("user.updated", data, offset)
}

/// Delivers events in an order, and returns the user and the synced tables.
async fn deliver(engine: Engine, events: &[(String, Value)], order: &[usize]) -> (Value, Value) {
    let service = Service::start(engine).await;
    for at in order {
        let (id, body) = &events[*at];
        service.deliver(&signed(id, body)).await;
    }
    let user = service.get("/v1/users/user_2xP1").await.body;
    let rows = service.tables().await.synced_tables().await;
    (user, rows)
}

#[apply(both_engines)]
async fn partial_update_keeps_other_fields(engine: Engine) {
    let service = Service::start(engine).await;
    let created = json!({
        "type": "user.created", "object": "event", "timestamp": 1_767_225_600_100_i64,
        "data": {
            "id": "user_2xP1", "object": "user", "first_name": "Ivo", "username": "ivo",
            "email_addresses": [], "public_metadata": { "plan": "pro" },
            "created_at": 1_767_225_600_000_i64, "updated_at": 1_767_225_600_000_i64,
        },
    });
    assert_eq!(service.send(&created).await, "applied");
    let updated = json!({
        "type": "user.updated", "object": "event", "timestamp": 1_767_225_700_000_i64,
        "data": { "id": "user_2xP1", "object": "user", "banned": false },
    });
    assert_eq!(service.send(&updated).await, "applied");
    let user = service.get("/v1/users/user_2xP1").await.body;
    assert_eq!((&user["first_name"], &user["username"]), (&json!("Ivo"), &json!("ivo")));
    assert_eq!(user["public_metadata"], json!({ "plan": "pro" }));
    assert_eq!(user["created_at"], "2026-01-01T00:00:00.000Z");
    assert_eq!(user["banned"], false);
    let found = service.list("/v1/users?username=ivo").await;
    assert_eq!(found.len(), 1);
    let found = service.list("/v1/users?query=ivo").await;
    assert_eq!(found.len(), 1, "the search terms are those of the merged state");
}

#[apply(both_engines)]
async fn complete_state_is_not_erased(engine: Engine) {
    let service = Service::start(engine).await;
    let mut created = fixtures::user_event("user.created", "user_2xP1", 0);
    created["data"]["private_metadata"] = json!({ "crm": 7 });
    assert_eq!(service.send(&created).await, "applied");
    let before = service.tables().await.synced_tables().await;
    let update = partial(&json!({ "first_name": "Other", "email_addresses": [] }), 9);
    assert_eq!(service.send(&update).await, "stale", "a complete state wins");
    assert_eq!(service.tables().await.synced_tables().await, before);

    // Newer and complete, but without private metadata, as a transformation may leave it.
    let mut updated = fixtures::user_event("user.updated", "user_2xP1", 5);
    updated["data"].as_object_mut().unwrap().remove("private_metadata");
    updated["data"].as_object_mut().unwrap().remove("web3_wallets");
    assert_eq!(service.send(&updated).await, "applied");
    let mut session = fixtures::session_event("session.created", "sess_1", "user_2xP1", 6);
    let mut embedded = fixtures::user("user_2xP1", 7);
    embedded.as_object_mut().unwrap().remove("private_metadata");
    session["data"]["user"] = embedded;
    assert_eq!(service.send(&session).await, "applied");
    let users = service.tables().await.rows("users").await;
    assert_eq!(users[0]["first_name"], "Ada 7");
    assert_eq!(users[0]["private_metadata"], json!({ "crm": 7 }));
    assert_eq!(users[0]["version_updated_at"], NOW + 7);

    // The next complete state with the key decides all fields.
    assert_eq!(
        service.send(&fixtures::user_event("user.updated", "user_2xP1", 8)).await,
        "applied"
    );
    let mut tables = service.tables().await;
    let user = tables.rows("users").await.remove(0);
    assert_eq!(user["private_metadata"], json!({}));
    assert_eq!(user["field_versions"], Value::Null);
}

#[apply(both_engines)]
async fn partial_states_merge_in_any_order(engine: Engine) {
    let mut stripped = fixtures::user("user_2xP1", 3);
    for key in ["private_metadata", "username", "web3_wallets"] {
        stripped.as_object_mut().unwrap().remove(key);
    }
    let wallets = |at: i64| json!([{ "id": format!("idn_{at}"), "web3_wallet": "0x1" }]);
    let events: Vec<(String, Value)> = [
        partial(&json!({ "username": "one", "private_metadata": { "n": 1 } }), 1),
        partial(&json!({ "username": "two", "password_enabled": true }), 2),
        fixtures::event("user.updated", stripped, 3),
        partial(&json!({ "web3_wallets": wallets(4), "email_addresses": [] }), 4),
        partial(&json!({ "web3_wallets": wallets(5), "last_name": null, "banned": true }), 5),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, body)| (format!("msg_{at}"), body))
    .collect();
    let (user, expected) = deliver(engine, &events, &[0, 1, 2, 3, 4]).await;
    // The complete state wins, and the others add what it lacks.
    assert_eq!((&user["username"], &user["first_name"]), (&json!("two"), &json!("Ada 3")));
    assert_eq!((&user["last_name"], &user["banned"]), (&json!("Lovelace"), &json!(false)));
    assert_eq!(user["email"], "user_2xP1@example.com");
    assert_eq!(expected["users"][0]["private_metadata"], json!({ "n": 1 }));
    let ids = |table: &str| -> Vec<String> {
        let rows = expected[table].as_array().unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("verifications"), ["eac_user_2xP1", "idn_5", "idn_user_2xP1"]);
    assert_eq!(ids("accounts"), ["eac_user_2xP1"]);
    for order in [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [3, 4, 0, 2, 1], [1, 4, 2, 0, 3]] {
        assert_eq!(deliver(engine, &events, &order).await, (user.clone(), expected.clone()));
        let twice = [order, order].concat();
        assert_eq!(deliver(engine, &events, &twice).await.1, expected, "{twice:?}");
    }
}

#[apply(both_engines)]
async fn deletion_removes_field_versions(engine: Engine) {
    let service = Service::start(engine).await;
    assert_eq!(service.send(&partial(&json!({ "username": "ivo" }), 1)).await, "applied");
    let mut tables = service.tables().await;
    assert!(tables.rows("users").await[0]["field_versions"].is_string());
    assert_eq!(service.send(&fixtures::user_deleted("user_2xP1", 2)).await, "applied");
    assert_eq!(tables.rows("users").await[0]["field_versions"], Value::Null);
    assert_eq!(service.send(&partial(&json!({ "banned": true }), 3)).await, "tombstoned");
    assert_eq!(tables.rows("users").await[0]["field_versions"], Value::Null);
}
