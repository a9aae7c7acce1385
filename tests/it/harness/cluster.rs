//! A PostgreSQL server of a test's own, which can go away and come back.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use tempfile::TempDir;

use super::Database;

/// A server that nobody else uses. Gone with the test.
pub struct Cluster {
    folder: TempDir,
    url: String,
}

impl Cluster {
    pub fn start() -> Self {
        Self::start_on(&[])
    }

    /// One that is also reached at `localhost`, with TLS; the port.
    pub fn start_with_tls() -> (Self, u16) {
        let port = TcpListener::bind("localhost:0").unwrap().local_addr().unwrap().port();
        (Self::start_on(&[&port.to_string()]), port)
    }

    fn start_on(port: &[&str]) -> Self {
        // The script knows by the name to whom it belongs, should the test be killed.
        let prefix = format!("meetvo-postgres.{}.", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir().unwrap();
        let url = script("start", folder.path(), port);
        Self { folder, url }
    }

    /// The certificate that it shows, which vouches for itself.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.crt")
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

    /// It is there still, and answers nobody.
    pub fn pause(&self) {
        script("pause", self.folder.path(), &[]);
    }

    /// No file of its may grow beyond so many bytes; or, with none, any may.
    pub fn limit_files(&self, bytes: Option<usize>) {
        let size = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        script("limit", self.folder.path(), &[&size]);
    }

    pub fn resume(&self) {
        script("resume", self.folder.path(), &[]);
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
