//! Mutations that keep an input meaningful, because random bytes rarely pass the JSON parser. A
//! line with JSON is changed as a tree, any other line as text.

use serde_json::{Map, Value, json};

/// Returns a random number below its argument.
pub type Random<'d> = &'d mut dyn FnMut(usize) -> usize;

/// Texts to insert.
const TEXTS: [&str; 59] = [
    "",
    "\0",
    "a\0b",
    " ",
    "user_a",
    "user_b",
    "sess_a",
    "sess_b",
    "org_a",
    "org_b",
    "orgmem_a",
    "orginv_a",
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
    "organization.updated",
    "organization.deleted",
    "organizationMembership.created",
    "organizationMembership.deleted",
    "organizationInvitation.created",
    "organizationInvitation.accepted",
    "organizationDomain.updated",
    "role.deleted",
    "email.created",
    "active",
    "pending",
    "accepted",
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

/// Keys that the service handles specially.
const KEYS: [&str; 48] = [
    "id",
    "user_id",
    "organization",
    "organization_id",
    "public_user_data",
    "public_organization_data",
    "role",
    "permissions",
    "url",
    "email_address",
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

/// Numbers at the limits of valid values.
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

/// Text lengths at the limits for IDs and indexed columns.
const LENGTHS: [usize; 6] = [64, 255, 256, 512, 513, 5_000];

/// Returns the input with some mutations, cut to `limit` bytes.
pub fn mutate(input: &[u8], limit: usize, random: Random<'_>) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = input.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for _ in 0..=random(3) {
        let at = random(lines.len());
        match serde_json::from_slice::<Value>(&lines[at]) {
            Ok(mut tree) if tree.is_object() || tree.is_array() => {
                for _ in 0..=random(3) {
                    change_tree(&mut tree, random);
                }
                lines[at] = tree.to_string().into_bytes();
            }
            _ => change_text(&mut lines[at], random),
        }
        match random(16) {
            0 => {
                let other = random(lines.len());
                lines.swap(at, other);
            }
            1 => {
                let copy = lines[at].clone();
                lines.insert(random(lines.len() + 1), copy);
            }
            2 if lines.len() > 1 => drop(lines.remove(at)),
            _ => {}
        }
    }
    let mut mutated = lines.join(&b'\n');
    mutated.truncate(limit);
    mutated
}

fn change_tree(tree: &mut Value, random: Random<'_>) {
    let copy = random_node(tree, random).clone();
    let target = random_node(tree, random);
    match (random(8), target) {
        (0, target) => *target = copy,
        (1, Value::Object(map)) => {
            map.insert(KEYS[random(KEYS.len())].to_owned(), random_value(random));
        }
        (2, Value::Object(map)) => {
            if let Some(key) = random_key(map, random) {
                map.remove(&key);
            }
        }
        (3, Value::Object(map)) => {
            if let Some(value) = random_key(map, random).and_then(|key| map.remove(&key)) {
                map.insert(KEYS[random(KEYS.len())].to_owned(), value);
            }
        }
        (4, Value::Array(items)) => items.insert(random(items.len() + 1), copy),
        (5, Value::Array(items)) if !items.is_empty() => drop(items.remove(random(items.len()))),
        (6, Value::Object(map)) => {
            if let Some(key) = random_key(map, random) {
                map[&key] = copy;
            }
        }
        (_, Value::Object(map)) => {
            if let Some(key) = random_key(map, random) {
                map[&key] = random_value(random);
            }
        }
        (_, target) => *target = random_value(random),
    }
}

/// Returns a random value of the tree, at any depth.
fn random_node<'t>(tree: &'t mut Value, random: Random<'_>) -> &'t mut Value {
    let size = |value: &Value| match value {
        Value::Object(map) => map.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    let mut node = tree;
    while size(node) > 0 && random(4) > 0 {
        let at = random(size(node));
        node = match node {
            Value::Object(map) => map.values_mut().nth(at),
            Value::Array(items) => items.get_mut(at),
            _ => None,
        }
        .expect("the index is below the size");
    }
    node
}

fn random_key(map: &Map<String, Value>, random: Random<'_>) -> Option<String> {
    (!map.is_empty()).then(|| map.keys().nth(random(map.len())).cloned())?
}

fn random_value(random: Random<'_>) -> Value {
    match random(12) {
        0 => Value::Null,
        1 => json!(random(2) == 0),
        2..5 => json!(NUMBERS[random(NUMBERS.len())]),
        5 => {
            [json!(u64::MAX), json!(0.5), json!(-0.0), json!(1e300), json!(1e17)][random(5)].clone()
        }
        6 => json!({ KEYS[random(KEYS.len())]: TEXTS[random(TEXTS.len())] }),
        7 => json!([TEXTS[random(TEXTS.len())], null, {}]),
        8 => json!(["x", "é"][random(2)].repeat(LENGTHS[random(LENGTHS.len())])),
        _ => json!(TEXTS[random(TEXTS.len())]),
    }
}

fn change_text(text: &mut Vec<u8>, random: Random<'_>) {
    let from = random(text.len() + 1);
    let to = (from + random(8)).min(text.len());
    match random(6) {
        0 => drop(text.drain(from..to)),
        1 => drop(text.splice(from..to, TEXTS[random(TEXTS.len())].bytes())),
        2 => drop(text.splice(from..to, KEYS[random(KEYS.len())].bytes())),
        3 => drop(text.splice(from..to, NUMBERS[random(NUMBERS.len())].to_string().into_bytes())),
        4 => text.insert(from, u8::try_from(random(256)).expect("a byte")),
        _ => drop(text.splice(from..from, text[from..to].to_vec())),
    }
}
