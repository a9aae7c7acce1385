//! OpenAPI document at `/openapi.json`, and the page at `/docs/` that displays it.

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

#[apply(both_engines)]
async fn document_describes_exactly_the_routes(engine: Engine) {
    let service = Service::start(engine).await;
    let document = fetch_document(&service).await;
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
            assert_eq!(call["security"].is_null(), open, "{of}: credentials");
            for status in ["401", "429", "503"] {
                assert!(open || call["responses"][status].is_object(), "{of}: {status}");
            }
        }
    }
}

/// Returns the descriptions that are missing: of parameters, responses and properties.
fn undescribed(document: &Value) -> Vec<String> {
    // The description of an optional object is next to its reference.
    fn is_described(item: &Value) -> bool {
        let alternatives = item["oneOf"].as_array().into_iter().flatten();
        item["description"].is_string() || alternatives.into_iter().any(is_described)
    }
    fn visit(value: &Value, at: &str, missing: &mut Vec<String>) {
        for (key, child) in value.as_object().into_iter().flatten() {
            let at = format!("{at}/{key}");
            let is_group = ["responses", "properties", "headers"].contains(&&**key);
            for (name, item) in child.as_object().into_iter().flatten().filter(|_| is_group) {
                if !is_described(item) {
                    missing.push(format!("{at}/{name}"));
                }
            }
            for parameter in child.as_array().into_iter().flatten().filter(|_| key == "parameters")
            {
                if !is_described(parameter) {
                    missing.push(format!("{at}/{}", parameter["name"]));
                }
            }
            visit(child, &at, missing);
            for item in child.as_array().into_iter().flatten() {
                visit(item, &at, missing);
            }
        }
    }
    let mut missing = Vec::new();
    visit(document, "", &mut missing);
    missing
}

#[apply(both_engines)]
async fn everything_has_a_description(engine: Engine) {
    let service = Service::start(engine).await;
    let missing = undescribed(&fetch_document(&service).await);
    assert!(missing.is_empty(), "{missing:#?}");
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
        let path = path.replace("{id}", "user_1").replace("{account}", "eac_1");
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
