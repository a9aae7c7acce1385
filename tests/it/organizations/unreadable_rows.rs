//! Rows of organizations and their objects that cannot be read

use serde_json::{Value, json};

use super::{apply_all, domain_created, invitation_event, member, organization_created, sign_up};
use crate::harness::{
    ApiResponse, Engine, KEY, Service, apply, both_engines, fixtures, ids, token,
};

/// Stores a value that is not of the type of a JSON column. PostgreSQL accepts only valid JSON, but
/// larger numbers than the service can read.
async fn break_json(service: &Service, engine: Engine, table: &str, column: &str, id: &str) {
    let value = match engine {
        Engine::Sqlite => "'not json'",
        Engine::Postgres => "'[1e400]'",
    };
    let sql = format!("UPDATE {table} SET {column} = {value} WHERE id = '{id}'");
    service.tables().await.run(&sql).await;
}

/// Breaks the second and the fifth row of each kind, and the private metadata of first ones.
async fn break_rows(service: &Service, engine: Engine) {
    for at in [2, 5] {
        for (table, column, id) in [
            ("organizations", "public_metadata", format!("org_{at}")),
            ("organization_memberships", "permissions", format!("orgmem_1{at}")),
            ("organization_memberships", "public_metadata", format!("orgmem_0{at}")),
            ("organization_invitations", "public_metadata", format!("orginv_{at}")),
            ("roles", "permissions", format!("role_{at}")),
        ] {
            break_json(service, engine, table, column, &id).await;
        }
    }
    // Private metadata is not read at all.
    break_json(service, engine, "organizations", "private_metadata", "org_1").await;
    let table = "organization_memberships";
    break_json(service, engine, table, "private_metadata", "orgmem_11").await;
}

/// Lists leave the row out at every page size, and continue after it.
#[apply(both_engines)]
async fn lists_leave_out_unreadable_rows(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    for at in 1..=5 {
        let [organization, user] = [format!("org_{at}"), format!("user_{at}")];
        sign_up(&service, &user).await;
        let role = json!({ "object": "role", "id": format!("role_{at}"), "permissions": [] });
        apply_all(
            &service,
            [
                organization_created(&organization, &json!({})),
                member(&format!("orgmem_1{at}"), "org_1", &user, "org:member"),
                invitation_event("created", &format!("orginv_{at}"), "org_1", 0),
                domain_created(&format!("orgdmn_{at}"), "org_1"),
                fixtures::event("role.created", role, 0),
            ],
        )
        .await;
        if at > 1 {
            let id = format!("orgmem_0{at}");
            apply_all(&service, [member(&id, &organization, "user_1", "org:member")]).await;
        }
    }
    break_rows(&service, engine).await;
    for (list, expected) in [
        ("/v1/organizations?", &["org_1", "org_3", "org_4"][..]),
        ("/v1/organizations?query=team&", &["org_1", "org_3", "org_4"]),
        ("/v1/organizations/org_1/memberships?", &["orgmem_11", "orgmem_13", "orgmem_14"]),
        ("/v1/memberships?organization_id=org_1&", &["orgmem_11", "orgmem_13", "orgmem_14"]),
        ("/v1/users/user_1/memberships?", &["orgmem_11", "orgmem_03", "orgmem_04"]),
        ("/v1/organizations/org_1/invitations?", &["orginv_1", "orginv_3", "orginv_4"]),
        ("/v1/roles?", &["role_1", "role_3", "role_4"]),
    ] {
        for limit in [1, 2, 3, 500] {
            let pages = service.pages(&format!("{list}limit={limit}")).await;
            assert_eq!(ids(&pages.concat()), expected, "{list} by {limit}");
        }
    }
    for path in ["/v1/organizations/org_2", "/v1/memberships/orgmem_15"] {
        assert_eq!(service.get(path).await.problem(), (500, "row_unreadable"), "{path}");
    }
    let own = own_organizations(&service).await;
    assert_eq!(own, ["org_1", "org_3", "org_4"].repeat(4));
    let metrics = service.client.get(service.url_for("/metrics")).bearer_auth(KEY);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    for table in ["organizations", "organization_memberships", "organization_invitations", "roles"]
    {
        let counter = format!("meetvo_unreadable_rows_total{{table=\"{table}\"}} ");
        let line = metrics.lines().find_map(|line| line.strip_prefix(&counter)).unwrap();
        assert!(line.parse::<u64>().unwrap() > 0, "{table}: {line}");
    }
}

/// Returns the IDs of the first user's organizations, for four page sizes.
async fn own_organizations(service: &Service) -> Vec<String> {
    let mut found = Vec::new();
    for limit in [1, 2, 3, 500] {
        let mut cursor = String::new();
        loop {
            let path = format!("/v1/me/organizations?limit={limit}{cursor}");
            let request = service.client.get(service.url_for(&path));
            let body =
                ApiResponse::fetch(request.bearer_auth(token("user_1", "sess_1"))).await.body;
            found.extend(ids(body["data"].as_array().unwrap()).into_iter().map(str::to_owned));
            match &body["next_cursor"] {
                Value::String(next) => cursor = format!("&cursor={next}"),
                _ => break,
            }
        }
    }
    found
}
