//! Events with values that not every database can store. Each is stored as an event and answered
//! with 200, so that Svix does not retry it, and other events of the batch are applied.

use std::fmt::Write;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{
    Delivery, Engine, NOW, Rng, SECRET, Service, apply, both_engines, fixtures, ids,
};

/// Number of bytes in a mebibyte.
const MIB: usize = 1 << 20;

/// Starts a service that accepts bodies of 16 MiB.
async fn start_with_large_bodies(engine: Engine) -> Service {
    let limits = [
        ("MEETVO__SERVER__MAX_BODY_BYTES", "16777216"),
        ("MEETVO__SERVER__MAX_PENDING_BYTES", "268435456"),
    ];
    Service::start_with(engine, limits).await
}

fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// Returns a user with a value in every kind of column.
fn full_user() -> Value {
    let mut user = fixtures::user("user_1", 0);
    user["username"] = "ada".into();
    user["external_id"] = "crm-1".into();
    user["phone_numbers"] = json!([{ "id": "idn_phone", "phone_number": "+15550100" }]);
    user["primary_phone_number_id"] = "idn_phone".into();
    for metadata in ["public_metadata", "private_metadata", "unsafe_metadata"] {
        user[metadata] = json!({ "key": ["text", { "inner": "text" }], "other": "text" });
    }
    user
}

/// Adds NUL characters to every text, and to the keys of metadata.
fn with_nul(value: &Value, is_metadata: bool) -> Value {
    match value {
        Value::String(text) => format!("\0{text}\0\0").into(),
        Value::Array(items) => items.iter().map(|item| with_nul(item, is_metadata)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let inner = with_nul(value, is_metadata || key.ends_with("_metadata"));
                (if is_metadata { format!("{key}\0") } else { key.clone() }, inner)
            })
            .collect(),
        plain => plain.clone(),
    }
}

/// In JSON, a NUL character is escaped as `\u0000`.
#[apply(both_engines)]
async fn nul_characters_are_removed_everywhere(engine: Engine) {
    let mut session = fixtures::session_event("session.created", "sess_1", "user_2", 0);
    session["data"]["actor"] = json!({ "sub": "user_admin" });
    session["data"]["last_active_organization_id"] = "org_1".into();
    let bodies = [fixtures::event("user.created", full_user(), 0), session];
    let mut synced_tables = Vec::new();
    for has_nul in [false, true] {
        let service = Service::start(engine).await;
        for (id, body) in ["msg_1", "msg_2"].iter().zip(&bodies) {
            let mut body = body.clone();
            if has_nul {
                body["data"] = with_nul(&body["data"], false);
                body["event_attributes"] = with_nul(&body["event_attributes"], false);
                body["instance_id"] = "ins\0_tests".into();
            }
            let delivery = signed(id, &body);
            assert_eq!(service.deliver(&delivery).await, "applied", "{body}");
            assert_eq!(service.deliver(&delivery).await, "duplicate");
            let event = service.get(&format!("/v1/events/{id}")).await.body;
            assert_eq!(event["instance_id"], "ins_tests");
            // The stored message is unchanged.
            assert_eq!(event["payload"]["event_attributes"], body["event_attributes"]);
        }
        synced_tables.push(service.tables().await.synced_tables().await);
    }
    assert_eq!(synced_tables[0]["users"][0]["username"], "ada");
    assert_eq!(synced_tables[0], synced_tables[1]);
}

/// Returns the event of a user with another value of a field. The ID is there twice if it is the
/// field.
fn with_field(id: &str, field: &str, json: &str) -> String {
    let mut user = fixtures::user_event("user.created", id, 0);
    if field != "id" {
        user["data"].as_object_mut().unwrap().remove(field);
    }
    user.to_string().replacen(r#""data":{"#, &format!(r#""data":{{"{field}":{json},"#), 1)
}

/// A value that cannot be kept is dropped alone.
#[apply(both_engines)]
async fn unusable_optional_values_are_null(engine: Engine) {
    let service = start_with_large_bodies(engine).await;
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    let long = format!("{:?}", "x".repeat(100_000));
    let key = "k".repeat(MIB);
    let values = [
        ("nickname", r#""\ud800""#),
        ("first_name", r#""\udfff\ud800x""#),
        ("public_metadata", r#"{"\ud800":1}"#),
        ("public_metadata", r#"{"n":1e400}"#),
        ("unsafe_metadata", r#"{"n":[-1e999999999]}"#),
        ("last_active_at", "9223372036854775807"),
        ("last_active_at", "99999999999999999999"),
        ("public_metadata", &nested),
        ("unknown", &nested),
        ("username", &long),
        ("external_id", &long),
        ("banned", &format!(r#"{{"{key}":"\u0000"}}"#)),
    ];
    for (at, (field, value)) in values.iter().enumerate() {
        let (id, user) = (format!("msg_{at}"), format!("user_{at}"));
        let delivery = Delivery::signed(SECRET, &id, NOW, with_field(&user, field, value));
        assert_eq!(service.deliver(&delivery).await, "applied", "{field} {value:.40}");
        let read = service.get(&format!("/v1/users/{user}")).await.body;
        assert!(read[field].is_null(), "{field} {value:.40}");
        assert_eq!(read["last_name"], "Lovelace");
        assert_eq!(service.get(&format!("/v1/events/{id}")).await.status, 200);
    }
}

/// Each event fails alone, although it shares a batch with others, and is not retried.
#[apply(both_engines)]
async fn undecodable_events_fail_without_harming_others(engine: Engine) {
    let service = start_with_large_bodies(engine).await;
    let user = with_field;
    let nested = "[".repeat(100_000) + &"]".repeat(100_000);
    let (long, key) = (format!("{:?}", "x".repeat(100_000)), "k".repeat(MIB));
    let poison = [
        user("user_p", "updated_at", "1e30"),
        user("user_p", "updated_at", "9223372036854775807"),
        user("user_p", "updated_at", &nested),
        user("user_p", "updated_at", &format!(r#"{{"{key}":"\u0000"}}"#)),
        user("user_p", "updated_at", r#""\ud800""#),
        user("user_p", "id", r#""user_q""#),
        user(&"i".repeat(256), "nickname", "1"),
        nested.clone(),
        long.clone(),
        "\0".to_owned(),
        "{\"type\":\"user.created\0\",\"data\":{}}".to_owned(),
        "{}".to_owned() + &"\0".repeat(MIB),
    ];
    let mut deliveries = Vec::new();
    for (at, body) in poison.iter().enumerate() {
        deliveries.push(Delivery::signed(SECRET, &format!("msg_{at}_poison"), NOW, body.as_str()));
        let other = fixtures::user_event("user.created", &format!("user_{at}"), 0);
        deliveries.push(signed(&format!("msg_{at}_good"), &other));
    }
    let decisions = join_all(deliveries.iter().map(|delivery| service.deliver(delivery))).await;
    for (delivery, decision) in deliveries.iter().zip(decisions) {
        let expected = if delivery.id.ends_with("poison") { "failed" } else { "applied" };
        assert_eq!(decision, expected, "{}", delivery.id);
        assert_eq!(service.deliver(delivery).await, "duplicate", "{}", delivery.id);
    }
    let users = service.list("/v1/users?limit=500").await;
    assert_eq!(users.len(), poison.len(), "the other users, and no failed one");
    for event in service.list("/v1/events?decision=failed&limit=500").await {
        let reason = event["reason"].as_str().unwrap();
        assert!(!reason.is_empty() && reason.len() < 200, "{reason}");
        assert!(
            !reason.contains("refused"),
            "the service must reject it before the database: {reason}"
        );
    }
}

/// A PostgreSQL index entry has at most about 2 700 bytes. Columns with longer values have no
/// index, and values of indexed columns are limited on both engines.
#[apply(both_engines)]
async fn overlong_indexed_addresses_are_null(engine: Engine) {
    let service = Service::start(engine).await;
    let with_email = |user: &str, address: &str| {
        let mut body = fixtures::user_event("user.created", user, 0);
        body["data"]["email_addresses"][0]["email_address"] = address.into();
        body
    };
    let overlong = format!("{}@example.com", "x".repeat(100_000));
    let absurd = signed("msg_absurd", &with_email("user_1", &overlong));
    // Each character has four bytes in UTF-8.
    let longest = format!("{}@example.com", "🦊".repeat(500));
    let accepted = signed("msg_longest", &with_email("user_2", &longest));
    let decisions = join_all([&absurd, &accepted].map(|delivery| service.deliver(delivery))).await;
    assert_eq!(decisions, ["applied", "applied"]);
    let stored = service.get("/v1/users/user_1").await.body;
    assert_eq!((&stored["email"], &stored["email_verified"]), (&Value::Null, &Value::Null));
    assert_eq!(service.deliver(&absurd).await, "duplicate");
    let found = service.list(&format!("/v1/users?email={longest}")).await;
    assert_eq!(ids(&found), ["user_2"]);

    // Only the primary address is indexed.
    let mut body = with_email("user_3", &overlong);
    body["data"]["primary_email_address_id"] = Value::Null;
    for (field, text) in [("first_name", "x"), ("image_url", "https://img.clerk.com/")] {
        body["data"][field] = format!("{text}{}", "y".repeat(100_000)).into();
    }
    body["event_attributes"]["http_request"]["user_agent"] = "z".repeat(100_000).into();
    body["data"]["external_accounts"][0]["username"] = overlong.as_str().into();
    assert_eq!(service.send(&body).await, "applied");
    let verifications = service.list("/v1/users/user_3/verifications").await;
    assert!(verifications.iter().any(|it| it["identifier"] == overlong.as_str()));
}

/// Stores strings and keys of a mebibyte, and numbers at the limits of JSON implementations.
#[apply(both_engines)]
async fn metadata_is_returned_alike_on_both_engines(engine: Engine) {
    let service = start_with_large_bodies(engine).await;
    let (text, key) = ("t".repeat(MIB), "k".repeat(MIB));
    // Numbers as sent, and as returned.
    let numbers = [
        ("0", "0"),
        ("-0.0", "0"),
        ("100.0", "100"),
        ("1e2", "100"),
        ("1e17", "100000000000000000"),
        ("-1.5e17", "-150000000000000000"),
        ("1e19", "10000000000000000000"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-9223372036854775809", "-9223372036854775808"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "1.8446744073709552e+19"),
        ("123456789012345678901234567890", "1.2345678901234568e+29"),
        ("0.1", "0.1"),
        ("1e-7", "1e-7"),
        ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ("2.2250738585072011e-308", "2.225073858507201e-308"),
        ("8.41e21", "8.41e+21"),
        ("9007199254740993.0", "9007199254740992"),
    ];
    let sent: Vec<_> = numbers.iter().map(|(sent, _)| *sent).collect();
    let mut body = fixtures::user_event("user.created", "user_1", 0);
    body["data"]["public_metadata"] = json!({ "numbers": "here", "text": text, key.as_str(): 1 });
    let body = body.to_string().replacen("\"here\"", &format!("[{}]", sent.join(",")), 1);
    let delivery = Delivery::signed(SECRET, "msg_1", NOW, body);
    assert_eq!(service.deliver(&delivery).await, "applied");
    assert_eq!(service.deliver(&delivery).await, "duplicate");
    let returned = service.get("/v1/users/user_1").await.body;
    assert_eq!(returned["id"], "user_1");
    let metadata = &returned["public_metadata"];
    assert_eq!((&metadata["text"], &metadata[&key]), (&text.into(), &json!(1)));
    for ((sent, expected), returned) in numbers.iter().zip(metadata["numbers"].as_array().unwrap())
    {
        assert_eq!(returned.to_string(), *expected, "{sent}");
    }
}

/// Returns a replacement for a part of a payload, mostly of the same type.
fn replacement(part: &Value, rng: &mut Rng) -> Value {
    let numbers = [0, -1, 7, i64::MIN, i64::MAX, 99_999_999_999, 253_402_300_800_000];
    let texts = ["\0", "x\0y", "", "🦊", "'; --", "\\u0000", "Null", "idn_1", "a\u{fffe}\u{202e}b"];
    match (part, rng.below(12)) {
        (_, 0) => Value::Null,
        (_, 1) => rng.choose(&[-0.0, 1e17, 1e300, -1e-300, 0.1]).into(),
        (_, 2) => json!([{ "id": "\0" }, null, { "id": "idn_1", "\0": [] }]),
        (_, 3) | (Value::Bool(_), _) => rng.choose(&[true, false]).into(),
        (Value::String(_), 4) => "é".repeat(rng.choose(&[200, 300, 3_000])).into(),
        (Value::Number(_), _) => rng.choose(&numbers).into(),
        (Value::Array(_), _) => json!([]),
        (Value::Object(_), _) => json!({ "\0": { "id": rng.choose(&texts) }, "n": u64::MAX }),
        _ => rng.choose(&texts).into(),
    }
}

/// Replaces a random part of a payload, mostly a small one.
fn mutate(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(map) if !map.is_empty() && rng.below(20) > 0 => {
            let at = rng.below(map.len());
            mutate(map.values_mut().nth(at).unwrap(), rng);
        }
        Value::Array(items) if !items.is_empty() && rng.below(20) > 0 => {
            let at = rng.below(items.len());
            mutate(&mut items[at], rng);
        }
        other => *other = replacement(other, rng),
    }
}

/// Compares SQLite and PostgreSQL: the responses and the stored data are the same.
#[tokio::test(flavor = "multi_thread")]
async fn mutated_payloads_have_same_result_everywhere() {
    let synced = |name: &str| name.starts_with("user/") || name.starts_with("session/");
    let fixtures: Vec<_> = fixtures::all().into_iter().filter(|it| synced(&it.name)).collect();
    let mut rng = Rng(4);
    let deliveries: Vec<_> = (0..600)
        .map(|at| {
            let mut body = fixtures[rng.below(fixtures.len())].json.clone();
            for _ in 0..=rng.below(3) {
                mutate(&mut body["data"], &mut rng);
            }
            if rng.below(5) == 0 {
                mutate(&mut body, &mut rng);
            }
            signed(&format!("msg_{at:03}"), &body)
        })
        .collect();
    let mut stored = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let service = Service::start(engine).await;
        let mut decisions = String::new();
        for delivery in &deliveries {
            writeln!(decisions, "{} {}", delivery.id, service.deliver(delivery).await).unwrap();
        }
        let mut tables = service.tables().await;
        let events = tables.rows("webhook_events").await;
        let users = service.list("/v1/users?limit=500").await;
        stored.push((decisions, tables.synced_tables().await, events, users));
    }
    for decision in ["applied", "stale", "failed"] {
        let count = stored[0].0.lines().filter(|line| line.ends_with(decision)).count();
        assert!(count > 60, "{count} are {decision}");
    }
    assert_eq!(stored[0].0, stored[1].0);
    assert_eq!(stored[0].1, stored[1].1);
    assert_eq!(stored[0].2, stored[1].2);
    assert_eq!(stored[0].3, stored[1].3);
}
