//! OpenAPI document at `/openapi.json`, and the page at `/docs/` that displays it.

mod operations;
mod schemas;

use std::{collections::BTreeSet, env, fs};

use serde_json::Value;

use crate::harness::{ApiResponse, Engine, KEY, Service, apply, both_engines, repository, token};

const FILE: &str = "docs/openapi.json";

async fn fetch_document(service: &Service) -> Value {
    let response = ApiResponse::fetch(service.client.get(service.url_for("/openapi.json"))).await;
    assert_eq!(response.status, 200, "the document needs no credentials");
    assert_eq!(response.header("content-type"), Some("application/json"));
    response.body
}

/// `TRYCMD=overwrite` writes the file, as it does for the transcripts.
#[apply(both_engines)]
#[expect(clippy::disallowed_methods, reason = "the variable belongs to another tool")]
async fn committed_document_is_current(engine: Engine) {
    let service = Service::start(engine).await;
    let current = format!("{:#}\n", fetch_document(&service).await);
    if env::var("TRYCMD").is_ok_and(|it| it == "overwrite") {
        fs::write(repository::path(FILE), &current).unwrap();
    }
    let remedy = "run `TRYCMD=overwrite cargo test --test it openapi`";
    assert!(repository::read(FILE) == current, "{FILE} is out of date; {remedy}");
}

/// Paths that need no credentials. Deliveries are signed.
const OPEN: [&str; 3] = ["/healthz", "/readyz", "/webhooks/clerk"];

/// Returns the paths of the API in the source, without those of pages and files.
fn routes() -> BTreeSet<String> {
    let source =
        ["mod.rs", "refused_deliveries.rs"].map(|it| repository::read(&format!("src/http/{it}")));
    let is_call = |it: &&str| it.starts_with("/v1/") || *it == "/metrics" || OPEN.contains(it);
    let literals = source.iter().flat_map(|source| source.split('"'));
    literals.filter(is_call).map(str::to_owned).collect()
}

#[apply(both_engines)]
async fn document_describes_exactly_the_routes(engine: Engine) {
    let service = Service::start(engine).await;
    let document = fetch_document(&service).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().cloned().collect::<BTreeSet<_>>(), routes());
    for (path, calls) in paths {
        let url = service.url_for(&path.replace('{', "x").replace('}', ""));
        let response = ApiResponse::fetch(service.client.put(url)).await;
        assert_eq!(response.problem(), (405, "method_not_allowed"), "{path}");
        let served: BTreeSet<_> = response.header("allow").unwrap().split(", ").collect();
        let described = calls.as_object().unwrap().keys().map(|it| it.to_uppercase());
        // The response to HEAD is that to GET without its body, and has no description of its own.
        let head = calls.get("get").map(|_| "HEAD".to_owned());
        let described: BTreeSet<_> = described.chain(head).collect();
        assert_eq!(described, served.into_iter().map(str::to_owned).collect(), "{path}");
    }
}

/// The page loads no file from another host, so it works without internet access.
#[apply(both_engines)]
async fn documentation_page_loads_only_own_files(engine: Engine) {
    let service = Service::start(engine).await;
    let text = async |path: &str| {
        let response = service.client.get(service.url_for(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
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

/// Returns the document, which is the committed one.
fn committed() -> Value {
    serde_json::from_str(&repository::read(FILE)).unwrap()
}

/// A misspelled filter must not return all objects.
#[apply(both_engines)]
async fn every_call_names_unknown_parameters(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    let document = fetch_document(&service).await;
    let mut calls = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let Some(call) = methods.get("get").filter(|_| path.starts_with("/v1/")) else { continue };
        let is_of_signed_in_user = path == "/v1/me" || path.starts_with("/v1/me/");
        let credential = match is_of_signed_in_user {
            true => token("user_1", "sess_1"),
            false => KEY.to_owned(),
        };
        let path = path.replace("{id}", "user_1").replace("{account_id}", "eac_1");
        let url = service.url_for(&format!("{path}?not_a_parameter=1"));
        let response = ApiResponse::fetch(service.client.get(url).bearer_auth(credential)).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{path}");
        let detail = response.body["detail"].as_str().unwrap();
        assert!(detail.starts_with("unknown parameter `not_a_parameter`: expected "), "{detail}");
        let parameters = call["parameters"].as_array().into_iter().flatten();
        for parameter in parameters.filter(|it| it["in"] == "query") {
            let name = format!("`{}`", parameter["name"].as_str().unwrap());
            assert!(detail.contains(&name), "{path}: {detail}");
        }
        calls += 1;
    }
    assert!(calls > 12, "{calls} calls");
}
