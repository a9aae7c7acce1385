//! PgBouncer of one test, in front of the shared server.

use std::path::Path;

use reqwest::Url;
use tempfile::TempDir;

use super::{Database, server_script, shared_server};

/// Pooler that only one test uses. It is removed on drop.
pub struct Pooler {
    folder: TempDir,
    url: String,
}

impl Pooler {
    /// Starts a version of PgBouncer with its default settings, and with these, such as
    /// `pool_mode=transaction`.
    pub fn start(version: &str, settings: &[&str]) -> Self {
        let folder = server_script::folder("pgbouncer");
        let server = shared_server::url();
        let arguments = [&[server.as_str(), version], settings].concat();
        let url = script("start", folder.path(), &arguments);
        Self { folder, url }
    }

    /// Returns the URL of a database through the pooler.
    pub fn url_of(&self, database: &Database) -> String {
        let mut url: Url = self.url.parse().unwrap();
        url.set_path(database.name());
        url.into()
    }

    /// Stops the pooler at once, and starts it again at the same address.
    pub fn restart(&self) {
        script("stop", self.folder.path(), &["fast"]);
        script("start", self.folder.path(), &[]);
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        script("stop", self.folder.path(), &["immediate"]);
    }
}

fn script(command: &str, folder: &Path, arguments: &[&str]) -> String {
    server_script::run("pgbouncer", command, folder, arguments)
}
