//! `meetvo why`.

use serde_json::{Value, json};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, Process, SECRET, apply, both_engines, client,
    fixtures,
    organization_events::{
        domain_event, invitation_event, membership_event, organization_deleted, organization_event,
        role,
    },
};

const OTHER: [(&str, &str); 1] = [("MEETVO__CLERK__INSTANCE_ID", "ins_other")];

fn why(database: &Database, words: &[&str]) -> String {
    printed(&Process::run(database, [], &[&["why"], words].concat()))
}

fn object(database: &Database, id: &str) -> Value {
    serde_json::from_str(&why(database, &[id, "--json"])).unwrap()
}

async fn send(process: &Process, id: &str, event: &Value) -> Value {
    let now = meetvo::clock::Clock::system().now();
    let delivery = Delivery::signed(SECRET, id, now, event.to_string());
    ApiResponse::fetch(delivery.request(&client(), &process.url)).await.body["decision"].clone()
}

#[apply(both_engines)]
async fn user_history_is_ordered(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let mut odd = fixtures::user_event("user.updated", "user_1", 20);
    odd["data"]["updated_at"] = json!([7]);
    for (id, event, decision) in [
        ("msg_newer", fixtures::user_event("user.updated", "user_1", 10), "applied"),
        ("msg_older", fixtures::user_event("user.created", "user_1", 0), "stale"),
        ("msg_odd", odd, "failed"),
        ("msg_other", fixtures::user_event("user.created", "user_2", 0), "applied"),
    ] {
        assert_eq!(send(&process, id, &event).await, decision);
    }
    let text = why(&database, &["user_1"]);
    assert!(text.starts_with("user_1 is stored with the data of "), "{text}");
    assert!(text.contains(": Ada 10 "), "{text}");
    let position = |id: &str| text.find(id).unwrap();
    assert!(position("msg_newer") < position("msg_older"));
    assert!(position("msg_older") < position("msg_odd"));
    assert!(text.contains("data.updated_at: expected") && !text.contains("msg_other"));
    let latest = why(&database, &["user_1", "--limit", "1"]);
    assert!(latest.contains("msg_odd") && !latest.contains("msg_older"), "{latest}");
    assert!(latest.contains("Earlier events exist"), "{latest}");

    assert_eq!(send(&process, "msg_gone", &fixtures::user_deleted("user_1", 30)).await, "applied");
    let history = object(&database, "user_1");
    assert!(why(&database, &["user_1"]).starts_with("user_1 was deleted at "));
    let events = history["events"].as_array().unwrap();
    let ids: Vec<_> = events.iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, ["msg_newer", "msg_older", "msg_odd", "msg_gone"]);
    assert_eq!(history["has_earlier"], false);
    assert!(history["deleted_at"].is_string(), "{history}");
}

#[apply(both_engines)]
async fn partly_known_user_is_described(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &session).await, "applied");
    let text = why(&database, &["user_1"]);
    assert!(text.starts_with("user_1 is known only from a session"), "{text}");
    let mut odd = fixtures::user_event("user.created", "user_2", 0);
    odd["data"]["updated_at"] = json!([7]);
    assert_eq!(send(&process, "msg_2", &odd).await, "failed");
    let text = why(&database, &["user_2"]);
    assert!(text.starts_with("user_2 is not stored"), "{text}");
    let unknown = Process::run(&database, [], &["why", "user_3"]);
    assert_eq!(unknown.status.code(), Some(1));
    let expected = "no event and no object has the ID user_3";
    assert!(stderr(&unknown).contains(expected), "{}", stderr(&unknown));
}

#[apply(both_engines)]
async fn event_history_has_remediation_and_result(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, OTHER);
    let event = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &event).await, "quarantined");
    let text = why(&database, &["msg_1"]);
    assert!(text.starts_with("msg_1 is quarantined: user.created\n"), "{text}");
    for part in ["only ins_other is accepted", "meetvo reprocess msg_1", "user         user_1"] {
        assert!(text.contains(part), "{text}");
    }
    printed(&Process::run(&database, [], &["reprocess", "msg_1"]));
    let history = object(&database, "msg_1");
    assert_eq!((&history["decision"], &history["remediation"]), (&json!("applied"), &Value::Null));
    assert!(history["applied_at"].is_string(), "{history}");
    assert!(why(&database, &["msg_1"]).contains("Reprocessing applied the event at "));
}

#[apply(both_engines)]
async fn email_address_finds_its_owner(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let event = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(send(&process, "msg_1", &event).await, "applied");
    for address in ["user_1@example.com", " USER_1@Example.com "] {
        let text = why(&database, &[address]);
        assert!(text.starts_with("user_1 is stored with the data of "), "{text}");
        assert!(text.contains("msg_1"), "{text}");
        let history = object(&database, address);
        assert_eq!(
            (&history["id"], &history["events"][0]["id"]),
            (&json!("user_1"), &json!("msg_1"))
        );
    }
    for (id, code, error) in [
        ("user_2@example.com", 1, "no user has the primary email address user_2@example.com"),
        ("user\u{1b}[2J\n2", 1, "no event and no object has the ID user\\u001b[2J\\n2;"),
        ("", 2, "expected the ID of an event or an object, or an email address"),
        (" ", 2, "expected the ID of an event or an object, or an email address"),
    ] {
        let output = Process::run(&database, [], &["why", id]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{id}");
        assert!(stderr(&output).contains(error), "{id}: {}", stderr(&output));
    }
}

/// Returns the IDs of the events in a history.
fn event_ids(history: &Value) -> Vec<&str> {
    history["events"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

/// Delivers events about objects of every kind but permissions.
async fn deliver_objects(process: &Process) {
    let member = |kind: &str, later| membership_event(kind, "orgmem_1", "org_1", "user_1", later);
    let mut failing = organization_event("organization.updated", "org_1", 9);
    failing["data"]["updated_at"] = json!([7]);
    for (id, body, decision) in [
        ("msg_member", member("organizationMembership.created", 1), "applied"),
        ("msg_org", organization_event("organization.created", "org_1", 0), "applied"),
        ("msg_other", organization_event("organization.created", "org_2", 0), "applied"),
        (
            "msg_invited",
            invitation_event("organizationInvitation.created", "orginv_1", "org_1", 2),
            "applied",
        ),
        (
            "msg_accepted",
            invitation_event("organizationInvitation.accepted", "orginv_1", "org_1", 3),
            "applied",
        ),
        (
            "msg_domain",
            domain_event("organizationDomain.created", "orgdmn_1", "org_1", 3),
            "applied",
        ),
        ("msg_role", fixtures::event("role.created", role("role_1", 0), 0), "applied"),
        ("msg_user", fixtures::user_event("user.created", "user_1", 0), "applied"),
        (
            "msg_session",
            fixtures::session_event("session.created", "sess_1", "user_1", 0),
            "applied",
        ),
        ("msg_failing", failing, "failed"),
    ] {
        assert_eq!(send(process, id, &body).await, decision, "{id}");
    }
}

#[apply(both_engines)]
async fn object_history_is_found_by_id(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    deliver_objects(&process).await;
    for (id, kind, events, described) in [
        ("orgmem_1", "membership", &["msg_member"][..], "role org:member"),
        ("orginv_1", "invitation", &["msg_invited", "msg_accepted"], "status accepted"),
        ("orgdmn_1", "domain", &["msg_domain"], "name example.com"),
        ("role_1", "role", &["msg_role"], "key org:billing"),
        ("sess_1", "session", &["msg_session"], "status active"),
        ("org_2", "organization", &["msg_other"], "slug acme"),
    ] {
        let history = object(&database, id);
        assert_eq!(history["kind"], kind);
        assert_eq!(event_ids(&history), events, "{id}");
        let text = why(&database, &[id]);
        assert!(text.starts_with(&format!("{id} is stored with the data of ")), "{text}");
        assert!(text.contains(described), "{text}");
    }
    let history = object(&database, "org_1");
    let expected = [
        "msg_member",
        "meetvo.organization.embedded:msg_member",
        "msg_org",
        "msg_invited",
        "msg_accepted",
        "msg_domain",
        "msg_failing",
    ];
    assert_eq!(event_ids(&history), expected);

    let history = object(&database, "user_1");
    let membership = json!({ "id": "orgmem_1", "organization_id": "org_1", "role": "org:member" });
    assert_eq!(history["memberships"], json!([membership]));
    let text = why(&database, &["user_1"]);
    assert!(text.contains("\nMember of:\n  org_1 as org:member (orgmem_1)\n"), "{text}");
    let text = why(&database, &["msg_member"]);
    assert!(text.contains("  organization org_1\n  object       orgmem_1\n"), "{text}");
}

#[apply(both_engines)]
async fn deleted_and_partly_known_objects_are_described(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let mut joined =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 1);
    joined["data"]["organization"] = json!({ "id": "org_1" });
    let invited = invitation_event("organizationInvitation.created", "orginv_1", "org_2", 1);
    let left = membership_event("organizationMembership.deleted", "orgmem_2", "org_1", "user_2", 5);
    for (id, body) in [("msg_1", joined), ("msg_2", invited), ("msg_3", left)] {
        assert_eq!(send(&process, id, &body).await, "applied", "{id}");
    }
    let text = why(&database, &["org_2"]);
    assert!(text.starts_with("org_2 is known only from an object that belongs to it"), "{text}");
    let text = why(&database, &["orgmem_2"]);
    assert!(text.starts_with("orgmem_2 was deleted at ") && text.contains("msg_3"), "{text}");
    let deleted = organization_deleted("org_2", 9);
    assert_eq!(send(&process, "msg_4", &deleted).await, "applied");
    let history = object(&database, "org_2");
    assert_eq!(event_ids(&history), ["msg_2", "msg_4"]);
    assert!(history["deleted_at"].is_string(), "{history}");
    // The invitation is removed with its organization, and its events stay.
    let text = why(&database, &["orginv_1"]);
    assert!(text.starts_with("orginv_1 is not stored"), "{text}");
    assert_eq!(object(&database, "orginv_1")["kind"], Value::Null);
    assert_eq!(event_ids(&object(&database, "orginv_1")), ["msg_2"]);
    let unknown = Process::run(&database, [], &["why", "org_9"]);
    assert!(stderr(&unknown).contains("no event and no object has the ID org_9"));
}
