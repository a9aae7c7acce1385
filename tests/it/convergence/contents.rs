//! What the sets of the short form hold: without any of it they would test little.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{USUAL_SEED, USUAL_SETS, columns::instant, histories::history, model::Event};

fn sets() -> impl Iterator<Item = Vec<Event>> {
    (0..USUAL_SETS).map(|number| history(USUAL_SEED + number))
}

fn kind(event: &Event) -> &str {
    event.body["type"].as_str().unwrap()
}

/// The id of the user that an event is about.
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
fn every_kind_of_event_and_every_oddity_is_there() {
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
    for (what, count) in [
        ("versions in seconds", data().filter(|it| is_in_seconds(&it["updated_at"])).count()),
        ("times of events in seconds", {
            all.iter().filter(|it| is_in_seconds(&it.body["timestamp"])).count()
        }),
        ("no version", data().filter(session).filter(|it| it["updated_at"].is_null()).count()),
        ("nonsense for one", data().filter(|it| it["updated_at"].as_i64() <= Some(0)).count()),
        ("no time of the event", all.iter().filter(|it| it.body["timestamp"].is_null()).count()),
        ("no request", all.iter().filter(|it| it.body["event_attributes"].is_null()).count()),
        ("no status", data().filter(session).filter(|it| it["status"].is_null()).count()),
        ("unknown status", data().filter(|it| it["status"] == "suspended").count()),
        ("whole user within", data().filter(|it| it["user"]["phone_numbers"].is_array()).count()),
        ("part of one", {
            let part = |it: &&Value| {
                let user = &it["user"];
                user["id"] == it["user_id"] && user.is_object() && user["phone_numbers"].is_null()
            };
            data().filter(part).count()
        }),
        ("another within", data().filter(|it| it["user"]["id"] == "user_other").count()),
    ] {
        assert!(count >= 5, "{what}: {count}");
    }
}

#[test]
fn what_belongs_to_users_is_there_in_every_shape() {
    let all: Vec<_> = sets().flatten().collect();
    let profile = |it: &&Value| !it["id"].is_null() && it["email_addresses"].is_array();
    let data = || all.iter().map(|event| &event.body["data"]);
    let users = || data().filter(profile).chain(data().map(|it| &it["user"]).filter(profile));
    let lists = ["email_addresses", "external_accounts", "phone_numbers"];
    let items =
        || users().flat_map(|it| lists.map(|list| it[list].as_array()).into_iter().flatten());
    for (what, count) in [
        ("passkeys", users().filter(|it| !is_empty(&it["passkeys"])).count()),
        ("accounts at an employer", {
            users().filter(|it| !is_empty(&it["enterprise_accounts"])).count()
        }),
        ("by their older name alone", {
            let older = |it: &&Value| is_empty(&it["enterprise_accounts"]);
            users().filter(older).filter(|it| !is_empty(&it["saml_accounts"])).count()
        }),
        ("under both names", {
            let newer = |it: &&Value| !is_empty(&it["enterprise_accounts"]);
            users().filter(newer).filter(|it| !is_empty(&it["saml_accounts"])).count()
        }),
        (
            "items without ids",
            items().filter(|list| list.iter().any(|it| it["id"].is_null())).count(),
        ),
        ("two with one id", {
            let twice = |list: &&Vec<Value>| {
                let again = |at: usize| list[..at].iter().any(|it| it["id"] == list[at]["id"]);
                (0..list.len()).any(|at| !list[at]["id"].is_null() && again(at))
            };
            items().filter(twice).count()
        }),
    ] {
        assert!(count >= 5, "{what}: {count}");
    }
}

/// How many of the sets hold two such events.
fn sets_with(such: impl Fn(&Event, &Event) -> bool) -> usize {
    let is_such = |set: &Vec<Event>| {
        let others = |one: &Event| set.iter().any(|other| other.id != one.id && such(one, other));
        set.iter().any(others)
    };
    sets().filter(is_such).count()
}

#[test]
fn events_meet_in_the_sets() {
    let time = |event: &Event, at: &str| instant(event.body.pointer(at).unwrap_or(&Value::Null));
    let both = |one: &Event, other: &Event, at: &str| {
        time(one, at).is_some() && time(one, at) == time(other, at)
    };
    let of_one_millisecond = sets_with(|one, other| {
        let versions = both(one, other, "/data/updated_at") && both(one, other, "/timestamp");
        versions && kind(one).starts_with("user.") && user(one) == user(other)
    });
    let in_both_units = sets_with(|one, other| {
        let seconds = is_in_seconds(&one.body["data"]["updated_at"]);
        let millis = !is_in_seconds(&other.body["data"]["updated_at"]);
        seconds && millis && both(one, other, "/data/updated_at") && user(one) == user(other)
    });
    let after_a_deletion = sets_with(|one, other| {
        kind(one) == "user.deleted" && kind(other) != "user.deleted" && user(one) == user(other)
    });
    let one_address_of_two = sets_with(|one, other| {
        let first = |it: &Event| it.body["data"]["email_addresses"][0]["email_address"].clone();
        user(one) != user(other) && first(one).is_string() && first(one) == first(other)
    });
    for (what, sets) in [
        ("of one millisecond", of_one_millisecond),
        ("of one time in both units", in_both_units),
        ("about a user who is deleted", after_a_deletion),
        ("with one address of two users", one_address_of_two),
    ] {
        assert!(sets >= 5, "{what}: {sets}");
    }
}
