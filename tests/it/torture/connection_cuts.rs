//! Connections to PostgreSQL that are cut inside transactions, again and again, while one service
//! continues. The hardest case is a COMMIT without a response, because its outcome is unknown.

use tokio::time::timeout;

use super::{
    RECOVERY_LIMIT, cycles,
    invariants::{assert_invariants, assert_same_as_undisturbed_service},
    load::Senders,
    seed,
};
use crate::harness::{
    CloseMode, DEFAULT_TIMEOUTS, Database, Engine, Interruption, Moment, NetworkProxy, Process,
    Rng, TEST_TIMEOUT, report_work,
};

/// Maximum number of the request that is cut. Most transactions have fewer.
const MAX_REQUEST: usize = 40;

/// Number of accepted deliveries after which the service counts as recovered.
const RECOVERED_DELIVERIES: usize = 48;

/// COMMITs that took effect without a response, and one that did not arrive.
const COMMITS: [Interruption; 3] = [
    Interruption { at: usize::MAX, moment: Moment::Answered, how: CloseMode::Reset },
    Interruption { at: usize::MAX, moment: Moment::Answered, how: CloseMode::Silence },
    Interruption { at: usize::MAX, moment: Moment::Before, how: CloseMode::Reset },
];

fn random_interruption(rng: &mut Rng) -> Interruption {
    let at = if rng.below(4) == 0 { usize::MAX } else { 1 + rng.below(MAX_REQUEST) };
    Interruption {
        at,
        moment: rng.choose(&[Moment::Before, Moment::Half, Moment::Answered]),
        how: rng.choose(&[CloseMode::Reset, CloseMode::Reset, CloseMode::Silence]),
    }
}

/// Runs on PostgreSQL only, because an SQLite file has no connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_inside_transactions_lose_no_event() {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(Engine::Postgres).await;
    let proxy = NetworkProxy::start(database.url()).await;
    let proxied_database = Database::at_url(proxy.url.clone());
    let [acquire, _, ingest, api] = DEFAULT_TIMEOUTS;
    // A silent connection lasts as long as this timeout, which is shorter than the default.
    let overrides = [acquire, ("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "1000"), ingest, api];
    let process = Process::serve(&proxied_database, overrides);
    let load = Senders::new(&mut rng).start(&[&process.url]);
    let (cycles, mut commits) = (cycles(8), 0);
    for cycle in 0..cycles {
        // Waits for a random number of deliveries, so that not every cut follows a recovery
        // directly.
        load.wait_for_accepted(rng.below(RECOVERED_DELIVERIES)).await;
        let interruption =
            COMMITS.get(cycle).copied().unwrap_or_else(|| random_interruption(&mut rng));
        let interrupted = timeout(TEST_TIMEOUT, proxy.interrupt_transaction(interruption))
            .await
            .expect("a transaction is interrupted");
        commits += usize::from(interrupted.commit);
        let recovered = timeout(RECOVERY_LIMIT, load.wait_for_accepted(RECOVERED_DELIVERIES)).await;
        recovered
            .unwrap_or_else(|_| panic!("no recovery from {interruption:?} at {interrupted:?}"));
    }
    let senders = load.finish().await;
    assert_invariants(&mut database.tables().await, &senders).await;
    assert_same_as_undisturbed_service(&database, &senders).await;
    let (decisions, rejections) = (senders.decisions(), senders.rejections());
    // An event that was committed without a response is a duplicate when it is sent again.
    assert!(decisions.contains_key("duplicate"), "{decisions:?}");
    let known = ["database_unavailable", "commit_late"];
    assert!(rejections.keys().all(|code| known.contains(code)), "{rejections:?}");
    process.terminate();
    let (status, log) = tokio::task::block_in_place(|| process.wait());
    assert_eq!(status.code(), Some(0), "{log}");
    let events = senders.accepted().count();
    let work = format!("{cycles} cuts, {commits} of a COMMIT, {events} events");
    report_work(Engine::Postgres, Some(seed), &work);
}
