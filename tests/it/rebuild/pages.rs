//! How much of the events is in memory at once.

use meetvo::{
    app,
    store::rebuild::{Rebuild, EventEffect},
};

use crate::harness::{Database, Engine, apply, both_engines, settings};

/// How many events each page took.
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

/// Large ones are read a few at a time; so are those of which only a later event says that they were
/// applied.
#[apply(both_engines)]
async fn a_page_holds_no_more_than_a_few_megabytes(engine: Engine) {
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
