//! NATS server of one test, with JetStream.

use std::path::Path;

use tempfile::TempDir;

use super::server_script;

/// Server that only one test uses. It is removed on drop.
pub struct NatsServer {
    folder: TempDir,
    pub url: String,
}

impl NatsServer {
    /// Starts a server with these options of `nats-server`.
    pub fn start(options: &[&str]) -> Self {
        let folder = server_script::folder("nats");
        let url = script("start", folder.path(), options);
        Self { folder, url }
    }

    /// Stops the server as a crash. Its streams stay.
    pub fn kill(&self) {
        script("stop", self.folder.path(), &[]);
    }

    /// Starts the server again at the same address.
    pub fn restart(&self, options: &[&str]) {
        assert_eq!(script("start", self.folder.path(), options), self.url);
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn script(command: &str, folder: &Path, arguments: &[&str]) -> String {
    server_script::run("nats", command, folder, arguments)
}
