//! What may be in an event, read off the rules, by code that shares nothing with the service's.

use meetvo::domain::{
    event::{Change, Content, Decision, Event},
    session::Session,
    user::User,
    version::Version,
};
use serde_json::Value;

/// The last millisecond of the year 9999.
const LAST_INSTANT: i64 = 253_402_300_799_999;

/// The customer's own JSON.
const CUSTOMERS: [&str; 4] = ["public_metadata", "private_metadata", "unsafe_metadata", "actor"];
const SECRETS: [&str; 4] =
    ["backup_codes", "nonce", "message", "external_verification_redirect_url"];
const SYNCED: [&str; 8] = [
    "user.created",
    "user.updated",
    "user.deleted",
    "session.created",
    "session.pending",
    "session.ended",
    "session.removed",
    "session.revoked",
];

/// Both databases can hold the event, and it holds nothing that must not be kept.
pub fn can_be_kept(event: &Event, body: &str) {
    for id in
        [&event.kind, &event.subject, &event.object_id, &event.instance_id].into_iter().flatten()
    {
        is_id(id);
    }
    is_instant(event.occurred_at);
    let payload = event.payload.as_deref().expect("something is kept of every body");
    assert!(payload.len() <= body.len().max(200) * 6, "{} from {}", payload.len(), body.len());
    let kept: Value = serde_json::from_str(payload).expect("what is kept is JSON");
    let is_synced = event.kind.as_deref().is_some_and(|kind| SYNCED.contains(&kind));
    match &event.content {
        Content::Change(change) => {
            assert!(is_synced, "{:?}", event.kind);
            assert_eq!(event.subject.as_deref(), Some(change.subject()));
            assert_eq!(event.object_id.as_deref(), Some(change.object_id()));
            is_storable(change);
            holds_no_secret(&kept, &mut |key| SECRETS.contains(&key), true);
        }
        Content::NotApplied { decision, reason } => {
            if let Some(reason) = reason {
                assert!(!reason.contains('\0') && reason.len() < 2_000, "{reason:?}");
            }
            match (decision, is_synced) {
                (Decision::Quarantined, true) => {
                    holds_no_secret(&kept, &mut |key| SECRETS.contains(&key), true);
                }
                (Decision::Failed, true) => holds_no_secret(&kept, &mut names_a_secret, false),
                (Decision::Failed, false) if kept.get("unreadable").is_some() => {
                    assert!(event.kind.is_none() && payload.len() < 200, "{payload}");
                }
                (Decision::Ignored | Decision::Quarantined | Decision::Failed, false) => {
                    holds_only_ids(&kept, "");
                }
                _ => panic!("{decision} of {:?}", event.kind),
            }
        }
    }
}

fn names_a_secret(key: &str) -> bool {
    let parts = ["otp", "password", "secret", "ticket", "token", "magic_link"];
    SECRETS.contains(&key)
        || ["body", "body_plain", "subject", "code", "url"].contains(&key)
        || key.ends_with("_code")
        || parts.iter().any(|part| key.contains(part))
}

/// A secret's value may be nothing, a yes or a no, or when it was set.
fn holds_no_secret(kept: &Value, is_secret: &mut dyn FnMut(&str) -> bool, spare: bool) {
    match kept {
        Value::Object(map) => {
            for (key, value) in map {
                if is_secret(key) {
                    let harmless = value.is_null()
                        || value.is_boolean()
                        || value == "[redacted]"
                        || (value.is_number() && key.ends_with("_at"));
                    assert!(harmless, "{key}: {value}");
                } else if !(spare && CUSTOMERS.contains(&&**key)) {
                    holds_no_secret(value, is_secret, spare);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|it| holds_no_secret(it, is_secret, spare)),
        _ => {}
    }
}

/// Nothing but ids of Clerk's, statuses, types and times.
fn holds_only_ids(kept: &Value, key: &str) {
    match kept {
        Value::Object(map) => {
            assert!(!CUSTOMERS.contains(&key), "{key}");
            map.iter().for_each(|(key, value)| holds_only_ids(value, key));
        }
        Value::Number(_) => assert!(key == "timestamp" || key.ends_with("_at"), "{key}: {kept}"),
        Value::String(text) => {
            let word = text.chars().all(|it| it.is_ascii_alphanumeric() || "_.-".contains(it));
            assert!(word && text.len() <= 255, "{key}: {kept}");
            let named = key == "id" || key.ends_with("_id");
            assert!(named || ["type", "object", "status"].contains(&key), "{key}: {kept}");
            assert!(!named || text.contains('_'), "{key}: {kept}");
        }
        // What is not an object at all leaves nothing.
        Value::Null => assert_eq!(key, ""),
        Value::Bool(_) | Value::Array(_) => panic!("{key}: {kept}"),
    }
}

fn is_storable(change: &Change) {
    match change {
        Change::User(user) => is_user(user),
        Change::UserDeleted { user_id, at } => {
            is_id(user_id);
            is_instant(Some(*at).filter(|at| *at != 0));
        }
        Change::Session { session, user } => {
            is_session(session);
            if let Some(user) = user {
                assert_eq!(user.id, session.state.user_id, "it is the session's own user");
                is_user(user);
            }
        }
    }
}

fn is_session(Session { id, state, sign_in }: &Session) {
    is_id(id);
    is_id(&state.user_id);
    assert!(!state.status.is_empty());
    is_text(Some(&state.status));
    is_text(state.client_id.as_ref());
    is_text(state.last_active_organization_id.as_ref());
    is_json(state.actor.as_ref());
    let times = [state.last_active_at, state.expires_at, state.abandon_at, state.created_at];
    times.into_iter().chain([state.updated_at]).for_each(is_instant);
    is_version(&state.version);
    if let Some(sign_in) = sign_in {
        is_text(sign_in.ip_address.as_ref());
        is_text(sign_in.user_agent.as_ref());
        assert_eq!(sign_in.version, state.version);
    }
}

fn is_user(user: &User) {
    is_id(&user.id);
    is_version(&user.version);
    let it = &user.profile;
    for text in [&it.external_id, &it.username, &it.email].into_iter().flatten() {
        is_text(Some(text));
        assert!(text.chars().count() <= 512, "{text}");
    }
    for text in [&it.first_name, &it.last_name, &it.phone_number, &it.image] {
        is_text(text.as_ref());
    }
    assert!(it.email_verified.is_none() || it.email.is_some(), "{it:?}");
    for json in [&it.public_metadata, &it.private_metadata, &it.unsafe_metadata] {
        is_json(json.as_ref());
    }
    [it.last_sign_in_at, it.last_active_at, it.created_at, it.updated_at]
        .into_iter()
        .for_each(is_instant);
    for (id, account) in &user.accounts {
        assert_eq!(*id, account.id);
        is_id(id);
        [&account.provider_id, &account.account_id, &account.email, &account.username]
            .into_iter()
            .chain([&account.scope, &account.status])
            .for_each(|text| is_text(text.as_ref()));
        [account.created_at, account.updated_at].into_iter().for_each(is_instant);
    }
    for (id, verification) in &user.verifications {
        assert_eq!(*id, verification.id);
        is_id(id);
        for text in [&verification.identifier, &verification.status, &verification.strategy] {
            is_text(text.as_ref());
        }
        [verification.expires_at, verification.created_at, verification.updated_at]
            .into_iter()
            .for_each(is_instant);
    }
}

fn is_version(version: &Version) {
    assert!((0..=LAST_INSTANT).contains(&version.updated_at), "{version:?}");
    assert!((0..=LAST_INSTANT).contains(&version.occurred_at), "{version:?}");
}

fn is_id(id: &str) {
    is_text(Some(&id.to_owned()));
    assert!(id.chars().count() <= 255, "{id}");
}

fn is_text(text: Option<&String>) {
    if let Some(text) = text {
        assert!(!text.is_empty() && !text.contains('\0'), "{text:?}");
    }
}

fn is_instant(time: Option<i64>) {
    if let Some(time) = time {
        assert!((100_000_000_000..=LAST_INSTANT).contains(&time) || time % 1000 == 0, "{time}");
        assert!((1..=LAST_INSTANT).contains(&time), "{time}");
    }
}

/// No NUL character in it, and no number that the two databases give back differently.
fn is_json(json: Option<&Value>) {
    match json {
        Some(Value::String(text)) => assert!(!text.contains('\0')),
        Some(Value::Array(items)) => items.iter().for_each(|item| is_json(Some(item))),
        Some(Value::Object(map)) => map.iter().for_each(|(key, value)| {
            assert!(!key.contains('\0'));
            is_json(Some(value));
        }),
        Some(Value::Number(number)) if number.is_f64() => {
            let float = number.as_f64().expect("it is a float");
            assert!(float.fract() != 0.0 || float.abs() >= 9.2e18, "{number}");
        }
        _ => {}
    }
}
