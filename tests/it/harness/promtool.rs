//! Prometheus' own tool, which knows what it reads.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use super::repository::path;

/// Where it is; it is had first where it is missing.
pub fn promtool() -> PathBuf {
    let mut install = Command::new(path("tests/prometheus/install"));
    let found = install.stderr(Stdio::inherit()).output().unwrap();
    assert!(found.status.success(), "the script says why");
    String::from_utf8(found.stdout).unwrap().trim().into()
}
