//! `/openapi.json`, and the page at `/docs/` that shows it.

use std::{collections::BTreeSet, env, fs};

use serde_json::Value;

use crate::harness::{ApiResponse, Engine, Service, apply, both_engines, repository};

const FILE: &str = "docs/openapi.json";

async fn served(service: &Service) -> Value {
    let answer = ApiResponse::fetch(service.client.get(service.url_for("/openapi.json"))).await;
    assert_eq!(answer.status, 200, "it is open");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.body
}

/// `TRYCMD=overwrite` writes the file anew, as it does with the examples in documents.
#[apply(both_engines)]
#[expect(clippy::disallowed_methods, reason = "it is the variable of another tool")]
async fn committed_document_is_current(engine: Engine) {
    let service = Service::start(engine).await;
    let served = format!("{:#}\n", served(&service).await);
    if env::var("TRYCMD").is_ok_and(|it| it == "overwrite") {
        fs::write(repository::path(FILE), &served).unwrap();
    }
    assert!(repository::read(FILE) == served, "{FILE} is out of date: TRYCMD=overwrite mends it");
}

#[apply(both_engines)]
async fn document_describes_exactly_the_routes(engine: Engine) {
    let service = Service::start(engine).await;
    let document = served(&service).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let described: BTreeSet<String> =
        document["paths"].as_object().unwrap().keys().cloned().collect();
    let routes = repository::read("src/http/mod.rs");
    let open = ["/healthz", "/readyz"];
    let is_call = |it: &&str| it.starts_with("/v1/") || *it == "/metrics" || open.contains(it);
    let paths = routes.split('"').filter(is_call);
    assert_eq!(described, paths.map(str::to_owned).collect(), "the routes");
    for (path, calls) in document["paths"].as_object().unwrap() {
        for (method, call) in calls.as_object().unwrap() {
            let of = format!("{method} {path}");
            assert!(call["summary"].is_string() && call["operationId"].is_string(), "{of}");
            let open = open.contains(&&**path);
            assert_eq!(call["security"].is_null(), open, "{of}: who may");
            for status in ["401", "429", "503"] {
                assert!(open || call["responses"][status].is_object(), "{of}: {status}");
            }
        }
    }
}

/// Nothing of the page comes from elsewhere: it works without a network.
#[apply(both_engines)]
async fn documentation_page_loads_only_own_files(engine: Engine) {
    let service = Service::start(engine).await;
    let text = async |path: &str| {
        let answer = service.client.get(service.url_for(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    };
    let page = text("/docs/").await;
    let named = |page: &str| -> Vec<String> {
        let parts = ["src=\"", "href=\""].into_iter().flat_map(|it| page.split(it).skip(1));
        parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let assets = named(&page);
    assert!(assets.len() > 4, "{assets:?}");
    for asset in assets {
        assert!(!asset.contains("//"), "{asset}");
        assert!(!text(&format!("/docs/{asset}")).await.is_empty());
    }
    assert!(text("/docs/swagger-initializer.js").await.contains("/openapi.json"));
    let missing = service.get("/docs/nothing").await;
    assert_eq!(missing.problem(), (404, "not_found"));
}
