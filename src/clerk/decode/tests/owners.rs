//! Whatever is kept of a user goes with the user: so the event is the user's, or it holds nothing.

use serde_json::{Value, json};

use super::{Content, Decision, Decoder, decode, decode_by, kept, message, with};

const PERSONAL: [&str; 3] = ["ada@example.com", "Lovelace", "192.0.2.7"];

fn person(id: &str) -> Value {
    json!({
        "id": id, "object": "user", "last_name": "Lovelace", "created_at": 5, "external_id": "ada_lovelace",
        "email_addresses": [{ "id": "idn_1", "email_address": "ada@example.com" }],
    })
}

#[test]
fn what_is_not_synced_is_the_users_whom_it_names() {
    let subject = |data: Value| decode(&message("thing.done", &data).to_string()).subject;
    for (data, user) in [
        (json!({ "id": "ema_1", "user_id": "user_1" }), Some("user_1")),
        (json!({ "id": "user_1", "payer": { "user_id": "user_2" } }), Some("user_1")),
        (json!({ "id": "user_2", "user_id": "user_1" }), Some("user_1")),
        (json!({ "id": "orgmem_1", "public_user_data": { "user_id": "user_1" } }), Some("user_1")),
        (json!({ "id": "csub_1", "payer": { "user_id": "user_1" } }), Some("user_1")),
        (json!({ "id": "ema_1", "user_id": null }), None),
        (json!({ "id": "ema_1", "user_id": "ada@example.com" }), None),
        (json!({ "id": "ema_1", "user_id": "user_ada@example.com" }), None),
        (json!({ "id": "ema_1", "public_metadata": { "user_id": "user_1" } }), None),
        (json!("user_1"), None),
        (json!([{ "user_id": "user_1" }]), None),
    ] {
        assert_eq!(subject(data.clone()).as_deref(), user, "{data}");
    }
    let untyped = r#"{"data":{"id":"user_1"}}"#;
    assert_eq!(decode(untyped).subject.as_deref(), Some("user_1"), "whatever it is");
}

#[test]
fn ids_that_others_give_are_not_kept_of_what_is_not_synced() {
    let data = json!({
        "id": "ema_1", "external_id": "ada_lovelace", "account": { "provider_user_id": "ada_lovelace" },
    });
    let event = decode(&message("thing.done", &data).to_string());
    assert_eq!(kept(&event)["data"], json!({ "id": "ema_1" }));
}

/// Nobody would find it when the user is deleted.
#[test]
fn of_what_can_be_tied_to_no_user_only_what_is_allowed_is_kept() {
    let mut nobodys = person("");
    nobodys["id"] = Value::Null;
    let pinned = Decoder { pinned_instance: Some("ins_2".into()) };
    for (decoder, decision) in
        [(Decoder::default(), Decision::Failed), (pinned, Decision::Quarantined)]
    {
        for (kind, data) in [
            ("user.updated", nobodys.clone()),
            ("user.created", with(nobodys.clone(), &json!({ "id": "x".repeat(256) }))),
            ("session.created", json!({ "id": "sess_1", "user": nobodys })),
            ("user.updated", json!(PERSONAL)),
        ] {
            let event = decode_by(&decoder, &message(kind, &data).to_string());
            let Content::Aside { decision: became, .. } = &event.content else {
                panic!("{event:?}")
            };
            assert_eq!((*became, &event.subject), (decision, &None), "{kind}");
            let payload = event.payload.unwrap();
            assert!(!PERSONAL.iter().any(|it| payload.contains(it)), "{payload}");
            assert!(payload.contains("\"instance_id\":\"ins_1\""), "{payload}");
        }
    }
}

/// Clerk does not do this. The payload goes with the session's owner, and not with the other.
#[test]
fn a_session_keeps_nothing_of_a_user_who_is_not_its_owner() {
    let pinned = Decoder { pinned_instance: Some("ins_2".into()) };
    for decoder in [Decoder::default(), pinned] {
        for (status, embedded, stays) in [
            (json!("active"), "user_2", false),
            (json!(7), "user_2", false),
            (json!("active"), "user_1", true),
            (json!(7), "user_1", true),
        ] {
            let session = json!({
                "id": "sess_1", "user_id": "user_1", "status": status, "user": person(embedded),
            });
            let event = decode_by(&decoder, &message("session.created", &session).to_string());
            assert_eq!(event.subject.as_deref(), Some("user_1"));
            let payload = kept(&event);
            let rest = json!({ "id": "user_2", "object": "user", "created_at": 5 });
            let expected = if stays { person("user_1") } else { rest };
            assert_eq!(payload["data"]["user"], expected, "{status} {embedded}");
            assert_eq!(payload["data"]["status"], status);
        }
    }
}
