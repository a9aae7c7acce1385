//! Each read of a batch, each request to the server and the commit fail in turn, because of the
//! database. Nothing of the batch is written then.

use meetvo::{
    app,
    clock::Clock,
    domain::decision::Outcome,
    ingest::queue::Rejection,
    store::{Store, StoreError, commit::Batch},
};

use super::{
    commit,
    failing_writes::{every_kind, preceding_events, stored_events, submit_batch},
    migrated, open,
};
use crate::harness::{
    ApiResponse, CloseMode, Database, Delivery, Engine, InterruptedAt, Interruption, Moment,
    NetworkProxy, Process, SECRET, Tables, apply, both_engines, client, fixtures, report_work,
    settings, unique,
};

/// Tables that a batch reads before it writes to them.
const READ: [&str; 5] = ["webhook_events", "users", "sessions", "accounts", "verifications"];

type Committed = Result<Vec<Outcome>, StoreError>;

/// Upper limit for the number of requests that a batch of these tests sends.
const MAX_REQUESTS: usize = 200;

fn assert_unavailable(results: Vec<Result<Outcome, Rejection>>, case: &str) {
    assert!(!results.is_empty());
    for result in results {
        let Err(Rejection::Store(error)) = result else { panic!("{case}: {result:?}") };
        assert!(matches!(*error, StoreError::Unavailable(_)), "{case}: {error:?}");
    }
}

/// Commits the batch without failures, and returns its outcomes and the resulting tables.
async fn reference(engine: Engine) -> (Database, Vec<Outcome>, Tables) {
    let (database, store, tables) = migrated(engine).await;
    commit(&store, &preceding_events()).await;
    let outcomes = commit(&store, &every_kind()).await;
    (database, outcomes, tables)
}

#[apply(both_engines)]
async fn batch_with_failed_read_is_rolled_back(engine: Engine) {
    let (_reference, outcomes, mut expected) = reference(engine).await;
    let (_database, store, mut tables) = migrated(engine).await;
    commit(&store, &preceding_events()).await;
    let rows = tables.synced_tables().await;
    let events = stored_events(&mut tables).await;
    for table in READ {
        tables.run(&format!("ALTER TABLE {table} RENAME TO elsewhere")).await;
        let results = submit_batch(&store, every_kind()).await;
        tables.run(&format!("ALTER TABLE elsewhere RENAME TO {table}")).await;
        assert_unavailable(results, table);
        assert_eq!(tables.synced_tables().await, rows, "{table}");
        assert_eq!(stored_events(&mut tables).await, events, "{table}");
    }
    assert_eq!(commit(&store, &every_kind()).await, outcomes, "the failures have no effect");
    assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
    assert_eq!(stored_events(&mut tables).await, stored_events(&mut expected).await);
}

/// Creates a database with the preceding events, and a store that connects to it through a proxy.
async fn behind_proxy() -> (Database, NetworkProxy, Store, Tables) {
    let database = Database::new(Engine::Postgres).await;
    let proxy = NetworkProxy::start(database.url()).await;
    let store = open(&Database::at_url(proxy.url.clone())).await;
    store.migrate().await.unwrap();
    commit(&store, &preceding_events()).await;
    let tables = database.tables().await;
    (database, proxy, store, tables)
}

/// PostgreSQL or the network is slow, and the server allows no other connection. The commit waits
/// for the one that it has.
#[tokio::test(flavor = "multi_thread")]
async fn slow_writer_is_kept_at_limit() {
    let (database, _, mut tables) = migrated(Engine::Postgres).await;
    let role = unique(&format!("meetvo_role_{}_", std::process::id()));
    tables
        .run(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{role}'; ALTER SCHEMA clerk OWNER TO {role}; \
             GRANT ALL ON ALL TABLES IN SCHEMA clerk TO {role}"
        ))
        .await;
    let proxy = NetworkProxy::start(&database.url_for(&role)).await;
    // A third of this is the time after which the store asks for another connection.
    let limits = [("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "24000")];
    let behind = Database::at_url(proxy.url.clone());
    let store = app::open_store(&settings(&behind, limits).database).await.unwrap();
    tables.run(&format!("ALTER ROLE {role} CONNECTION LIMIT 0")).await;
    let stall = Interruption { at: 1, moment: Moment::Before, how: CloseMode::Stall };
    let (committed, _) = commit_interrupted(&store, &proxy, stall).await;
    assert_eq!(committed.unwrap().len(), every_kind().len());
    drop(store);
    tables.run(&format!("DROP SCHEMA clerk CASCADE; DROP ROLE {role}")).await;
}

async fn commit_interrupted(
    store: &Store,
    proxy: &NetworkProxy,
    interruption: Interruption,
) -> (Committed, InterruptedAt) {
    let events = every_kind();
    let commit = store.commit(Batch { events: &events, secrets_used: &[] });
    // The interruption is prepared before the first request is sent.
    let (place, committed) =
        tokio::join!(biased; proxy.interrupt_transaction(interruption), commit);
    (committed, place)
}

/// Runs only on PostgreSQL. The connection is cut before, during and after each request of a batch:
/// reads, writes, locks and the commit. Only after the commit can the batch be written, and then it
/// is complete.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batch_with_interrupted_request_is_atomic() {
    let (_reference, _, mut expected) = reference(Engine::Postgres).await;
    let (how, mut cuts) = (CloseMode::Reset, 0);
    for moment in [Moment::Before, Moment::Half, Moment::Answered] {
        let (_database, proxy, store, mut tables) = behind_proxy().await;
        let fingerprint = tables.write_fingerprint().await;
        let mut is_commit = false;
        for at in 2..=MAX_REQUESTS {
            let interruption = Interruption { at, moment, how };
            let (result, place) = commit_interrupted(&store, &proxy, interruption).await;
            let is_unavailable = matches!(result, Err(StoreError::Unavailable(_)));
            assert!(is_unavailable, "{moment:?} {place:?}: {result:?}");
            (cuts, is_commit) = (cuts + 1, place.commit);
            if is_commit {
                break;
            }
            assert_eq!(place.at, at);
            assert_eq!(tables.write_fingerprint().await, fingerprint, "{moment:?} {place:?}");
        }
        assert!(is_commit, "the interruptions do not reach the COMMIT");
        let is_written = moment == Moment::Answered;
        let has_changed = tables.write_fingerprint().await != fingerprint;
        assert_eq!(has_changed, is_written, "{moment:?} the COMMIT");
        let again = commit(&store, &every_kind()).await;
        assert_eq!(again.iter().all(|it| *it == Outcome::Duplicate), is_written, "{again:?}");
        assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
        assert_eq!(stored_events(&mut tables).await, stored_events(&mut expected).await);

        // The first request begins the transaction. It is repeated on another connection.
        let interruption = Interruption { at: 1, moment, how };
        let (again, place) = commit_interrupted(&store, &proxy, interruption).await;
        let again = again.unwrap();
        assert!(again.iter().all(|it| *it == Outcome::Duplicate), "{place:?}: {again:?}");
    }
    assert!(cuts > 60, "only {cuts} requests");
    report_work(Engine::Postgres, None, &format!("{cuts} requests cut off"));
}

/// Runs only on PostgreSQL, where a deferred trigger can fail during the commit with any code: full
/// disk, shutdown, I/O error, internal error.
#[tokio::test(flavor = "multi_thread")]
async fn batch_with_failed_commit_is_rolled_back() {
    let (_reference, outcomes, mut expected) = reference(Engine::Postgres).await;
    let (_database, store, mut tables) = migrated(Engine::Postgres).await;
    commit(&store, &preceding_events()).await;
    let fingerprint = tables.write_fingerprint().await;
    for code in ["53100", "57P01", "58030", "XX000"] {
        let fail = format!(
            "CREATE OR REPLACE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE 'late' USING ERRCODE = '{code}'; END $$; \
             CREATE CONSTRAINT TRIGGER late AFTER INSERT ON webhook_events \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()",
        );
        tables.run(&fail).await;
        assert_unavailable(submit_batch(&store, every_kind()).await, code);
        tables.run("DROP TRIGGER late ON webhook_events").await;
        assert_eq!(tables.write_fingerprint().await, fingerprint, "{code}");
    }
    assert_eq!(commit(&store, &every_kind()).await, outcomes, "the failures have no effect");
    assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
    assert_eq!(stored_events(&mut tables).await, stored_events(&mut expected).await);
}

/// Runs only on SQLite, which writes to the file during the commit. The disk is full then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commit_to_full_disk_is_rolled_back() {
    let database = Database::new(Engine::Sqlite).await;
    let traced = [("MEETVO__LOG__FILTER", "info,meetvo::store=trace")];
    let process = Process::start(Process::command_with_limits("trap '' XFSZ", &database, traced));
    let mut tables = database.tables().await;
    let client = client();
    let post = async |id: &str, body: String| {
        let delivery = Delivery::signed(SECRET, id, Clock::system().now(), body);
        ApiResponse::fetch(delivery.request(&client, &process.url)).await
    };
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    assert_eq!(post("msg_1", body).await.status, 200);
    let before = (tables.synced_tables().await, stored_events(&mut tables).await);
    process.limit_files(Some(1));
    let body = || fixtures::user_event("user.updated", "user_1", 1).to_string();
    assert_eq!(post("msg_2", body()).await.problem(), (503, "database_unavailable"));
    assert_eq!((tables.synced_tables().await, stored_events(&mut tables).await), before);
    process.limit_files(None);
    assert_eq!(post("msg_2", body()).await.body["decision"], "applied");
    process.terminate();
    let (_, log) = tokio::task::block_in_place(|| process.wait());
    // All statements succeeded, and only the commit failed: the last one appends the event.
    let (before, _) = log.split_once("a batch was not committed").unwrap();
    // Meanwhile, the service reads its keys and endpoints again.
    let is_write = |line: &&str| line.contains("\"statement\"") && !line.contains("\"SELECT ");
    let last = before.lines().rfind(is_write).unwrap();
    assert!(last.contains("INSERT INTO webhook_events"), "{last}");
}
