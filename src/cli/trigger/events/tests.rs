//! Tests of the events of single types and of scenarios.

use serde_json::Value;

use super::{Event, EventBuilder, EventOptions, FieldEdit, Scenario, examples, ksuid, subject};

const NOW: i64 = 1_786_527_000_123;
const USER: &str = "user_3MWMZj5BSAKnLtnGyFd1OV9emAn";

fn options(user: &'static str, key: &'static str) -> EventOptions<'static> {
    let second = NOW / 1000;
    EventOptions {
        user,
        user_may_exist: false,
        first_member: 0,
        key,
        second,
        instance: None,
        edits: &[],
    }
}

fn single_event(kind: &str, options: EventOptions<'_>) -> Value {
    EventBuilder::single_event(kind, options, NOW).unwrap().remove(0).payload
}

/// Returns every ID in a payload.
fn ids(payload: &Value) -> Vec<&str> {
    match payload {
        Value::Object(map) => map.values().flat_map(ids).collect(),
        Value::Array(items) => items.iter().flat_map(ids).collect(),
        Value::String(text) if ksuid::creation_second(text).is_some() => vec![text],
        _ => Vec::new(),
    }
}

#[test]
fn only_the_instance_of_the_example_stays() {
    for kind in examples::types() {
        let example = examples::example(kind).unwrap();
        let made = single_event(kind, options(USER, "key"));
        assert_eq!((&made["type"], &made["timestamp"]), (&kind.into(), &NOW.into()));
        let others = ids(&made).into_iter().filter(|id| !id.starts_with("ins_"));
        for id in others {
            assert!(!ids(&example).contains(&id), "{kind}: {id}");
        }
        assert_eq!(subject(&made).is_some(), subject(&example).is_some(), "{kind}");
        assert!(subject(&made).is_none_or(|user| user == USER), "{kind}");
    }
}

#[test]
fn ids_depend_on_the_key_alone() {
    for kind in examples::types() {
        let made = single_event(kind, options("user_a", "key"));
        assert_eq!(made, single_event(kind, options("user_a", "key")), "{kind}");
        let other = single_event(kind, options("user_b", "other"));
        for id in ids(&made).into_iter().filter(|id| !id.starts_with("ins_")) {
            assert!(!ids(&other).contains(&id), "{kind}: {id}");
        }
    }
}

#[test]
fn session_contains_user_with_primary_address() {
    for kind in ["created", "pending", "ended", "removed", "revoked"] {
        let data = single_event(&format!("session.{kind}"), options(USER, "key"))["data"].take();
        assert_eq!((&data["user_id"], &data["user"]["id"]), (&USER.into(), &USER.into()));
        let user = &data["user"];
        assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"]);
    }
}

fn scenario_events(scenarios: &[Scenario], options: EventOptions<'_>) -> Vec<Event> {
    EventBuilder::scenario_events(scenarios, options, NOW).unwrap()
}

#[test]
fn scenarios_have_one_user_and_increasing_times() {
    use Scenario::{DeleteAccount, LinkAccount, ProfileChange, SignOut};
    let scenarios = [ProfileChange, LinkAccount, SignOut, DeleteAccount];
    let events = scenario_events(&scenarios, options(USER, "key"));
    assert_eq!(events.len(), 3 + 4 + 1 + 1 + 1);
    assert!(events.iter().all(|event| subject(&event.payload) == Some(USER)));
    for two in events.windows(2) {
        let time = |event: &Event| event.payload["timestamp"].as_i64().unwrap();
        assert!(time(&two[0]) < time(&two[1]));
        assert_ne!(two[0].id, two[1].id);
    }
    let mails = events.iter().filter(|event| event.payload["type"] == "email.created");
    let to: Vec<_> = mails.map(|mail| &mail.payload["data"]).collect();
    assert_ne!(to[0]["id"], to[1]["id"]);
    assert_ne!(to[0]["to_email_address"], to[1]["to_email_address"]);
}

/// Returns the data of the events of a type.
fn data<'e>(events: &'e [Event], kind: &str) -> Vec<&'e Value> {
    let of_type = events.iter().filter(|event| event.payload["type"] == kind);
    of_type.map(|event| &event.payload["data"]).collect()
}

#[test]
fn organization_scenario_begins_with_its_prerequisites() {
    let events = scenario_events(&[Scenario::ChangeRole], options(USER, "key"));
    let types: Vec<_> = events.iter().map(|event| event.payload["type"].clone()).collect();
    let expected = [
        "email.created",
        "user.created",
        "session.created",
        "organization.created",
        "organizationMembership.created",
        "organizationInvitation.created",
        "user.created",
        "organizationInvitation.accepted",
        "organizationMembership.created",
        "organizationMembership.updated",
    ];
    assert_eq!(types, expected);
    let organization = &data(&events, "organization.created")[0];
    let memberships = data(&events, "organizationMembership.created");
    let changed = data(&events, "organizationMembership.updated")[0];
    let [creator, member] = memberships[..] else { panic!("{memberships:?}") };
    assert_eq!(organization["created_by"], USER);
    assert_eq!(creator["public_user_data"]["user_id"], USER);
    assert_eq!((&creator["role"], &member["role"]), (&"org:admin".into(), &"org:member".into()));
    assert_eq!((&changed["id"], &changed["role"]), (&member["id"], &"org:admin".into()));
    assert_ne!(changed["permissions"], member["permissions"]);
    for membership in [creator, member, changed] {
        let embedded = &membership["organization"];
        for field in ["id", "name", "slug", "image_url", "updated_at"] {
            assert_eq!(embedded[field], organization[field], "{field}");
        }
        assert_eq!((embedded.get("private_metadata"), embedded.get("created_by")), (None, None));
    }
    let user = data(&events, "user.created")[1];
    let invitation = data(&events, "organizationInvitation.created")[0];
    let accepted = data(&events, "organizationInvitation.accepted")[0];
    assert_eq!(invitation["organization_id"], organization["id"]);
    assert_eq!(invitation["email_address"], user["email_addresses"][0]["email_address"]);
    assert_eq!(invitation["inviter_id"], USER);
    assert_eq!(invitation.get("user_id"), None);
    assert_eq!((&accepted["id"], &accepted["url"]), (&invitation["id"], &invitation["url"]));
    assert_eq!((&accepted["status"], &accepted["user_id"]), (&"accepted".into(), &user["id"]));
    assert_eq!(member["public_user_data"]["user_id"], user["id"]);
    assert_eq!(member["private_metadata"], accepted["private_metadata"]);
}

#[test]
fn later_call_is_about_same_organization() {
    use Scenario::{ChangeRole, DeleteOrganization, InviteMember, LeaveOrganization};
    let earlier = scenario_events(&[InviteMember], options(USER, "key"));
    let named = EventOptions { user_may_exist: true, ..options(USER, "other") };
    let later = scenario_events(&[ChangeRole, LeaveOrganization, DeleteOrganization], named);
    let member = data(&earlier, "organizationMembership.created")[1];
    let left = data(&later, "organizationMembership.deleted")[0];
    assert_eq!(later.len(), 3);
    for field in ["id", "created_at", "public_user_data", "private_metadata"] {
        assert_eq!(left[field], member[field], "{field}");
    }
    let changed = data(&later, "organizationMembership.updated")[0];
    assert_eq!((&left["role"], &left["updated_at"]), (&changed["role"], &changed["updated_at"]));
    let deleted = data(&later, "organization.deleted")[0];
    let created = data(&earlier, "organization.created")[0];
    assert_eq!((&deleted["id"], &deleted["slug"]), (&created["id"], &created["slug"]));
    let second = EventOptions { first_member: 1, ..named };
    let other = scenario_events(&[InviteMember], second);
    let other = data(&other, "organizationMembership.created")[0];
    assert_ne!(other["public_user_data"]["user_id"], member["public_user_data"]["user_id"]);
    assert_eq!(other["organization"]["id"], created["id"]);
}

#[test]
fn member_who_left_joins_as_another_membership() {
    use Scenario::{InviteMember, LeaveOrganization};
    let named = EventOptions { user_may_exist: true, ..options(USER, "key") };
    let rejoin = [LeaveOrganization, InviteMember];
    for scenarios in [&rejoin[..], &[&[InviteMember], &rejoin[..]].concat()] {
        let events = scenario_events(scenarios, named);
        let left = data(&events, "organizationMembership.deleted")[0];
        let joined = *data(&events, "organizationMembership.created").last().unwrap();
        let user = "/public_user_data/user_id";
        assert_eq!(joined.pointer(user), left.pointer(user));
        assert_ne!(joined["id"], left["id"]);
        assert_eq!(data(&events, "user.created").len(), scenarios.len() - rejoin.len());
    }
    // An invitation after that of a present member is for another person.
    let events = scenario_events(&[InviteMember, InviteMember], named);
    let users: Vec<_> = data(&events, "user.created").iter().map(|user| &user["id"]).collect();
    let invitations = data(&events, "organizationInvitation.accepted");
    assert!(users.len() == 2 && users[0] != users[1], "{users:?}");
    assert_ne!(invitations[0]["id"], invitations[1]["id"]);
}

#[test]
fn edited_organization_stays_with_any_value() {
    let edits = ["data.name=Acme", "data.role=org:buyer"].map(|it| it.parse().unwrap());
    let edited = EventOptions { edits: &edits, ..options(USER, "key") };
    let events = scenario_events(&[Scenario::InviteMember], edited);
    for membership in data(&events, "organizationMembership.created") {
        assert_eq!(membership["organization"]["name"], "Acme");
        assert_eq!(membership["role"], "org:buyer");
    }
    assert_eq!(data(&events, "organizationInvitation.accepted")[0]["role"], "org:buyer");
    let edits: [FieldEdit; 1] = ["data=7".parse().unwrap()];
    let edited = EventOptions { edits: &edits, ..options(USER, "key") };
    let scenarios = [Scenario::LeaveOrganization, Scenario::DeleteOrganization];
    let events = scenario_events(&scenarios, edited);
    assert!(events.iter().all(|event| event.payload["data"] == 7));
}

#[test]
fn edited_fields_stay_with_any_value() {
    let edits = ["data.first_name=Ada", "data.email_addresses=7"].map(|it| it.parse().unwrap());
    let edited = EventOptions { edits: &edits, ..options(USER, "key") };
    let events = scenario_events(&[Scenario::ProfileChange, Scenario::LinkAccount], edited);
    assert_eq!(events[2].payload["data"]["user"]["first_name"], "Ada");
    assert_eq!(events[7].payload["data"]["email_addresses"], 7);
    let edits: [FieldEdit; 1] = ["data=7".parse().unwrap()];
    let edited = EventOptions { edits: &edits, ..options(USER, "key") };
    assert_eq!(scenario_events(&[Scenario::ProfileChange], edited)[6].payload["data"], 7);
}

#[test]
fn upgrade_ends_item_of_earlier_call() {
    let subscribed = scenario_events(&[Scenario::Subscribe], options(USER, "key"));
    let named = EventOptions { user_may_exist: true, ..options(USER, "other") };
    let upgraded = scenario_events(&[Scenario::Upgrade], named);
    let types: Vec<_> = upgraded.iter().map(|event| event.payload["type"].clone()).collect();
    assert_eq!(
        types,
        ["subscriptionItem.active", "subscriptionItem.ended", "subscription.updated"],
        "Clerk does not assure the order of the two, and the later one must not undo the upgrade"
    );
    let before = data(&subscribed, "subscriptionItem.active")[0];
    let new = data(&upgraded, "subscriptionItem.active")[0];
    let ended = data(&upgraded, "subscriptionItem.ended")[0];
    assert_eq!((&ended["id"], &ended["subscription_id"]), (&before["id"], &new["subscription_id"]));
    assert_ne!(new["id"], ended["id"]);
    assert_ne!(new["plan"]["slug"], ended["plan"]["slug"]);
    let subscription = data(&upgraded, "subscription.updated")[0];
    assert_eq!(subscription["id"], new["subscription_id"]);
    let items = subscription["items"].as_array().unwrap();
    assert!(items.len() == 1 && items[0]["id"] == new["id"], "{items:?}");
}
