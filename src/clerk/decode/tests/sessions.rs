//! Sessions, where they were begun, and the users that their events embed.

use serde_json::{Value, json};

use super::{LAST, OCCURRED, decode, message, session, session_of, with};
use crate::domain::{
    session::{SessionState, SignIn},
    version::Version,
};

const KINDS: [&str; 5] =
    ["session.created", "session.pending", "session.ended", "session.removed", "session.revoked"];

fn version() -> Version {
    Version::complete(Some(OCCURRED - 20), Some(OCCURRED), "msg_1")
}

#[test]
fn every_column_of_a_session() {
    let (session, user) = session(
        "session.created",
        &json!({
            "client_id": "client_1", "status": "active", "actor": { "sub": "user_admin" },
            "last_active_organization_id": "org_1", "last_active_at": 1_716_883_200,
            "expire_at": LAST, "abandon_at": 100_000_000_000_i64, "created_at": 99_999_999_999_i64,
        }),
    );
    let state = SessionState {
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
        version: version(),
    };
    let sign_in = SignIn {
        ip_address: Some("192.0.2.7".into()),
        user_agent: Some("UA".into()),
        version: version(),
    };
    assert_eq!((&*session.id, session.state), ("sess_1", state));
    assert_eq!((session.sign_in, user), (Some(sign_in), None));
}

#[test]
fn the_subject_is_the_user_and_the_object_the_session() {
    let data = json!({ "id": "sess_1", "user_id": "user_1" });
    for kind in KINDS {
        let event = decode(&message(kind, &data).to_string());
        assert_eq!(event.subject.as_deref(), Some("user_1"), "{kind}");
        assert_eq!(event.object_id.as_deref(), Some("sess_1"), "{kind}");
    }
}

#[test]
fn a_missing_status_follows_from_the_type() {
    let implied = ["active", "pending", "ended", "removed", "revoked"];
    for (kind, implied) in KINDS.into_iter().zip(implied) {
        for fields in [json!({}), json!({ "status": null }), json!({ "status": "" })] {
            assert_eq!(session(kind, &fields).0.state.status, implied, "{kind} {fields}");
        }
    }
}

#[test]
fn a_status_that_is_there_is_kept_known_or_not() {
    for (kind, status, over) in [
        ("session.ended", "expired", true),
        ("session.created", "active", false),
        ("session.removed", "replaced", true),
        ("session.created", "pending", false),
        ("session.pending", "suspended by a new rule", true),
    ] {
        let (session, _) = session(kind, &json!({ "status": status }));
        assert_eq!((&*session.state.status, session.state.is_terminal()), (status, over));
    }
}

/// An administrator's revocation carries the administrator's address.
#[test]
fn only_the_beginning_of_a_session_tells_where_the_sign_in_came_from() {
    for (kind, told) in KINDS.into_iter().zip([true, true, false, false, false]) {
        assert_eq!(session(kind, &json!({})).0.sign_in.is_some(), told, "{kind}");
    }
}

#[test]
fn a_sign_in_is_a_candidate_only_with_a_request_and_its_empty_strings_are_nulls() {
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
        assert_eq!(session.sign_in, expected, "{attributes}");
    }
}

/// Everything that makes an embedded user a complete state.
fn whole() -> Value {
    json!({
        "id": "user_1", "updated_at": OCCURRED - 90, "first_name": "Ada", "email_addresses": [],
        "phone_numbers": [], "external_accounts": [], "public_metadata": {},
    })
}

fn embedded(user: &Value) -> Option<(Option<String>, Version)> {
    let (_, user) = session("session.created", &json!({ "user": user }));
    user.map(|user| {
        assert_eq!(user.id, "user_1");
        (user.profile.first_name, user.version)
    })
}

#[test]
fn a_whole_embedded_user_is_a_state_under_its_own_time() {
    let own = Version::complete(Some(OCCURRED - 90), Some(OCCURRED), "msg_1");
    assert_eq!(embedded(&whole()), Some((Some("Ada".into()), own)));
}

#[test]
fn an_embedded_user_with_a_part_missing_loses_to_every_whole_one() {
    let incomplete = Version::incomplete(Some(OCCURRED), "msg_1");
    for part in
        ["updated_at", "email_addresses", "phone_numbers", "external_accounts", "public_metadata"]
    {
        let mut missing = whole();
        missing.as_object_mut().unwrap().remove(part);
        for partial in [missing, with(whole(), &json!({ part: null }))] {
            let read = embedded(&partial);
            assert_eq!(read, Some((Some("Ada".into()), incomplete.clone())), "{partial}");
        }
    }
    for never in [0, -1] {
        let undated = with(whole(), &json!({ "updated_at": never }));
        assert_eq!(embedded(&undated), Some((Some("Ada".into()), incomplete.clone())), "{never}");
    }
    let version = embedded(&json!({ "id": "user_1" })).map(|(_, version)| version);
    assert_eq!(version, Some(incomplete.clone()));
    assert!(incomplete < Version::complete(Some(1), None, ""), "even to the oldest");
}

#[test]
fn an_embedded_user_who_is_nobody_or_somebody_else_is_left_out() {
    let another = with(whole(), &json!({ "id": "user_2" }));
    let nameless = with(whole(), &json!({ "id": null }));
    for user in [json!(null), json!({}), nameless, another] {
        let (session, read) = session("session.created", &json!({ "user": user }));
        assert_eq!(read, None, "{user}");
        assert_eq!(session.state.user_id, "user_1", "and the session is taken all the same");
    }
}
