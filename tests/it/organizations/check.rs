//! `GET /v1/memberships/check`

use serde_json::{Value, json};

use super::{
    PRIVATE, apply_all, member, membership_event, organization_created, organization_deleted,
    sign_up,
};
use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures};

async fn check(service: &Service, query: &str) -> Value {
    let path = format!("/v1/memberships/check?user_id=user_1&organization_id=org_1{query}");
    let response = service.get(&path).await;
    assert_eq!(response.status, 200, "{query}: {}", response.body);
    assert!(response.header("etag").is_some());
    let reason = response.body["reason"].as_str().unwrap();
    assert_eq!(response.body["allowed"], reason == "allowed", "{query}");
    response.body
}

async fn reason(service: &Service, query: &str) -> String {
    check(service, query).await["reason"].as_str().unwrap().to_owned()
}

/// Adds `user_1` as an administrator of `org_1`, whose membership has the permission
/// `org:posts:read`.
async fn with_member(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    sign_up(&service, "user_1").await;
    apply_all(
        &service,
        [
            organization_created("org_1", &json!({})),
            member("orgmem_1", "org_1", "user_1", "org:admin"),
        ],
    )
    .await;
    service
}

fn role_event(kind: &str, permissions: &[&str], offset: i64) -> Value {
    let permission = |key: &&str| {
        json!({ "object": "permission", "id": format!("perm_{key}"), "key": key, "name": "x",
            "description": "x", "type": "custom", "created_at": NOW, "updated_at": NOW })
    };
    let permissions: Vec<_> = permissions.iter().map(permission).collect();
    let data = json!({
        "object": "role", "id": "role_1", "key": "org:admin", "name": "Admin",
        "description": null, "permissions": permissions, "is_creator_eligible": true,
        "created_at": NOW, "updated_at": NOW + offset,
    });
    fixtures::event(kind, data, offset)
}

#[apply(both_engines)]
async fn check_compares_role_and_permission(engine: Engine) {
    let service = with_member(engine).await;
    for (query, expected) in [
        ("", "allowed"),
        ("&role=org:admin", "allowed"),
        ("&role=admin", "allowed"),
        ("&role=org:member", "role_missing"),
        ("&role=Admin", "role_missing"),
        ("&permission=org:posts:read", "allowed"),
        ("&permission=posts:read", "allowed"),
        ("&permission=org:posts:edit", "permission_missing"),
        ("&permission=org:posts", "permission_missing"),
        ("&role=admin&permission=posts:read", "allowed"),
        ("&role=member&permission=posts:edit", "role_missing"),
    ] {
        let answer = check(&service, query).await;
        assert_eq!(answer["reason"], expected, "{query}");
        let membership = service.get("/v1/memberships/orgmem_1").await.body;
        assert_eq!(answer["membership"], membership, "{query}");
        assert!(!answer.to_string().contains(PRIVATE));
    }
}

/// The copy in the membership counts only while the role is not synced.
#[apply(both_engines)]
async fn permissions_are_those_of_role(engine: Engine) {
    let service = with_member(engine).await;
    let permissions = async || {
        let [read, edit] = ["&permission=org:posts:read", "&permission=org:posts:edit"];
        [reason(&service, read).await, reason(&service, edit).await]
    };
    assert_eq!(permissions().await, ["allowed", "permission_missing"]);
    apply_all(&service, [role_event("role.created", &["org:posts:edit"], 0)]).await;
    assert_eq!(permissions().await, ["permission_missing", "allowed"]);
    apply_all(&service, [role_event("role.updated", &[], 5)]).await;
    assert_eq!(permissions().await, ["permission_missing", "permission_missing"]);
    let deleted = json!({ "object": "role", "id": "role_1", "deleted": true });
    apply_all(&service, [fixtures::event("role.deleted", deleted, 9)]).await;
    assert_eq!(permissions().await, ["allowed", "permission_missing"]);
}

#[apply(both_engines)]
async fn answer_changes_with_each_event(engine: Engine) {
    let service = with_member(engine).await;
    let mut demoted = membership_event("updated", ["orgmem_1", "org_1", "user_1"], 1);
    demoted["data"]["role"] = json!("org:member");
    let mut banned = fixtures::user_event("user.updated", "user_1", 5);
    banned["data"]["banned"] = json!(true);
    let steps = [
        (demoted, "role_missing"),
        (membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 2), "no_membership"),
        // The same user joins again.
        (member("orgmem_2", "org_1", "user_1", "org:admin"), "allowed"),
        (banned, "user_banned"),
        (fixtures::user_event("user.updated", "user_1", 6), "allowed"),
        (organization_deleted("org_1", 9), "organization_deleted"),
        (fixtures::user_deleted("user_1", 9), "user_deleted"),
    ];
    assert_eq!(reason(&service, "&role=admin").await, "allowed");
    for (event, expected) in steps {
        apply_all(&service, [event.clone()]).await;
        let answer = check(&service, "&role=admin").await;
        assert_eq!(answer["reason"], expected, "{event}");
        let has_membership = ["allowed", "role_missing", "user_banned"].contains(&expected);
        assert_eq!(answer["membership"].is_object(), has_membership, "{event}");
    }
}

/// Until the deletion of the previous membership arrives, the role of the new one counts.
#[apply(both_engines)]
async fn newest_membership_decides(engine: Engine) {
    let service = with_member(engine).await;
    let again = membership_event("created", ["orgmem_0", "org_1", "user_1"], 10);
    apply_all(&service, [again]).await;
    let answer = check(&service, "&role=admin").await;
    assert_eq!(answer["reason"], "role_missing");
    assert_eq!(answer["membership"]["id"], "orgmem_0");
}

#[apply(both_engines)]
async fn unknown_objects_have_no_membership(engine: Engine) {
    let service = Service::start(engine).await;
    let expected = json!({ "allowed": false, "reason": "no_membership", "membership": null });
    assert_eq!(check(&service, "").await, expected);
    // The user is a stub.
    apply_all(&service, [member("orgmem_1", "org_1", "user_1", "org:admin")]).await;
    let answer = check(&service, "").await;
    assert_eq!(answer["reason"], "allowed");
    assert!(answer["membership"]["user"]["email"].is_null());
    let mut banned = fixtures::user_event("user.created", "user_2", 0);
    banned["data"]["banned"] = json!(true);
    apply_all(&service, [banned]).await;
    let path = "/v1/memberships/check?user_id=user_2&organization_id=org_1";
    assert_eq!(service.get(path).await.body["reason"], "user_banned");
}

#[apply(both_engines)]
async fn check_requires_both_ids(engine: Engine) {
    let service = Service::start(engine).await;
    for query in [
        "",
        "?user_id=user_1",
        "?organization_id=org_1",
        "?user_id=user_1&organization_id=",
        "?user_id=user_1&organization_id=org_1&rol=admin",
        "?user_id=user_1&organization_id=org_1&role=a+b",
        "?user_id=user_1&organization_id=org_1&match=%22",
        "?user_id=user_1&organization_id=org_1&updated_after=now",
    ] {
        let response = service.get(&format!("/v1/memberships/check{query}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{query}");
    }
}
