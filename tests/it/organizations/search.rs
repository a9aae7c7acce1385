//! `GET /v1/organizations?query=`

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{apply_all, organization_created, organization_deleted};
use crate::harness::{Engine, NOW, Service, apply, both_engines, ids};

async fn add(service: &Service, id: &str, name: &str, slug: Option<&str>) {
    let overrides = json!({ "name": name, "slug": slug });
    apply_all(service, [organization_created(id, &overrides)]).await;
}

async fn find(service: &Service, query: &str) -> Vec<String> {
    let found = service.list(&format!("/v1/organizations?{query}")).await;
    ids(&found).into_iter().map(str::to_owned).collect()
}

#[apply(both_engines)]
async fn search_matches_beginning_of_name_and_slug(engine: Engine) {
    let service = Service::start(engine).await;
    add(&service, "o1", "Krämer & Söhne", Some("kraemer")).await;
    add(&service, "o2", "KRAKEN Labs", Some("labs")).await;
    add(&service, "o3", "Other", None).await;
    for (query, expected) in [
        ("query=kra", &["o1", "o2"][..]),
        ("query=kr%C3%A4mer", &["o1"]),
        ("query=KRAEMER", &["o1"]),
        ("query=labs", &["o2"]),
        ("query=ohne", &[]),
        ("query=kra&slug=labs", &["o2"]),
        ("query=kra&id=o1&id=o3", &["o1"]),
        ("query=kra&id=o3", &[]),
        ("query=%25", &[]),
        ("query=+%CC%88", &[]),
    ] {
        assert_eq!(find(&service, query).await, expected, "{query}");
    }
    let renamed = json!({ "name": "Zeta", "slug": "zeta", "updated_at": NOW + 5 });
    apply_all(&service, [organization_created("o1", &renamed)]).await;
    apply_all(&service, [organization_deleted("o2", 5)]).await;
    assert_eq!(find(&service, "query=kra").await, Vec::<String>::new());
    assert_eq!(find(&service, "query=ze").await, ["o1"]);
    let terms = "SELECT term FROM organization_terms WHERE organization_id <> 'o3' ORDER BY term";
    assert_eq!(service.tables().await.column(terms).await, ["zeta"]);
}

#[apply(both_engines)]
async fn search_pages_return_each_organization_once(engine: Engine) {
    let service = Service::start(engine).await;
    let mut expected = BTreeSet::new();
    for number in 0..20 {
        let id = format!("org_{number:02}");
        add(&service, &id, "Ann & Co", Some(&format!("ann-{number:02}"))).await;
        expected.insert(id);
    }
    for limit in [1, 2, 7, 500] {
        let path = format!("/v1/organizations?query=ANN&limit={limit}");
        let pages = service.pages(&path).await;
        assert!(pages.iter().all(|page: &Vec<Value>| page.len() <= limit));
        let found = pages.concat();
        assert_eq!(found.len(), 20, "limit {limit}");
        let found: BTreeSet<_> = ids(&found).into_iter().map(str::to_owned).collect();
        assert_eq!(found, expected, "limit {limit}");
    }
}
