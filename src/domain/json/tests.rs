//! Tests of reading and writing JSON documents.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Json, Unusable, parse, parse::by_parts};

fn nested(depth: usize) -> String {
    format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn malformed_values_leave_others_readable() {
    for (bad, reason) in [
        (r#""\ud800""#, Unusable::Malformed),
        ("1e999", Unusable::Malformed),
        (r#"{"\udfff":1}"#, Unusable::Malformed),
    ] {
        let text = format!(r#"{{"a":1,"bad":{bad},"z":[{{"b":{bad},"c":"kept"}}]}}"#);
        let json = parse(&text).unwrap();
        assert_eq!(json.get("bad"), Some(&Json::Unusable(reason)), "{bad:.40}");
        let written: Value = serde_json::from_str(&json.to_string()).unwrap();
        assert_eq!(written, json!({"a": 1, "bad": null, "z": [{"b": null, "c": "kept"}]}));
        assert!(json.has_unusable());
    }
}

#[test]
fn deep_values_of_clerk_are_cut() {
    for depth in [32, 33, 100_000] {
        let json = parse(&format!(r#"{{"a":{},"b":1}}"#, nested(depth))).unwrap().to_string();
        assert!(json.len() < 100 && json.ends_with(r#","b":1}"#), "{json}");
        assert!(serde_json::from_str::<Value>(&json).is_ok());
    }
}

#[test]
fn metadata_is_kept_up_to_100_levels() {
    for (depth, is_kept) in [(0, true), (100, true), (101, false), (126, false), (90_000, false)] {
        let text = format!(r#"{{"id":"user_1","unsafe_metadata":{}}}"#, nested(depth));
        let json = parse(&text).unwrap();
        assert_eq!(json.get("id").and_then(Json::as_text), Some("user_1"));
        let metadata = json.get("unsafe_metadata").unwrap();
        assert_eq!(matches!(metadata, Json::Customer { .. }), is_kept, "{depth}");
        assert_eq!(json.to_string() == text, is_kept, "{depth}");
    }
}

#[test]
fn repeated_keys_have_no_value() {
    let json = parse(r#"{"id":"a","b":{"c":1,"c":2},"id":"a","d":1}"#).unwrap();
    assert_eq!(json.to_string(), r#"{"b":{"c":null},"d":1,"id":null}"#);
    assert_eq!(json.get("id"), Some(&Json::Unusable(Unusable::Repeated)));
    let metadata = r#"{"public_metadata":{"b":1,"b":2}}"#;
    assert_eq!(parse(metadata).unwrap().to_string(), metadata, "it is the customer's");
}

#[test]
fn wrong_syntax_is_an_error() {
    let unclosed = "[".repeat(100_000);
    for text in ["", "{", "{}{}", "\"\0\"", "{\"a\":01}", "nul", &unclosed] {
        assert!(parse(text).is_err(), "{text:.20}");
    }
}

/// Generates documents with escapes, floats, metadata and keys in any order.
fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        "[a-z\"\\\\\u{0}é]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = prop_oneof!["[a-d\"é]{0,2}", Just("public_metadata".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    /// Both ways of reading have the same result, and nothing is lost.
    #[test]
    fn documents_round_trip(document in documents()) {
        let text = document.to_string();
        let json = parse(&text).unwrap();
        prop_assert_eq!(&by_parts(&text, 0), &json);
        let written: Value = serde_json::from_str(&json.to_string()).unwrap();
        prop_assert_eq!(written, document);
    }
}
