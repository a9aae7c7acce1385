//! Database of one test.

use std::path::Path;

use reqwest::Url;
use tempfile::TempDir;

use super::{Engine, Pooler, Tables, shared_server};

/// Empty database and a folder for the program. Both are removed on drop.
pub struct Database {
    pub engine: Engine,
    url: String,
    /// URL for the service, if it differs from that for the tests.
    service_url: Option<String>,
    folder: TempDir,
    /// The database was created on the shared server, so it must be dropped there.
    drop_on_server: bool,
}

impl Database {
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => sqlite_url(folder.path()),
            Engine::Postgres => shared_server::create_database().await,
        };
        Self { engine, url, service_url: None, folder, drop_on_server: engine == Engine::Postgres }
    }

    /// Returns a new database that the service reaches through a pooler, and the tests directly.
    pub async fn behind(pooler: &Pooler) -> Self {
        let database = Self::new(Engine::Postgres).await;
        let url = pooler.url_of(&database);
        database.with_service_url(url)
    }

    /// Returns an existing PostgreSQL database, which is not removed on drop.
    pub fn at_url(url: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { engine: Engine::Postgres, url, service_url: None, folder, drop_on_server: false }
    }

    /// Lets the service use another URL of the same database than the tests.
    pub fn with_service_url(mut self, url: String) -> Self {
        self.service_url = Some(url);
        self
    }

    /// Returns the same database without a pooler. It must not outlive this value.
    pub fn directly(&self) -> Self {
        Self::at_url(self.url.clone())
    }

    /// Returns the value of `DATABASE_URL`.
    pub fn url(&self) -> &str {
        self.service_url.as_ref().unwrap_or(&self.url)
    }

    /// Returns the URL for a role of the PostgreSQL server, whose password is its name.
    pub fn url_for(&self, role: &str) -> String {
        let mut url: Url = self.url().parse().unwrap();
        url.set_username(role).unwrap();
        url.set_password(Some(role)).unwrap();
        url.into()
    }

    /// Returns the name of a PostgreSQL database.
    pub fn name(&self) -> &str {
        self.url.rsplit('/').next().unwrap()
    }

    /// Returns the working directory of the program. On SQLite it contains the database file.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opens a direct connection to the database.
    pub async fn tables(&self) -> Tables {
        Tables::open(self.engine, &self.url).await
    }

    /// Opens a direct connection to the default database of the shared server.
    pub async fn server(&self) -> Tables {
        Tables::open(self.engine, shared_server::url().as_str()).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.drop_on_server {
            shared_server::drop_database(&self.url);
        }
    }
}

/// Returns the URL of the database file in a folder.
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("meetvo.db").display())
}
