//! `seq` is the order in which readers see the commits: who has read up to a number has read all that
//! will ever stand before it.

use futures_util::future::join;
use meetvo::{
    domain::event::Event,
    store::{Store, StoreError, commit::Batch},
};
use serde_json::json;
use tokio::task::JoinSet;

use super::{commit, event, migrated, open};
use crate::harness::{Database, Engine, Tables, apply, both_engines, fixtures};

/// A reader that asks for what comes after the last number that it saw.
struct Subscriber {
    tables: Tables,
    last: i64,
    seen: Vec<String>,
}

impl Subscriber {
    async fn of(database: &Database) -> Self {
        Self { tables: database.tables().await, last: 0, seen: Vec::new() }
    }

    /// Reads a page; how many were new.
    async fn read(&mut self) -> usize {
        let last = self.last;
        let news = format!(
            "SELECT seq || ' ' || id FROM webhook_events WHERE seq > {last} ORDER BY seq LIMIT 50",
        );
        let news = self.tables.column(&news).await;
        for row in &news {
            let (seq, id) = row.split_once(' ').unwrap();
            self.last = seq.parse().unwrap();
            self.seen.push(id.to_owned());
        }
        news.len()
    }

    /// Reads to the end, and compares with what is there.
    async fn assert_missed_nothing(&mut self) {
        while self.read().await > 0 {}
        let mut all = self.tables.column("SELECT id FROM webhook_events ORDER BY seq").await;
        all.retain(|id| !self.seen.contains(id));
        assert_eq!(all, [""; 0], "were missed");
    }
}

fn change(id: &str) -> Event {
    event(id, &fixtures::user_event("user.created", &id.replace("msg", "user"), 0))
}

/// Commits batches of several sizes, each again until the database has time for it.
async fn commit_often(store: Store, writer: usize) {
    for batch in 0..60 {
        let change = |at| change(&format!("msg_{writer}_{batch}_{at}"));
        let events: Vec<_> = (0..=(batch + writer) % 5).map(change).collect();
        let batch = Batch { events: &events, secrets_used: &[] };
        while let Err(busy) = store.commit(batch).await {
            assert!(matches!(busy, StoreError::Unavailable(_)), "{busy}");
        }
    }
}

/// Whatever else goes on: transactions of others are open all the time.
#[apply(both_engines)]
async fn who_follows_it_misses_nothing_of_several_who_commit_at_once(engine: Engine) {
    let (database, store, mut beside) = migrated(engine).await;
    beside.open_idle_transaction().await;
    let (elsewhere, _store, mut far_off) = migrated(engine).await;
    far_off.open_idle_transaction().await;
    let mut subscriber = Subscriber::of(&database).await;
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        writers.spawn(commit_often(open(&database).await, writer));
    }
    while !writers.is_empty() {
        subscriber.read().await;
        while let Some(ended) = writers.try_join_next() {
            ended.unwrap();
        }
    }
    subscriber.assert_missed_nothing().await;
    assert_eq!(subscriber.seen.len(), 4 * 60 * 3);
    drop((store, elsewhere));
}

/// Somebody has a number and has not committed: nobody gets a later one before that.
#[apply(both_engines)]
async fn who_has_no_number_yet_waits_for_who_has_one(engine: Engine) {
    let (database, store, mut holder) = migrated(engine).await;
    let mut watcher = database.tables().await;
    let mut subscriber = Subscriber::of(&database).await;
    holder.block_commits().await;
    let insert = "INSERT INTO webhook_events (id, decision, received_at) \
                  VALUES ('msg_first', 'ignored', 0)";
    holder.run(insert).await;
    let second = [change("msg_second")];
    let look = async {
        watcher.wait_for_lock_waiters(1).await;
        assert_eq!(subscriber.read().await, 0);
        holder.run("COMMIT").await;
    };
    join(commit(&store, &second), look).await;
    subscriber.assert_missed_nothing().await;
    assert_eq!(subscriber.seen, ["msg_first", "msg_second"]);
}

#[apply(both_engines)]
async fn who_follows_it_goes_past_the_numbers_of_what_was_rolled_back(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    tables.reject_inserts("webhook_events", "NEW.type = 'poison'").await;
    let mut subscriber = Subscriber::of(&database).await;
    for round in 0..3 {
        let poison = event(&format!("msg_poison_{round}"), &json!({ "type": "poison" }));
        let batch = [change(&format!("msg_{round}")), poison];
        let refused = store.commit(Batch { events: &batch, secrets_used: &[] }).await;
        assert!(matches!(refused, Err(StoreError::Rejected(_))), "{refused:?}");
        assert_eq!(subscriber.read().await, 0);
        commit(&store, &batch[..1]).await;
        assert_eq!(subscriber.read().await, 1);
    }
    subscriber.assert_missed_nothing().await;
    // SQLite takes the numbers back with everything else.
    assert_eq!(subscriber.last, if engine == Engine::Postgres { 9 } else { 3 });
}

/// Also where the newest go: a number that is given twice is one that a reader has passed already.
#[apply(both_engines)]
async fn a_number_is_never_given_again(engine: Engine) {
    let (database, mut store, mut tables) = migrated(engine).await;
    let mut subscriber = Subscriber::of(&database).await;
    for (round, pruned) in ["seq > 2", "seq >= 4", "seq > 0"].into_iter().enumerate() {
        let change = |at| change(&format!("msg_{round}_{at}"));
        commit(&store, &[change(1), change(2), change(3)]).await;
        assert_eq!(subscriber.read().await, 3, "after {round} times");
        tables.run(&format!("DELETE FROM webhook_events WHERE {pruned}")).await;
        // Nor after a new start, or when the file was written anew.
        store.close().await;
        tables.run("VACUUM").await;
        store = open(&database).await;
    }
    assert_eq!(subscriber.last, 9);
}
