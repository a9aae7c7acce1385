//! Not only writes fail: so does each read of a batch, each request that it makes of a server, and the
//! commit, for reasons that are no event's fault. Nothing of the batch is there then.

use meetvo::{
    clock::Clock,
    domain::event::Outcome,
    ingest::queue::Rejection,
    store::{Store, StoreError, commit::Batch},
};

use super::{
    commit, migrated, open,
    statements::{at_once, before, events, of_all_kinds},
};
use crate::harness::{
    ApiResponse, Interruption, Database, Delivery, Engine, CloseMode, Moment, InterruptedAt, Process, SECRET, Tables, NetworkProxy,
    apply, both_engines, client, fixtures, report_work,
};

/// What a batch reads, before it writes to any of it.
const READ: [&str; 5] = ["webhook_events", "users", "sessions", "accounts", "verifications"];

type Committed = Result<Vec<Outcome>, StoreError>;

/// No batch of these tests makes so many requests.
const MOST: usize = 200;

fn assert_is_ours(answers: Vec<Result<Outcome, Rejection>>, what: &str) {
    assert!(!answers.is_empty());
    for answer in answers {
        let Err(Rejection::Store(failure)) = answer else { panic!("{what}: {answer:?}") };
        assert!(matches!(*failure, StoreError::Unavailable(_)), "{what}: {failure:?}");
    }
}

/// The same batch where nothing failed: what it is answered, and what is there afterwards.
async fn untroubled(engine: Engine) -> (Database, Vec<Outcome>, Tables) {
    let (database, store, tables) = migrated(engine).await;
    commit(&store, &before()).await;
    let outcomes = commit(&store, &of_all_kinds()).await;
    (database, outcomes, tables)
}

#[apply(both_engines)]
async fn where_any_read_fails_for_reasons_of_ours_nothing_of_the_batch_is_written(engine: Engine) {
    let (_untroubled, outcomes, mut expected) = untroubled(engine).await;
    let (_database, store, mut tables) = migrated(engine).await;
    commit(&store, &before()).await;
    let rows = tables.synced_tables().await;
    let kept = events(&mut tables).await;
    for table in READ {
        tables.run(&format!("ALTER TABLE {table} RENAME TO elsewhere")).await;
        let answers = at_once(&store, of_all_kinds()).await;
        tables.run(&format!("ALTER TABLE elsewhere RENAME TO {table}")).await;
        assert_is_ours(answers, table);
        assert_eq!(tables.synced_tables().await, rows, "{table}");
        assert_eq!(events(&mut tables).await, kept, "{table}");
    }
    assert_eq!(commit(&store, &of_all_kinds()).await, outcomes, "as if nothing had failed");
    assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
    assert_eq!(events(&mut tables).await, events(&mut expected).await);
}

/// A database with what a batch of all kinds finds there, and a store at the other end of a proxy.
async fn behind_a_proxy() -> (Database, NetworkProxy, Store, Tables) {
    let database = Database::new(Engine::Postgres).await;
    let proxy = NetworkProxy::start(database.url()).await;
    let store = open(&Database::at_url(proxy.url.clone())).await;
    store.migrate().await.unwrap();
    commit(&store, &before()).await;
    let tables = database.tables().await;
    (database, proxy, store, tables)
}

async fn commit_cut_off(store: &Store, proxy: &NetworkProxy, cut: Interruption) -> (Committed, InterruptedAt) {
    let events = of_all_kinds();
    let committing = store.commit(Batch { events: &events, secrets_used: &[] });
    // The cut is prepared before anything is sent.
    let (place, committed) = tokio::join!(biased; proxy.interrupt_transaction(cut), committing);
    (committed, place)
}

/// PostgreSQL's: the line is cut before, within and behind each request of a batch in turn, whether it
/// reads, writes, locks or commits. The last of them alone may leave the batch there, whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_any_request_is_cut_off_nothing_of_the_batch_is_written_or_all_of_it() {
    let (_untroubled, _, mut expected) = untroubled(Engine::Postgres).await;
    let (how, mut cuts) = (CloseMode::Reset, 0);
    for moment in [Moment::Before, Moment::Half, Moment::Answered] {
        let (_database, proxy, store, mut tables) = behind_a_proxy().await;
        let imprint = tables.write_fingerprint().await;
        let mut last = false;
        for at in 2..=MOST {
            let (failed, place) = commit_cut_off(&store, &proxy, Interruption { at, moment, how }).await;
            let ours = matches!(failed, Err(StoreError::Unavailable(_)));
            assert!(ours, "{moment:?} {place:?}: {failed:?}");
            (cuts, last) = (cuts + 1, place.commit);
            if last {
                break;
            }
            assert_eq!(place.at, at);
            assert_eq!(tables.write_fingerprint().await, imprint, "{moment:?} {place:?}");
        }
        assert!(last, "it fails for ever");
        let there = moment == Moment::Answered;
        assert_eq!(tables.write_fingerprint().await != imprint, there, "{moment:?} the COMMIT");
        let again = commit(&store, &of_all_kinds()).await;
        assert_eq!(again.iter().all(|it| *it == Outcome::Duplicate), there, "{again:?}");
        assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
        assert_eq!(events(&mut tables).await, events(&mut expected).await);

        // The first, by which a transaction begins, is made again over another connection.
        let (again, place) = commit_cut_off(&store, &proxy, Interruption { at: 1, moment, how }).await;
        let again = again.unwrap();
        assert!(again.iter().all(|it| *it == Outcome::Duplicate), "{place:?}: {again:?}");
    }
    assert!(cuts > 60, "only {cuts} requests");
    report_work(Engine::Postgres, None, &format!("{cuts} requests cut off"));
}

/// PostgreSQL's, by what is put off to the end of the transaction: the server is shut down, its disk is
/// full, it fails in itself.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_commit_fails_for_reasons_of_ours_nothing_of_the_batch_is_written() {
    let (_untroubled, outcomes, mut expected) = untroubled(Engine::Postgres).await;
    let (_database, store, mut tables) = migrated(Engine::Postgres).await;
    commit(&store, &before()).await;
    let imprint = tables.write_fingerprint().await;
    for code in ["53100", "57P01", "58030", "XX000"] {
        let fail = format!(
            "CREATE OR REPLACE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE 'late' USING ERRCODE = '{code}'; END $$; \
             CREATE CONSTRAINT TRIGGER late AFTER INSERT ON webhook_events \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late()",
        );
        tables.run(&fail).await;
        assert_is_ours(at_once(&store, of_all_kinds()).await, code);
        tables.run("DROP TRIGGER late ON webhook_events").await;
        assert_eq!(tables.write_fingerprint().await, imprint, "{code}");
    }
    assert_eq!(commit(&store, &of_all_kinds()).await, outcomes, "as if nothing had failed");
    assert_eq!(tables.synced_tables().await, expected.synced_tables().await);
    assert_eq!(events(&mut tables).await, events(&mut expected).await);
}

/// SQLite's: what a transaction wrote goes to the file when it is committed, and there is no room for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_room_for_a_commit_nothing_of_it_is_written() {
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
    let before = (tables.synced_tables().await, events(&mut tables).await);
    process.limit_files(Some(1));
    let body = || fixtures::user_event("user.updated", "user_1", 1).to_string();
    assert_eq!(post("msg_2", body()).await.problem(), (503, "database_unavailable"));
    assert_eq!((tables.synced_tables().await, events(&mut tables).await), before);
    process.limit_files(None);
    assert_eq!(post("msg_2", body()).await.body["decision"], "applied");
    process.terminate();
    let (_, log) = tokio::task::block_in_place(|| process.wait());
    // All of its statements had gone well: the last of them appends the event.
    let (until, _) = log.split_once("a batch was not committed").unwrap();
    let last = until.lines().rfind(|line| line.contains("\"statement\"")).unwrap();
    assert!(last.contains("INSERT INTO webhook_events"), "{last}");
}
