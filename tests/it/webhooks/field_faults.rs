//! Optional fields of another JSON type than Clerk documents: the event is applied, and the field
//! is converted or null.

use serde_json::{Value, json};

use crate::harness::{Delivery, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

/// Returns the samples of the metric, such as `expire_at 1`, in the order of the fields.
async fn field_faults(service: &Service) -> Vec<String> {
    let metrics = service.client.get(service.url_for("/metrics"));
    let metrics = metrics.bearer_auth(crate::harness::KEY).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let samples = metrics.lines().filter_map(|line| {
        let sample = line.strip_prefix("meetvo_field_faults_total{field=\"")?;
        Some(sample.replace("\"}", ""))
    });
    samples.collect()
}

#[apply(both_engines)]
async fn session_times_are_rounded_down(engine: Engine) {
    let service = Service::start(engine).await;
    let times = [
        ("1767225690.123", "2026-01-01T00:01:30.123Z"),
        ("1767225690123.9", "2026-01-01T00:01:30.123Z"),
        ("1.7672256e12", "2026-01-01T00:00:00.000Z"),
        ("1.7672256E9", "2026-01-01T00:00:00.000Z"),
        ("\"1767225600000\"", "2026-01-01T00:00:00.000Z"),
        ("\"1767225600\"", "2026-01-01T00:00:00.000Z"),
        ("\"1.7672256e12\"", "2026-01-01T00:00:00.000Z"),
        ("\"2026-01-01T00:00:00Z\"", "2026-01-01T00:00:00.000Z"),
        ("\"2026-01-01T01:00:00.1239+01:00\"", "2026-01-01T00:00:00.123Z"),
    ];
    for (at, (time, shown)) in times.iter().enumerate() {
        let body = format!(
            r#"{{"type":"session.created","object":"event","timestamp":1767225600100,"data":{{
                "id":"sess_{at}","user_id":"user_2xF1","status":"active","expire_at":{time},
                "created_at":{time},"updated_at":{time}}}}}"#
        );
        let delivery = Delivery::signed(SECRET, &format!("msg_{at}"), NOW, body);
        assert_eq!(service.deliver(&delivery).await, "applied", "{time}");
        let session = service.get(&format!("/v1/sessions/sess_{at}")).await.body;
        assert_eq!(session["expires_at"], *shown, "{time}");
        assert_eq!(session["updated_at"], *shown, "{time}");
        assert_eq!(service.deliver(&delivery).await, "duplicate");
    }
    let count = times.len();
    let expected = ["created_at", "expire_at", "updated_at"];
    assert_eq!(field_faults(&service).await, expected.map(|field| format!("{field} {count}")));
}

#[apply(both_engines)]
async fn optional_fields_of_other_types_are_applied(engine: Engine) {
    let service = Service::start(engine).await;
    let mut body = fixtures::user_event("user.created", "user_1", 0);
    let data = &mut body["data"];
    data["locked"] = "false".into();
    data["banned"] = "true".into();
    data["username"] = 1234.into();
    data["first_name"] = json!({ "given": "Ada" });
    data["last_sign_in_at"] = json!([NOW]);
    data["email_addresses"][0]["verification"]["attempts"] = "2".into();
    let account = &mut data["external_accounts"][0];
    account["approved_scopes"] = json!(["read:user", "repo"]);
    account["provider_user_id"] = 123.into();
    account["verification"] = "verified".into();
    body["instance_id"] = 7.into();
    body["event_attributes"] = "none".into();
    assert_eq!(service.send(&body).await, "applied");

    let user = service.get("/v1/users/user_1").await.body;
    let read = ["locked", "banned", "username", "first_name", "last_sign_in_at"];
    let read = read.map(|field| user[field].clone());
    assert_eq!(read, [json!(false), json!(true), json!("1234"), json!(null), json!(null)]);
    let accounts = service.list("/v1/users/user_1/accounts").await;
    let read = ["scope", "account_id", "status"].map(|field| accounts[0][field].clone());
    assert_eq!(read, ["read:user repo", "123", "verified"]);
    let verifications = service.list("/v1/users/user_1/verifications").await;
    assert_eq!(verifications.iter().filter(|it| it["status"] == "verified").count(), 2);
    let counted = [
        "approved_scopes 1",
        "attempts 1",
        "banned 1",
        "event_attributes 1",
        "first_name 1",
        "instance_id 1",
        "last_sign_in_at 1",
        "locked 1",
        "provider_user_id 1",
        "username 1",
        "verification 1",
    ];
    assert_eq!(field_faults(&service).await, counted);
}

/// The text of a user's `unsafe_metadata` is the user's own, and must not hide a ban.
#[apply(both_engines)]
async fn deep_metadata_hides_no_ban(engine: Engine) {
    let service = Service::start(engine).await;
    for (at, depth) in [1, 100, 101, 124, 125, 126, 127, 128, 1_000, 100_000].iter().enumerate() {
        let id = format!("user_{at}");
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        let nested = format!("{{\"a\":{open}null{close}}}");
        let mut body = fixtures::user_event("user.updated", &id, 0);
        body["data"]["banned"] = true.into();
        body["data"]["unsafe_metadata"] = "here".into();
        let body = body.to_string().replacen("\"here\"", &nested, 1);
        let delivery = Delivery::signed(SECRET, &format!("msg_{at}"), NOW, body);
        assert_eq!(service.deliver(&delivery).await, "applied", "{depth}");
        let user = service.get(&format!("/v1/users/{id}")).await.body;
        assert_eq!(user["banned"], true);
        assert_eq!(user["unsafe_metadata"].is_null(), *depth > 100, "{depth}");
        let event = service.get(&format!("/v1/events/msg_{at}")).await.body;
        assert_eq!(event["payload"]["data"]["id"], *id, "{depth}");

        // The revocation of a session whose embedded user has the metadata.
        let mut body = fixtures::session_event("session.revoked", &format!("sess_{at}"), &id, 1);
        body["data"]["user"] = json!({ "id": id, "unsafe_metadata": "here" });
        let body = body.to_string().replacen("\"here\"", &nested, 1);
        let delivery = Delivery::signed(SECRET, &format!("msg_s{at}"), NOW, body);
        assert_eq!(service.deliver(&delivery).await, "applied", "{depth}");
        let session = service.get(&format!("/v1/sessions/sess_{at}")).await.body;
        assert_eq!(session["status"], "revoked");
    }
    assert_eq!(service.list("/v1/users").await.len(), 10, "each user can be listed");
    assert_eq!(service.list("/v1/events").await.len(), 20);
    assert_eq!(field_faults(&service).await, ["unsafe_metadata 16"]);
}

#[apply(both_engines)]
async fn reasons_name_json_types(engine: Engine) {
    let service = Service::start(engine).await;
    for (at, (pointer, value, why)) in [
        ("/data/id", json!(7), "data.id: expected a string, found a number"),
        ("/data/id", json!(null), "data.id is missing"),
        ("/data", json!("user_1"), "data: expected an object, found a string"),
        ("/data/updated_at", json!("soon"), "data.updated_at: expected a time, found a string"),
        ("/timestamp", json!(true), "timestamp: expected a time, found a boolean"),
        ("/type", json!(["user.created"]), "type: expected a string, found an array"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = fixtures::user_event("user.created", "user_1", 0);
        *body.pointer_mut(pointer).unwrap() = value;
        let id = format!("msg_{at}");
        let delivery = Delivery::signed(SECRET, &id, NOW, body.to_string());
        assert_eq!(service.deliver(&delivery).await, "failed", "{why}");
        assert_eq!(service.get(&format!("/v1/events/{id}")).await.body["reason"], why);
    }
    assert_eq!(service.list("/v1/users").await, [Value::Null; 0]);
}
