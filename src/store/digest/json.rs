//! Canonical text of JSON values.
//!
//! SQLite keeps the text as it was received. PostgreSQL sorts keys in its own order and writes
//! `1e2` as `100`. Both have the same canonical text.
//!
//! The canonical text has keys sorted by bytes, and no whitespace. A number is a decimal: its
//! digits without zeros at either end, and a power of ten. Floating point is not used, because it
//! maps different long IDs to the same number.

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};

/// Maximum depth of a value. The program does not read deeper values, and so never stores them.
const MAX_DEPTH: usize = 128;

/// Returns the canonical text. Returns none if the value is too deep, or the exponent of a number
/// is out of range.
pub(super) fn canonical(json: &RawValue) -> Option<String> {
    let mut text = String::with_capacity(json.get().len());
    write(json, MAX_DEPTH, &mut text)?;
    Some(text)
}

fn write(json: &RawValue, depth: usize, into: &mut String) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let json = json.get();
    match json.bytes().next()? {
        b'{' => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
            into.push('{');
            for (index, (key, value)) in members.into_iter().enumerate() {
                into.push_str(if index == 0 { "" } else { "," });
                into.push_str(&string(key));
                into.push(':');
                write(value, depth, into)?;
            }
            into.push('}');
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            into.push('[');
            for (index, value) in items.into_iter().enumerate() {
                into.push_str(if index == 0 { "" } else { "," });
                write(value, depth, into)?;
            }
            into.push(']');
        }
        b'"' => into.push_str(&string(serde_json::from_str(json).ok()?)),
        b'-' | b'0'..=b'9' => into.push_str(&number(json)?),
        // `true`, `false` and `null` have one spelling.
        _ => into.push_str(json),
    }
    Some(())
}

/// Returns a text as a JSON string with the fewest escapes.
pub(super) fn string(text: String) -> String {
    Value::from(text).to_string()
}

/// Returns the canonical text of a number: `15e2` for `1.50e3` and `1500`, `0` for `-0.0`.
fn number(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{integer}{fraction}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let shift = i64::try_from(digits.len() - significant.len()).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_add(shift)?;
    Some(match exponent.checked_sub(i64::try_from(fraction.len()).ok()?)? {
        0 => format!("{sign}{significant}"),
        exponent => format!("{sign}{significant}e{exponent}"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json, value::RawValue};

    use super::canonical;

    fn canonical_text(json: &str) -> Option<String> {
        canonical(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn whitespace_and_key_order_are_ignored() {
        let text = r#"{"a":[1,{"":{}}],"aa":[],"b":null,"é":true}"#;
        for same in [
            text,
            "{ \"b\" : null, \"a\":\n[1, {\"\": { }} ],\t\"aa\":[ ], \"\\u00e9\":true }",
            r#"{"a": [1, {"": {}}], "b": null, "aa": [], "é": true}"#,
        ] {
            assert_eq!(canonical_text(same).as_deref(), Some(text));
        }
        assert_ne!(canonical_text("[1,2]"), canonical_text("[2,1]"));
    }

    #[test]
    fn last_duplicate_key_wins() {
        assert_eq!(canonical_text(r#"{"a":1,"a":2}"#).as_deref(), Some(r#"{"a":2}"#));
    }

    #[test]
    fn string_has_one_spelling() {
        let escaped = r#""\u0041\/\ud83e\udd8a\u000a\"""#;
        assert_eq!(canonical_text(escaped).as_deref(), Some(r#""A/🦊\n\"""#));
        assert_ne!(canonical_text(r#""1""#), canonical_text("1"));
    }

    #[test]
    fn number_has_one_spelling() {
        let spellings: [&[&str]; 7] = [
            &["0", "-0", "0.0", "-0.00e7", "0e99999999999999999999"],
            &["1", "1.0", "10e-1", "0.01E+2", "1e0"],
            &["1e2", "100", "100.00", "1E+2", "0.1e3"],
            &["-15e-1", "-1.5", "-1.50", "-15E-1"],
            &["9007199254740993", "9007199254740993.0", "9.007199254740993e15"],
            &["9007199254740992"],
            &["12345678901234567890123", "1.2345678901234567890123e22"],
        ];
        for (index, same) in spellings.iter().enumerate() {
            for spelling in *same {
                assert_eq!(canonical_text(spelling).as_deref(), Some(same[0]), "{spelling}");
            }
            assert!(spellings[..index].iter().all(|other| other[0] != same[0]));
        }
    }

    #[test]
    fn value_out_of_range_has_no_text() {
        assert_eq!(canonical_text("1e99999999999999999999"), None);
        assert_eq!(canonical_text(&format!("1.5e{}", i64::MIN)), None);
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(canonical_text(&nested(128)).is_some());
        assert_eq!(canonical_text(&nested(129)), None);
        assert_eq!(canonical_text(&nested(100_000)), None);
    }

    /// Writes a value as a database could: keys in another order, no exponents, spaces.
    fn other_spelling(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let member = |(key, value)| format!("{} : {}", json!(key), other_spelling(value));
                format!("{{ {} }}", map.iter().rev().map(member).collect::<Vec<_>>().join(" , "))
            }
            Value::Array(items) => {
                format!("[ {} ]", items.iter().map(other_spelling).collect::<Vec<_>>().join(" , "))
            }
            Value::Number(number) => without_exponent(&number.to_string()),
            other => other.to_string(),
        }
    }

    /// Writes a decimal without an exponent: `-0.00000015` for `-1.5e-7`.
    fn without_exponent(number: &str) -> String {
        let Some((mantissa, exponent)) = number.split_once('e') else { return number.to_owned() };
        let (sign, digits) =
            mantissa.split_at(mantissa.len() - mantissa.trim_start_matches('-').len());
        let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent: i32 = exponent.parse().unwrap();
        let zeros = "0".repeat(exponent.unsigned_abs() as usize);
        let digits = format!("{integer}{fraction}");
        if exponent < 0 {
            return format!("{sign}0.{}{digits}", &zeros[1..]);
        }
        format!("{sign}{digits}{}", &zeros[fraction.len()..])
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..5)
                    .prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn text_is_independent_of_spelling(value in values()) {
            let canonical = canonical_text(&value.to_string()).unwrap();
            prop_assert_eq!(canonical_text(&other_spelling(&value)), Some(canonical.clone()));
            prop_assert_eq!(canonical_text(&canonical), Some(canonical.clone()));
        }

        #[test]
        fn adjacent_numbers_have_different_texts(a in prop::num::f64::NORMAL) {
            let text = |number: f64| super::number(&format!("{number:e}")).unwrap();
            prop_assert_ne!(text(a), text(a.next_up()));
            prop_assert_eq!(text(a).parse::<f64>().map(f64::to_bits), Ok(a.to_bits()));
        }
    }
}
