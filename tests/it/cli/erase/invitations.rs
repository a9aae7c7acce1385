//! `meetvo erase` and what is stored about email addresses: invitations.

use serde_json::{Value, json};

use super::{erase, send, stderr};
use crate::harness::{
    Database, Engine, Process, Tables, apply, both_engines, fixtures,
    organization_events::{invitation_event, membership_event},
};

const CREATED: &str = "organizationInvitation.created";
const ACCEPTED: &str = "organizationInvitation.accepted";

/// Returns an invitation of an address, updated at `later`.
fn invitation(kind: &str, id: &str, address: &str, later: i64) -> Value {
    let mut body = invitation_event(kind, id, "org_1", later);
    body["data"]["email_address"] = address.into();
    body
}

/// Returns `ID EMAIL` of each invitation. A tombstone has no address.
async fn invitations(tables: &mut Tables) -> Vec<String> {
    let sql = "SELECT id || ' ' || coalesce(email, CASE WHEN deleted_at IS NULL THEN 'none' \
               ELSE 'erased' END) FROM organization_invitations ORDER BY id";
    tables.column(sql).await
}

/// Returns the IDs of the events with a payload that contains a text.
async fn events_with(tables: &mut Tables, text: &str) -> Vec<String> {
    let sql = format!("SELECT id FROM webhook_events WHERE payload LIKE '%{text}%' ORDER BY id");
    tables.column(&sql).await
}

#[apply(both_engines)]
async fn erased_user_loses_invitations_and_memberships(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let joined =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0);
    let mut accepted = invitation(ACCEPTED, "orginv_3", "former@example.com", 0);
    accepted["data"]["user_id"] = "user_1".into();
    for (id, body) in [
        ("msg_1", fixtures::user_event("user.created", "user_1", 0)),
        ("msg_2", joined),
        ("msg_3", invitation(CREATED, "orginv_1", "User_1@Example.com", 0)),
        ("msg_4", invitation(CREATED, "orginv_2", "other@example.com", 0)),
        ("msg_5", accepted),
    ] {
        assert_eq!(send(&process, id, &body).await, "applied", "{body}");
    }
    let report = erase(&database, &["user_1"]);
    let rows = json!({
        "accounts": 1, "verifications": 2, "organization_memberships": 1,
        "organization_invitations": 2,
    });
    let user = &report["users"][0];
    assert_eq!((&user["rows"], &user["erased"]), (&rows, &json!(true)));
    assert_eq!(user["payloads"], 4, "of the user, the membership and two invitations");
    let mut tables = database.tables().await;
    let expected = ["orginv_1 erased", "orginv_2 other@example.com", "orginv_3 erased"];
    assert_eq!(invitations(&mut tables).await, expected);
    assert!(tables.rows("organization_memberships").await.is_empty());
    assert_eq!(events_with(&mut tables, "@").await, ["msg_4"]);
    // The organization of the membership stays.
    assert_eq!(tables.rows("organizations").await[0]["name"], "Acme 0");
}

/// The addresses of a user who was deleted before are not known any more.
#[apply(both_engines)]
async fn invitations_of_address_are_erased(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let address = "ada@example.com";
    for (id, body) in [
        ("msg_1", fixtures::user_event("user.created", "user_1", 0)),
        ("msg_2", invitation(CREATED, "orginv_1", address, 0)),
        ("msg_3", invitation(ACCEPTED, "orginv_1", address, 5)),
        ("msg_4", invitation(CREATED, "orginv_2", "ADA@example.com", 0)),
        ("msg_5", invitation(CREATED, "orginv_3", "bob@example.com", 0)),
        ("msg_6", fixtures::user_deleted("user_1", 9)),
    ] {
        assert_eq!(send(&process, id, &body).await, "applied", "{body}");
    }
    let mut tables = database.tables().await;
    let report = erase(&database, &["--email", "Ada@Example.com", "user_1"]);
    let expected = json!([{
        "email": "Ada@Example.com", "erased": true, "rows": { "organization_invitations": 2 },
        "payloads": 3,
    }]);
    assert_eq!(report["addresses"], expected);
    assert_eq!(
        (&report["users"][0]["was"], &report["vacuum"]),
        (&json!("deleted"), &json!("done"))
    );
    let expected = ["orginv_1 erased", "orginv_2 erased", "orginv_3 bob@example.com"];
    assert_eq!(invitations(&mut tables).await, expected);
    assert_eq!(events_with(&mut tables, "@").await, ["msg_5"]);
    let erasures = "SELECT id || ' ' || decision || ' ' || operation FROM webhook_events \
                    WHERE type = 'meetvo.invitation.erased' ORDER BY id";
    let expected = [
        "meetvo.invitation.erased:orginv_1 applied deleted",
        "meetvo.invitation.erased:orginv_2 applied deleted",
    ];
    assert_eq!(tables.column(erasures).await, expected);

    // Clerk can send the invitation again, also as another event.
    for (id, kind, later, decision) in [
        ("msg_2", CREATED, 0, "duplicate"),
        ("msg_7", CREATED, 90, "tombstoned"),
        ("msg_8", ACCEPTED, 90, "tombstoned"),
    ] {
        let body = invitation(kind, "orginv_1", address, later);
        assert_eq!(send(&process, id, &body).await, decision, "{id}");
    }
    assert_eq!(invitations(&mut tables).await[0], "orginv_1 erased");
    assert_eq!(events_with(&mut tables, "@").await, ["msg_5"]);
}

#[apply(both_engines)]
async fn unknown_addresses_are_reported(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let body = invitation(CREATED, "orginv_1", "ada@example.com", 0);
    assert_eq!(send(&process, "msg_1", &body).await, "applied");
    let mut tables = database.tables().await;
    let before = tables.rows("webhook_events").await;
    let words = ["erase", "--yes", "--email", "ada@example.com", "--email", "bob@example.com"];
    let output = Process::run(&database, [], &words);
    let expected =
        "no invitation or other object has the address bob@example.com, so nothing was erased";
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    assert_eq!(tables.rows("webhook_events").await, before);

    let report = erase(&database, &["--unknown", "--email", "bob@example.com", "--no-vacuum"]);
    let address = &report["addresses"][0];
    assert_eq!((&address["erased"], &address["payloads"]), (&json!(true), &json!(0)));
    for text in ["ada", "@example.com", "ada@", "a@b@c", "a b@example.com"] {
        let output = Process::run(&database, [], &["erase", "--yes", "--email", text]);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(stderr(&output).contains("expected an email address"), "{}", stderr(&output));
    }
    assert_eq!(invitations(&mut tables).await, ["orginv_1 ada@example.com"]);
}

#[apply(both_engines)]
async fn report_lists_users_and_addresses(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let body = invitation(CREATED, "orginv_1", "ada@example.com", 0);
    assert_eq!(send(&process, "msg_1", &body).await, "applied");
    let user = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(send(&process, "msg_2", &user).await, "applied");
    let words = ["erase", "--yes", "--no-vacuum", "user_1", "--email", "ada@example.com"];
    let output = Process::run(&database, [], &words);
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let rows = |start: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(start)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(rows("user_1"), "user_1 live accounts 1, verifications 2 1");
    assert_eq!(rows("ada"), "ada@example.com stored organization_invitations 1 1");
}
