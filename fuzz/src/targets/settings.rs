//! Variables, one a line: `DATABASE_URL=sqlite:meetvo.db`.

use std::collections::BTreeMap;

use meetvo::config::{Settings, Sources};

/// Stands for a secret.
const CANARY: &str = "CanaryInASecret";

/// See [the table](super).
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let lines = text.lines().filter_map(|line| line.split_once('='));
    let variables: BTreeMap<_, _> = lines
        .filter(|(name, _)| !name.contains('\0'))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let is_secret = variables.iter().all(|(name, value)| is_secret(name, value));
    let told = match Settings::load(&Sources { variables, ..Sources::default() }) {
        Ok(settings) => {
            let checked = settings.require_signing_secret().map_err(|faults| faults.to_string());
            format!("{settings:?} {:?} {checked:?}", settings.effective())
        }
        Err(faults) => {
            assert!(!faults.to_string().is_empty());
            format!("{faults} {faults:?}")
        }
    };
    assert!(!is_secret || !told.contains(CANARY), "{told}");
}

/// Whether the canary stands where a secret does, and nowhere else. Names, users and hosts are for
/// everybody to see.
fn is_secret(name: &str, value: &str) -> bool {
    let open = |text: &str| text.contains(CANARY);
    match name {
        "DATABASE_URL" => {
            let password = format!(":{CANARY}@");
            let Some((before, after)) = value.split_once(&password) else { return !open(value) };
            let user = before.split_once("://").map_or("/", |(_, user)| user);
            !open(before) && !open(after) && !after.contains('@') && !user.contains(['/', '?', '#'])
        }
        "CLERK_WEBHOOK_SECRET" | "CLERK_WEBHOOK_SIGNING_SECRET" => value.split(',').all(|part| {
            !open(part.split_once("whsec_").map_or(part, |(label, _)| label))
                && !open(part.split_once("=whsec_").map_or("", |(label, _)| label))
        }),
        "MEETVO_API_KEYS" => value.split(',').all(|part| {
            let mut parts = part.splitn(3, ':');
            !parts.next().is_some_and(open) && !parts.next().is_some_and(open)
        }),
        "CLERK_SECRET_KEY" => true,
        _ => !open(name) && !open(value),
    }
}
