//! Lists of memberships: `GET /v1/memberships`, and those of an organization and of a user

use serde_json::{Value, json};

use super::{apply_all, member, membership_event, organization_created, sign_up};
use crate::harness::{Engine, Service, apply, both_engines, fixtures, ids};

async fn find(service: &Service, path: &str) -> String {
    ids(&service.list(path).await).join(" ")
}

async fn with_members(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    apply_all(
        &service,
        [
            member("orgmem_1", "org_b", "user_1", "org:admin"),
            member("orgmem_2", "org_a", "user_1", "org:member"),
            member("orgmem_3", "org_a", "user_2", "org:admin"),
            member("orgmem_4", "org_a", "user_3", "custom:role"),
        ],
    )
    .await;
    service
}

#[apply(both_engines)]
async fn filters_select_memberships(engine: Engine) {
    let service = with_members(engine).await;
    for (query, expected) in [
        ("", "orgmem_1 orgmem_2 orgmem_3 orgmem_4"),
        ("?organization_id=org_a", "orgmem_2 orgmem_3 orgmem_4"),
        ("?user_id=user_1", "orgmem_2 orgmem_1"),
        ("?organization_id=org_b&user_id=user_1", "orgmem_1"),
        ("?organization_id=org_b&user_id=user_2", ""),
        ("?role=org:admin", "orgmem_1 orgmem_3"),
        ("?organization_id=org_a&role=custom:role", "orgmem_4"),
        ("?user_id=user_1&role=org:admin", "orgmem_1"),
        ("?organization_id=org_a&user_id=user_1&role=org:admin", ""),
        ("?organization_id=org_unknown", ""),
    ] {
        assert_eq!(find(&service, &format!("/v1/memberships{query}")).await, expected, "{query}");
    }
    assert_eq!(find(&service, "/v1/users/user_1/memberships").await, "orgmem_2 orgmem_1");
    let of_organization = find(&service, "/v1/organizations/org_a/memberships").await;
    assert_eq!(of_organization, "orgmem_2 orgmem_3 orgmem_4");
    apply_all(&service, [fixtures::user_deleted("user_1", 5)]).await;
    assert_eq!(find(&service, "/v1/memberships").await, "orgmem_3 orgmem_4");
    let path = "/v1/users/user_1/memberships";
    assert_eq!(service.get(path).await.problem(), (404, "not_found"));
}

/// A user who leaves and joins again has a new membership. Until the deletion of the previous one
/// arrives, lists have only the new one.
#[apply(both_engines)]
async fn rejoined_member_is_listed_once(engine: Engine) {
    let service = with_members(engine).await;
    let again = membership_event("created", ["orgmem_0", "org_a", "user_2"], 10);
    apply_all(&service, [again]).await;
    let lists = [
        "/v1/memberships",
        "/v1/memberships?user_id=user_2",
        "/v1/memberships?role=org:member",
        "/v1/memberships?organization_id=org_a&user_id=user_2",
        "/v1/users/user_2/memberships",
        "/v1/organizations/org_a/memberships",
    ];
    let view = "SELECT id FROM live_memberships ORDER BY id";
    for deleted in [false, true] {
        if deleted {
            let left = membership_event("deleted", ["orgmem_3", "org_a", "user_2"], 5);
            apply_all(&service, [left]).await;
        }
        for list in lists {
            let found = service.list(list).await;
            let of_user = found.iter().filter(|it| it["user"]["id"] == "user_2");
            let of_user: Vec<_> = of_user.map(|it| it["id"].as_str().unwrap()).collect();
            assert_eq!(of_user, ["orgmem_0"], "{list}");
        }
        let listed = service.list("/v1/memberships").await;
        assert_eq!(ids(&listed), service.tables().await.column(view).await, "as in the view");
        let replaced = service.get("/v1/memberships/orgmem_3").await.status.as_u16();
        assert_eq!(replaced, if deleted { 404 } else { 200 });
    }
    // The previous role does not match any more.
    assert_eq!(find(&service, "/v1/memberships?role=org:admin").await, "orgmem_1");
}

#[apply(both_engines)]
async fn cursors_return_each_membership_once(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 10..30 {
        let (id, other) = (format!("orgmem_a{number}"), format!("orgmem_b{}", 40 - number));
        let (organization, user) = (format!("org_{number}"), format!("user_{number}"));
        apply_all(
            &service,
            [
                member(&id, "org_big", &user, "org:member"),
                member(&other, &organization, "user_busy", "org:member"),
            ],
        )
        .await;
    }
    let members: Vec<_> = (10..30).map(|number| format!("orgmem_a{number}")).collect();
    // In the order of the organizations.
    let of_user: Vec<_> = (10..30).map(|number| format!("orgmem_b{}", 40 - number)).collect();
    for limit in [1, 3, 19, 20, 500] {
        for (path, expected) in [
            ("/v1/organizations/org_big/memberships", &members),
            ("/v1/users/user_busy/memberships", &of_user),
        ] {
            assert_eq!(ids(&service.walk(path, limit).await), *expected, "{path} by {limit}");
        }
        for (query, expected) in [
            ("organization_id=org_big", &members),
            ("organization_id=org_big&role=org:member", &members),
            ("user_id=user_busy", &of_user),
            ("user_id=user_busy&role=org:member", &of_user),
        ] {
            let pages = service.pages(&format!("/v1/memberships?{query}&limit={limit}")).await;
            assert_eq!(ids(&pages.concat()), *expected, "{query} by {limit}");
        }
        assert_eq!(service.walk("/v1/memberships", limit).await.len(), 40);
    }
}

/// A page scans a bounded number of memberships for a role.
#[apply(both_engines)]
async fn role_finds_few_among_many(engine: Engine) {
    let service = Service::start(engine).await;
    apply_all(&service, [organization_created("org_1", &json!({}))]).await;
    let rows = "WITH RECURSIVE numbers (n) AS (\
                    SELECT 10001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 17000) ";
    let mut tables = service.tables().await;
    tables
        .run(&format!("{rows} INSERT INTO users (clerk_id) SELECT 'user_' || n FROM numbers"))
        .await;
    let members = "INSERT INTO organization_memberships \
                       (id, organization_id, user_id, role, version_updated_at) \
                   SELECT 'orgmem_' || n, 'org_1', 'user_' || n, \
                       CASE WHEN n IN (10007, 10008, 16999) THEN 'org:admin' ELSE 'x' END, 1 \
                   FROM numbers";
    tables.run(&format!("{rows} {members}")).await;
    let expected = ["orgmem_10007", "orgmem_10008", "orgmem_16999"];
    for owner in ["", "&organization_id=org_1"] {
        service
            .assert_pages_find(&format!("/v1/memberships?role=org:admin{owner}"), &expected)
            .await;
    }
}

#[apply(both_engines)]
async fn empty_lists_differ_from_unknown_owners(engine: Engine) {
    let service = Service::start(engine).await;
    sign_up(&service, "user_1").await;
    apply_all(&service, [organization_created("org_1", &json!({}))]).await;
    let empty = json!({ "data": [], "next_cursor": Value::Null });
    for path in ["/v1/users/user_1/memberships", "/v1/organizations/org_1/memberships"] {
        assert_eq!(service.get(path).await.body, empty, "{path}");
    }
    for path in ["/v1/users/user_9/memberships", "/v1/organizations/org_9/memberships"] {
        assert_eq!(service.get(path).await.problem(), (404, "not_found"), "{path}");
    }
}
