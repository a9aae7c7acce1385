//! Configuration variables, one per line, such as `DATABASE_URL=sqlite:meetvo.db`.

use std::collections::BTreeMap;

use meetvo::config::{Settings, Sources};

/// Text that stands for a secret.
const CANARY: &str = "CanaryInASecret";

/// Checks one input. The [module](super) describes its format.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let lines = text.lines().filter_map(|line| line.split_once('='));
    let variables: BTreeMap<_, _> = lines
        // A file of the machine, such as a terminal, can be endless.
        .filter(|(name, _)| !name.contains('\0') && !name.to_ascii_uppercase().ends_with("_FILE"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let is_canary_secret = variables.iter().all(|(name, value)| is_canary_secret(name, value));
    let output = match Settings::load(&Sources { variables, ..Sources::default() }) {
        Ok(settings) => {
            let checked = settings.require_signing_secret().map_err(|faults| faults.to_string());
            format!("{settings:?} {:?} {checked:?}", settings.effective())
        }
        Err(faults) => {
            assert!(!faults.to_string().is_empty());
            format!("{faults} {faults:?}")
        }
    };
    assert!(!is_canary_secret || !output.contains(CANARY), "{output}");
}

/// Returns whether the canary is only where a secret is. Names, users and hosts are not secret.
fn is_canary_secret(name: &str, value: &str) -> bool {
    let has_canary = |text: &str| text.contains(CANARY);
    match name {
        "DATABASE_URL" => {
            let password = format!(":{CANARY}@");
            let Some((before, after)) = value.split_once(&password) else {
                return !has_canary(value);
            };
            let user = before.split_once("://").map_or("/", |(_, user)| user);
            !has_canary(before)
                && !has_canary(after)
                && !after.contains('@')
                && !user.contains(['/', '?', '#'])
        }
        "CLERK_WEBHOOK_SECRET" | "CLERK_WEBHOOK_SIGNING_SECRET" => value.split(',').all(|part| {
            !has_canary(part.split_once("whsec_").map_or(part, |(label, _)| label))
                && !has_canary(part.split_once("=whsec_").map_or("", |(label, _)| label))
        }),
        "MEETVO_API_KEYS" => value.split(',').all(|part| {
            let mut parts = part.splitn(3, ':');
            !parts.next().is_some_and(has_canary) && !parts.next().is_some_and(has_canary)
        }),
        "CLERK_SECRET_KEY" => true,
        _ => !has_canary(name) && !has_canary(value),
    }
}
