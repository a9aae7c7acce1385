//! Places in the files of the repository that break a rule.

use std::{fmt::Write, path::PathBuf};

use super::repository::path;

/// A place that breaks a rule.
pub struct Violation {
    pub file: PathBuf,
    pub line: usize,
    pub reason: String,
}

/// Fails with a line `file:line: reason` for each violation.
#[track_caller]
pub fn assert_none(violations: &[Violation]) {
    let mut list = String::new();
    for Violation { file, line, reason } in violations {
        let file = file.strip_prefix(path("")).unwrap_or(file).display();
        writeln!(list, "{file}:{line}: {reason}").unwrap();
    }
    assert!(violations.is_empty(), "violations: {}\n{list}", violations.len());
}
