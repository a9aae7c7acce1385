//! `seq` grows in the order of the commits. After a reader has seen a number, no smaller one
//! appears.

use futures_util::future::join;
use meetvo::{
    objects::event::Event,
    store::{Store, StoreError, commit::Batch},
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{commit, event, migrated, open};
use crate::harness::{Database, Engine, Tables, apply, both_engines, fixtures};

/// A reader that polls for the events after the last number that it saw.
struct Poller {
    tables: Tables,
    last: i64,
    seen: Vec<String>,
}

impl Poller {
    async fn new(database: &Database) -> Self {
        Self { tables: database.tables().await, last: 0, seen: Vec::new() }
    }

    /// Reads a page, and returns the number of events in it.
    async fn poll(&mut self) -> usize {
        let last = self.last;
        let sql = format!(
            "SELECT seq || ' ' || id FROM webhook_events WHERE seq > {last} ORDER BY seq LIMIT 50",
        );
        let page = self.tables.column(&sql).await;
        for row in &page {
            let (seq, id) = row.split_once(' ').unwrap();
            self.last = seq.parse().unwrap();
            self.seen.push(id.to_owned());
        }
        page.len()
    }

    /// Polls until no event is left, and asserts that it has seen every event in the table.
    async fn assert_missed_nothing(&mut self) {
        while self.poll().await > 0 {}
        let mut missed = self.tables.column("SELECT id FROM webhook_events ORDER BY seq").await;
        missed.retain(|id| !self.seen.contains(id));
        assert_eq!(missed, [""; 0], "the reader missed events");
    }
}

fn change(id: &str) -> Event {
    event(id, &fixtures::user_event("user.created", &id.replace("msg", "user"), 0))
}

/// Commits batches of several sizes, and retries each while the database is busy.
async fn commit_often(store: Store, writer: usize) {
    for batch in 0..60 {
        let change = |index| change(&format!("msg_{writer}_{batch}_{index}"));
        let events: Vec<_> = (0..=(batch + writer) % 5).map(change).collect();
        let batch = Batch { events: &events, secrets_used: &[] };
        while let Err(error) = store.commit(batch).await {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        }
    }
}

/// Other transactions are open all the time, in this database and in another one.
#[apply(both_engines)]
async fn reader_misses_nothing_of_concurrent_commits(engine: Engine) {
    let (database, store, mut idle) = migrated(engine).await;
    idle.open_idle_transaction().await;
    let (other_database, _store, mut other_idle) = migrated(engine).await;
    other_idle.open_idle_transaction().await;
    let mut reader = Poller::new(&database).await;
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        writers.spawn(commit_often(open(&database).await, writer));
    }
    while !writers.is_empty() {
        reader.poll().await;
        while let Some(ended) = writers.try_join_next() {
            ended.unwrap();
        }
    }
    reader.assert_missed_nothing().await;
    assert_eq!(reader.seen.len(), 4 * 60 * 3);
    drop((store, other_database));
}

/// While a transaction with a number is not committed, no other transaction gets a later number.
#[apply(both_engines)]
async fn next_number_waits_for_uncommitted_one(engine: Engine) {
    let (database, store, mut holder) = migrated(engine).await;
    let mut watcher = database.tables().await;
    let mut reader = Poller::new(&database).await;
    holder.block_commits().await;
    let insert = "INSERT INTO webhook_events (id, decision, received_at) \
                  VALUES ('msg_first', 'ignored', 0)";
    holder.run(insert).await;
    let second = [change("msg_second")];
    let check = async {
        watcher.wait_for_lock_waiters(1).await;
        assert_eq!(reader.poll().await, 0);
        holder.run("COMMIT").await;
    };
    join(commit(&store, &second), check).await;
    reader.assert_missed_nothing().await;
    assert_eq!(reader.seen, ["msg_first", "msg_second"]);
}

#[apply(both_engines)]
async fn reader_skips_numbers_of_rolled_back_events(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    tables.reject_inserts("webhook_events", "NEW.type = 'poison'").await;
    let mut reader = Poller::new(&database).await;
    for round in 0..3 {
        let poison = event(&format!("msg_poison_{round}"), &json!({ "type": "poison" }));
        let batch = [change(&format!("msg_{round}")), poison];
        let rejected = store.commit(Batch { events: &batch, secrets_used: &[] }).await;
        assert!(matches!(rejected, Err(StoreError::Rejected(_))), "{rejected:?}");
        assert_eq!(reader.poll().await, 0);
        commit(&store, &batch[..1]).await;
        assert_eq!(reader.poll().await, 1);
    }
    reader.assert_missed_nothing().await;
    // SQLite rolls the numbers back too.
    assert_eq!(reader.last, if engine == Engine::Postgres { 9 } else { 3 });
}

/// A reader has passed a number already, so it would miss a second event with it. This includes the
/// numbers of the newest events.
#[apply(both_engines)]
async fn deleted_number_is_not_reused(engine: Engine) {
    let (database, mut store, mut tables) = migrated(engine).await;
    let mut reader = Poller::new(&database).await;
    for (round, deleted) in ["seq > 2", "seq >= 4", "seq > 0"].into_iter().enumerate() {
        let change = |index| change(&format!("msg_{round}_{index}"));
        commit(&store, &[change(1), change(2), change(3)]).await;
        assert_eq!(reader.poll().await, 3, "after {round} rounds");
        tables.run(&format!("DELETE FROM webhook_events WHERE {deleted}")).await;
        // A restart and a rewritten file do not change that.
        store.close().await;
        tables.run("VACUUM").await;
        store = open(&database).await;
    }
    assert_eq!(reader.last, 9);
}
