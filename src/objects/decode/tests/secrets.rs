//! Tests of the removal of secrets from payloads.

use serde_json::{Value, json};

use crate::{
    domain::{
        json,
        secrets::{self, redact, redact_possible},
    },
    objects::message_fields,
};

/// Returns a redacted message, and whether secrets were found.
fn cut(message: &Value, possible: bool) -> (Value, bool) {
    let text = message.to_string();
    let mut read = json::parse(&text).unwrap();
    let object = message_fields(message["type"].as_str().unwrap());
    let found = match possible {
        true => redact_possible(&mut read, object),
        false => redact(&mut read, object),
    };
    (serde_json::from_str(&read.to_string()).unwrap(), found)
}

fn is_complete(payload: &str, kind: &str) -> bool {
    secrets::is_complete(payload, message_fields(kind))
}

fn without_possible(payload: &str, kind: &str) -> Option<String> {
    secrets::without_possible(payload, message_fields(kind))
}

fn user(data: &Value) -> Value {
    json!({ "type": "user.updated", "data": data })
}

#[test]
fn known_secrets_are_cut_and_metadata_stays() {
    let body = user(&json!({
        "phone_numbers": [{ "backup_codes": ["bkup-1"], "phone_number": "+15550100" }],
        "web3_wallets": [{ "verification": { "nonce": "n-1", "message": "sign n-1" } }],
        "email_addresses": [{ "verification": {
            "nonce": null, "error": { "code": "form_code_incorrect" },
        } }],
        "public_metadata": { "nonce": "mine", "token": "mine", "url": "/?token=mine" },
        "password_enabled": true, "totp_enabled": true, "password_last_updated_at": 7,
        "image_url": "https://img.clerk.com/a?width=80",
    }));
    let kept = user(&json!({
        "phone_numbers": [{ "backup_codes": "[redacted]", "phone_number": "+15550100" }],
        "web3_wallets": [{ "verification": { "nonce": "[redacted]", "message": "[redacted]" } }],
        "email_addresses": [{ "verification": {
            "nonce": null, "error": { "code": "form_code_incorrect" },
        } }],
        "public_metadata": { "nonce": "mine", "token": "mine", "url": "/?token=mine" },
        "password_enabled": true, "totp_enabled": true, "password_last_updated_at": 7,
        "image_url": "https://img.clerk.com/a?width=80",
    }));
    assert_eq!(cut(&body, false), (kept.clone(), true));
    assert_eq!(cut(&kept, false), (kept.clone(), false), "it is idempotent");
    assert!(is_complete(&kept.to_string(), "user.updated"));
}

#[test]
fn unknown_fields_lose_possible_secrets() {
    let secrets = json!({
        "otp_code": "s-1", "ticket": "s-2", "magic_link": "s-3", "invitation_url": "s-4",
        "totp_uri": "s-5", "backupCodes": ["s-6"], "accessToken": { "jwt": "s-7" },
        "secret_key": "s-8", "password_hash": "s-9", "code": 84_613_977, "message_token": "s-10",
    });
    let mut data = json!({
        "id": "user_1", "unknown": [{ "inner": [secrets] }], "shoe_size": 44, "token": null,
        "email_addresses": [{ "verification": { "inner": secrets } }],
    });
    data.as_object_mut().unwrap().extend(secrets.as_object().unwrap().clone());
    for body in [
        user(&data),
        json!({ "type": "session.created", "data": { "id": "sess_1", "user": data } }),
        json!({ "type": "user.deleted", "data": data }),
        json!({ "type": "user.updated", "event_attributes": { "http_request": data } }),
    ] {
        let (kept, found) = cut(&body, false);
        let text = kept.to_string();
        assert!(found && !text.contains("s-") && !text.contains("84613977"), "{text}");
        assert!(text.contains(r#""shoe_size":44"#) && text.contains(r#""token":null"#), "{text}");
        assert!(is_complete(&text, body["type"].as_str().unwrap()));
    }
}

#[test]
fn tokens_in_urls_are_cut_from_strings() {
    let url = "https://a.example/?__clerk_ticket=s-1&lang=en";
    let body = user(&json!({
        "image_url": url, "external_accounts": [{ "avatar_url": "/?token=s-2" }],
        "unknown": ["/?code=s-3"], "unsafe_metadata": { "page": "/?code=mine" },
    }));
    let text = cut(&body, false).0.to_string();
    assert!(!text.contains("s-") && text.contains("lang=en") && text.contains("mine"), "{text}");
}

#[test]
fn possible_secrets_are_cut_in_metadata_too() {
    let body = user(&json!({
        "otp_code": "1", "session_token": "2", "id": "user_x", "image_url": "https://x/y",
        "public_metadata": { "password": "4", "is_pin": true }, "private_metadata": { "otp": "5" },
        "unsafe_metadata": { "page": ["/?code=6"] }, "actor": { "sub": "user_y" },
        "password_enabled": false, "password_last_updated_at": 7,
    }));
    let (kept, found) = cut(&body, true);
    let text = kept.to_string();
    assert!(found && !text.contains(|it: char| matches!(it, '1'..='6')), "{text}");
    assert_eq!(kept["data"]["public_metadata"]["is_pin"], true);
    assert_eq!(kept["data"]["actor"], body["data"]["actor"]);
    assert_eq!(kept["data"]["image_url"], "https://x/y", "a known field is no secret");
    assert_eq!(kept["data"]["password_last_updated_at"], 7);
    let misplaced = user(&json!({ "totp_enabled": "s-1", "backup_code_enabled": ["s-2"] }));
    let (misplaced, found) = cut(&misplaced, true);
    assert!(found && !misplaced.to_string().contains("s-"), "{misplaced}");
    assert!(!is_complete(&text, "user.updated"), "parts of the metadata are missing");
    assert_eq!(without_possible(&body.to_string(), "user.updated"), Some(text));
    assert_eq!(without_possible("{", "user.updated"), None);
}

#[test]
fn payload_without_redacted_metadata_is_complete() {
    let body = user(&json!({ "otp_code": "1", "public_metadata": { "plan": "pro" } }));
    let text = cut(&body, true).0.to_string();
    assert!(is_complete(&text, "user.updated"));
    let lost = user(&json!({ "first_name": "[redacted]" }));
    assert!(!is_complete(&lost.to_string(), "user.updated"));
    assert!(!is_complete("{", "user.updated"));
}
