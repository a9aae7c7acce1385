//! The messages that a command sends, in order, with their IDs.
//!
//! Event numbers run through the payloads and, after the last one, through further passes with
//! other users. The body of a message is built when it is needed, so that a schedule stays small.

use std::{collections::HashSet, path::PathBuf};

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    body_template::{BodyTemplate, Pass},
    payloads::{self, Payload},
};
use crate::cli::CommandError;

/// Number, order and IDs of the messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// Number of different events.
    pub(super) events: usize,
    /// Maximum number of users; `None` for new users in every pass.
    pub(super) users: Option<usize>,
    /// Number of times that every event is sent.
    pub(super) duplicate: usize,
    /// Whether the order is random.
    pub(super) shuffle: bool,
    /// Seed of the order and of the message IDs.
    pub(super) seed: u64,
    /// Whether the first pass keeps the message IDs that its payloads have.
    pub(super) exact: bool,
}

/// All messages of a command, in the order of sending.
#[derive(Debug)]
pub(in crate::cli) struct Schedule {
    payloads: Vec<(Payload, Option<BodyTemplate>)>,
    /// Event numbers in the order of sending.
    order: Vec<u32>,
    /// Number of passes with users of their own. Later passes start with the users of the first
    /// pass again.
    user_passes: Option<usize>,
    seed: u64,
    exact: bool,
}

/// A webhook message: its ID and its body.
#[derive(Debug, PartialEq)]
pub(in crate::cli) struct Message {
    pub(in crate::cli) id: String,
    pub(in crate::cli) body: String,
}

impl Schedule {
    /// Schedules every payload a single time, in the order of the paths. No path stands for all
    /// fixtures.
    pub(in crate::cli) fn of_paths(paths: &[PathBuf]) -> Result<Self, CommandError> {
        let payloads = payloads::read(paths)?;
        let events = payloads.len();
        let options =
            Options { events, users: None, duplicate: 1, shuffle: false, seed: 0, exact: false };
        Self::new(payloads, options)
    }

    /// Schedules events. The first event of each payload has the payload's own body.
    ///
    /// # Errors
    /// Returns an error if there are several passes and a payload is not JSON.
    pub(super) fn new(payloads: Vec<Payload>, options: Options) -> Result<Self, CommandError> {
        let several_passes = options.events > payloads.len();
        let with_template = |payload: Payload| {
            let template = payload.json.as_ref().map(BodyTemplate::new);
            (payload, template)
        };
        let payloads: Vec<_> = payloads.into_iter().map(with_template).collect();
        if let Some((payload, _)) = payloads.iter().find(|it| several_passes && it.1.is_none()) {
            let problem = "is not JSON, so it cannot be made new for a second pass".to_owned();
            return Err(CommandError::Payload { name: payload.name.clone(), problem });
        }
        let user_passes = options.users.map(|users| (users / count_users(&payloads)).max(1));
        let events = u32::try_from(options.events).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..options.duplicate).flat_map(|_| 0..events).collect();
        if options.shuffle {
            order.shuffle(&mut StdRng::seed_from_u64(options.seed));
        }
        let Options { seed, exact, .. } = options;
        Ok(Self { payloads, order, user_passes, seed, exact })
    }

    /// Returns the number of messages.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Returns the message at an index; `None` after the last one.
    pub(super) fn message(&self, index: usize) -> Option<Message> {
        let event = *self.order.get(index)? as usize;
        let (pass, payload) = (event / self.payloads.len(), event % self.payloads.len());
        let (payload, template) = &self.payloads[payload];
        let body = match template {
            Some(template) if pass > 0 => {
                let user_pass = self.user_passes.map_or(pass, |passes| pass % passes);
                template.body(Pass { number: pass, user_pass })
            }
            _ => payload.body.clone(),
        };
        let own_id = payload.message_id.clone().filter(|_| self.exact && pass == 0);
        let id = own_id.unwrap_or_else(|| self.message_id(&body, pass));
        Some(Message { id, body })
    }

    /// Derives a message ID from the body, the pass and the seed, so that the service recognizes a
    /// repeated message as a duplicate. As with Svix, later IDs sort later.
    fn message_id(&self, body: &str, pass: usize) -> String {
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update((pass as u64).to_be_bytes())
            .chain_update(body)
            .finalize();
        format!("msg_{pass:07x}{}", hex::encode(&digest[..10]))
    }
}

/// Returns the number of different users in the payloads, at least 1.
fn count_users(payloads: &[(Payload, Option<BodyTemplate>)]) -> usize {
    let user_id = |json: &Value| {
        let ids = ["/data/user_id", "/data/id"].into_iter().filter_map(|path| json.pointer(path));
        let mut ids = ids.filter_map(Value::as_str).filter(|id| id.starts_with("user_"));
        ids.next().map(str::to_owned)
    };
    let users = payloads.iter().filter_map(|(payload, _)| user_id(payload.json.as_ref()?));
    users.collect::<HashSet<_>>().len().max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::{Message, Options, Payload, Schedule};

    fn payload(user: &str, message_id: Option<&str>) -> Payload {
        let json = json!({ "data": { "id": user } });
        let message_id = message_id.map(str::to_owned);
        Payload { name: String::new(), message_id, body: json.to_string(), json: Some(json) }
    }

    /// Schedules events of three users.
    fn messages(options: Options) -> Vec<Message> {
        let payload =
            |number: u32| payload(&format!("user_{number}"), Some(&format!("msg_own_{number}")));
        all(&Schedule::new((0..3).map(payload).collect(), options).unwrap())
    }

    fn all(schedule: &Schedule) -> Vec<Message> {
        (0..schedule.len()).filter_map(|index| schedule.message(index)).collect()
    }

    const fn events(events: usize) -> Options {
        Options { events, users: None, duplicate: 1, shuffle: false, seed: 0, exact: false }
    }

    #[test]
    fn same_command_sends_same_ids() {
        let sent = messages(events(10));
        assert_eq!(sent, messages(events(10)));
        let ids: HashSet<_> = sent.iter().map(|message| &message.id).collect();
        assert_eq!((ids.len(), sent.len()), (10, 10));
        let reseeded = messages(Options { seed: 1, ..events(10) });
        assert!(reseeded.iter().all(|message| !ids.contains(&message.id)));
    }

    /// Services know messages that earlier versions of the program sent by these IDs.
    #[test]
    fn message_ids_are_stable_across_versions() {
        let sent = messages(Options { seed: 7, ..events(4) });
        assert_eq!(sent[0].id, "msg_0000000fa23a2f53948ae95a59f");
        assert_eq!(sent[3].id, "msg_0000001f1771c6cb09703c6fef2");
    }

    #[test]
    fn first_pass_keeps_the_bodies() {
        let sent = messages(events(4));
        assert_eq!(sent[2].body, r#"{"data":{"id":"user_2"}}"#);
        assert_eq!(sent[3].body, r#"{"data":{"id":"user_0p1"}}"#);
    }

    #[test]
    fn duplicates_in_random_order_are_same_events() {
        let plain = messages(Options { seed: 7, ..events(5) });
        let shuffled = messages(Options { duplicate: 3, shuffle: true, seed: 7, ..events(5) });
        let count = |message| shuffled.iter().filter(|other| **other == message).count();
        assert!(plain.into_iter().all(|message| count(message) == 3));
        assert_eq!(shuffled.len(), 15);
    }

    #[test]
    fn later_passes_repeat_limited_users() {
        let sent = |users| {
            let payloads = vec![payload("user_0", None), payload("user_1", None)];
            all(&Schedule::new(payloads, Options { users, ..events(12) }).unwrap())
        };
        let users = |users| -> Vec<String> {
            let bodies = sent(users).into_iter().step_by(2).map(|message| message.body);
            let bodies = bodies.map(|body| serde_json::from_str::<Value>(&body).unwrap());
            bodies.map(|body| body["data"]["id"].as_str().unwrap().to_owned()).collect()
        };
        let [a, b, c] = ["user_0", "user_0p1", "user_0p2"];
        assert_eq!(users(Some(6)), [a, b, c, a, b, c]);
        assert_eq!(users(Some(7)), [a, b, c, a, b, c], "at most the limit");
        assert_eq!(users(Some(1)), [a, a, a, a, a, a], "at least the users of one pass");
        assert_eq!(users(None)[5], "user_0p5");
        let ids: HashSet<_> = sent(Some(2)).into_iter().map(|message| message.id).collect();
        assert_eq!(ids.len(), 12, "each message is a different event");
    }

    #[test]
    fn exact_keeps_ids_of_first_pass() {
        let sent = messages(Options { exact: true, ..events(4) });
        assert_eq!(sent[0].id, "msg_own_0");
        assert_ne!(sent[3].id, "msg_own_0");
    }
}
