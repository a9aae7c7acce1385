//! Schemas of the OpenAPI document: their names, descriptions, nullable values and sets of values.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::committed;
use crate::harness::repository;

/// Calls `check` for every object of the document, with the path to it.
fn walk<'a>(value: &'a Value, at: &str, check: &mut dyn FnMut(&str, &'a Value)) {
    match value {
        Value::Object(entries) => {
            check(at, value);
            entries.iter().for_each(|(key, value)| walk(value, &format!("{at}/{key}"), check));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(key, it)| walk(it, &format!("{at}/{key}"), check));
        }
        _ => {}
    }
}

/// Returns the named items of the groups in an object: properties, parameters, headers and others.
fn described_items(object: &Value) -> Vec<(String, &Value)> {
    let groups = ["properties", "responses", "headers", "schemas", "securitySchemes"];
    let mut items = Vec::new();
    for group in groups {
        let named = object[group].as_object().into_iter().flatten();
        items.extend(named.map(|(name, item)| (format!("{group}/{name}"), item)));
    }
    for group in ["parameters", "tags"] {
        // The tags of an operation are names.
        let listed = object[group].as_array().into_iter().flatten().filter(|it| it.is_object());
        items.extend(listed.map(|item| (format!("{group}/{}", item["name"]), item)));
    }
    for part in ["get", "post", "requestBody"] {
        items.extend(object.get(part).map(|item| (part.to_owned(), item)));
    }
    items
}

/// Returns the item to which a reference leads. Only headers are referenced without a description.
fn resolved<'a>(document: &'a Value, item: &'a Value) -> &'a Value {
    match item["$ref"].as_str().and_then(|it| it.strip_prefix('#')) {
        Some(path) if path.starts_with("/components/headers/") => document.pointer(path).unwrap(),
        _ => item,
    }
}

fn undescribed(document: &Value) -> Vec<String> {
    let mut missing = Vec::new();
    walk(document, "", &mut |at, object| {
        // Examples contain no descriptions. The names of properties are not those of groups.
        if at.contains("/examples/") || at.ends_with("/properties") {
            return;
        }
        for (name, item) in described_items(object) {
            let description = resolved(document, item)["description"].as_str();
            if description.is_none_or(|it| it.trim().len() < 3) {
                missing.push(format!("{at}/{name}"));
            }
        }
    });
    missing
}

#[test]
fn everything_has_a_description() {
    let document = committed();
    let missing = undescribed(&document);
    assert!(missing.is_empty(), "{missing:#?}");
    let mut changed = document.clone();
    changed["components"]["headers"]["RequestId"].as_object_mut().unwrap().remove("description");
    assert!(undescribed(&changed).len() > 100, "references are resolved");
}

#[test]
fn schema_names_are_words() {
    let document = committed();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for name in schemas.keys() {
        assert!(name.chars().all(|it| it.is_ascii_alphanumeric()), "{name}");
        assert!(name.starts_with(|it: char| it.is_ascii_uppercase()), "{name}");
    }
    for (name, item) in schemas.keys().filter_map(|name| Some((name, name.strip_suffix("List")?))) {
        let items = &schemas[name]["properties"]["data"]["items"]["$ref"];
        assert_eq!(*items, format!("#/components/schemas/{item}"), "{name}");
    }
}

/// Only an object that can be null is a union, because a reference has no other form.
#[test]
fn unions_are_nullable_objects_only() {
    let document = committed();
    let mut unions = 0;
    walk(&document, "", &mut |at, object| {
        assert!(object.get("anyOf").is_none(), "{at}");
        let Some(parts) = object["oneOf"].as_array() else { return };
        let nulls = parts.iter().filter(|it| **it == json!({ "type": "null" })).count();
        let references = parts.iter().filter(|it| it["$ref"].is_string()).count();
        assert_eq!((parts.len(), nulls, references), (2, 1, 1), "{at}");
        unions += 1;
    });
    assert!(unions > 3, "{unions} unions");
}

#[test]
fn metadata_are_open_objects() {
    let document = committed();
    let mut found = Vec::new();
    walk(&document["components"]["schemas"], "", &mut |at, schema| {
        let is_metadata = at.ends_with("_metadata") || at.ends_with("/actor");
        if is_metadata && at.contains("/properties/") {
            assert_eq!(schema["type"], json!(["object", "null"]), "{at}");
            assert_eq!(schema["additionalProperties"], true, "{at}");
            found.push(at.to_owned());
        }
    });
    assert!(found.len() > 5, "{found:?}");
}

#[test]
fn open_sets_list_known_values() {
    let document = committed();
    let mut sets = 0;
    walk(&document, "", &mut |at, schema| {
        let text = schema["description"].as_str().unwrap_or_default();
        let known = schema["x-extensible-enum"].as_array();
        assert_eq!(known.is_some(), text.contains("Other values are possible."), "{at}");
        for name in known.into_iter().flatten() {
            assert!(text.contains(&format!("`{}`", name.as_str().unwrap())), "{at}: {name}");
            assert!(schema.get("enum").is_none(), "{at}");
            sets += 1;
        }
    });
    assert!(sets > 100, "{sets} values");
    let status = &document["components"]["schemas"]["Session"]["properties"]["status"];
    assert_eq!(status["x-extensible-enum"][0], "active");
}

/// Returns the status and the cause of each error code of the document.
fn described_codes(document: &Value) -> BTreeMap<String, (String, String)> {
    let code = &document["components"]["schemas"]["Problem"]["properties"]["code"];
    let texts = |name: &str| code[name].as_array().unwrap().iter().map(|it| it.as_str().unwrap());
    let descriptions = texts("x-enum-descriptions")
        .map(|it| it.strip_prefix("Status ").and_then(|it| it.split_once(". ")).unwrap());
    let descriptions = descriptions.map(|(status, cause)| (status.to_owned(), cause.to_owned()));
    texts("x-extensible-enum").map(str::to_owned).zip(descriptions).collect()
}

#[test]
fn error_codes_are_those_of_page() {
    let codes = described_codes(&committed());
    let mut rows = 0;
    for row in repository::read("docs/reference/errors.md").lines() {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [status, code, page, _] = cells[..] else { continue };
        let Some(code) = code.strip_prefix('`').and_then(|it| it.strip_suffix('`')) else {
            continue;
        };
        let (described, cause) = codes.get(code).unwrap_or_else(|| panic!("{code}"));
        assert_eq!(described, status, "{code}");
        assert!(page.starts_with(cause), "{code}: {page}");
        rows += 1;
    }
    assert_eq!(rows, codes.len());
}
