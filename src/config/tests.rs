//! Settings from made-up sources: nothing here reads the environment of whoever runs the tests.

mod faults;
mod precedence;
mod secrecy;
mod values;

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{DatabaseUrl, Faults, Settings, Sources};
use tempfile::TempDir;

const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";
/// That of `clerk.example.com`.
const PUBLISHABLE: &str = "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k";
/// 32 bytes.
const TOKEN_KEY: &str = "bWVldHZvOiBhIGtleSBvZiB0aGUgdGVzdHMgYWxvbmU=";
const KEY: &str = "meetvo_key_for_tests_0123456789abcdef";

fn variables<const N: usize>(given: [(&str, &str); N]) -> BTreeMap<String, String> {
    given.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Settings from variables alone, in production.
fn load<const N: usize>(given: [(&str, &str); N]) -> Result<Settings, Faults> {
    Settings::load(&Sources { variables: variables(given), ..Sources::default() })
}

/// The one thing that is wrong with these variables: the setting, and the problem.
fn fault<const N: usize>(given: [(&str, &str); N]) -> (String, String) {
    let Faults(mut faults) = load(given).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.remove(0);
    (fault.setting, fault.problem)
}

/// What the settings come to, by name.
fn effective(settings: &Settings, name: &str) -> String {
    settings.effective()[name].to_string().trim_matches('"').to_owned()
}

fn sqlite(file: &str) -> DatabaseUrl {
    DatabaseUrl::Sqlite(PathBuf::from(file))
}

/// A folder of settings with these files; `.env` is read as the file of variables.
fn sources(folder: &TempDir, files: &[(&str, &str)]) -> Sources {
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    Sources {
        folder: Some(folder.path().to_owned()),
        dotenv: Some(folder.path().join(".env")),
        ..Sources::default()
    }
}
