//! Tests of sessions, the origins of sign-ins, and the users that session events embed.

use serde_json::{Value, json};

use super::{LAST, OCCURRED, decode, message, session, session_of, with};
use crate::{
    domain::version::Version,
    objects::session::{SessionDetails, SignIn},
};

const KINDS: [&str; 5] =
    ["session.created", "session.pending", "session.ended", "session.removed", "session.revoked"];

fn version() -> Version {
    Version::complete(Some(OCCURRED - 20), Some(OCCURRED), "msg_1")
}

#[test]
fn session_has_every_column() {
    let (session, user) = session(
        "session.created",
        &json!({
            "client_id": "client_1", "status": "active", "actor": { "sub": "user_admin" },
            "last_active_organization_id": "org_1", "last_active_at": 1_716_883_200,
            "expire_at": LAST, "abandon_at": 100_000_000_000_i64, "created_at": 99_999_999_999_i64,
        }),
    );
    let state = SessionDetails {
        user_id: "user_1".into(),
        client_id: Some("client_1".into()),
        status: "active".into(),
        actor: Some(json!({ "sub": "user_admin" })),
        last_active_organization_id: Some("org_1".into()),
        last_active_at: Some(1_716_883_200_000),
        expires_at: Some(LAST),
        abandon_at: Some(100_000_000_000),
        created_at: Some(99_999_999_999_000),
        updated_at: Some(OCCURRED - 20),
    };
    let sign_in = SignIn {
        ip_address: Some("192.0.2.7".into()),
        user_agent: Some("UA".into()),
        version: version(),
    };
    assert_eq!((&*session.id, session.data.details, session.version), ("sess_1", state, version()));
    assert_eq!((session.data.sign_in, user), (Some(sign_in), None));
}

#[test]
fn subject_is_user_and_object_is_session() {
    let data = json!({ "id": "sess_1", "user_id": "user_1" });
    for kind in KINDS {
        let event = decode(&message(kind, &data).to_string());
        assert_eq!(event.subject.as_deref(), Some("user_1"), "{kind}");
        assert_eq!(event.object_id.as_deref(), Some("sess_1"), "{kind}");
    }
}

#[test]
fn missing_status_follows_from_type() {
    let implied = ["active", "pending", "ended", "removed", "revoked"];
    for (kind, implied) in KINDS.into_iter().zip(implied) {
        for fields in [json!({}), json!({ "status": null }), json!({ "status": "" })] {
            assert_eq!(session(kind, &fields).0.data.details.status, implied, "{kind} {fields}");
        }
    }
}

#[test]
fn unknown_status_is_stored() {
    for (kind, status, is_terminal) in [
        ("session.ended", "expired", true),
        ("session.created", "active", false),
        ("session.removed", "replaced", true),
        ("session.created", "pending", false),
        ("session.pending", "suspended by a new rule", true),
    ] {
        let (session, _) = session(kind, &json!({ "status": status }));
        assert_eq!(
            (&*session.data.details.status, session.version.is_final),
            (status, is_terminal)
        );
    }
}

/// A revocation by an administrator contains the administrator's address.
#[test]
fn only_session_start_contains_sign_in() {
    for (kind, has_sign_in) in KINDS.into_iter().zip([true, true, false, false, false]) {
        assert_eq!(session(kind, &json!({})).0.data.sign_in.is_some(), has_sign_in, "{kind}");
    }
}

#[test]
fn sign_in_requires_http_request() {
    let data = json!({ "id": "sess_1", "user_id": "user_1", "updated_at": OCCURRED - 20 });
    let pair = |ip: Option<&str>, agent: Option<&str>| {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Some(SignIn { ip_address: own(ip), user_agent: own(agent), version: version() })
    };
    for (attributes, expected) in [
        (json!(null), None),
        (json!({}), None),
        (json!({ "http_request": null }), None),
        (json!({ "http_request": {} }), pair(None, None)),
        (json!({ "http_request": { "client_ip": "", "user_agent": "" } }), pair(None, None)),
        (
            json!({ "http_request": { "client_ip": "", "user_agent": "UA" } }),
            pair(None, Some("UA")),
        ),
        (
            json!({ "http_request": { "client_ip": "2001:db8::7", "user_agent": null } }),
            pair(Some("2001:db8::7"), None),
        ),
    ] {
        let mut body = message("session.pending", &data);
        body["event_attributes"] = attributes.clone();
        let (session, _) = session_of(decode(&body.to_string()));
        assert_eq!(session.data.sign_in, expected, "{attributes}");
    }
}

/// Returns an embedded user with all fields of a complete state.
fn complete() -> Value {
    json!({
        "id": "user_1", "updated_at": OCCURRED - 90, "first_name": "Ada", "email_addresses": [],
        "phone_numbers": [], "external_accounts": [], "public_metadata": {},
    })
}

fn embedded(user: &Value) -> Option<(Option<String>, Version)> {
    let (_, user) = session("session.created", &json!({ "user": user }));
    user.map(|user| {
        assert_eq!(user.id, "user_1");
        (user.data.profile.first_name, user.version)
    })
}

#[test]
fn complete_embedded_user_has_own_version() {
    let own = Version::complete(Some(OCCURRED - 90), Some(OCCURRED), "msg_1");
    assert_eq!(embedded(&complete()), Some((Some("Ada".into()), own)));
}

#[test]
fn partial_embedded_user_loses_to_complete() {
    let incomplete = Version::incomplete(Some(OCCURRED), "msg_1");
    for part in
        ["updated_at", "email_addresses", "phone_numbers", "external_accounts", "public_metadata"]
    {
        let mut missing = complete();
        missing.as_object_mut().unwrap().remove(part);
        for partial in [missing, with(complete(), &json!({ part: null }))] {
            let read = embedded(&partial);
            assert_eq!(read, Some((Some("Ada".into()), incomplete.clone())), "{partial}");
        }
    }
    for time in [0, -1] {
        let undated = with(complete(), &json!({ "updated_at": time }));
        assert_eq!(embedded(&undated), Some((Some("Ada".into()), incomplete.clone())), "{time}");
    }
    let version = embedded(&json!({ "id": "user_1" })).map(|(_, version)| version);
    assert_eq!(version, Some(incomplete.clone()));
    assert!(
        incomplete < Version::complete(Some(1), None, ""),
        "it loses to the oldest complete state"
    );
}

#[test]
fn embedded_user_must_be_the_owner() {
    let other = with(complete(), &json!({ "id": "user_2" }));
    let without_id = with(complete(), &json!({ "id": null }));
    for user in [json!(null), json!({}), without_id, other] {
        let (session, read) = session("session.created", &json!({ "user": user }));
        assert_eq!(read, None, "{user}");
        assert_eq!(session.data.details.user_id, "user_1", "the session is decoded");
    }
}
