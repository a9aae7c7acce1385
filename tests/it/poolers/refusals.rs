//! Poolers that the service cannot work with.

use tokio::task::block_in_place;

use super::start;
use crate::harness::{Database, Process};

/// Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn unsupported_pool_is_named() {
    let statements = ["loses prepared statements", "max_prepared_statements", "pool_mode"];
    let transactions = ["without transactions", "set pool_mode", "transaction or session"];
    for (version, settings, words) in [
        ("1.18", &["pool_mode=transaction"][..], statements),
        ("1.24", &["pool_mode=transaction", "max_prepared_statements=0"], statements),
        ("1.18", &["pool_mode=statement"], transactions),
        ("1.24", &["pool_mode=statement"], transactions),
    ] {
        let pooler = start((version, settings));
        let database = Database::behind(&pooler).await;
        // Otherwise the migrations would fail first.
        let direct = database.directly();
        let migrated = block_in_place(|| Process::run(&direct, [], &["migrate", "run"]));
        assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
        for _ in 0..2 {
            let output = block_in_place(|| Process::run(&database, [], &["serve"]));
            let text = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{version} {settings:?}: {text}");
            for word in words {
                assert!(text.contains(word), "{version} {settings:?}: {word}: {text}");
            }
        }
    }
}
