//! One text for one JSON value, however an engine writes it: the one keeps the text that came, the
//! other sorts keys in an order of its own and writes `1e2` as `100`.
//!
//! Keys are sorted by their bytes, and nothing stands between the parts. Numbers are compared as
//! decimals and not as floating point, which makes one number of two long ids: the digits without
//! zeros at either end, and a power of ten.

use std::collections::BTreeMap;

use serde_json::{Value, value::RawValue};

/// How deep a value may be: deeper than what this program reads and so writes.
const MAX_DEPTH: usize = 128;

/// The canonical text. None where the value is too deep, or a number beyond all measure.
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
            for (place, (key, value)) in members.into_iter().enumerate() {
                into.push_str(if place == 0 { "" } else { "," });
                into.push_str(&string(key));
                into.push(':');
                write(value, depth, into)?;
            }
            into.push('}');
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
            into.push('[');
            for (place, value) in items.into_iter().enumerate() {
                into.push_str(if place == 0 { "" } else { "," });
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

/// A text in quotes, with the fewest escapes.
pub(super) fn string(text: String) -> String {
    Value::from(text).to_string()
}

/// `1.50e3` and `1500` → `15e2`; `-0.0` → `0`
fn number(text: &str) -> Option<String> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
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

    fn of(json: &str) -> Option<String> {
        canonical(&RawValue::from_string(json.to_owned()).unwrap())
    }

    #[test]
    fn neither_spaces_nor_the_order_of_keys_count_and_the_order_of_items_does() {
        let text = r#"{"a":[1,{"":{}}],"aa":[],"b":null,"é":true}"#;
        for same in [
            text,
            "{ \"b\" : null, \"a\":\n[1, {\"\": { }} ],\t\"aa\":[ ], \"\\u00e9\":true }",
            r#"{"a": [1, {"": {}}], "b": null, "aa": [], "é": true}"#,
        ] {
            assert_eq!(of(same).as_deref(), Some(text));
        }
        assert_ne!(of("[1,2]"), of("[2,1]"));
    }

    #[test]
    fn of_two_members_with_one_key_the_last_counts() {
        assert_eq!(of(r#"{"a":1,"a":2}"#).as_deref(), Some(r#"{"a":2}"#));
    }

    #[test]
    fn a_text_has_one_spelling() {
        assert_eq!(of(r#""\u0041\/\ud83e\udd8a\u000a\"""#).as_deref(), Some(r#""A/🦊\n\"""#));
        assert_ne!(of(r#""1""#), of("1"));
    }

    #[test]
    fn a_number_has_one_spelling() {
        let spellings: [&[&str]; 7] = [
            &["0", "-0", "0.0", "-0.00e7", "0e99999999999999999999"],
            &["1", "1.0", "10e-1", "0.01E+2", "1e0"],
            &["1e2", "100", "100.00", "1E+2", "0.1e3"],
            &["-15e-1", "-1.5", "-1.50", "-15E-1"],
            &["9007199254740993", "9007199254740993.0", "9.007199254740993e15"],
            &["9007199254740992"],
            &["12345678901234567890123", "1.2345678901234567890123e22"],
        ];
        for (place, same) in spellings.iter().enumerate() {
            for spelling in *same {
                assert_eq!(of(spelling).as_deref(), Some(same[0]), "{spelling}");
            }
            assert!(spellings[..place].iter().all(|other| other[0] != same[0]));
        }
    }

    #[test]
    fn what_nobody_wrote_is_told_and_ends_nothing() {
        assert_eq!(of("1e99999999999999999999"), None);
        assert_eq!(of(&format!("1.5e{}", i64::MIN)), None);
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(of(&nested(128)).is_some());
        assert_eq!(of(&nested(129)), None);
        assert_eq!(of(&nested(100_000)), None);
    }

    /// As a database might write it: keys in another order, no exponents, spaces.
    fn otherwise(value: &Value) -> String {
        match value {
            Value::Object(map) => {
                let member = |(key, value)| format!("{} : {}", json!(key), otherwise(value));
                format!("{{ {} }}", map.iter().rev().map(member).collect::<Vec<_>>().join(" , "))
            }
            Value::Array(items) => {
                format!("[ {} ]", items.iter().map(otherwise).collect::<Vec<_>>().join(" , "))
            }
            Value::Number(number) => plain(&number.to_string()),
            other => other.to_string(),
        }
    }

    /// The same decimal without an exponent: `-1.5e-7` → `-0.00000015`
    fn plain(number: &str) -> String {
        let Some((mantissa, exponent)) = number.split_once('e') else { return number.to_owned() };
        let (sign, digits) =
            mantissa.split_at(mantissa.len() - mantissa.trim_start_matches('-').len());
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent: i32 = exponent.parse().unwrap();
        let zeros = "0".repeat(exponent.unsigned_abs() as usize);
        let digits = format!("{whole}{fraction}");
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
        fn the_text_is_that_of_the_value_however_it_is_written(value in values()) {
            let canonical = of(&value.to_string()).unwrap();
            prop_assert_eq!(of(&otherwise(&value)), Some(canonical.clone()));
            prop_assert_eq!(of(&canonical), Some(canonical.clone()));
        }

        #[test]
        fn numbers_that_differ_ever_so_little_are_written_differently(a in prop::num::f64::NORMAL) {
            let written = |number: f64| super::number(&format!("{number:e}")).unwrap();
            prop_assert_ne!(written(a), written(a.next_up()));
            prop_assert_eq!(written(a).parse::<f64>().map(f64::to_bits), Ok(a.to_bits()));
        }
    }
}
