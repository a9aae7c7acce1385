//! Events that cannot be placed, and optional fields of another JSON type than Clerk documents.

use serde_json::{Value, json};

use super::{row, signed};
use crate::harness::{
    Engine, KEY, NOW, Service, apply, both_engines, fixtures, ids,
    organization_events::{
        domain_event, invitation_event, membership_event, organization_event, role,
    },
};

/// Returns the samples of the metric, such as `role 1`, in the order of the fields.
async fn field_faults(service: &Service) -> Vec<String> {
    let metrics = service.client.get(service.url_for("/metrics")).bearer_auth(KEY);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    let samples = metrics.lines().filter_map(|line| {
        let sample = line.strip_prefix("meetvo_field_faults_total{field=\"")?;
        Some(sample.replace("\"}", ""))
    });
    samples.collect()
}

/// `public_user_data` is optional in Clerk's specification, and is the only link to the user.
#[apply(both_engines)]
async fn membership_without_its_user_fails(engine: Engine) {
    let service = Service::start(engine).await;
    let membership =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0);
    for (id, pointer, value, reason) in [
        ("msg_1", "/data/public_user_data", None, "data.public_user_data is missing"),
        ("msg_2", "/data/public_user_data", Some(Value::Null), "data.public_user_data is missing"),
        (
            "msg_3",
            "/data/public_user_data/user_id",
            Some(Value::Null),
            "data.public_user_data.user_id is missing",
        ),
        (
            "msg_4",
            "/data/organization/id",
            Some(json!(7)),
            "data.organization.id: expected a string, found a number",
        ),
        ("msg_5", "/data/organization", Some(Value::Null), "data.organization is missing"),
        ("msg_6", "/data/id", Some(Value::Null), "data.id is missing"),
    ] {
        let mut body = membership.clone();
        match value {
            Some(value) => *body.pointer_mut(pointer).unwrap() = value,
            None => drop(body["data"].as_object_mut().unwrap().remove("public_user_data")),
        }
        assert_eq!(service.deliver(&signed(id, &body)).await, "failed", "{body}");
        assert_eq!(service.get(&format!("/v1/events/{id}")).await.body["reason"], reason);
    }
    let failed = service.list("/v1/events?decision=failed").await;
    assert_eq!(ids(&failed), ["msg_6", "msg_5", "msg_4", "msg_3", "msg_2", "msg_1"]);
    let mut tables = service.tables().await;
    for table in ["organization_memberships", "organizations", "users"] {
        assert!(tables.rows(table).await.is_empty(), "{table}");
    }
    // Svix sends the event again after a correction.
    assert_eq!(service.deliver(&signed("msg_1", &membership)).await, "applied");
}

#[apply(both_engines)]
async fn other_objects_without_their_owner_fail(engine: Engine) {
    let service = Service::start(engine).await;
    let mut invitation = invitation_event("organizationInvitation.created", "orginv_1", "org_1", 0);
    let data = invitation["data"].as_object_mut().unwrap();
    data.remove("organization_id");
    data.remove("public_organization_data");
    let mut domain = domain_event("organizationDomain.created", "orgdmn_1", "org_1", 0);
    domain["data"].as_object_mut().unwrap().remove("organization_id");
    let mut role = fixtures::event("role.created", role("role_1", 0), 0);
    role["data"]["updated_at"] = "soon".into();
    for (id, body, reason) in [
        ("msg_1", invitation, "data.organization_id is missing"),
        ("msg_2", domain, "data.organization_id is missing"),
        ("msg_3", role, "data.updated_at: expected a time, found a string"),
    ] {
        assert_eq!(service.deliver(&signed(id, &body)).await, "failed", "{body}");
        assert_eq!(service.get(&format!("/v1/events/{id}")).await.body["reason"], reason);
    }
}

/// Such an event is applied, and the field is converted or null.
#[apply(both_engines)]
async fn optional_fields_of_other_types_are_counted(engine: Engine) {
    let service = Service::start(engine).await;
    let mut organization = organization_event("organization.created", "org_1", 0);
    let data = &mut organization["data"];
    data["name"] = 7.into();
    data["slug"] = json!(["acme"]);
    data["max_allowed_memberships"] = "5".into();
    data["admin_delete_enabled"] = "true".into();
    data["created_at"] = "soon".into();
    let mut membership =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0);
    membership["data"]["role"] = json!({ "key": "org:admin" });
    membership["data"]["permissions"] = json!(["org:a", 7, null, "org:b"]);
    let mut invitation = invitation_event("organizationInvitation.created", "orginv_1", "org_1", 0);
    invitation["data"]["expires_at"] = json!({});
    invitation["data"]["inviter_id"] = json!([]);
    let mut domain = domain_event("organizationDomain.created", "orgdmn_1", "org_1", 0);
    domain["data"]["affiliation_verification"] = "verified".into();
    let mut role = fixtures::event("role.created", role("role_1", 0), 0);
    role["data"]["permissions"] = json!([{ "key": "org:a" }, "org:b", { "key": 7 }]);
    for body in [&organization, &membership, &invitation, &domain, &role] {
        assert_eq!(service.send(body).await, "applied", "{body}");
    }
    let mut tables = service.tables().await;
    let stored = row(&mut tables, "organizations", "org_1").await;
    let columns = ["name", "slug", "max_allowed_memberships", "admin_delete_enabled", "created_at"];
    let read = columns.map(|name| stored[name].clone());
    assert_eq!(read, [json!("7"), json!(null), json!(5), json!(true), json!(null)]);
    let stored = row(&mut tables, "organization_memberships", "orgmem_1").await;
    assert_eq!(
        (&stored["role"], &stored["permissions"]),
        (&json!(null), &json!(["org:a", "org:b"]))
    );
    let stored = row(&mut tables, "organization_invitations", "orginv_1").await;
    assert_eq!((&stored["expires_at"], &stored["inviter_id"]), (&Value::Null, &Value::Null));
    let stored = row(&mut tables, "organization_domains", "orgdmn_1").await;
    assert_eq!(stored["affiliation_status"], Value::Null);
    let stored = row(&mut tables, "roles", "role_1").await;
    assert_eq!(stored["permissions"], json!(["org:a", "7"]));
    let counted = [
        "admin_delete_enabled 1",
        "affiliation_verification 1",
        "created_at 1",
        "expires_at 1",
        "inviter_id 1",
        "key 1",
        "max_allowed_memberships 1",
        "name 1",
        "permissions 2",
        "role 1",
        "slug 1",
    ];
    assert_eq!(field_faults(&service).await, counted);
}

/// Old deliveries have times in seconds.
#[apply(both_engines)]
async fn times_in_seconds_are_converted(engine: Engine) {
    let service = Service::start(engine).await;
    let mut body = organization_event("organization.created", "org_1", 0);
    let seconds = json!(NOW / 1000);
    body["timestamp"] = seconds.clone();
    body["data"]["created_at"] = seconds.clone();
    body["data"]["updated_at"] = seconds;
    assert_eq!(service.send(&body).await, "applied");
    let stored = row(&mut service.tables().await, "organizations", "org_1").await;
    let times = ["created_at", "updated_at", "version_updated_at", "version_occurred_at"];
    assert_eq!(times.map(|name| stored[name].clone()), [NOW, NOW, NOW, NOW].map(Value::from));
}
