//! Invitations: their statuses, and the two shapes of an accepted one.

use serde_json::{Value, json};

use super::{live_ids, row, send_all, signed, values};
use crate::harness::{
    Engine, NOW, Service, apply, both_engines, organization_events::invitation_event,
};

const CREATED: &str = "organizationInvitation.created";
const ACCEPTED: &str = "organizationInvitation.accepted";
const REVOKED: &str = "organizationInvitation.revoked";

fn invitation(kind: &str, later: i64) -> Value {
    invitation_event(kind, "orginv_1", "org_1", later)
}

#[apply(both_engines)]
async fn accepted_invitation_is_read_in_both_shapes(engine: Engine) {
    let flat = invitation(ACCEPTED, 5);
    let mut nested = flat.clone();
    nested["data"] = json!({ "data": flat["data"] });
    for body in [flat, nested] {
        let service = Service::start(engine).await;
        assert_eq!(service.send(&invitation(CREATED, 0)).await, "applied");
        assert_eq!(service.deliver(&signed("msg_accepted", &body)).await, "applied");
        let mut tables = service.tables().await;
        let expected = json!({
            "id": "orginv_1", "organization_id": "org_1", "email": "orginv_1@example.com",
            "role": "org:member", "status": "accepted", "inviter_id": "user_inviter",
            "user_id": "user_invited", "public_metadata": {}, "private_metadata": { "seat": 7 },
            "expires_at": NOW + 2_592_000_000_i64, "created_at": NOW, "updated_at": NOW + 5,
            "deleted_at": null, "field_versions": null, "version_updated_at": NOW + 5,
            "version_occurred_at": NOW + 5, "version_event_id": "msg_accepted",
        });
        assert_eq!(row(&mut tables, "organization_invitations", "orginv_1").await, expected);
        let event = row(&mut tables, "webhook_events", "msg_accepted").await;
        let labels = ["subject", "organization_id", "object_id"].map(|name| event[name].clone());
        assert_eq!(labels, ["user_invited", "org_1", "orginv_1"]);
        assert!(!event["payload"].as_str().unwrap().contains("ey.1"), "the URL has a token");
    }
}

/// `accepted` and `revoked` are final. A pending state loses to them, also if it is newer.
#[apply(both_engines)]
async fn final_status_beats_pending(engine: Engine) {
    for (kind, status) in [(ACCEPTED, "accepted"), (REVOKED, "revoked")] {
        for events in [
            [(invitation(CREATED, 0), "applied"), (invitation(kind, 5), "applied")],
            [(invitation(kind, 5), "applied"), (invitation(CREATED, 0), "stale")],
            [(invitation(kind, 5), "applied"), (invitation(CREATED, 90), "stale")],
            [(invitation(CREATED, 90), "applied"), (invitation(kind, 5), "applied")],
        ] {
            let service = Service::start(engine).await;
            send_all(&service, &events).await;
            let mut tables = service.tables().await;
            let stored = row(&mut tables, "organization_invitations", "orginv_1").await;
            assert_eq!(
                (&stored["status"], &stored["updated_at"]),
                (&json!(status), &json!(NOW + 5))
            );
        }
    }
}

#[apply(both_engines)]
async fn absent_status_follows_event_type(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    for (later, kind, status) in
        [(0, CREATED, "pending"), (1, REVOKED, "revoked"), (2, ACCEPTED, "accepted")]
    {
        let mut body = invitation(kind, later);
        body["data"].as_object_mut().unwrap().remove("status");
        assert_eq!(service.send(&body).await, "applied");
        let stored = row(&mut tables, "organization_invitations", "orginv_1").await;
        assert_eq!(stored["status"], status);
    }
}

/// An invitation can arrive before its organization, of which it contains the ID.
#[apply(both_engines)]
async fn invitation_makes_stub_of_organization_only(engine: Engine) {
    let service = Service::start(engine).await;
    let mut body = invitation(ACCEPTED, 0);
    body["data"].as_object_mut().unwrap().remove("organization_id");
    assert_eq!(service.send(&body).await, "applied");
    let mut tables = service.tables().await;
    assert_eq!(live_ids(&mut tables, "organization_invitations").await, ["orginv_1"]);
    assert_eq!(values(&row(&mut tables, "organizations", "org_1").await), ["id"]);
    // Neither the inviter nor the user who accepted belongs to the invitation.
    assert_eq!(tables.column("SELECT clerk_id FROM users").await, [""; 0]);
}
