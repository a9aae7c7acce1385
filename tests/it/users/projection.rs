//! Email addresses and phone numbers of a user, and `GET /v1/users?fields=`

use serde_json::{Value, json};

use super::created;
use crate::harness::{Engine, Service, apply, both_engines};

/// A user with two addresses and two numbers.
fn with_identifiers() -> Value {
    let verified = json!({ "status": "verified", "strategy": "email_code" });
    let unverified = json!({ "status": "unverified", "strategy": "email_code" });
    created(
        "user_1",
        0,
        &json!({
            "email_addresses": [
                { "id": "idn_2", "email_address": "ada@example.com", "verification": verified },
                { "id": "idn_1", "email_address": "ada@example.org", "verification": unverified },
            ],
            "primary_email_address_id": "idn_2",
            "phone_numbers": [
                { "id": "idn_3", "phone_number": "+15550101", "verification": verified },
                { "id": "idn_4", "phone_number": "+15550102", "verification": null },
            ],
            "primary_phone_number_id": "idn_3",
        }),
    )
}

#[apply(both_engines)]
async fn user_shows_addresses_and_numbers(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    assert_eq!(service.send(&with_identifiers()).await, "applied");
    let emails = json!([
        { "id": "idn_1", "email_address": "ada@example.org", "primary": false, "verified": false },
        { "id": "idn_2", "email_address": "ada@example.com", "primary": true, "verified": true },
    ]);
    let phones = json!([
        { "id": "idn_3", "phone_number": "+15550101", "primary": true, "verified": true },
        { "id": "idn_4", "phone_number": "+15550102", "primary": false, "verified": false },
    ]);
    let list = service.get("/v1/users").await.body["data"][0].clone();
    let sorted = service.get("/v1/users?sort=created_at").await.body["data"][0].clone();
    let found = service.get("/v1/users?query=ada").await.body["data"][0].clone();
    for user in [service.get("/v1/users/user_1").await.body, list, sorted, found] {
        assert_eq!((&user["email_addresses"], &user["phone_numbers"]), (&emails, &phones));
    }
    service
        .send(&created("user_2", 0, &json!({ "email_addresses": [], "phone_numbers": [] })))
        .await;
    let user = service.get("/v1/users/user_2").await.body;
    assert_eq!((&user["email_addresses"], &user["phone_numbers"]), (&json!([]), &json!([])));
}

#[apply(both_engines)]
async fn fields_limit_the_properties(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&with_identifiers()).await;
    let user = json!({ "id": "user_1", "email": "ada@example.com", "banned": false });
    for query in ["", "&sort=-created_at", "&query=ada", "&id=user_1"] {
        let page = service.get(&format!("/v1/users?fields=email,id,%20banned{query}")).await;
        assert_eq!(page.body, json!({ "data": [user], "next_cursor": null }), "{query}");
    }
    for (fields, start) in [
        ("id,nickname", "fields: a user has no `nickname`; use `id`, `external_id`, "),
        ("private_metadata", "fields: a user has no `private_metadata`; use `id`, "),
        ("ada@example.com", "fields: expected names separated by commas: `id`, "),
        ("id,", "fields: expected names separated by commas: `id`, "),
        ("id&fields=email", "fields: expected one value"),
    ] {
        let answer = service.get(&format!("/v1/users?fields={fields}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{fields}");
        let detail = answer.body["detail"].as_str().unwrap();
        assert!(detail.starts_with(start), "{detail}");
    }
}
