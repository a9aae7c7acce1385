//! `GET /v1/users/{id}/sessions`, `/accounts` and `/verifications`

use serde_json::{Value, json};

use super::created;
use crate::harness::{Engine, Service, apply, both_engines, fixtures, ids};

const ADA: &str = "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F";
const COLLECTIONS: [&str; 3] = ["sessions", "accounts", "verifications"];

async fn ada(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    assert_eq!(service.send(&fixtures::load("user/updated-google-linked")).await, "applied");
    service
}

#[apply(both_engines)]
async fn accounts_of_user_are_listed(engine: Engine) {
    let service = ada(engine).await;
    let expected = json!([
        {
            "id": "credential",
            "provider_id": "credential",
            "account_id": ADA,
            "email": null,
            "username": null,
            "scope": null,
            "status": null,
            "created_at": null,
            "updated_at": "2026-03-02T08:15:31.204Z",
        },
        {
            "id": "eac_3AiiaEnj91m2gtTDZ92qqfQfyGA",
            "provider_id": "google",
            "account_id": "165341719714957285346",
            "email": "ada.okafor@example.com",
            "username": null,
            "scope": "email https://www.googleapis.com/auth/userinfo.email \
                      https://www.googleapis.com/auth/userinfo.profile openid profile",
            "status": "verified",
            "created_at": "2026-03-09T18:44:12.646Z",
            "updated_at": "2026-03-09T18:44:12.646Z",
        },
    ]);
    let response = service.get(&format!("/v1/users/{ADA}/accounts")).await;
    assert_eq!(response.body, json!({ "data": expected, "next_cursor": null }));
}

#[apply(both_engines)]
async fn verifications_of_user_are_listed(engine: Engine) {
    let service = ada(engine).await;
    let expected = json!([
        {
            "id": "eac_3AiiaEnj91m2gtTDZ92qqfQfyGA",
            "kind": "external_account",
            "identifier": "ada.okafor@example.com",
            "status": "verified",
            "strategy": "oauth_google",
            "attempts": null,
            "expires_at": "2026-03-09T18:54:06.646Z",
            "created_at": "2026-03-09T18:44:12.646Z",
            "updated_at": "2026-03-09T18:44:12.646Z",
        },
        {
            "id": "idn_3ANiEYFFFMhnbAQgjclFD82RTi8",
            "kind": "email",
            "identifier": "ada.okafor@example.com",
            "status": "verified",
            "strategy": "email_code",
            "attempts": 1,
            "expires_at": "2026-03-02T08:25:17.204Z",
            "created_at": "2026-03-02T08:15:17.204Z",
            "updated_at": "2026-03-02T08:15:31.215Z",
        },
    ]);
    let response = service.get(&format!("/v1/users/{ADA}/verifications")).await;
    assert_eq!(response.body, json!({ "data": expected, "next_cursor": null }));
}

#[apply(both_engines)]
async fn only_sessions_of_the_user_are_listed(engine: Engine) {
    let service = Service::start(engine).await;
    for (session, user) in [("sess_2", "user_1"), ("sess_1", "user_1"), ("sess_3", "user_2")] {
        service.send(&fixtures::session_event("session.created", session, user, 5)).await;
    }
    let expected = |id: &str| {
        json!({
            "id": id,
            "user_id": "user_1",
            "client_id": "client_1",
            "status": "active",
            "ip_address": "192.0.2.7",
            "user_agent": "browser 5",
            "actor": null,
            "last_active_organization_id": null,
            "last_active_at": "2026-08-12T09:30:00.005Z",
            "expires_at": "2026-08-19T09:30:00.000Z",
            "abandon_at": "2026-09-11T09:30:00.000Z",
            "created_at": "2026-08-12T09:30:00.000Z",
            "updated_at": "2026-08-12T09:30:00.005Z",
        })
    };
    // The user is a stub. It is not returned, but its sessions are.
    let sessions = service.list("/v1/users/user_1/sessions").await;
    assert_eq!(sessions, [expected("sess_1"), expected("sess_2")]);
    assert_eq!(service.list("/v1/users/user_1/accounts").await, [Value::Null; 0]);
    assert_eq!(ids(&service.list("/v1/users/user_2/sessions").await), ["sess_3"]);
}

#[apply(both_engines)]
async fn owned_objects_are_paginated(engine: Engine) {
    let service = Service::start(engine).await;
    let accounts: Vec<_> = (0..9)
        .map(|number| json!({ "id": format!("eac_{number}"), "provider": "oauth_github" }))
        .collect();
    let addresses: Vec<_> = (0..9)
        .map(|number| json!({ "id": format!("idn_{number}"), "email_address": "a@example.com" }))
        .collect();
    let overrides = json!({ "external_accounts": accounts, "email_addresses": addresses });
    assert_eq!(service.send(&created("user_1", 0, &overrides)).await, "applied");
    for number in 0..9 {
        let id = format!("sess_{number}");
        service.send(&fixtures::session_event("session.created", &id, "user_1", 0)).await;
    }
    let numbered = |prefix: &str| (0..9).map(|it| format!("{prefix}_{it}")).collect::<Vec<_>>();
    let cases = [
        ("sessions", numbered("sess")),
        ("accounts", numbered("eac")),
        ("verifications", [numbered("eac"), numbered("idn")].concat()),
    ];
    for (collection, expected) in cases {
        for limit in [2, 3, 9, 500] {
            let path = format!("/v1/users/user_1/{collection}");
            assert_eq!(
                ids(&service.walk(&path, limit).await),
                expected,
                "{collection}, limit {limit}"
            );
        }
    }
    for collection in COLLECTIONS {
        for query in ["limit=0", "limit=501", "limit=x", "email=a@example.com", "limit=1&limit=2"] {
            let response = service.get(&format!("/v1/users/user_1/{collection}?{query}")).await;
            assert_eq!(response.problem(), (400, "parameter_invalid"), "{collection}?{query}");
        }
    }
}

/// The order does not depend on the collation of the database, because a cursor is compared with
/// IDs.
#[apply(both_engines)]
async fn owned_objects_are_in_byte_order(engine: Engine) {
    let service = Service::start(engine).await;
    let names = ["B", "a", "Z", "z", "0", "é", "_", "aB", "ab", "A"];
    let account = |name| json!({ "id": format!("eac_{name}"), "provider": "oauth_github" });
    let address = |name| json!({ "id": format!("idn_{name}"), "email_address": "a@example.com" });
    let accounts: Vec<_> = names.into_iter().map(account).collect();
    let addresses: Vec<_> = names.into_iter().map(address).collect();
    let overrides = json!({ "external_accounts": accounts, "email_addresses": addresses });
    service.send(&created("user_1", 0, &overrides)).await;
    for name in names {
        let id = format!("sess_{name}");
        service.send(&fixtures::session_event("session.created", &id, "user_1", 0)).await;
    }
    let sorted = |prefixes: &[&str]| {
        let id = |prefix: &&str| names.map(|name| format!("{prefix}_{name}"));
        let mut ids = prefixes.iter().flat_map(id).collect::<Vec<_>>();
        ids.sort_unstable();
        ids
    };
    for (collection, expected) in [
        ("sessions", sorted(&["sess"])),
        ("accounts", sorted(&["eac"])),
        ("verifications", sorted(&["eac", "idn"])),
    ] {
        for limit in [1, 3, 500] {
            let path = format!("/v1/users/user_1/{collection}");
            assert_eq!(
                ids(&service.walk(&path, limit).await),
                expected,
                "{collection}, limit {limit}"
            );
        }
    }
}

#[apply(both_engines)]
async fn empty_lists_differ_from_unknown_users(engine: Engine) {
    let service = Service::start(engine).await;
    let no_objects = json!({ "external_accounts": [], "email_addresses": [] });
    service.send(&created("user_bare", 0, &no_objects)).await;
    service.send(&fixtures::user_event("user.created", "user_gone", 0)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_gone", 0)).await;
    service.send(&fixtures::user_deleted("user_gone", 1)).await;
    for collection in COLLECTIONS {
        let response = service.get(&format!("/v1/users/user_bare/{collection}")).await;
        assert_eq!(response.body, json!({ "data": [], "next_cursor": null }), "{collection}");
        for user in ["user_unknown", "user_gone"] {
            let response = service.get(&format!("/v1/users/{user}/{collection}")).await;
            assert_eq!(response.problem(), (404, "not_found"), "{user} {collection}");
        }
    }
}
