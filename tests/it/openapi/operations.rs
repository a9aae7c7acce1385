//! Operations of the OpenAPI document: their names, credentials and responses.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{OPEN, committed};

/// Verbs with which the operation IDs begin.
const VERBS: [&str; 15] = [
    "get",
    "list",
    "count",
    "check",
    "reprocess",
    "dismiss",
    "receive",
    "create",
    "update",
    "delete",
    "enable",
    "disable",
    "rotate",
    "replay",
    "test",
];

/// Returns all operations, each with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    let found: Vec<_> = operations.collect();
    assert!(found.len() > 40, "{} operations", found.len());
    found
}

#[test]
fn operation_names_are_distinct_methods() {
    let document = committed();
    let mut names = BTreeSet::new();
    for (of, operation) in operations(&document) {
        let name = operation["operationId"].as_str().unwrap();
        let verb: String = name.chars().take_while(char::is_ascii_lowercase).collect();
        assert!(VERBS.contains(&&*verb) && verb != name, "{of}: {name}");
        assert!(name.chars().all(|it| it.is_ascii_alphanumeric()), "{of}: {name}");
        assert!(names.insert(name), "{of}: {name} is the name of two operations");
        let response = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let is_list = response["$ref"].as_str().is_some_and(|it| it.ends_with("List"));
        assert!(!is_list || verb != "get", "{of}: {name} returns a list");
    }
}

#[test]
fn every_operation_states_its_credentials() {
    let document = committed();
    let schemes = document["components"]["securitySchemes"].as_object().unwrap();
    for (of, operation) in operations(&document) {
        let is_open = OPEN.iter().any(|path| of.ends_with(path));
        let accepted = operation["security"].as_array().unwrap_or_else(|| panic!("{of}: none"));
        assert_eq!(accepted.is_empty(), is_open, "{of}");
        let accepted: Vec<_> =
            accepted.iter().flat_map(|it| it.as_object().unwrap().keys()).collect();
        assert!(accepted.iter().all(|it| schemes.contains_key(*it)), "{of}: {accepted:?}");
        let scope = operation["x-required-scope"].as_str();
        assert_eq!(scope.is_some(), accepted.iter().any(|it| *it == "apiKey"), "{of}");
        let text = operation["description"].as_str().unwrap();
        if let Some(scope) = scope {
            assert!(["read", "admin", "tokens", "metrics"].contains(&scope), "{of}: {scope}");
            assert!(text.contains(&format!("API key with the scope `{scope}`")), "{of}: {text}");
            // The scope `admin` includes this one.
            assert_eq!(text.contains("`metrics` or `admin`"), scope == "metrics", "{of}: {text}");
        }
        for status in ["401", "429", "500", "503"] {
            assert!(is_open || operation["responses"][status].is_object(), "{of}: {status}");
        }
        let mut responses = operation["responses"].as_object().unwrap().iter();
        let (_, success) = responses.find(|(status, _)| status.starts_with('2')).unwrap();
        let is_counted = success["headers"]["ratelimit"].is_object();
        assert_eq!(is_counted, !is_open, "{of}: the headers of the rate limit");
    }
}

#[test]
fn errors_are_problem_documents() {
    let document = committed();
    for (of, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
            let is_problem = *schema == "#/components/schemas/Problem";
            assert_eq!(is_problem, status.parse::<u16>().unwrap() >= 400, "{of}: {status}");
            let retry = response["headers"]["retry-after"]["schema"]["type"] == "integer";
            assert_eq!(retry, ["429", "503"].contains(&&**status), "{of}: {status}");
            assert!(response["headers"]["x-request-id"].is_object(), "{of}: {status}");
        }
    }
}

#[test]
fn delivery_has_both_header_families() {
    let document = committed();
    let delivery = &document["paths"]["/webhooks/clerk"]["post"];
    let headers = delivery["parameters"].as_array().unwrap().iter();
    let headers: Vec<_> = headers.map(|it| it["name"].as_str().unwrap()).collect();
    let names = ["id", "timestamp", "signature"];
    let families = ["svix", "webhook"].map(|family| names.map(|it| format!("{family}-{it}")));
    assert_eq!(headers, families.as_flattened());
    assert_eq!(
        delivery["requestBody"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/ClerkEvent"
    );
}
