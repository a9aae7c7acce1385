//! `GET /v1/users?query=`

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::created;
use crate::harness::{Engine, Service, apply, both_engines, fixtures, ids};

/// Adds a user without names. The address is derived from the ID, and other fields can be
/// overridden.
async fn sign_up(service: &Service, id: &str, overrides: &Value) {
    let address = json!({
        "id": format!("idn_{id}"), "email_address": format!("{id}@example.com"),
        "verification": { "status": "verified", "strategy": "email_code" },
    });
    let without_names = json!({
        "email_addresses": [address], "primary_email_address_id": format!("idn_{id}"),
        "username": null, "first_name": null, "last_name": null,
    });
    let mut user = without_names.as_object().unwrap().clone();
    user.extend(overrides.as_object().unwrap().clone());
    assert_eq!(service.send(&created(id, 0, &user.into())).await, "applied");
}

async fn add_users(service: &Service) {
    let names = |first: &str, last: &str| json!({ "first_name": first, "last_name": last });
    sign_up(service, "u1", &names("Jörg", "Krämer")).await;
    sign_up(service, "u2", &names("KRISTA", "van der Berg")).await;
    sign_up(service, "u3", &json!({ "username": "kraken" })).await;
    sign_up(service, "u4", &json!({ "first_name": "Ελένη" })).await;
    sign_up(service, "u5", &json!({})).await;
}

async fn find(service: &Service, query: &str) -> Vec<String> {
    let users = service.list(&format!("/v1/users?{query}")).await;
    ids(&users).into_iter().map(str::to_owned).collect()
}

#[apply(both_engines)]
async fn search_matches_prefixes_of_user_fields(engine: Engine) {
    let service = Service::start(engine).await;
    add_users(&service).await;
    let cases: [(&str, &[&str]); 16] = [
        ("k", &["u3", "u1", "u2"]),
        ("kra", &["u3", "u1"]),
        ("KRA%CC%88M", &["u1"]),
        ("kr%C3%A4mer", &["u1"]),
        ("kramers", &[]),
        ("jorg", &["u1"]),
        ("J%C3%B6rg%20%20kr", &["u1"]),
        ("krista+van", &["u2"]),
        ("van", &["u2"]),
        ("berg", &[]),
        ("%CE%B5%CE%BB", &["u4"]),
        ("u5@exam", &["u5"]),
        ("u", &["u1", "u2", "u3", "u4", "u5"]),
        ("example", &[]),
        ("%25", &[]),
        ("+%CC%88", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(find(&service, &format!("query={query}")).await, expected, "{query}");
    }
}

#[apply(both_engines)]
async fn search_reflects_current_users(engine: Engine) {
    let service = Service::start(engine).await;
    add_users(&service).await;
    let renamed = created("u1", 5, &json!({ "first_name": "Zoe", "last_name": null }));
    assert_eq!(service.send(&renamed).await, "applied");
    assert_eq!(find(&service, "query=kr%C3%A4mer").await, Vec::<String>::new());
    assert_eq!(find(&service, "query=zoe").await, ["u1"]);
    assert_eq!(service.send(&created("u1", 4, &json!({ "first_name": "Old" }))).await, "stale");
    assert_eq!(find(&service, "query=old").await, Vec::<String>::new());
    service.send(&fixtures::user_deleted("u2", 5)).await;
    assert_eq!(find(&service, "query=k").await, ["u3"]);
    let mut tables = service.tables().await;
    let deleted_terms = "SELECT term FROM user_terms WHERE user_id = 'u2'";
    assert_eq!(
        tables.column(deleted_terms).await,
        Vec::<String>::new(),
        "the search terms are deleted"
    );
    // Several events in one batch, one of them for a user who was a stub.
    let session = fixtures::session_event("session.created", "sess_9", "u9", 0);
    let events = [session, fixtures::user_event("user.created", "u9", 0), renamed];
    futures_util::future::join_all(events.iter().map(|event| service.send(event))).await;
    assert_eq!(find(&service, "query=u9").await.len() + find(&service, "query=zoe").await.len(), 2);
}

#[apply(both_engines)]
async fn search_pages_return_each_user_once(engine: Engine) {
    let service = Service::start(engine).await;
    let names = ["Ann", "Anna", "Anne", "Annegret", "Bob"];
    let mut all = Vec::new();
    for (number, name) in names.iter().cycle().take(20).enumerate() {
        let id = format!("an{number:02}");
        let name = json!({
            "first_name": name, "last_name": "Ångström", "username": format!("anx{number:02}"),
        });
        sign_up(&service, &id, &name).await;
        all.push(id);
    }
    let expected: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let mut orders = BTreeSet::new();
    for limit in [1, 2, 7, 500] {
        let pages = service.pages(&format!("/v1/users?query=AN&limit={limit}")).await;
        assert!(pages.iter().all(|page| page.len() <= limit));
        let found = pages.concat();
        let found = ids(&found);
        assert_eq!(found.len(), 20, "limit {limit}: each user once");
        assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), expected);
        orders.insert(found.join(" "));
    }
    assert_eq!(orders.len(), 1, "the order is the same for every limit");
}

#[apply(both_engines)]
async fn filters_combine_with_search(engine: Engine) {
    let service = Service::start(engine).await;
    add_users(&service).await;
    service.send(&created("u3", 60_000, &json!({ "username": "kraken" }))).await;
    for (query, expected) in [
        ("query=k&id=u1&id=u3", &["u3", "u1"][..]),
        ("query=k&id=u5", &[]),
        ("query=k&username=kraken", &["u3"]),
        ("query=u&email=u5@example.com", &["u5"]),
        ("query=k&updated_after=2026-08-12T09:30:30Z", &["u3"]),
    ] {
        assert_eq!(find(&service, query).await, expected, "{query}");
    }
    for wrong in ["query=k&cursor=u1", "query=k&cursor=_", "query=k&query=u"] {
        let response = service.get(&format!("/v1/users?{wrong}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{wrong}");
    }
}
