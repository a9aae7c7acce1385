//! Verifies that the default sets contain all kinds of events and data that the tests must cover.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{DEFAULT_SEED, DEFAULT_SETS, columns::instant, histories::history, model::Event};

fn sets() -> impl Iterator<Item = Vec<Event>> {
    (0..DEFAULT_SETS).map(|number| history(DEFAULT_SEED + number))
}

fn kind(event: &Event) -> &str {
    event.body["type"].as_str().unwrap()
}

/// Returns the user id of an event.
fn user(event: &Event) -> &Value {
    let data = &event.body["data"];
    if kind(event).starts_with("user.") { &data["id"] } else { &data["user_id"] }
}

fn is_empty(list: &Value) -> bool {
    list.as_array().is_none_or(Vec::is_empty)
}

fn is_in_seconds(time: &Value) -> bool {
    time.as_i64().is_some_and(|time| (1..100_000_000_000).contains(&time))
}

#[test]
fn sets_contain_every_event_type_and_anomaly() {
    let all: Vec<_> = sets().flatten().collect();
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for event in &all {
        *kinds.entry(kind(event)).or_default() += 1;
    }
    for name in ["created", "pending", "ended", "removed", "revoked"] {
        assert!(kinds[&*format!("session.{name}")] >= 10, "{kinds:?}");
    }
    for name in ["user.created", "user.updated", "user.deleted"] {
        assert!(kinds[name] >= 10, "{kinds:?}");
    }
    let session = |it: &&Value| it["object"] == "session";
    let data = || all.iter().map(|event| &event.body["data"]);
    for (case, count) in [
        ("updated_at in seconds", data().filter(|it| is_in_seconds(&it["updated_at"])).count()),
        ("timestamp in seconds", {
            all.iter().filter(|it| is_in_seconds(&it.body["timestamp"])).count()
        }),
        ("no updated_at", data().filter(session).filter(|it| it["updated_at"].is_null()).count()),
        ("invalid updated_at", data().filter(|it| it["updated_at"].as_i64() <= Some(0)).count()),
        ("no timestamp", all.iter().filter(|it| it.body["timestamp"].is_null()).count()),
        ("no request", all.iter().filter(|it| it.body["event_attributes"].is_null()).count()),
        ("no status", data().filter(session).filter(|it| it["status"].is_null()).count()),
        ("unknown status", data().filter(|it| it["status"] == "suspended").count()),
        ("complete user", data().filter(|it| it["user"]["phone_numbers"].is_array()).count()),
        ("incomplete user", {
            let incomplete = |it: &&Value| {
                let user = &it["user"];
                user["id"] == it["user_id"] && user.is_object() && user["phone_numbers"].is_null()
            };
            data().filter(incomplete).count()
        }),
        ("another user", data().filter(|it| it["user"]["id"] == "user_other").count()),
    ] {
        assert!(count >= 5, "{case}: {count}");
    }
}

#[test]
fn sets_contain_every_shape_of_user_lists() {
    let all: Vec<_> = sets().flatten().collect();
    let profile = |it: &&Value| !it["id"].is_null() && it["email_addresses"].is_array();
    let data = || all.iter().map(|event| &event.body["data"]);
    let users = || data().filter(profile).chain(data().map(|it| &it["user"]).filter(profile));
    let lists = ["email_addresses", "external_accounts", "phone_numbers"];
    let items =
        || users().flat_map(|it| lists.map(|list| it[list].as_array()).into_iter().flatten());
    for (case, count) in [
        ("passkeys", users().filter(|it| !is_empty(&it["passkeys"])).count()),
        ("enterprise_accounts", {
            users().filter(|it| !is_empty(&it["enterprise_accounts"])).count()
        }),
        ("only saml_accounts", {
            let older = |it: &&Value| is_empty(&it["enterprise_accounts"]);
            users().filter(older).filter(|it| !is_empty(&it["saml_accounts"])).count()
        }),
        ("both fields", {
            let newer = |it: &&Value| !is_empty(&it["enterprise_accounts"]);
            users().filter(newer).filter(|it| !is_empty(&it["saml_accounts"])).count()
        }),
        (
            "items without ids",
            items().filter(|list| list.iter().any(|it| it["id"].is_null())).count(),
        ),
        ("duplicate ids", {
            let has_duplicate = |list: &&Vec<Value>| {
                let repeats = |at: usize| list[..at].iter().any(|it| it["id"] == list[at]["id"]);
                (0..list.len()).any(|at| !list[at]["id"].is_null() && repeats(at))
            };
            items().filter(has_duplicate).count()
        }),
    ] {
        assert!(count >= 5, "{case}: {count}");
    }
}

/// Returns the number of sets with a pair of events that matches.
fn sets_with(matches: impl Fn(&Event, &Event) -> bool) -> usize {
    let has_pair = |set: &Vec<Event>| {
        let others =
            |one: &Event| set.iter().any(|other| other.id != one.id && matches(one, other));
        set.iter().any(others)
    };
    sets().filter(has_pair).count()
}

#[test]
fn sets_contain_conflicting_events() {
    let time = |event: &Event, at: &str| instant(event.body.pointer(at).unwrap_or(&Value::Null));
    let both = |one: &Event, other: &Event, at: &str| {
        time(one, at).is_some() && time(one, at) == time(other, at)
    };
    let equal_versions = sets_with(|one, other| {
        let versions = both(one, other, "/data/updated_at") && both(one, other, "/timestamp");
        versions && kind(one).starts_with("user.") && user(one) == user(other)
    });
    let equal_times_in_both_units = sets_with(|one, other| {
        let seconds = is_in_seconds(&one.body["data"]["updated_at"]);
        let millis = !is_in_seconds(&other.body["data"]["updated_at"]);
        seconds && millis && both(one, other, "/data/updated_at") && user(one) == user(other)
    });
    let states_of_deleted_users = sets_with(|one, other| {
        kind(one) == "user.deleted" && kind(other) != "user.deleted" && user(one) == user(other)
    });
    let shared_addresses = sets_with(|one, other| {
        let first = |it: &Event| it.body["data"]["email_addresses"][0]["email_address"].clone();
        user(one) != user(other) && first(one).is_string() && first(one) == first(other)
    });
    for (case, sets) in [
        ("equal versions", equal_versions),
        ("equal times in both units", equal_times_in_both_units),
        ("a state of a deleted user", states_of_deleted_users),
        ("an address of two users", shared_addresses),
    ] {
        assert!(sets >= 5, "{case}: {sets}");
    }
}

#[test]
fn sets_contain_every_type_of_organization_events() {
    let all: Vec<_> = sets().flatten().collect();
    let mut kinds: BTreeMap<_, usize> = BTreeMap::new();
    for event in &all {
        *kinds.entry(kind(event)).or_default() += 1;
    }
    for object in
        ["organization", "organizationMembership", "organizationDomain", "role", "permission"]
    {
        for action in ["created", "updated", "deleted"] {
            assert!(kinds[&*format!("{object}.{action}")] >= 3, "{object}.{action}: {kinds:?}");
        }
    }
    for (object, actions) in [
        ("organizationInvitation", &["created", "accepted", "revoked"][..]),
        ("waitlistEntry", &["created", "updated"]),
    ] {
        for action in actions {
            assert!(kinds[&*format!("{object}.{action}")] >= 10, "{kinds:?}");
        }
    }
}

#[test]
fn sets_contain_every_shape_of_organization_events() {
    let all: Vec<_> = sets().flatten().collect();
    let of = |prefix: &'static str| all.iter().filter(move |event| kind(event).starts_with(prefix));
    let data = |prefix| of(prefix).map(|event| &event.body["data"]);
    let embedded = || data("organizationMembership.").map(|it| &it["organization"]);
    for (case, count) in [
        ("thin organization", {
            let is_thin = |it: &&Value| !it["name"].is_null() && it["private_metadata"].is_null();
            embedded().filter(is_thin).count()
        }),
        ("whole organization", embedded().filter(|it| it["private_metadata"].is_object()).count()),
        ("only the id of the organization", {
            embedded().filter(|it| it.as_object().is_some_and(|it| it.len() == 1)).count()
        }),
        ("no organization", embedded().filter(|it| it.is_null()).count()),
        ("no role", data("organizationMembership.").filter(|it| it["role"].is_null()).count()),
        ("no user", {
            let users = data("organizationMembership.").map(|it| &it["public_user_data"]);
            users.filter(|it| it["user_id"].is_null()).count()
        }),
        (
            "nested invitation",
            data("organizationInvitation.").filter(|it| it["data"].is_object()).count(),
        ),
        ("deleted without slug", {
            data("organization.deleted").filter(|it| it.get("slug").is_none()).count()
        }),
        (
            "deleted with slug",
            data("organization.deleted").filter(|it| it["slug"].is_string()).count(),
        ),
        ("old domain verification", {
            let is_old = |it: &&Value| it.get("affiliation_verification").is_none();
            data("organizationDomain.")
                .filter(is_old)
                .filter(|it| !it["verification"].is_null())
                .count()
        }),
        ("partial role", data("role.").filter(|it| it.get("permissions").is_none()).count()),
        (
            "session without client",
            data("session.").filter(|it| it.get("client_id").is_none()).count(),
        ),
    ] {
        assert!(count >= 5, "{case}: {count}");
    }
}

#[test]
fn sets_contain_conflicting_organization_events() {
    let deletes = |event: &Event, prefix: &str| kind(event) == format!("{prefix}.deleted");
    let id = |event: &Event| event.body["data"]["id"].clone();
    let organization = |event: &Event| event.body["data"]["organization"]["id"].clone();
    let member = |event: &Event| event.body["data"]["public_user_data"]["user_id"].clone();
    let is_membership = |event: &Event| {
        kind(event).starts_with("organizationMembership.") && organization(event).is_string()
    };
    let states_of_deleted_owners = |object: &'static str, owner: fn(&Event) -> Value| {
        sets_with(move |one, other| {
            deletes(one, object) && is_membership(other) && owner(other) == id(one)
        })
    };
    for (case, sets) in [
        ("a re-join", {
            sets_with(|one, other| {
                let same = organization(one) == organization(other) && member(one) == member(other);
                is_membership(one) && is_membership(other) && same && id(one) != id(other)
            })
        }),
        ("a deletion that is older than a state", {
            sets_with(|one, other| {
                let time = |it: &Event| instant(&it.body["data"]["updated_at"]);
                deletes(one, "organizationMembership")
                    && id(one) == id(other)
                    && !deletes(other, "organizationMembership")
                    && time(one).is_some_and(|at| time(other).is_some_and(|of| at < of))
            })
        }),
        ("a member of a deleted organization", {
            states_of_deleted_owners("organization", |it| {
                it.body["data"]["organization"]["id"].clone()
            })
        }),
        ("a deleted member", {
            states_of_deleted_owners("user", |it| {
                it.body["data"]["public_user_data"]["user_id"].clone()
            })
        }),
        ("a final and a pending invitation", {
            sets_with(|one, other| {
                let [one, other] = [one, other].map(|it| &it.body["data"]);
                let status = |it: &Value| it["status"].as_str().unwrap_or_default().to_owned();
                one["id"].is_string()
                    && one["id"] == other["id"]
                    && one["object"] == "organization_invitation"
                    && status(one) == "pending"
                    && ["accepted", "revoked"].contains(&&*status(other))
                    && instant(&one["updated_at"]) > instant(&other["updated_at"])
            })
        }),
    ] {
        assert!(sets >= 4, "{case}: {sets}");
    }
}
