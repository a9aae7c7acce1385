//! Services behind PgBouncer. Behind a transaction pool, each transaction can get another connection
//! to the server, and other programs get it in between.

mod commands;
mod limits;
mod load;
mod refusals;

use tokio::task::block_in_place;

use crate::harness::{Database, Pooler, Tables};

/// Versions of PgBouncer with settings that the service supports.
const SUPPORTED: [(&str, &[&str]); 3] = [
    ("1.18", &["pool_mode=session"]),
    ("1.24", &["pool_mode=session"]),
    ("1.24", &["pool_mode=transaction"]),
];

const TRANSACTION_POOL: (&str, &[&str]) = SUPPORTED[2];

/// Starts a pooler. It connects soon again to a server that was restarted.
fn start((version, settings): (&str, &[&str])) -> Pooler {
    block_in_place(|| Pooler::start(version, &[settings, &["server_login_retry=1"]].concat()))
}

/// Asserts that nothing of a transaction is left on the connections of the pooler to the server:
/// neither temporary tables and locks, nor settings.
async fn assert_nothing_left(database: &Database) {
    let mut direct = database.tables().await;
    let temporary = "SELECT relname::text FROM pg_class WHERE relpersistence = 't'";
    assert_eq!(direct.column(temporary).await, [""; 0]);
    let locks = "SELECT objid::text FROM pg_locks JOIN pg_database ON database = pg_database.oid \
                 WHERE locktype = 'advisory' AND datname = current_database()";
    assert_eq!(direct.column(locks).await, [""; 0]);
    let mut pooled = Tables::connect(database.url()).await;
    for (setting, value) in [
        ("search_path", "\"$user\", public"),
        ("statement_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("enable_seqscan", "on"),
    ] {
        assert_eq!(pooled.column(&format!("SHOW {setting}")).await, [value], "{setting}");
    }
}
