//! `GET /v1/events?organization_id=&object_id=`

use serde_json::json;

use super::{
    apply_all, domain_created, invitation_event, member, membership_event, organization_created,
    sign_up,
};
use crate::harness::{Engine, NOW, Service, apply, both_engines};

/// Returns the types and objects of the events that a query finds, at several page sizes.
async fn find(service: &Service, query: &str) -> Vec<String> {
    let mut found = Vec::new();
    for limit in [1, 2, 500] {
        let pages = service.pages(&format!("/v1/events?{query}&limit={limit}")).await;
        let shown = pages.concat().into_iter().map(|it| {
            format!("{} {}", it["type"].as_str().unwrap(), it["object_id"].as_str().unwrap())
        });
        let shown: Vec<_> = shown.collect();
        assert!(found.is_empty() || found == shown, "{query} by {limit}");
        found = shown;
    }
    found
}

#[apply(both_engines)]
async fn events_are_found_by_organization_and_object(engine: Engine) {
    let service = Service::start(engine).await;
    sign_up(&service, "user_1").await;
    apply_all(
        &service,
        [
            organization_created("org_1", &json!({})),
            organization_created("org_2", &json!({})),
            member("orgmem_1", "org_1", "user_1", "org:member"),
            member("orgmem_2", "org_2", "user_1", "org:member"),
            invitation_event("created", "orginv_1", "org_1", 0),
            domain_created("orgdmn_1", "org_1"),
            membership_event("updated", ["orgmem_1", "org_1", "user_1"], 5),
        ],
    )
    .await;
    let old = membership_event("updated", ["orgmem_1", "org_1", "user_1"], 4);
    assert_eq!(service.send(&old).await, "stale");
    for (query, expected) in [
        (
            "organization_id=org_1",
            &[
                "organizationMembership.updated orgmem_1",
                "organizationMembership.updated orgmem_1",
                "organizationDomain.created orgdmn_1",
                "organizationInvitation.created orginv_1",
                "organizationMembership.created orgmem_1",
                "organization.created org_1",
            ][..],
        ),
        ("organization_id=org_1&type=organization.created", &["organization.created org_1"]),
        ("organization_id=org_1&decision=stale", &["organizationMembership.updated orgmem_1"]),
        ("organization_id=org_2&subject=user_1", &["organizationMembership.created orgmem_2"]),
        ("object_id=org_1", &["organization.created org_1"]),
        ("object_id=orgdmn_1", &["organizationDomain.created orgdmn_1"]),
        ("object_id=orginv_1", &["organizationInvitation.created orginv_1"]),
        ("object_id=user_1", &["user.created user_1"]),
        ("object_id=orgdmn_1&organization_id=org_1", &["organizationDomain.created orgdmn_1"]),
        ("object_id=orgdmn_1&organization_id=org_2", &[]),
        (
            "object_id=orgmem_1&decision=applied",
            &["organizationMembership.updated orgmem_1", "organizationMembership.created orgmem_1"],
        ),
        ("object_id=orgmem_2&subject=user_1", &["organizationMembership.created orgmem_2"]),
        ("object_id=orgmem_9", &[]),
        ("organization_id=org_9", &[]),
    ] {
        assert_eq!(find(&service, query).await, expected, "{query}");
    }
    let events = service.list("/v1/events?object_id=orgmem_2").await;
    assert_eq!(events[0]["organization_id"], "org_2");
    assert_eq!(events[0]["subject"], "user_1");
    let id = events[0]["id"].as_str().unwrap();
    assert_eq!(service.get(&format!("/v1/events/{id}")).await.body["organization_id"], "org_2");
}

/// A page scans a bounded number of events for an object that belongs to a user.
#[apply(both_engines)]
async fn object_is_found_among_many_events(engine: Engine) {
    let service = Service::start(engine).await;
    let rows = format!(
        "WITH RECURSIVE numbers (n) AS (\
             SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 7000) \
         INSERT INTO webhook_events (id, subject, object_id, object_kind, decision, received_at) \
         SELECT 'msg_' || n, 'user_1', \
             CASE WHEN n IN (7, 8, 6999) THEN 'orgmem_1' ELSE 'orgmem_2' END, \
             'membership', 'applied', {NOW} FROM numbers"
    );
    service.tables().await.run(&rows).await;
    let expected = ["msg_6999", "msg_8", "msg_7"];
    for query in ["object_id=orgmem_1", "object_id=orgmem_1&subject=user_1"] {
        service.assert_pages_find(&format!("/v1/events?{query}"), &expected).await;
    }
}
