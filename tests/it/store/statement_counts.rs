//! The number of statements of a commit does not depend on the number of events or rows.

use meetvo::{domain::decision::Decision, objects::event::Event};
use serde_json::json;

use super::{commit, event, migrated, recorded, statements::Statements};
use crate::harness::{
    Engine, apply, both_engines, fixtures,
    organization_events::{
        deleted as deleted_event, invitation_event, membership_event, organization_deleted,
        organization_event, role,
    },
};

/// Returns the events of a user before [`changes`].
fn preceding(number: usize) -> [Event; 5] {
    let (changed, deleted) = (format!("user_changed_{number}"), format!("user_deleted_{number}"));
    let session = format!("sess_{number}");
    [
        fixtures::user_event("user.created", &changed, 0),
        fixtures::session_event("session.created", &session, &changed, 0),
        fixtures::user_event("user.created", &deleted, 0),
        fixtures::session_event("session.created", &format!("{session}_x"), &deleted, 0),
        fixtures::event("user.created", json!({}), 0),
    ]
    .map({
        let mut at = 0;
        move |body| {
            at += 1;
            event(&format!("msg_{number}_{at}"), &body)
        }
    })
}

/// Returns events that change a name, remove an account and a verification, end a session, delete a
/// user, apply an event that failed before, and fail.
fn changes(number: usize) -> [Event; 5] {
    let changed = format!("user_changed_{number}");
    let mut update = fixtures::user_event("user.updated", &changed, 5);
    update["data"]["last_name"] = format!("King {number}").into();
    update["data"]["external_accounts"] = json!([]);
    update["data"]["email_addresses"] = json!([]);
    let late = fixtures::user_event("user.created", &format!("user_late_{number}"), 0);
    let ended = fixtures::session_event("session.ended", &format!("sess_{number}"), &changed, 5);
    let deleted = fixtures::user_deleted(&format!("user_deleted_{number}"), 5);
    [
        event(&format!("msg_{number}_6"), &update),
        event(&format!("msg_{number}_7"), &ended),
        event(&format!("msg_{number}_8"), &deleted),
        event(&format!("msg_{number}_5"), &late),
        event(&format!("msg_{number}_9"), &fixtures::event("user.updated", json!({}), 0)),
    ]
}

#[apply(both_engines)]
async fn statement_count_is_independent_of_batch_size(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut counts = Vec::new();
    let mut first = 0;
    for users in [1, 2, 30, 100] {
        let numbers = first..first + users;
        first += users;
        let before: Vec<_> = numbers.clone().flat_map(preceding).collect();
        commit(&store, &before).await;
        let batch: Vec<_> = numbers.flat_map(changes).collect();
        let (applied, failed) = (Decision::Applied, Decision::Failed);
        let expected = [applied, applied, applied, applied, failed].repeat(users);
        let statements = Statements::capture_all(async {
            assert_eq!(commit(&store, &batch).await, recorded(&expected));
        });
        counts.push(statements.await.len());
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    assert!((10..30).contains(&counts[0]), "{counts:?}");
    // The set-based statements have removed exactly the rows that go.
    let left = "SELECT (SELECT COUNT(*) FROM accounts WHERE user_id NOT LIKE 'user_late%') || ' ' \
                || (SELECT COUNT(*) FROM verifications WHERE user_id NOT LIKE 'user_late%') || ' ' \
                || (SELECT COUNT(*) FROM user_terms WHERE user_id LIKE 'user_deleted%') || ' ' \
                || (SELECT COUNT(*) FROM user_terms WHERE term = 'lovelace') || ' ' \
                || (SELECT COUNT(*) FROM user_terms WHERE term LIKE 'king %')";
    assert_eq!(tables.column(left).await, ["0 0 0 133 133"]);
}

/// Two of the statements are about search terms, because the names of the users change. A commit also
/// begins and ends a transaction. If no name changes, it therefore has eight statements in all.
#[apply(both_engines)]
async fn mixed_batch_takes_eight_statements(engine: Engine) {
    let (_database, store, _tables) = migrated(engine).await;
    let batch = |later: i64| -> Vec<Event> {
        let bodies = (0..40).flat_map(|number| {
            let (user, session) = (format!("user_{number}"), format!("sess_{number}"));
            let kind = if later == 0 { "user.created" } else { "user.updated" };
            [
                fixtures::user_event(kind, &user, later),
                fixtures::session_event("session.created", &session, &user, later),
            ]
        });
        let bodies = bodies.enumerate();
        bodies.map(|(at, body)| event(&format!("msg_{later}_{at}"), &body)).collect()
    };
    commit(&store, &batch(0)).await;
    let statements = Statements::capture_all(async {
        let expected = vec![Decision::Applied; 80];
        assert_eq!(commit(&store, &batch(5)).await, recorded(&expected));
    });
    let statements = statements.await;
    let beginnings: Vec<&str> = statements.iter().map(|sql| &sql[..40]).collect();
    assert_eq!(statements.len(), 8, "{beginnings:#?}");
}

/// Returns the events of organizations before [`organization_changes`].
fn organizations(number: usize) -> Vec<Event> {
    let (changed, deleted) = (format!("org_changed_{number}"), format!("org_deleted_{number}"));
    let joined = |id: &str, organization: &str| {
        let (id, user) = (format!("{id}_{number}"), format!("user_{number}"));
        membership_event("organizationMembership.created", &id, organization, &user, 1)
    };
    let invitation = format!("orginv_{number}");
    let bodies = [
        organization_event("organization.created", &changed, 0),
        organization_event("organization.created", &deleted, 0),
        joined("orgmem_changed", &changed),
        joined("orgmem_left", &changed),
        joined("orgmem_deleted", &deleted),
        invitation_event("organizationInvitation.created", &invitation, &changed, 1),
        fixtures::event("role.created", role(&format!("role_{number}"), 0), 0),
    ];
    let events = bodies.iter().enumerate();
    events.map(|(at, body)| event(&format!("msg_{number}_before_{at}"), body)).collect()
}

/// Returns events that change a name, a role and an invitation, end a membership, delete an
/// organization and a role, and add a membership of an unknown organization.
fn organization_changes(number: usize) -> Vec<Event> {
    let (changed, deleted) = (format!("org_changed_{number}"), format!("org_deleted_{number}"));
    let member = |kind: &str, id: &str, organization: &str, later| {
        let (id, user) = (format!("{id}_{number}"), format!("user_{number}"));
        membership_event(kind, &id, organization, &user, later)
    };
    let mut renamed = organization_event("organization.updated", &changed, 5);
    renamed["data"]["name"] = format!("Renamed {number}").into();
    let mut promoted = member("organizationMembership.updated", "orgmem_changed", &changed, 5);
    promoted["data"]["role"] = "org:admin".into();
    let late =
        member("organizationMembership.created", "orgmem_new", &format!("org_new_{number}"), 5);
    let (invitation, role_id) = (format!("orginv_{number}"), format!("role_{number}"));
    let bodies = [
        renamed,
        promoted,
        member("organizationMembership.deleted", "orgmem_left", &changed, 5),
        invitation_event("organizationInvitation.accepted", &invitation, &changed, 5),
        organization_deleted(&deleted, 5),
        deleted_event("role.deleted", "role", &role_id, 5),
        late,
    ];
    let events = bodies.iter().enumerate();
    events.map(|(at, body)| event(&format!("msg_{number}_after_{at}"), body)).collect()
}

#[apply(both_engines)]
async fn organization_statements_do_not_grow_with_batch(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut counts = Vec::new();
    let mut first = 0;
    for organizations_per_batch in [1, 2, 30, 100] {
        let numbers = first..first + organizations_per_batch;
        first += organizations_per_batch;
        let before: Vec<_> = numbers.clone().flat_map(organizations).collect();
        commit(&store, &before).await;
        let batch: Vec<_> = numbers.flat_map(organization_changes).collect();
        let expected = vec![Decision::Applied; batch.len()];
        let statements = Statements::capture_all(async {
            assert_eq!(commit(&store, &batch).await, recorded(&expected));
        });
        counts.push(statements.await.len());
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    assert!((10..45).contains(&counts[0]), "{counts:?}");
    let left = "SELECT (SELECT COUNT(*) FROM organization_memberships WHERE deleted_at IS NULL) \
                || ' ' || (SELECT COUNT(*) FROM organization_memberships WHERE role = 'org:admin') \
                || ' ' || (SELECT COUNT(*) FROM organizations WHERE name LIKE 'Renamed %') \
                || ' ' || (SELECT COUNT(*) FROM organization_terms \
                           WHERE organization_id LIKE 'org_deleted%') \
                || ' ' || (SELECT COUNT(*) FROM organization_invitations \
                           WHERE status = 'accepted') \
                || ' ' || (SELECT COUNT(*) FROM roles WHERE deleted_at IS NULL)";
    assert_eq!(tables.column(left).await, ["266 133 133 0 133 0"]);
}
