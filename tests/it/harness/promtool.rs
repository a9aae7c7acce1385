//! Prometheus' `promtool`, which checks rules and metrics.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use super::repository::path;

/// Returns the path of `promtool`, after installing it if it is missing.
pub fn promtool() -> PathBuf {
    let mut install = Command::new(path("tests/prometheus/install"));
    let found = install.stderr(Stdio::inherit()).output().unwrap();
    assert!(found.status.success(), "the script prints the cause");
    String::from_utf8(found.stdout).unwrap().trim().into()
}
