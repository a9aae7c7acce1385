//! Payloads changed before they are sent: single fields, and the time.

use std::str::FromStr;

use serde_json::Value;

use super::payloads::Payload;
use crate::{clerk::MIN_MILLISECONDS, cli::Failure, domain::Millis};

/// A field and its new value: `data.email_addresses.0.email_address=ada@example.com`.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Edit {
    path: String,
    value: Value,
}

impl FromStr for Edit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, value) = text.split_once('=').ok_or("expected FIELD=VALUE")?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        if path.is_empty() {
            Err("expected FIELD=VALUE")
        } else {
            Ok(Self { path: path.to_owned(), value })
        }
    }
}

impl Edit {
    /// Sets the field, if the payload has it.
    pub(in crate::cli) fn set(&self, payload: &mut Value) -> bool {
        let field = payload.pointer_mut(&pointer(&self.path));
        field.map(|field| field.clone_from(&self.value)).is_some()
    }

    /// Whether the payload has the field.
    pub(in crate::cli) fn fits(&self, payload: &Value) -> bool {
        payload.pointer(&pointer(&self.path)).is_some()
    }

    /// Where the field is.
    pub(in crate::cli) fn path(&self) -> &str {
        &self.path
    }
}

/// Changes the payloads. Each that has a field becomes a change of now, newer than what is stored;
/// with `fresh` all of them move to now with all their times.
pub(super) fn apply(
    payloads: &mut [Payload],
    edits: &[Edit],
    fresh: bool,
    now: Millis,
) -> Result<(), Failure> {
    if edits.is_empty() && !fresh {
        return Ok(());
    }
    let mut found = vec![false; edits.len()];
    let mut in_time: Vec<_> = payloads.iter_mut().collect();
    in_time.sort_by_key(|payload| payload.json.as_ref().and_then(occurred_at));
    for (now, payload) in (now..).zip(in_time) {
        let Some(json) = &mut payload.json else {
            let problem = "is not JSON, so it cannot be changed".to_owned();
            return Err(Failure::Payload { name: payload.name.clone(), problem });
        };
        if fresh {
            let by = occurred_at(json).map_or(0, |at| now.saturating_sub(at));
            each_field(json, &mut |key, field| shift(key, field, by));
        }
        let mut edited = false;
        for (edit, found) in edits.iter().zip(&mut found) {
            let set = edit.set(json);
            edited |= set;
            *found |= set;
        }
        if edited {
            touch(json, now, edits);
        }
        if edited || fresh {
            payload.body = json.to_string();
        }
    }
    match edits.iter().zip(found).find(|(_, found)| !found) {
        Some((edit, _)) => Err(Failure::UnknownField(edit.path.clone())),
        None => Ok(()),
    }
}

/// A dotted path (keys of objects, numbers of items) as a JSON pointer.
fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// The envelope's time in milliseconds; that of the data where there is none.
fn occurred_at(value: &Value) -> Option<Millis> {
    let time = value.get("timestamp").or_else(|| value.pointer("/data/updated_at"))?.as_i64()?;
    Some(if time < MIN_MILLISECONDS { time.saturating_mul(1000) } else { time })
}

/// Makes the payload a change of now. Its other times stay, as do those that were set.
fn touch(value: &mut Value, now: Millis, edits: &[Edit]) {
    for path in ["timestamp", "data.updated_at", "data.user.updated_at"] {
        let is_set = edits.iter().any(|edit| edit.path == path);
        if let Some(time) = value.pointer_mut(&pointer(path)).filter(|_| !is_set) {
            *time = now.into();
        }
    }
}

/// A time moved by milliseconds, in the unit that it came in.
pub(super) fn shifted(time: i64, by: Millis) -> i64 {
    time.saturating_add(if time < MIN_MILLISECONDS { by / 1000 } else { by })
}

/// Whether a field of Clerk's holds a time.
pub(super) fn is_time(key: &str) -> bool {
    key == "timestamp"
        || key.starts_with("period_")
        || key.ends_with("_at")
        || key.ends_with("_date")
}

/// Whether a field holds a customer's own JSON, which means nothing to us.
pub(super) fn is_metadata(key: &str) -> bool {
    key.ends_with("_metadata")
}

/// Moves a field, if it holds a time.
pub(in crate::cli) fn shift(key: &str, field: &mut Value, by: Millis) {
    if let Some(time) = field.as_i64().filter(|time| is_time(key) && *time > 0) {
        *field = shifted(time, by).into();
    }
}

/// Visits the fields at any depth that hold a single value, each with its key; not those in
/// metadata.
pub(in crate::cli) fn each_field(value: &mut Value, visit: &mut impl FnMut(&str, &mut Value)) {
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
        super::template::{Pass, Template},
        Edit, Payload, apply,
    };

    fn payload(json: Value) -> Payload {
        Payload { name: "a.json".into(), own_id: None, body: json.to_string(), json: Some(json) }
    }

    fn edit(text: &str) -> Edit {
        text.parse().unwrap()
    }

    #[test]
    fn a_changed_field_makes_a_change_of_now() {
        let data = json!({ "emails": [{ "at": "a" }], "created_at": 5_000_000_000_000_i64, "updated_at": 1 });
        let mut payloads = [payload(json!({ "timestamp": 1, "data": data }))];
        apply(&mut payloads, &[edit("data.emails.0.at=b"), edit("data.created_at=null")], false, 7)
            .unwrap();
        let data = json!({ "emails": [{ "at": "b" }], "created_at": null, "updated_at": 7 });
        assert_eq!(payloads[0].json, Some(json!({ "timestamp": 7, "data": data })));
        assert_eq!(payloads[0].body, payloads[0].json.as_ref().unwrap().to_string());
    }

    #[test]
    fn values_are_json_or_else_text() {
        let mut payloads =
            [payload(json!({ "a": null, "b": null, "c": null, "d": { "e": null } }))];
        let edits = ["a=12", r#"b="12""#, "c=x=y", r#"d={"e":true}"#, "d.e=1"].map(edit);
        apply(&mut payloads, &edits, false, 7).unwrap();
        assert_eq!(payloads[0].body, r#"{"a":12,"b":"12","c":"x=y","d":{"e":1}}"#);
        for text in ["a", "=a", ""] {
            assert!(text.parse::<Edit>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_payload_without_the_field_stays_as_it_is() {
        let other = payload(json!({ "timestamp": 1, "data": { "id": "user_1" } }));
        let mut payloads = [payload(json!({ "timestamp": 2, "data": { "name": "a" } })), other];
        apply(&mut payloads, &[edit("data.name=b")], false, 7).unwrap();
        assert_eq!(payloads[0].body, r#"{"data":{"name":"b"},"timestamp":8}"#);
        assert_eq!(payloads[1].body, r#"{"data":{"id":"user_1"},"timestamp":1}"#);
    }

    #[test]
    fn a_time_that_is_set_is_the_one_that_is_sent() {
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
    fn a_field_that_no_payload_has_is_an_error() {
        let mut payloads = [payload(json!({ "data": {} }))];
        let error = apply(&mut payloads, &[edit("data.nme=b")], false, 7).unwrap_err();
        assert_eq!(error.to_string(), "no payload has the field data.nme");
    }

    #[test]
    fn what_is_not_json_cannot_be_changed() {
        let broken = Payload { name: "a.json".into(), own_id: None, body: "{".into(), json: None };
        for (edits, fresh) in [(vec![edit("data.id=b")], false), (vec![], true)] {
            let error = apply(&mut [broken.clone()], &edits, fresh, 7).unwrap_err();
            assert_eq!(error.to_string(), "a.json: is not JSON, so it cannot be changed");
        }
        apply(&mut [broken], &[], false, 7).unwrap();
    }

    #[test]
    fn fresh_moves_every_time_and_keeps_the_order_and_the_units() {
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

    /// A tree with keys that mean something, and times of any size.
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
        fn whatever_is_changed_is_still_sent_as_json(
            json in any_json(),
            set in "(data|timestamp|a|[.]|[0-9]){0,3}=.{0,8}",
            fresh: bool,
            now in 0..4_000_000_000_000_i64,
            number: usize,
        ) {
            let edits: Vec<Edit> = set.parse().into_iter().collect();
            let mut payloads = [payload(json.clone())];
            let changed = apply(&mut payloads, &edits, fresh, now);
            let [Payload { body, json: Some(now), .. }] = &payloads else { panic!("it is JSON") };
            prop_assert_eq!(&serde_json::from_str::<Value>(body).unwrap(), now);
            prop_assert!(changed.is_ok() || fresh || *now == json, "what failed changed nothing");
            let first = Template::of(now).body(Pass { number: 0, users: 0 });
            prop_assert_eq!(&serde_json::from_str::<Value>(&first).unwrap(), now);
            let later = Template::of(now).body(Pass { number, users: number / 2 });
            prop_assert!(serde_json::from_str::<Value>(&later).is_ok(), "{}", later);
        }
    }
}
