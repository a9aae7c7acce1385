//! Order in which the messages of an endpoint are sent.
//!
//! Of the messages about one object, only the oldest can be sent. The others wait until it is
//! delivered, or has failed for good.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    domain::Millis,
    store::{changes::ChangeEntry, push::messages::WaitingMessage},
};

/// Maximum number of messages without a row, which are sent again if the process is killed.
const MAX_UNRECORDED: usize = 1_000;

/// Maximum number of messages with a row. Beyond it, no more changes are read. They stay in the log,
/// and are sent later.
const MAX_RECORDED: usize = 10_000;

/// Messages of an endpoint that are not delivered yet.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    entries: BTreeMap<i64, Entry>,
    /// Numbers of the messages about each object.
    objects: HashMap<u64, BTreeSet<i64>>,
    /// The messages that can be sent, each the oldest about its object, by the time of their
    /// attempt.
    due: BTreeSet<(Millis, i64)>,
    /// Numbers of the messages without a row.
    unrecorded: BTreeSet<i64>,
}

#[derive(Debug)]
struct Entry {
    /// Hash of the object.
    object: u64,
    attempts: i64,
    next_attempt_at: Millis,
    /// Change, unless it has to be read again.
    change: Option<Box<ChangeEntry>>,
}

impl Outbox {
    /// Adds a message that was just read from the log.
    pub(super) fn add(&mut self, object: u64, change: ChangeEntry) {
        let seq = change.seq;
        let change = Some(Box::new(change));
        if self.insert(seq, Entry { object, attempts: 0, next_attempt_at: Millis::MIN, change }) {
            self.unrecorded.insert(seq);
        }
    }

    /// Adds a message that has a row.
    pub(super) fn add_recorded(&mut self, object: u64, message: WaitingMessage) {
        let WaitingMessage { seq, attempts, next_attempt_at } = message;
        self.insert(seq, Entry { object, attempts, next_attempt_at, change: None });
    }

    /// Returns whether more changes can be read.
    pub(super) fn has_room(&self) -> bool {
        let unrecorded = self.unrecorded.len();
        unrecorded < MAX_UNRECORDED && self.entries.len() - unrecorded < MAX_RECORDED
    }

    /// Takes the next message whose time has come, with its change if that is known.
    pub(super) fn take_due(&mut self, now: Millis) -> Option<(i64, Option<ChangeEntry>)> {
        let first = *self.due.first().filter(|(at, _)| *at <= now)?;
        self.due.remove(&first);
        let change = self.entries.get_mut(&first.1)?.change.take();
        Some((first.1, change.map(|change| *change)))
    }

    /// Returns the time of the next attempt.
    pub(super) fn next_due(&self) -> Option<Millis> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Puts a message back that was taken and not sent.
    pub(super) fn put_back(&mut self, seq: i64) {
        if let Some(entry) = self.entries.get(&seq) {
            self.due.insert((entry.next_attempt_at, seq));
        }
    }

    /// Returns the number of the next attempt, from 1.
    pub(super) fn attempt(&self, seq: i64) -> i64 {
        self.entries.get(&seq).map_or(0, |entry| entry.attempts) + 1
    }

    /// Removes a message that was delivered or has failed for good. Returns whether it has a row.
    pub(super) fn remove(&mut self, seq: i64) -> bool {
        let Some(entry) = self.entries.remove(&seq) else { return false };
        if let Some(others) = self.objects.get_mut(&entry.object) {
            others.remove(&seq);
            match others.first().copied() {
                Some(next) => self.put_back(next),
                None => drop(self.objects.remove(&entry.object)),
            }
        }
        !self.unrecorded.remove(&seq)
    }

    /// Lets a message wait for another attempt. Its row must be written.
    pub(super) fn retry(&mut self, seq: i64, next_attempt_at: Millis) -> Option<WaitingMessage> {
        let entry = self.entries.get_mut(&seq)?;
        entry.attempts += 1;
        entry.next_attempt_at = next_attempt_at;
        self.due.insert((next_attempt_at, seq));
        self.unrecorded.remove(&seq);
        Some(WaitingMessage { seq, attempts: entry.attempts, next_attempt_at })
    }

    /// Returns the messages that wait for an older one about their object that has a row. Their rows
    /// must be written, so that the position can pass them.
    pub(super) fn record_blocked(&mut self) -> Vec<WaitingMessage> {
        let blocked: Vec<i64> =
            self.unrecorded.iter().copied().filter(|seq| self.is_blocked(*seq)).collect();
        for seq in &blocked {
            self.unrecorded.remove(seq);
            if let Some(entry) = self.entries.get_mut(seq) {
                entry.change = None;
            }
        }
        let row = |seq| WaitingMessage { seq, attempts: 0, next_attempt_at: 0 };
        blocked.into_iter().map(row).collect()
    }

    /// Returns whether there is such a message.
    pub(super) fn has_blocked(&self) -> bool {
        self.unrecorded.iter().any(|seq| self.is_blocked(*seq))
    }

    fn is_blocked(&self, seq: i64) -> bool {
        let entry = self.entries.get(&seq);
        let oldest = entry.and_then(|it| self.objects.get(&it.object)?.first());
        oldest.is_some_and(|oldest| *oldest != seq && !self.unrecorded.contains(oldest))
    }

    /// Returns the position of the endpoint, if all changes up to `read` have been read.
    pub(super) fn position(&self, read: i64) -> i64 {
        self.unrecorded.first().map_or(read, |oldest| oldest - 1)
    }

    /// Returns false if the message is there already.
    fn insert(&mut self, seq: i64, entry: Entry) -> bool {
        if self.entries.contains_key(&seq) {
            return false;
        }
        let (object, at) = (entry.object, entry.next_attempt_at);
        self.entries.insert(seq, entry);
        let seqs = self.objects.entry(object).or_default();
        seqs.insert(seq);
        if seqs.first() == Some(&seq) {
            // A younger message must now wait for this one.
            if let Some(younger) = seqs.iter().nth(1)
                && let Some(entry) = self.entries.get(younger)
            {
                self.due.remove(&(entry.next_attempt_at, *younger));
            }
            self.due.insert((at, seq));
        }
        true
    }
}

#[cfg(test)]
pub(super) mod tests;
