//! Verifies the settings with sources of their own. No test reads the environment of the process.

mod browser;
mod database_urls;
mod dotenv;
mod exposure;
mod faults;
mod files;
mod precedence;
mod secrecy;
mod values;

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{DatabaseUrl, Faults, Settings, Sources};
use tempfile::TempDir;

const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";
/// Publishable key of `clerk.example.com`.
const PUBLISHABLE: &str = "pk_test_Y2xlcmsuZXhhbXBsZS5jb20k";
/// Base64 of 32 bytes.
const TOKEN_KEY: &str = "bWVldHZvOiBhIGtleSBvZiB0aGUgdGVzdHMgYWxvbmU=";
const KEY: &str = "meetvo_key_for_tests_0123456789abcdef";

fn variables<const N: usize>(given: [(&str, &str); N]) -> BTreeMap<String, String> {
    given.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Loads production settings from variables only.
fn load<const N: usize>(given: [(&str, &str); N]) -> Result<Settings, Faults> {
    Settings::load(&Sources { variables: variables(given), ..Sources::default() })
}

/// Returns the setting and the problem of the only fault in these variables.
fn fault<const N: usize>(given: [(&str, &str); N]) -> (String, String) {
    let Faults(mut faults) = load(given).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.remove(0);
    (fault.setting, fault.problem)
}

/// Returns the effective value of a setting.
fn effective(settings: &Settings, name: &str) -> String {
    settings.effective()[name].to_string().trim_matches('"').to_owned()
}

fn sqlite(file: &str) -> DatabaseUrl {
    DatabaseUrl::Sqlite(PathBuf::from(file))
}

/// Writes these files to the folder. `.env` becomes the file of variables.
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
