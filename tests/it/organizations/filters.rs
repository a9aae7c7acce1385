//! Filters and pages of `GET /v1/organizations`

use serde_json::{Value, json};

use super::{apply_all, organization_created, organization_deleted};
use crate::harness::{Engine, Service, apply, both_engines, ids};

async fn add(service: &Service, id: &str, slug: Option<&str>) {
    apply_all(service, [organization_created(id, &json!({ "slug": slug }))]).await;
}

#[apply(both_engines)]
async fn filters_select_by_id_and_slug(engine: Engine) {
    let service = Service::start(engine).await;
    for (id, slug) in [("org_1", Some("a")), ("org_2", None), ("org_3", Some("b"))] {
        add(&service, id, slug).await;
    }
    // Clerk frees the slug of a deleted organization. The deletion can arrive late.
    add(&service, "org_4", Some("a")).await;
    let find = async |query: &str| {
        let found = service.list(&format!("/v1/organizations?{query}")).await;
        ids(&found).join(" ")
    };
    for (query, expected) in [
        ("id=org_3&id=org_1&id=org_9", "org_1 org_3"),
        ("slug=a", "org_1 org_4"),
        ("slug=a&id=org_4&id=org_3", "org_4"),
        ("slug=A", ""),
        ("slug=c", ""),
        ("id=org_9", ""),
    ] {
        assert_eq!(find(query).await, expected, "{query}");
    }
    apply_all(&service, [organization_deleted("org_1", 5)]).await;
    assert_eq!(find("slug=a").await, "org_4");
    assert_eq!(find("id=org_1").await, "");
}

#[apply(both_engines)]
async fn invalid_parameters_are_named(engine: Engine) {
    let service = Service::start(engine).await;
    let many = vec!["id=org_1"; 501].join("&");
    for (path, query, named) in [
        ("/v1/organizations", "name=x", "unknown parameter `name`"),
        ("/v1/organizations", "slug=", "slug: "),
        ("/v1/organizations", "slug=a+b", "slug: "),
        ("/v1/organizations", "limit=0", "limit: "),
        ("/v1/organizations", &*many, "id: expected at most 500"),
        ("/v1/organizations", "query=x&cursor=org_1", "cursor: "),
        ("/v1/organizations/org_1", "wait=31s", "wait: "),
        ("/v1/organizations/org_1", "name=x", "unknown parameter `name`"),
        ("/v1/organizations/org_1/memberships", "role=x", "unknown parameter `role`"),
        ("/v1/memberships", "organization=x", "unknown parameter `organization`"),
        ("/v1/memberships", "limit=501", "limit: "),
        ("/v1/memberships/orgmem_1", "wait=31s", "wait: "),
        ("/v1/roles", "key=x", "unknown parameter `key`"),
    ] {
        let response = service.get(&format!("{path}?{query}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{path}?{query}");
        let detail = response.body["detail"].as_str().unwrap();
        assert!(detail.starts_with(named), "{path}: {detail}");
    }
    let many = vec!["id=org_1"; 500].join("&");
    let response = service.get(&format!("/v1/organizations?{many}")).await;
    assert_eq!(response.body, json!({ "data": [], "next_cursor": null }));
}

#[apply(both_engines)]
async fn cursors_return_each_organization_once(engine: Engine) {
    let service = Service::start(engine).await;
    let mut expected = Vec::new();
    // The IDs have mixed case, as Clerk's do: cursors use byte order.
    for name in ["0", "B", "D", "Z", "a", "c", "z"] {
        for number in 0..3 {
            let id = format!("org_{name}{number}");
            add(&service, &id, None).await;
            expected.push(id);
        }
    }
    for limit in [1, 7, 20, 21, 500] {
        let found = service.walk("/v1/organizations", limit).await;
        assert_eq!(ids(&found), expected, "limit {limit}");
    }
    let beyond = service.get("/v1/organizations?cursor=org_zz").await.body;
    assert_eq!(beyond, json!({ "data": [], "next_cursor": Value::Null }));
}

/// A page scans a bounded number of rows, so that many stubs do not delay it.
#[apply(both_engines)]
async fn few_organizations_among_stubs_are_found(engine: Engine) {
    let service = Service::start(engine).await;
    let rows = "WITH RECURSIVE numbers (n) AS (\
                    SELECT 10001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 17000) \
                INSERT INTO organizations (id, name, version_updated_at) \
                SELECT 'org_' || n, 'x', CASE WHEN n IN (10007, 10008, 16999) THEN 1 ELSE 0 END \
                FROM numbers";
    service.tables().await.run(rows).await;
    let expected = ["org_10007", "org_10008", "org_16999"];
    for limit in [1, 2, 3, 500] {
        let pages = service.pages(&format!("/v1/organizations?limit={limit}")).await;
        assert_eq!(ids(&pages.concat()), expected, "{limit}");
        assert!(pages.len() > 3, "{} pages", pages.len());
    }
}
