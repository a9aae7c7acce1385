//! The PostgreSQL server that all tests share, and the databases in it.

use std::{env, thread};

use meetvo::clock::Clock;
use reqwest::Url;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::{runtime, sync::OnceCell};

use super::unique;

/// Of every database that a test makes, and of no other: what carries it may be dropped.
const PREFIX: &str = "meetvo_test_";

/// A locale that puts `a` before `B`. Whatever is ordered by bytes has to say so.
const LOCALE: &str = "LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'";

/// No run takes so long. What is older was left behind by one that was killed.
const LEFT_BEHIND_SECONDS: i64 = 3600;

/// Makes an empty database; its URL.
pub(super) async fn create_database() -> String {
    static SWEPT: OnceCell<()> = OnceCell::const_new();
    let mut server = connect().await;
    SWEPT.get_or_init(async || sweep(&mut server).await).await;
    let (now, process) = (Clock::system().now() / 1000, std::process::id());
    let name = unique(&format!("{PREFIX}{now}_{process}_"));
    // Copying the files is quick on a server that does not wait for the disk.
    let sql = format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' {LOCALE} STRATEGY file_copy",
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut server).await.unwrap();
    let mut url = url();
    url.set_path(&name);
    url.into()
}

/// Drops a database, whoever uses it still. What cannot be dropped is left to a later run.
pub(super) fn drop_database(url: &str) {
    let name = Url::parse(url).unwrap().path()[1..].to_owned();
    // Not in the test's own runtime: that may be about to end.
    let dropped = thread::spawn(move || {
        let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connect().await).await);
        });
    });
    drop(dropped.join());
}

/// Drops what runs that were killed have left behind in a server that lives longer than they.
async fn sweep(server: &mut PgConnection) {
    let sql = format!(
        "SELECT datname::text FROM pg_database WHERE starts_with(datname, '{PREFIX}') \
         AND split_part(datname, '_', 3)::bigint < extract(epoch FROM now()) - {LEFT_BEHIND_SECONDS}",
    );
    let left: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *server).await.unwrap();
    for name in left {
        let sql = format!("DROP DATABASE IF EXISTS {name}");
        // Another run may be at it too.
        drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *server).await);
    }
}

async fn connect() -> PgConnection {
    PgConnection::connect(url().as_str()).await.expect("the server of TEST_DATABASE_URL answers")
}

#[expect(clippy::disallowed_methods, reason = "it is a setting of the tests, not of the service")]
pub(super) fn url() -> Url {
    let url = env::var("TEST_DATABASE_URL").expect(
        "the tests on PostgreSQL need a server: run them through `make test`, or name one in \
         TEST_DATABASE_URL",
    );
    url.parse().unwrap()
}
