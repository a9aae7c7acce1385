//! A PostgreSQL server of a test's own, which can go away and come back.

use std::{path::Path, process::Command, sync::Arc};

use tempfile::TempDir;

use super::Database;

/// A server that nobody else uses. Gone with the test.
pub struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    pub fn start() -> Self {
        // The script knows by the name to whom it belongs, should the test be killed.
        let prefix = format!("meetvo-postgres.{}.", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir().unwrap();
        let url = script("start", folder.path(), &[]);
        Self { folder, url }
    }

    /// Its one database, empty at first.
    pub fn database(&self) -> Arc<Database> {
        Arc::new(Database::of_others(self.url.clone()))
    }

    /// `fast`, as for maintenance; `immediate`, as in a crash.
    pub fn stop(&self, mode: &str) {
        script("stop", self.folder.path(), &[mode]);
    }

    /// Under the same address, with what it held.
    pub fn start_again(&self) {
        script("start", self.folder.path(), &[]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop("immediate");
    }
}

fn script(command: &str, folder: &Path, words: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres");
    let output = Command::new(script).arg(command).arg(folder).args(words).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
