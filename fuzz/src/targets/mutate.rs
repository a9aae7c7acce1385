//! Changes of an input that leave it worth reading: bytes alone seldom make a body that gets past the
//! first brace. A line that is JSON is changed as a tree, any other as text.

use serde_json::{Map, Value, json};

/// Throws a dice with so many sides.
pub type Dice<'d> = &'d mut dyn FnMut(usize) -> usize;

/// What stands where something else is expected.
const TEXTS: [&str; 46] = [
    "",
    "\0",
    "a\0b",
    " ",
    "user_a",
    "user_b",
    "sess_a",
    "sess_b",
    "ins_1",
    "idn_a",
    "eac_a",
    "msg_a",
    "user.created",
    "user.updated",
    "user.deleted",
    "session.created",
    "session.pending",
    "session.ended",
    "session.removed",
    "session.revoked",
    "email.created",
    "active",
    "pending",
    "ended",
    "verified",
    "oauth_google",
    "oauth_",
    "external_account",
    "google_account",
    "_account",
    "credential",
    "[redacted]",
    "ada@example.com",
    "%00",
    "%ff",
    "\u{fffd}",
    "\u{202e}",
    "é\u{301}",
    "2026-08-12T09:30:00Z",
    "-9999-01-01T00:00:00Z",
    "99999999999999999999",
    "-1",
    "+1",
    "1e3",
    "3s",
    "0",
];

/// Keys that something is done about.
const KEYS: [&str; 40] = [
    "id",
    "user_id",
    "type",
    "timestamp",
    "instance_id",
    "data",
    "user",
    "updated_at",
    "created_at",
    "status",
    "event_attributes",
    "http_request",
    "client_ip",
    "email_addresses",
    "phone_numbers",
    "external_accounts",
    "enterprise_accounts",
    "saml_accounts",
    "web3_wallets",
    "passkeys",
    "public_metadata",
    "private_metadata",
    "unsafe_metadata",
    "backup_codes",
    "nonce",
    "message",
    "external_verification_redirect_url",
    "verification",
    "password_enabled",
    "actor",
    "otp_code",
    "token",
    "body",
    "external_account_id",
    "provider",
    "primary_email_address_id",
    "exp",
    "iss",
    "sid",
    "kid",
];

/// Numbers at the edges of what is taken.
const NUMBERS: [i64; 16] = [
    0,
    1,
    -1,
    2,
    255,
    1_786_527_000,
    1_786_527_000_000,
    1_786_527_000_001,
    99_999_999_999,
    100_000_000_000,
    253_402_300_799_999,
    253_402_300_800_000,
    i64::MAX,
    i64::MIN,
    9_007_199_254_740_993,
    500,
];

/// How long a text can be before it is too long for an id, or for an index.
const LENGTHS: [usize; 6] = [64, 255, 256, 512, 513, 5_000];

/// The input with some changes, no longer than `limit`.
pub fn mutate(input: &[u8], limit: usize, dice: Dice<'_>) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for _ in 0..=dice(3) {
        let at = dice(lines.len());
        match serde_json::from_slice::<Value>(&lines[at]) {
            Ok(mut tree) if tree.is_object() || tree.is_array() => {
                for _ in 0..=dice(3) {
                    change_tree(&mut tree, dice);
                }
                lines[at] = tree.to_string().into_bytes();
            }
            _ => change_text(&mut lines[at], dice),
        }
        match dice(16) {
            0 => {
                let other = dice(lines.len());
                lines.swap(at, other);
            }
            1 => {
                let copy = lines[at].clone();
                lines.insert(dice(lines.len() + 1), copy);
            }
            2 if lines.len() > 1 => drop(lines.remove(at)),
            _ => {}
        }
    }
    let mut changed = lines.join(&b'\n');
    changed.truncate(limit);
    changed
}

fn change_tree(tree: &mut Value, dice: Dice<'_>) {
    let spare = node(tree, dice).clone();
    let place = node(tree, dice);
    match (dice(8), place) {
        (0, place) => *place = spare,
        (1, Value::Object(map)) => {
            map.insert(KEYS[dice(KEYS.len())].to_owned(), odd(dice));
        }
        (2, Value::Object(map)) => {
            if let Some(key) = some_key(map, dice) {
                map.remove(&key);
            }
        }
        (3, Value::Object(map)) => {
            if let Some(value) = some_key(map, dice).and_then(|key| map.remove(&key)) {
                map.insert(KEYS[dice(KEYS.len())].to_owned(), value);
            }
        }
        (4, Value::Array(items)) => items.insert(dice(items.len() + 1), spare),
        (5, Value::Array(items)) if !items.is_empty() => drop(items.remove(dice(items.len()))),
        (6, Value::Object(map)) => {
            if let Some(key) = some_key(map, dice) {
                map[&key] = spare;
            }
        }
        (_, Value::Object(map)) => {
            if let Some(key) = some_key(map, dice) {
                map[&key] = odd(dice);
            }
        }
        (_, place) => *place = odd(dice),
    }
}

/// Some value of the tree, however deep.
fn node<'t>(tree: &'t mut Value, dice: Dice<'_>) -> &'t mut Value {
    let size = |value: &Value| match value {
        Value::Object(map) => map.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    let mut node = tree;
    while size(node) > 0 && dice(4) > 0 {
        let at = dice(size(node));
        node = match node {
            Value::Object(map) => map.values_mut().nth(at),
            Value::Array(items) => items.get_mut(at),
            _ => None,
        }
        .expect("it is one of those that are there");
    }
    node
}

fn some_key(map: &Map<String, Value>, dice: Dice<'_>) -> Option<String> {
    (!map.is_empty()).then(|| map.keys().nth(dice(map.len())).cloned())?
}

fn odd(dice: Dice<'_>) -> Value {
    match dice(12) {
        0 => Value::Null,
        1 => json!(dice(2) == 0),
        2..5 => json!(NUMBERS[dice(NUMBERS.len())]),
        5 => [json!(u64::MAX), json!(0.5), json!(-0.0), json!(1e300), json!(1e17)][dice(5)].clone(),
        6 => json!({ KEYS[dice(KEYS.len())]: TEXTS[dice(TEXTS.len())] }),
        7 => json!([TEXTS[dice(TEXTS.len())], null, {}]),
        8 => json!(["x", "é"][dice(2)].repeat(LENGTHS[dice(LENGTHS.len())])),
        _ => json!(TEXTS[dice(TEXTS.len())]),
    }
}

fn change_text(text: &mut Vec<u8>, dice: Dice<'_>) {
    let from = dice(text.len() + 1);
    let to = (from + dice(8)).min(text.len());
    match dice(6) {
        0 => drop(text.drain(from..to)),
        1 => drop(text.splice(from..to, TEXTS[dice(TEXTS.len())].bytes())),
        2 => drop(text.splice(from..to, KEYS[dice(KEYS.len())].bytes())),
        3 => drop(text.splice(from..to, NUMBERS[dice(NUMBERS.len())].to_string().into_bytes())),
        4 => text.insert(from, u8::try_from(dice(256)).expect("a byte")),
        _ => drop(text.splice(from..from, text[from..to].to_vec())),
    }
}
