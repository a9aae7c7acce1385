//! PostgreSQL server that all tests share, and the databases in it.

use std::{env, thread};

use meetvo::clock::Clock;
use reqwest::Url;
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, postgres::PgConnectOptions};
use tokio::{runtime, sync::OnceCell};

use super::unique;

/// Prefix of every database that a test creates. Databases with this prefix may be dropped.
const PREFIX: &str = "meetvo_test_";

/// Locale that sorts `a` before `B`, so that a query that needs byte order must ask for it.
const LOCALE: &str = "LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'";

/// Age in seconds from which a database belongs to a killed run. No run takes that long.
const ABANDONED_SECONDS: i64 = 3600;

/// Creates an empty database and returns its URL.
pub(super) async fn create_database() -> String {
    static CLEANED: OnceCell<()> = OnceCell::const_new();
    let mut server = connect().await;
    CLEANED.get_or_init(async || drop_abandoned(&mut server).await).await;
    let (now, process) = (Clock::system().now() / 1000, std::process::id());
    let name = unique(&format!("{PREFIX}{now}_{process}_"));
    // Copying files is fast, because the server runs without fsync.
    let sql = format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {LOCALE} STRATEGY file_copy",
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
    let mut url = url();
    url.set_path(&name);
    url.into()
}

/// Drops a database and closes its connections. On failure, a later run drops the database.
pub(super) fn drop_database(url: &str) {
    let name = Url::parse(url).unwrap().path()[1..].to_owned();
    // In a thread with its own runtime, because the test's runtime may be shutting down.
    let dropped = thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connect().await).await);
        });
    });
    drop(dropped.join());
}

/// Drops databases of killed runs, because the server can outlive a run.
async fn drop_abandoned(server: &mut PgConnection) {
    let sql = format!(
        "SELECT datname::text FROM pg_database WHERE starts_with(datname, '{PREFIX}') \
         AND split_part(datname, '_', 3)::bigint < extract(epoch FROM now()) - {ABANDONED_SECONDS}",
    );
    let abandoned: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *server).await.unwrap();
    for name in abandoned {
        let sql = format!("DROP DATABASE IF EXISTS {name}");
        // Another run may drop the same database.
        drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *server).await);
    }
}

async fn connect() -> PgConnection {
    let options = url().as_str().parse::<PgConnectOptions>().unwrap();
    let connected = options.disable_statement_logging().connect().await;
    connected.expect("the server of TEST_DATABASE_URL answers")
}

#[expect(clippy::disallowed_methods, reason = "it is a setting of the tests, not of the service")]
pub(super) fn url() -> Url {
    let url = env::var("TEST_DATABASE_URL").expect(
        "the tests on PostgreSQL need a server: run `make test`, or set TEST_DATABASE_URL to the \
         URL of a server",
    );
    url.parse().unwrap()
}
