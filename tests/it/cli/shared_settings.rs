//! Settings as other programs and platforms have them: secrets in files, and URLs of SQLAlchemy.

use std::fs;

use super::printed;
use crate::harness::{
    Database, Delivery, Engine, KEY, Process, SECRET, apply, both_engines, client, fixtures,
};

/// Docker and Kubernetes mount secrets as files, and an editor ends a file with a line break.
#[apply(both_engines)]
async fn service_starts_with_secrets_in_files(engine: Engine) {
    let database = Database::new(engine).await;
    let folder = database.folder().join("secrets");
    fs::create_dir(&folder).unwrap();
    let mut command = Process::command(&database, []);
    for (variable, value) in [
        ("DATABASE_URL", database.url()),
        ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
        ("MEETVO_API_KEYS", &format!("tests:read:{KEY}")),
    ] {
        let file = folder.join(variable.to_lowercase());
        fs::write(&file, format!("{value}\n")).unwrap();
        command.env_remove(variable).env(format!("{variable}_FILE"), &file);
    }
    let process = Process::start(command);
    let body = fixtures::user_event("user.created", "user_1", 0);
    let delivery = Delivery::new(&body, meetvo::clock::Clock::system().now());
    let client = client();
    assert_eq!(delivery.request(&client, &process.url).send().await.unwrap().status(), 200);
    let user = client.get(format!("{}/v1/users/user_1", process.url)).bearer_auth(KEY);
    assert_eq!(user.send().await.unwrap().status(), 200);
    let stored = database.tables().await.column("SELECT clerk_id FROM users").await;
    assert_eq!(stored, ["user_1"], "in the database that the file names");
}

/// Python programs share `DATABASE_URL` in this form.
#[apply(both_engines)]
async fn sqlalchemy_url_names_same_database(engine: Engine) {
    let database = Database::new(engine).await;
    let url = database.url();
    let urls = match engine {
        Engine::Sqlite => {
            let file = url.strip_prefix("sqlite:").unwrap();
            // An absolute path follows a fourth slash.
            assert!(file.starts_with('/'), "{file}");
            vec![format!("sqlite+aiosqlite:///{file}"), format!("sqlite+pysqlite:{file}")]
        }
        Engine::Postgres => {
            let rest = url.strip_prefix("postgres:").unwrap();
            ["psycopg2", "asyncpg"].map(|driver| format!("postgresql+{driver}:{rest}")).into()
        }
    };
    for url in urls {
        printed(&Process::run(&database, [("DATABASE_URL", &*url)], &["migrate", "run"]));
        let words = ["migrate", "revert", "--yes"];
        printed(&Process::run(&database, [], &words));
    }
}
