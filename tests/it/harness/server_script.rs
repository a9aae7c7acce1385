//! Scripts in `tests/` that run the servers of one test.

use std::{path::Path, process::Command};

use tempfile::TempDir;

/// Creates a folder for a server. Its name has the process ID, so that the script can find the server
/// of a killed test.
pub(super) fn folder(kind: &str) -> TempDir {
    let prefix = format!("meetvo-{kind}.{}.", std::process::id());
    tempfile::Builder::new().prefix(&prefix).tempdir().unwrap()
}

/// Runs a command of a script for the server in a folder, and returns what it prints.
pub(super) fn run(script: &str, command: &str, folder: &Path, arguments: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(script);
    let output = Command::new(script).arg(command).arg(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
