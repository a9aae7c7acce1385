//! The scenarios of `meetvo trigger` about organizations: their events, and the IDs that they share.

use serde_json::Value;

use super::trigger::{SIGN_UP, Target, assert_decisions};
use crate::harness::{Engine, apply, both_engines};

/// Decision for the events of organizations.
const ORGANIZATIONS: &str = "applied";
const CREATE_ORGANIZATION: [(&str, &str); 2] =
    [("organization.created", ORGANIZATIONS), ("organizationMembership.created", ORGANIZATIONS)];
const INVITE_MEMBER: [(&str, &str); 4] = [
    ("organizationInvitation.created", ORGANIZATIONS),
    ("user.created", "applied"),
    ("organizationInvitation.accepted", ORGANIZATIONS),
    ("organizationMembership.created", ORGANIZATIONS),
];

#[apply(both_engines)]
async fn organization_scenario_begins_with_its_prerequisites(engine: Engine) {
    let target = Target::start(engine).await;
    let create = [&SIGN_UP[..], &CREATE_ORGANIZATION].concat();
    let invite = [&create[..], &INVITE_MEMBER].concat();
    let cases = [
        ("create-organization", &create, None),
        ("invite-member", &invite, None),
        ("change-role", &invite, Some("organizationMembership.updated")),
        ("leave-organization", &invite, Some("organizationMembership.deleted")),
        ("delete-organization", &create, Some("organization.deleted")),
    ];
    let mut users = 0;
    for (scenario, before, last) in cases {
        let events = target.trigger(&["--scenario", scenario]);
        let last = last.map(|kind| (kind, ORGANIZATIONS));
        assert_decisions(&events, &before.iter().copied().chain(last).collect::<Vec<_>>());
        users += before.iter().filter(|(kind, _)| *kind == "user.created").count();
    }
    let listed = target.get("/users?limit=500").await["data"].take();
    assert_eq!(listed.as_array().unwrap().len(), users);
}

#[apply(both_engines)]
async fn later_call_continues_with_same_organization(engine: Engine) {
    let target = Target::start(engine).await;
    let created = target.trigger(&["--scenario", "create-organization"]);
    let user = created[0]["subject"].as_str().unwrap();
    let run = |scenario: &str| target.trigger(&["--scenario", scenario, "--user", user]);
    let id = |event: &Value, pointer: &str| event["payload"]["data"].pointer(pointer).cloned();
    let organization = id(&created[3], "/id");

    let invited = run("invite-member");
    assert_decisions(&invited, &INVITE_MEMBER);
    assert_eq!(id(&invited[0], "/organization_id"), organization);
    let membership = id(&invited[3], "/id");
    for (scenario, kind) in [
        ("change-role", "organizationMembership.updated"),
        ("leave-organization", "organizationMembership.deleted"),
    ] {
        let events = run(scenario);
        assert_decisions(&events, &[(kind, ORGANIZATIONS)]);
        assert_eq!(id(&events[0], "/id"), membership);
        assert_eq!(id(&events[0], "/organization/id"), organization);
        assert_eq!(events[0]["subject"], invited[1]["subject"]);
    }
    let deleted = run("delete-organization");
    assert_decisions(&deleted, &[("organization.deleted", ORGANIZATIONS)]);
    assert_eq!((id(&deleted[0], "/id"), &deleted[0]["subject"]), (organization, &Value::Null));
}

#[apply(both_engines)]
async fn count_invites_different_members(engine: Engine) {
    let target = Target::start(engine).await;
    let created = target.trigger(&["--scenario", "create-organization", "--seed", "7"]);
    let user = created[0]["subject"].as_str().unwrap();
    let invite = ["--scenario", "invite-member", "--scenario", "invite-member", "--user", user];
    let events = target.trigger(&[&invite[..], &["--count", "2"]].concat());
    assert_decisions(&events, &[INVITE_MEMBER; 4].concat());
    let listed = target.get("/users").await["data"].take();
    assert_eq!(listed.as_array().unwrap().len(), 1 + 4, "{listed}");
    let memberships = events.iter().filter(|it| it["type"] == "organizationMembership.created");
    let organizations: Vec<_> =
        memberships.map(|it| &it["payload"]["data"]["organization"]["id"]).collect();
    assert_eq!(organizations, [&created[3]["payload"]["data"]["id"]; 4]);

    // Without a user, each repetition has another organization.
    let events = target.trigger(&["--scenario", "create-organization", "--count", "3"]);
    let organizations = events.iter().filter(|it| it["type"] == "organization.created");
    let mut slugs: Vec<_> =
        organizations.map(|it| it["payload"]["data"]["slug"].to_string()).collect();
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 3, "{slugs:?}");
}
