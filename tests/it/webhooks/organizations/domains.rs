//! Domains of organizations.

use serde_json::json;

use super::{row, send_all, signed, values};
use crate::harness::{
    Engine, NOW, Service, apply, both_engines,
    organization_events::{deleted, domain_event},
};

const CREATED: &str = "organizationDomain.created";
const UPDATED: &str = "organizationDomain.updated";

#[apply(both_engines)]
async fn verifications_are_read_by_both_names(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let created = signed("msg_1", &domain_event(CREATED, "orgdmn_1", "org_1", 0));
    assert_eq!(service.deliver(&created).await, "applied");
    let stored = row(&mut tables, "organization_domains", "orgdmn_1").await;
    let expected = json!({
        "id": "orgdmn_1", "organization_id": "org_1", "name": "example.com",
        "enrollment_mode": "automatic_invitation", "affiliation_status": "verified",
        "ownership_status": "unverified", "created_at": NOW, "updated_at": NOW, "deleted_at": null,
        "field_versions": null, "version_updated_at": NOW, "version_occurred_at": NOW,
        "version_event_id": "msg_1",
    });
    assert_eq!(stored, expected);

    // Before May 2026, the field was named `verification`, and there was no other.
    let mut older = domain_event(UPDATED, "orgdmn_1", "org_1", 5);
    let data = older["data"].as_object_mut().unwrap();
    data.remove("affiliation_verification");
    data.remove("ownership_verification");
    data["verification"]["status"] = "expired".into();
    assert_eq!(service.send(&older).await, "applied");
    let stored = row(&mut tables, "organization_domains", "orgdmn_1").await;
    let statuses = ["affiliation_status", "ownership_status"].map(|name| stored[name].clone());
    assert_eq!(statuses, ["expired", "unverified"], "an absent key erases nothing");

    let mut unverified = domain_event(UPDATED, "orgdmn_1", "org_1", 9);
    for name in ["affiliation_verification", "ownership_verification", "verification"] {
        unverified["data"][name] = json!(null);
    }
    assert_eq!(service.send(&unverified).await, "applied");
    let stored = row(&mut tables, "organization_domains", "orgdmn_1").await;
    let statuses = ["affiliation_status", "ownership_status"].map(|name| stored[name].clone());
    assert_eq!(statuses, [json!(null), json!(null)]);
}

#[apply(both_engines)]
async fn deleted_domain_keeps_only_its_id(engine: Engine) {
    let service = Service::start(engine).await;
    let deletion = deleted("organizationDomain.deleted", "organization_domain", "orgdmn_1", 9);
    send_all(
        &service,
        &[
            (domain_event(CREATED, "orgdmn_1", "org_1", 0), "applied"),
            (deletion, "applied"),
            (domain_event(UPDATED, "orgdmn_1", "org_1", 20), "tombstoned"),
        ],
    )
    .await;
    let stored = row(&mut service.tables().await, "organization_domains", "orgdmn_1").await;
    assert_eq!(values(&stored), ["deleted_at", "id"]);
}
