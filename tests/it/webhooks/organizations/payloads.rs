//! Stored payloads: what is removed before the first write, and with a deletion.

use serde_json::{Value, json};

use super::{payload_states, row, send_all, signed};
use crate::harness::{
    Engine, Service, apply, both_engines,
    fixtures::{self, event},
    organization_events::{
        domain_event, invitation_event, membership_event, organization_deleted, organization_event,
        permission, role,
    },
};

async fn payload(service: &Service, id: &str) -> Value {
    let event = row(&mut service.tables().await, "webhook_events", id).await;
    serde_json::from_str(event["payload"].as_str().unwrap()).unwrap()
}

#[apply(both_engines)]
async fn names_and_tokens_are_not_stored(engine: Engine) {
    let service = Service::start(engine).await;
    let joined =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0);
    let invited = invitation_event("organizationInvitation.accepted", "orginv_1", "org_1", 0);
    let mut nested = invitation_event("organizationInvitation.accepted", "orginv_2", "org_1", 0);
    nested["data"] = json!({ "data": nested["data"] });
    let domain = domain_event("organizationDomain.created", "orgdmn_1", "org_1", 0);
    for (id, body) in
        [("msg_1", &joined), ("msg_2", &invited), ("msg_3", &nested), ("msg_4", &domain)]
    {
        assert_eq!(service.deliver(&signed(id, body)).await, "applied");
    }
    let names = ["first_name", "last_name", "identifier", "image_url"];
    let membership = payload(&service, "msg_1").await;
    let user = &membership["data"]["public_user_data"];
    assert_eq!(names.map(|name| &user[name]), [&json!("[redacted]"); 4]);
    assert_eq!(
        ["username", "profile_image_url"].map(|name| &user[name]),
        [&json!("[redacted]"); 2]
    );
    assert_eq!((&user["user_id"], &user["has_image"]), (&json!("user_1"), &json!(true)));
    let outer = payload(&service, "msg_2").await["data"].clone();
    let inner = payload(&service, "msg_3").await["data"]["data"].clone();
    for invitation in [outer, inner] {
        assert_eq!(invitation["url"], "[redacted]");
        let sender = &invitation["public_inviter_data"];
        assert_eq!(names.map(|name| &sender[name]), [&json!("[redacted]"); 4]);
        assert_eq!(sender["user_id"], "user_inviter");
    }
    let domain = payload(&service, "msg_4").await;
    assert_eq!(domain["data"]["affiliation_email_address"], "[redacted]");
}

#[apply(both_engines)]
async fn deleted_owner_empties_payloads(engine: Engine) {
    let service = Service::start(engine).await;
    let joined = |number: &str, organization: &str, user: &str, later: i64| {
        let id = format!("orgmem_{number}");
        let kind = "organizationMembership.created";
        signed(&format!("msg_{number}"), &membership_event(kind, &id, organization, user, later))
    };
    let kind = "organizationMembership.created";
    let mut failing = membership_event(kind, "orgmem_f", "org_1", "user_9", 1);
    failing["data"]["id"] = 7.into();
    let failing = signed("msg_f", &failing);
    for delivery in [
        joined("1", "org_1", "user_1", 1),
        joined("2", "org_1", "user_2", 1),
        joined("3", "org_2", "user_1", 1),
        joined("4", "org_2", "user_2", 1),
        joined("1b", "org_1", "user_1", -1),
        failing,
    ] {
        service.deliver(&delivery).await;
    }
    let mut tables = service.tables().await;
    let states = "organizationMembership.%";
    let stored = payload_states(&mut tables, states).await;
    let expected = [
        "msg_1 applied stored",
        "msg_2 applied stored",
        "msg_3 applied stored",
        "msg_4 applied stored",
        "msg_1b applied stored",
        "msg_f failed stored",
    ];
    assert_eq!(stored, expected);
    send_all(
        &service,
        &[
            (organization_deleted("org_1", 9), "applied"),
            (fixtures::user_deleted("user_1", 9), "applied"),
        ],
    )
    .await;
    let expected = [
        "msg_1 applied empty",
        "msg_2 applied empty",
        "msg_3 applied empty",
        "msg_4 applied stored",
        "msg_1b applied empty",
        "msg_f failed empty",
    ];
    assert_eq!(payload_states(&mut tables, states).await, expected);
}

/// No stored invitation has the address, so that an erasure by the address does not find the event.
#[apply(both_engines)]
async fn unapplied_invitation_keeps_no_address(engine: Engine) {
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_tests")];
    let service = Service::start_with(engine, pinned).await;
    let invitation =
        |later| invitation_event("organizationInvitation.created", "orginv_1", "org_1", later);
    let mut foreign = invitation(0);
    foreign["instance_id"] = "ins_other".into();
    let mut failing = invitation(1);
    failing["data"]["updated_at"] = "soon".into();
    assert_eq!(service.deliver(&signed("msg_foreign", &foreign)).await, "quarantined");
    assert_eq!(service.deliver(&signed("msg_failing", &failing)).await, "failed");
    let mut tables = service.tables().await;
    tables.reject_inserts("organization_invitations", "NEW.role = 'org:member'").await;
    assert_eq!(service.deliver(&signed("msg_rejected", &invitation(2))).await, "failed");
    tables.accept_inserts("organization_invitations").await;
    for id in ["msg_foreign", "msg_failing", "msg_rejected"] {
        let data = payload(&service, id).await["data"].clone();
        assert_eq!((&data["id"], &data["organization_id"]), (&json!("orginv_1"), &json!("org_1")));
        assert_eq!((&data["email_address"], &data["role"]), (&Value::Null, &Value::Null), "{id}");
        assert!(!data.to_string().contains('@'), "{data}");
    }

    // What is left is no invitation, so that it is not applied later.
    let service = service.restart_with([]).await;
    for id in ["msg_foreign", "msg_failing", "msg_rejected"] {
        let path = service.url_for(&format!("/v1/events/{id}/reprocess"));
        let request = service.client.post(path).bearer_auth(crate::harness::KEY);
        let reprocessed = crate::harness::ApiResponse::fetch(request).await.body;
        assert_ne!(reprocessed["decision"], "applied", "{reprocessed}");
    }
    assert!(tables.rows("organization_invitations").await.is_empty());
    // A redelivery has the whole invitation.
    assert_eq!(service.deliver(&signed("msg_rejected", &invitation(2))).await, "applied");
}

#[apply(both_engines)]
async fn private_metadata_stays_in_the_database(engine: Engine) {
    let service = Service::start(engine).await;
    for (id, mut body) in [
        ("msg_1", organization_event("organization.created", "org_1", 0)),
        (
            "msg_2",
            membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0),
        ),
        ("msg_3", invitation_event("organizationInvitation.created", "orginv_1", "org_1", 0)),
    ] {
        body["data"]["private_metadata"] = json!({ "secret": "s-1" });
        assert_eq!(service.deliver(&signed(id, &body)).await, "applied");
        assert_eq!(payload(&service, id).await["data"]["private_metadata"]["secret"], "s-1");
        let shown = service.get(&format!("/v1/events/{id}")).await.body;
        assert_eq!(shown["payload"]["data"]["id"], body["data"]["id"]);
        assert!(!shown.to_string().contains("s-1"), "{shown}");
    }
}

/// No deletion of a person and no erasure finds the address of the person who changed a role.
#[apply(both_engines)]
async fn events_of_roles_keep_no_addresses(engine: Engine) {
    let service = Service::start(engine).await;
    for (kind, object) in [
        ("role.created", role("role_1", 0)),
        ("permission.updated", permission("perm_1", 0)),
        ("role.deleted", role("role_2", 0)),
    ] {
        let event = event(kind, object, 0);
        assert!(event["event_attributes"]["http_request"]["client_ip"].is_string(), "{event}");
        assert_eq!(service.send(&event).await, "applied");
    }
    let payloads = "SELECT payload FROM webhook_events ORDER BY seq";
    for payload in service.tables().await.column(payloads).await {
        let payload: Value = serde_json::from_str(&payload).unwrap();
        let request = json!({ "client_ip": "[redacted]", "user_agent": "[redacted]" });
        assert_eq!(payload["event_attributes"]["http_request"], request);
    }
}
