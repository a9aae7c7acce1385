//! The line to the server is cut in the middle of a transaction, again and again, while one service
//! goes on. The worst of it is a COMMIT without an answer: nobody knows whether it was done.

use tokio::time::timeout;

use super::{
    HEALED, PATIENCE, cycles, seed,
    senders::Senders,
    whole::{assert_as_if_nothing_had_happened, assert_whole},
};
use crate::harness::{Cut, Database, Dice, Engine, How, Moment, Process, Wire, tell};

/// More than most transactions have requests.
const REQUESTS: usize = 40;

/// Who gets through after a cut until it is said that all goes well again.
const GOES_WELL: usize = 48;

/// The COMMIT that was done and not answered, and the one that did not arrive.
const COMMITS: [Cut; 3] = [
    Cut { at: usize::MAX, moment: Moment::Answered, how: How::Reset },
    Cut { at: usize::MAX, moment: Moment::Answered, how: How::Silence },
    Cut { at: usize::MAX, moment: Moment::Before, how: How::Reset },
];

fn anywhere(dice: &mut Dice) -> Cut {
    let at = if dice.below(4) == 0 { usize::MAX } else { 1 + dice.below(REQUESTS) };
    Cut {
        at,
        moment: dice.of(&[Moment::Before, Moment::Half, Moment::Answered]),
        how: dice.of(&[How::Reset, How::Reset, How::Silence]),
    }
}

/// PostgreSQL's: there is no line to a file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_in_the_middle_of_a_transaction_it_goes_on_and_loses_nothing() {
    let seed = seed();
    let mut dice = Dice(seed);
    let database = Database::new(Engine::Postgres).await;
    let wire = Wire::lay(database.url()).await;
    let behind = Database::of_others(wire.url.clone());
    // Sooner than by default: silence takes as long as this.
    let soon = [("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "1000")];
    let process = Process::serve(&behind, soon);
    let load = Senders::new(&mut dice).start(&[&process.url]);
    let (cycles, mut commits) = (cycles(8), 0);
    for cycle in 0..cycles {
        // At any point of the load, not only where it has just begun again.
        load.goes_on(dice.below(GOES_WELL)).await;
        let cut = COMMITS.get(cycle).copied().unwrap_or_else(|| anywhere(&mut dice));
        let place = timeout(PATIENCE, wire.cut_transaction(cut)).await.expect("it is cut");
        commits += usize::from(place.commit);
        let healed = timeout(HEALED, load.goes_on(GOES_WELL)).await;
        healed.unwrap_or_else(|_| panic!("{cut:?} is not got over, at {place:?}"));
    }
    let senders = load.finish().await;
    assert_whole(&mut database.tables().await, &senders).await;
    assert_as_if_nothing_had_happened(&database, &senders).await;
    let (decisions, refusals) = (senders.decisions(), senders.refusals());
    // What was committed without a word is known when it comes again.
    assert!(decisions.contains_key("duplicate"), "{decisions:?}");
    let ours = ["database_unavailable", "commit_late"];
    assert!(refusals.keys().all(|code| ours.contains(code)), "{refusals:?}");
    process.terminate();
    let (status, log) = tokio::task::block_in_place(|| process.wait());
    assert_eq!(status.code(), Some(0), "{log}");
    let events = senders.answered().count();
    let done = format!("{cycles} cuts, {commits} of a COMMIT, {events} events");
    tell(Engine::Postgres, Some(seed), &done);
}
