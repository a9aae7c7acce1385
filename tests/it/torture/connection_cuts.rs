//! The line to the server is cut in the middle of a transaction, again and again, while one service
//! goes on. The worst of it is a COMMIT without an answer: nobody knows whether it was done.

use tokio::time::timeout;

use super::{
    RECOVERY_LIMIT, TEST_TIMEOUT, cycles, seed,
    load::Senders,
    invariants::{assert_same_as_undisturbed_service, assert_invariants},
};
use crate::harness::{Interruption, Database, Rng, Engine, CloseMode, Moment, Process, NetworkProxy, report_work};

/// More than most transactions have requests.
const REQUESTS: usize = 40;

/// Who gets through after a cut until it is said that all goes well again.
const GOES_WELL: usize = 48;

/// The COMMIT that was done and not answered, and the one that did not arrive.
const COMMITS: [Interruption; 3] = [
    Interruption { at: usize::MAX, moment: Moment::Answered, how: CloseMode::Reset },
    Interruption { at: usize::MAX, moment: Moment::Answered, how: CloseMode::Silence },
    Interruption { at: usize::MAX, moment: Moment::Before, how: CloseMode::Reset },
];

fn anywhere(rng: &mut Rng) -> Interruption {
    let at = if rng.below(4) == 0 { usize::MAX } else { 1 + rng.below(REQUESTS) };
    Interruption {
        at,
        moment: rng.choose(&[Moment::Before, Moment::Half, Moment::Answered]),
        how: rng.choose(&[CloseMode::Reset, CloseMode::Reset, CloseMode::Silence]),
    }
}

/// PostgreSQL's: there is no line to a file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cuts_inside_transactions_lose_no_event() {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(Engine::Postgres).await;
    let proxy = NetworkProxy::start(database.url()).await;
    let behind = Database::at_url(proxy.url.clone());
    // Sooner than by default: silence takes as long as this.
    let soon = [("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "1000")];
    let process = Process::serve(&behind, soon);
    let load = Senders::new(&mut rng).start(&[&process.url]);
    let (cycles, mut commits) = (cycles(8), 0);
    for cycle in 0..cycles {
        // At any point of the load, not only where it has just begun again.
        load.wait_for_accepted(rng.below(GOES_WELL)).await;
        let cut = COMMITS.get(cycle).copied().unwrap_or_else(|| anywhere(&mut rng));
        let place = timeout(TEST_TIMEOUT, proxy.interrupt_transaction(cut)).await.expect("it is cut");
        commits += usize::from(place.commit);
        let healed = timeout(RECOVERY_LIMIT, load.wait_for_accepted(GOES_WELL)).await;
        healed.unwrap_or_else(|_| panic!("{cut:?} is not got over, at {place:?}"));
    }
    let senders = load.finish().await;
    assert_invariants(&mut database.tables().await, &senders).await;
    assert_same_as_undisturbed_service(&database, &senders).await;
    let (decisions, rejections) = (senders.decisions(), senders.rejections());
    // What was committed without a word is known when it comes again.
    assert!(decisions.contains_key("duplicate"), "{decisions:?}");
    let ours = ["database_unavailable", "commit_late"];
    assert!(rejections.keys().all(|code| ours.contains(code)), "{rejections:?}");
    process.terminate();
    let (status, log) = tokio::task::block_in_place(|| process.wait());
    assert_eq!(status.code(), Some(0), "{log}");
    let events = senders.accepted().count();
    let done = format!("{cycles} cuts, {commits} of a COMMIT, {events} events");
    report_work(Engine::Postgres, Some(seed), &done);
}
