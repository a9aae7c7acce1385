//! Answers to the senders of committed events.
//!
//! To wake a task of another thread takes a system call. The answers of a batch to the requests of one
//! thread therefore go there in one message, and a task of that thread wakes the senders.

use tokio::sync::{mpsc, oneshot};

use super::queue::CommitResult;

/// Way to the requests of one thread.
#[derive(Clone, Debug)]
pub struct ThreadAnswers(mpsc::UnboundedSender<Vec<Answer>>);

/// Result for one sender.
#[derive(Debug)]
struct Answer {
    sender: oneshot::Sender<CommitResult>,
    result: CommitResult,
}

impl ThreadAnswers {
    /// Returns the way to the requests of a thread, and the task that the thread must run. The task
    /// ends when the last clone is dropped.
    pub fn new() -> (Self, impl Future<Output = ()> + use<>) {
        let (sender, mut answers) = mpsc::unbounded_channel::<Vec<Answer>>();
        let task = async move {
            while let Some(batch) = answers.recv().await {
                batch.into_iter().for_each(Answer::send);
            }
        };
        (Self(sender), task)
    }
}

impl Answer {
    /// Sends the result. A sender that has disconnected is skipped.
    fn send(self) {
        drop(self.sender.send(self.result));
    }
}

/// Sender of an event that waits for its result.
#[derive(Debug)]
pub struct WaitingSender {
    sender: oneshot::Sender<CommitResult>,
    /// Way to its thread. Without one, the sender is woken directly.
    thread: Option<ThreadAnswers>,
}

impl WaitingSender {
    /// Returns a sender, and the end at which it waits.
    pub(super) fn new(thread: Option<ThreadAnswers>) -> (Self, oneshot::Receiver<CommitResult>) {
        let (sender, result) = oneshot::channel();
        (Self { sender, thread }, result)
    }
}

/// Sends each result to its sender.
pub fn send(
    senders: impl IntoIterator<Item = WaitingSender>,
    results: impl IntoIterator<Item = CommitResult>,
) {
    let mut by_thread: Vec<(ThreadAnswers, Vec<Answer>)> = Vec::new();
    for (WaitingSender { sender, thread }, result) in senders.into_iter().zip(results) {
        let answer = Answer { sender, result };
        let Some(thread) = thread else {
            answer.send();
            continue;
        };
        match by_thread.iter_mut().find(|(other, _)| other.0.same_channel(&thread.0)) {
            Some((_, answers)) => answers.push(answer),
            None => by_thread.push((thread, vec![answer])),
        }
    }
    for (thread, answers) in by_thread {
        // Fails if the thread has ended with its requests.
        drop(thread.0.send(answers));
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join;

    use super::*;
    use crate::domain::decision::{Decision, Outcome};

    #[tokio::test]
    async fn each_sender_gets_its_result() {
        let (first, first_task) = ThreadAnswers::new();
        let (second, second_task) = ThreadAnswers::new();
        let outcomes = [Decision::Applied, Decision::Stale, Decision::Ignored, Decision::Failed];
        let outcomes = outcomes.map(Outcome::Recorded);
        let threads = [Some(&first), None, Some(&second), Some(&first)];
        let (senders, waiting): (Vec<_>, Vec<_>) =
            threads.into_iter().map(|thread| WaitingSender::new(thread.cloned())).unzip();
        send(senders, outcomes.map(Ok));
        drop((first, second));
        join(first_task, second_task).await;
        for (mut waiting, expected) in waiting.into_iter().zip(outcomes) {
            let result = waiting.try_recv();
            assert!(matches!(result, Ok(Ok(outcome)) if outcome == expected), "{result:?}");
        }
    }
}
