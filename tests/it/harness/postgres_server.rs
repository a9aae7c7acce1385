//! PostgreSQL server of one test, which the test can stop and start.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;

use super::{Database, ReservedPort, server_script};

/// Server that only one test uses. It is removed on drop.
pub struct PostgresServer {
    folder: TempDir,
    url: String,
}

impl PostgresServer {
    pub fn start() -> Self {
        Self::start_on(&[])
    }

    /// Starts a server that also listens on `localhost` with TLS. Returns the server and the port.
    pub fn start_with_tls() -> (Self, u16) {
        let reserved = ReservedPort::new();
        let port = reserved.address.port();
        (Self::start_on(&[&port.to_string()]), port)
    }

    /// Starts a server that can have standbys.
    pub fn start_primary() -> Self {
        Self::start_on(&["--replicated"])
    }

    fn start_on(arguments: &[&str]) -> Self {
        let folder = server_script::folder("postgres");
        let url = script("start", folder.path(), arguments);
        Self { folder, url }
    }

    /// Starts a standby of this server, which follows its changes.
    pub fn start_standby(&self) -> Self {
        let folder = server_script::folder("postgres");
        let url = script("standby", folder.path(), &[self.folder.path().to_str().unwrap()]);
        Self { folder, url }
    }

    /// Makes a standby the primary server.
    pub fn promote(&self) {
        script("promote", self.folder.path(), &[]);
    }

    /// Returns the URL of the server.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the path of the server's self-signed certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.crt")
    }

    /// Returns the only database of the server, which is empty at first.
    pub fn database(&self) -> Arc<Database> {
        Arc::new(Database::at_url(self.url.clone()))
    }

    /// Stops the server. Mode `fast` is a shutdown for maintenance, `immediate` a crash.
    pub fn stop(&self, mode: &str) {
        script("stop", self.folder.path(), &[mode]);
    }

    /// Starts a stopped server with the same address and data.
    pub fn start_again(&self) {
        script("start", self.folder.path(), &[]);
    }

    /// Pauses the server's processes. Connections stay open, and no request is answered.
    pub fn pause(&self) {
        script("pause", self.folder.path(), &[]);
    }

    /// Limits the size of the files that the server writes, in bytes. `None` removes the limit.
    pub fn limit_files(&self, bytes: Option<usize>) {
        let size = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        script("limit", self.folder.path(), &[&size]);
    }

    pub fn resume(&self) {
        script("resume", self.folder.path(), &[]);
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.stop("immediate");
    }
}

fn script(command: &str, folder: &Path, arguments: &[&str]) -> String {
    server_script::run("postgres", command, folder, arguments)
}
