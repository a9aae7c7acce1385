//! Size of the pages in which a rebuild reads the event log.

use meetvo::{
    app,
    store::rebuild::{EventEffect, Rebuild},
};

use crate::harness::{Database, Engine, apply, both_engines, settings};

/// Applies all pages, and returns the number of events of each.
async fn pages(rebuild: &mut Rebuild) -> Vec<u64> {
    let (mut pages, mut before) = (Vec::new(), 0);
    loop {
        let more = rebuild.apply_next_page().await.unwrap();
        let events = rebuild.progress().events;
        pages.push(events - before);
        before = events;
        if !more {
            return pages;
        }
    }
}

/// Large payloads are read a few at a time, also those of events that a later event reprocessed.
#[apply(both_engines)]
async fn page_size_is_limited_in_bytes(engine: Engine) {
    let database = Database::new(engine).await;
    let store = app::open_store(&settings(&database, []).database).await.unwrap();
    store.migrate().await.unwrap();
    let mut tables = database.tables().await;
    let numbered =
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 12)";
    let into = "INSERT INTO webhook_events (id, type, decision, received_at)";
    for rows in [
        "'msg_' || n, 'user.created', 'failed'",
        "'meetvo.event.reprocessed:msg_' || n, 'meetvo.event.reprocessed', 'applied'",
    ] {
        tables.run(&format!("{into} {numbered} SELECT {rows}, n FROM numbers")).await;
    }
    let mut small = store.start_rebuild(|_| EventEffect::Nothing, false).await.unwrap();
    assert_eq!(pages(&mut small).await, [24]);
    let megabyte = "x".repeat(1024 * 1024);
    let large = format!("UPDATE webhook_events SET payload = '{megabyte}' WHERE id LIKE 'msg_%'");
    tables.run(&large).await;
    let mut rebuild = store.start_rebuild(|_| EventEffect::Nothing, false).await.unwrap();
    assert_eq!(pages(&mut rebuild).await, [4; 6]);
}
