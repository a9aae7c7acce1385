//! A database of a test's own.

use std::path::Path;

use tempfile::TempDir;

use super::{Engine, Tables, server};

/// An empty database, and a folder beside it. Both are gone with it.
pub struct Database {
    pub engine: Engine,
    url: String,
    folder: TempDir,
    /// Made for a test, in a server that stays.
    made: bool,
}

impl Database {
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => sqlite_url(folder.path()),
            Engine::Postgres => server::create_database().await,
        };
        Self { engine, url, folder, made: engine == Engine::Postgres }
    }

    /// One that was there, and goes with its server.
    pub fn of_others(url: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { engine: Engine::Postgres, url, folder, made: false }
    }

    /// As it stands in `DATABASE_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it is called in its server.
    pub fn name(&self) -> &str {
        self.url.rsplit('/').next().unwrap()
    }

    /// Where an operator would start the program; on SQLite the database is in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A look into the tables, past the service.
    pub async fn tables(&self) -> Tables {
        Tables::open(self.engine, &self.url).await
    }

    /// A look into the server, past the database.
    pub async fn server(&self) -> Tables {
        Tables::open(self.engine, server::url().as_str()).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if self.made {
            server::drop_database(&self.url);
        }
    }
}

/// The file that stands for a database in a folder.
pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("meetvo.db").display())
}
