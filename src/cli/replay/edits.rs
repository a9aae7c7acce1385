//! Changes fields of payloads before they are sent, and moves their times to now.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::payloads::Payload;
use crate::{clerk::MIN_MILLISECONDS, cli::CommandError, domain::Millis};

/// A field and its new value, such as `data.email_addresses.0.email_address=ada@example.com`.
///
/// The value is JSON, or else text. Fields in metadata need not exist:
/// `data.public_metadata.plan=pro` adds the field if it is missing.
#[derive(Clone, Debug)]
pub(in crate::cli) struct FieldEdit {
    /// Keys of objects and numbers of list items, joined by dots.
    path: String,
    /// Parts of the path. In the path, `\.` is a dot inside a key.
    parts: Vec<String>,
    value: Value,
}

impl FromStr for FieldEdit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, value) = text.split_once('=').ok_or("expected FIELD=VALUE")?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        let parts = split(path);
        if parts.iter().any(String::is_empty) {
            Err("expected FIELD=VALUE")
        } else {
            Ok(Self { path: path.to_owned(), parts, value })
        }
    }
}

/// Splits a path at its dots, except at `\.`.
fn split(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = path.chars().peekable();
    while let Some(char) = rest.next() {
        match (char, parts.last_mut()) {
            ('.', _) => parts.push(String::new()),
            ('\\', Some(part)) if rest.next_if_eq(&'.').is_some() => part.push('.'),
            (char, Some(part)) => part.push(char),
            (_, None) => {}
        }
    }
    parts
}

impl FieldEdit {
    /// Sets the field if the payload has it or it is in metadata, and returns whether it was set.
    pub(in crate::cli) fn apply(&self, payload: &mut Value) -> bool {
        let mut field = payload;
        let mut in_metadata = false;
        for part in &self.parts {
            // Clerk sends null for empty metadata too.
            if in_metadata && field.is_null() {
                *field = Value::Object(Map::new());
            }
            let next = match field {
                Value::Object(map) => match in_metadata {
                    true => Some(map.entry(part.as_str()).or_insert(Value::Null)),
                    false => map.get_mut(part),
                },
                Value::Array(items) => part.parse().ok().and_then(|at: usize| items.get_mut(at)),
                _ => None,
            };
            let Some(next) = next else { return false };
            field = next;
            in_metadata |= is_metadata(part);
        }
        field.clone_from(&self.value);
        true
    }

    /// Returns whether the payload has the field.
    pub(in crate::cli) fn matches(&self, payload: &Value) -> bool {
        let mut field = Some(payload);
        for part in &self.parts {
            field = field.and_then(|field| match field {
                Value::Array(items) => part.parse().ok().and_then(|at: usize| items.get(at)),
                field => field.get(part),
            });
        }
        field.is_some()
    }

    /// Returns the path of the field.
    pub(in crate::cli) fn path(&self) -> &str {
        &self.path
    }
}

/// Applies edits to the payloads. A payload with an edited field gets the time `now`, so that it is
/// newer than the stored data. With `fresh`, all times of all payloads move to now.
///
/// # Errors
/// Returns an error if a payload that has to change is not JSON, or if no payload has an edited
/// field.
pub(super) fn apply(
    payloads: &mut [Payload],
    edits: &[FieldEdit],
    fresh: bool,
    now: Millis,
) -> Result<(), CommandError> {
    if edits.is_empty() && !fresh {
        return Ok(());
    }
    let mut found = vec![false; edits.len()];
    let mut by_time: Vec<_> = payloads.iter_mut().collect();
    by_time.sort_by_key(|payload| payload.json.as_ref().and_then(occurred_at));
    // One millisecond apart, in their original order.
    for (now, payload) in (now..).zip(by_time) {
        let Some(json) = &mut payload.json else {
            let problem = "is not JSON, so it cannot be changed".to_owned();
            return Err(CommandError::Payload { name: payload.name.clone(), problem });
        };
        if fresh {
            let by = occurred_at(json).map_or(0, |at| now.saturating_sub(at));
            visit_scalars(json, &mut |key, field| shift_time(key, field, by));
        }
        let mut edited = false;
        for (edit, found) in edits.iter().zip(&mut found) {
            let applied = edit.apply(json);
            edited |= applied;
            *found |= applied;
        }
        if edited {
            set_event_time(json, now, edits);
        }
        if edited || fresh {
            payload.body = json.to_string();
        }
    }
    match edits.iter().zip(found).find(|(_, found)| !found) {
        Some((edit, _)) => Err(CommandError::UnknownField(edit.path.clone())),
        None => Ok(()),
    }
}

/// Returns a dotted path as a JSON pointer.
fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// Returns the time of the event, or else of its data, in milliseconds.
fn occurred_at(value: &Value) -> Option<Millis> {
    let time = value.get("timestamp").or_else(|| value.pointer("/data/updated_at"))?.as_i64()?;
    Some(if time < MIN_MILLISECONDS { time.saturating_mul(1000) } else { time })
}

/// Sets the times that decide which state is newer. Times that an edit sets stay as they are.
fn set_event_time(value: &mut Value, now: Millis, edits: &[FieldEdit]) {
    for path in ["timestamp", "data.updated_at", "data.user.updated_at"] {
        let is_set = edits.iter().any(|edit| edit.path == path);
        if let Some(time) = value.pointer_mut(&pointer(path)).filter(|_| !is_set) {
            *time = now.into();
        }
    }
}

/// Returns a time moved by milliseconds, in its own unit (seconds or milliseconds).
pub(super) fn shifted(time: i64, by: Millis) -> i64 {
    time.saturating_add(if time < MIN_MILLISECONDS { by / 1000 } else { by })
}

/// Returns whether a field of Clerk's holds a time.
pub(super) fn is_time(key: &str) -> bool {
    key == "timestamp"
        || key.starts_with("period_")
        || key.ends_with("_at")
        || key.ends_with("_date")
}

/// Returns whether a field holds metadata: JSON of the customer, without a meaning here.
pub(super) fn is_metadata(key: &str) -> bool {
    key.ends_with("_metadata")
}

/// Moves a field by milliseconds if it holds a time.
pub(in crate::cli) fn shift_time(key: &str, field: &mut Value, by: Millis) {
    if let Some(time) = field.as_i64().filter(|time| is_time(key) && *time > 0) {
        *field = shifted(time, by).into();
    }
}

/// Visits every scalar at any depth with its key, except in metadata.
pub(in crate::cli) fn visit_scalars(value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
    fn walk(key: &str, value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter_mut().filter(|(key, _)| !is_metadata(key)) {
                    walk(key, value, visit);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| walk(key, item, visit)),
            _ => visit(key, value),
        }
    }
    walk("", value, visit);
}

#[cfg(test)]
mod tests {
    use proptest::{
        collection::{btree_map, vec},
        prelude::*,
        sample::select,
    };
    use serde_json::{Value, json};

    use super::{
        super::body_template::{BodyTemplate, Pass},
        FieldEdit, Payload, apply,
    };

    fn payload(json: Value) -> Payload {
        Payload {
            name: "a.json".into(),
            message_id: None,
            body: json.to_string(),
            json: Some(json),
        }
    }

    fn edit(text: &str) -> FieldEdit {
        text.parse().unwrap()
    }

    #[test]
    fn edited_payload_gets_the_current_time() {
        let created_at = 5_000_000_000_000_i64;
        let data = json!({ "emails": [{ "at": "a" }], "created_at": created_at, "updated_at": 1 });
        let mut payloads = [payload(json!({ "timestamp": 1, "data": data }))];
        apply(&mut payloads, &[edit("data.emails.0.at=b"), edit("data.created_at=null")], false, 7)
            .unwrap();
        let data = json!({ "emails": [{ "at": "b" }], "created_at": null, "updated_at": 7 });
        assert_eq!(payloads[0].json, Some(json!({ "timestamp": 7, "data": data })));
        assert_eq!(payloads[0].body, payloads[0].json.as_ref().unwrap().to_string());
    }

    #[test]
    fn value_is_json_or_else_text() {
        let mut payloads =
            [payload(json!({ "a": null, "b": null, "c": null, "d": { "e": null } }))];
        let edits = ["a=12", r#"b="12""#, "c=x=y", r#"d={"e":true}"#, "d.e=1"].map(edit);
        apply(&mut payloads, &edits, false, 7).unwrap();
        assert_eq!(payloads[0].body, r#"{"a":12,"b":"12","c":"x=y","d":{"e":1}}"#);
        for text in ["a", "=a", ""] {
            assert!(text.parse::<FieldEdit>().is_err(), "{text}");
        }
    }

    #[test]
    fn metadata_fields_are_added() {
        let data = json!({
            "public_metadata": { "plan": "free", "list": [1] }, "private_metadata": null,
        });
        let mut payloads = [payload(json!({ "data": data }))];
        let edits = [
            "data.public_metadata.plan=pro",
            "data.public_metadata.team.seats=3",
            r"data.public_metadata.app\.example={}",
            "data.public_metadata.list.0=2",
            "data.private_metadata.crm.id=7",
        ];
        apply(&mut payloads, &edits.map(edit), false, 7).unwrap();
        let data = json!({
            "public_metadata": {
                "plan": "pro", "list": [2], "team": { "seats": 3 }, "app.example": {},
            },
            "private_metadata": { "crm": { "id": 7 } },
        });
        assert_eq!(payloads[0].json, Some(json!({ "data": data })));
        assert!(edits.iter().all(|text| edit(text).matches(payloads[0].json.as_ref().unwrap())));
        for text in ["data.unsafe_metadata.a=1", "data.public_metadata.plan.name=1"] {
            let error = apply(&mut payloads, &[edit(text)], false, 7).unwrap_err();
            let path = text.trim_end_matches("=1");
            assert_eq!(
                error.to_string(),
                format!("no payload has the field {path}; correct --set")
            );
        }
        for text in ["data..a=1", ".a=1", "a.=1"] {
            assert!(text.parse::<FieldEdit>().is_err(), "{text}");
        }
    }

    #[test]
    fn payload_without_the_field_is_unchanged() {
        let other = payload(json!({ "timestamp": 1, "data": { "id": "user_1" } }));
        let mut payloads = [payload(json!({ "timestamp": 2, "data": { "name": "a" } })), other];
        apply(&mut payloads, &[edit("data.name=b")], false, 7).unwrap();
        assert_eq!(payloads[0].body, r#"{"data":{"name":"b"},"timestamp":8}"#);
        assert_eq!(payloads[1].body, r#"{"data":{"id":"user_1"},"timestamp":1}"#);
    }

    #[test]
    fn edited_time_is_sent_as_given() {
        let late = json!({ "timestamp": 9, "data": { "updated_at": 9, "created_at": 1 } });
        let mut payloads = [payload(late)];
        let edits = [edit("data.updated_at=3"), edit("data.created_at=2")];
        apply(&mut payloads, &edits, true, 1_800_000_000_000).unwrap();
        let expected = json!({
            "timestamp": 1_800_000_000_000_i64, "data": { "updated_at": 3, "created_at": 2 },
        });
        assert_eq!(payloads[0].json, Some(expected));
    }

    #[test]
    fn unknown_field_is_an_error() {
        let mut payloads = [payload(json!({ "data": {} }))];
        let error = apply(&mut payloads, &[edit("data.nme=b")], false, 7).unwrap_err();
        assert_eq!(error.to_string(), "no payload has the field data.nme; correct --set");
    }

    #[test]
    fn payload_that_is_not_json_cannot_change() {
        let broken =
            Payload { name: "a.json".into(), message_id: None, body: "{".into(), json: None };
        for (edits, fresh) in [(vec![edit("data.id=b")], false), (vec![], true)] {
            let error = apply(&mut [broken.clone()], &edits, fresh, 7).unwrap_err();
            assert_eq!(error.to_string(), "a.json: is not JSON, so it cannot be changed");
        }
        apply(&mut [broken], &[], false, 7).unwrap();
    }

    #[test]
    fn fresh_keeps_order_and_units_of_times() {
        let late = json!({
            "timestamp": 1_700_000_005_000_i64,
            "data": { "created_at": 1_700_000_000_000_i64, "period_end": 1_700_000_006_000_i64 },
        });
        let early =
            json!({ "timestamp": 1_600_000_000, "data": { "public_metadata": { "met_at": 5 } } });
        let mut payloads = [payload(late), payload(early)];
        apply(&mut payloads, &[], true, 1_800_000_000_000).unwrap();
        let late = json!({
            "timestamp": 1_800_000_000_001_i64,
            "data": { "created_at": 1_799_999_995_001_i64, "period_end": 1_800_000_001_001_i64 },
        });
        let early =
            json!({ "timestamp": 1_800_000_000, "data": { "public_metadata": { "met_at": 5 } } });
        assert_eq!(payloads[0].json, Some(late));
        assert_eq!(payloads[1].json, Some(early));
    }

    /// Generates JSON with keys that have a meaning, and times of any size.
    fn any_json() -> impl Strategy<Value = Value> {
        let named = select(vec!["data", "user", "id", "timestamp", "updated_at", "a_metadata"]);
        let key = prop_oneof![named.prop_map(str::to_owned), ".{0,4}"];
        let time = prop_oneof![any::<i64>(), 0..200_000_000_000_i64];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            time.prop_map(Value::from),
            select(vec!["user_1", "sess_1", ""]).prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                vec(inner.clone(), 0..6).prop_map(Value::from),
                btree_map(key.clone(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn edited_payload_is_still_json(
            json in any_json(),
            set in "(data|timestamp|a|[.]|[0-9]){0,3}=.{0,8}",
            fresh: bool,
            now in 0..4_000_000_000_000_i64,
            number: usize,
        ) {
            let edits: Vec<FieldEdit> = set.parse().into_iter().collect();
            let mut payloads = [payload(json.clone())];
            let changed = apply(&mut payloads, &edits, fresh, now);
            let [Payload { body, json: Some(now), .. }] = &payloads else {
                panic!("the payload is JSON")
            };
            prop_assert_eq!(&serde_json::from_str::<Value>(body).unwrap(), now);
            prop_assert!(changed.is_ok() || fresh || *now == json, "a failed edit changes nothing");
            let first = BodyTemplate::new(now).body(Pass { number: 0, user_pass: 0 });
            prop_assert_eq!(&serde_json::from_str::<Value>(&first).unwrap(), now);
            let later = BodyTemplate::new(now).body(Pass { number, user_pass: number / 2 });
            prop_assert!(serde_json::from_str::<Value>(&later).is_ok(), "{}", later);
        }
    }
}
