//! Which body is sent when, and under which id.

use std::{collections::HashSet, path::PathBuf};

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    payloads::{self, Payload},
    template::{Pass, Template},
};
use crate::cli::CommandError;

/// In which order, how often, and about how many users.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) users: Option<usize>,
    pub(super) duplicate: usize,
    pub(super) shuffle: bool,
    pub(super) seed: u64,
}

/// Everything that is to be sent.
#[derive(Debug)]
pub(in crate::cli) struct Plan {
    payloads: Vec<(Payload, Option<Template>)>,
    /// The numbers of the events, in the order in which they are sent.
    order: Vec<u32>,
    /// How many passes there are with users of their own; those after them begin with the first
    /// again.
    rounds: Option<usize>,
    seed: u64,
    exact: bool,
}

/// One request to be.
#[derive(Debug, PartialEq)]
pub(in crate::cli) struct Message {
    pub(in crate::cli) id: String,
    pub(in crate::cli) body: String,
}

impl Plan {
    /// Plans every payload once, in order.
    pub(in crate::cli) fn of(paths: &[PathBuf]) -> Result<Self, CommandError> {
        let payloads = payloads::read(paths)?;
        let order = Order { users: None, duplicate: 1, shuffle: false, seed: 0 };
        let events = payloads.len();
        Self::new(payloads, events, order, false)
    }

    /// Plans `events` different events, the first of each payload as it is.
    pub(super) fn new(
        payloads: Vec<Payload>,
        events: usize,
        order: Order,
        exact: bool,
    ) -> Result<Self, CommandError> {
        let several_passes = events > payloads.len();
        let with_template = |payload: Payload| {
            let template = payload.json.as_ref().map(Template::of);
            (payload, template)
        };
        let payloads: Vec<_> = payloads.into_iter().map(with_template).collect();
        if let Some((payload, _)) = payloads.iter().find(|it| several_passes && it.1.is_none()) {
            let problem = "is not JSON, so it cannot be made new for a second pass".to_owned();
            return Err(CommandError::Payload { name: payload.name.clone(), problem });
        }
        let rounds = order.users.map(|users| (users / users_in(&payloads)).max(1));
        let events = u32::try_from(events).unwrap_or(u32::MAX);
        let mut numbers: Vec<u32> = (0..order.duplicate).flat_map(|_| 0..events).collect();
        if order.shuffle {
            numbers.shuffle(&mut StdRng::seed_from_u64(order.seed));
        }
        Ok(Self { payloads, order: numbers, rounds, seed: order.seed, exact })
    }

    /// How many requests there are.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The request at a place in the order.
    pub(super) fn message(&self, place: usize) -> Option<Message> {
        let event = *self.order.get(place)? as usize;
        let (pass, number) = (event / self.payloads.len(), event % self.payloads.len());
        let (payload, template) = &self.payloads[number];
        let body = match template {
            Some(template) if pass > 0 => {
                let users = self.rounds.map_or(pass, |rounds| pass % rounds);
                template.body(Pass { number: pass, users })
            }
            _ => payload.body.clone(),
        };
        let own_id = payload.own_id.clone().filter(|_| self.exact && pass == 0);
        let id = own_id.unwrap_or_else(|| self.id(&body, pass));
        Some(Message { id, body })
    }

    /// The same body, pass and seed have the same id: sending them again changes nothing. As with
    /// Svix's own, ids that come later sort later.
    fn id(&self, body: &str, pass: usize) -> String {
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update((pass as u64).to_be_bytes())
            .chain_update(body)
            .finalize();
        format!("msg_{pass:07x}{}", hex::encode(&digest[..10]))
    }
}

/// How many users the payloads are about; at least one.
fn users_in(payloads: &[(Payload, Option<Template>)]) -> usize {
    let user = |json: &Value| {
        let ids = ["/data/user_id", "/data/id"].into_iter().filter_map(|path| json.pointer(path));
        let mut ids = ids.filter_map(Value::as_str).filter(|id| id.starts_with("user_"));
        ids.next().map(str::to_owned)
    };
    let users = payloads.iter().filter_map(|(payload, _)| user(payload.json.as_ref()?));
    users.collect::<HashSet<_>>().len().max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::{Value, json};

    use super::{Message, Order, Payload, Plan};

    fn plan(events: usize, order: Order, exact: bool) -> Plan {
        let payload = |number: u32| {
            let json = json!({ "data": { "id": format!("user_{number}") } });
            let own_id = Some(format!("msg_own_{number}"));
            Payload { name: String::new(), own_id, body: json.to_string(), json: Some(json) }
        };
        Plan::new((0..3).map(payload).collect(), events, order, exact).unwrap()
    }

    fn messages(plan: &Plan) -> Vec<Message> {
        (0..plan.len()).filter_map(|place| plan.message(place)).collect()
    }

    const PLAIN: Order = Order { users: None, duplicate: 1, shuffle: false, seed: 0 };

    #[test]
    fn the_same_command_sends_the_same_ids_and_every_event_has_its_own() {
        let sent = messages(&plan(10, PLAIN, false));
        assert_eq!(sent, messages(&plan(10, PLAIN, false)));
        let ids: HashSet<_> = sent.iter().map(|message| &message.id).collect();
        assert_eq!((ids.len(), sent.len()), (10, 10));
        let reseeded = messages(&plan(10, Order { seed: 1, ..PLAIN }, false));
        assert!(reseeded.iter().all(|message| !ids.contains(&message.id)));
    }

    /// What was replayed with an older program is known to services under these ids.
    #[test]
    fn an_id_stays_what_it_is() {
        let sent = messages(&plan(4, Order { seed: 7, ..PLAIN }, false));
        assert_eq!(sent[0].id, "msg_0000000fa23a2f53948ae95a59f");
        assert_eq!(sent[3].id, "msg_0000001f1771c6cb09703c6fef2");
    }

    #[test]
    fn the_first_pass_sends_the_payloads_as_they_are() {
        let sent = messages(&plan(4, PLAIN, false));
        assert_eq!(sent[2].body, r#"{"data":{"id":"user_2"}}"#);
        assert_eq!(sent[3].body, r#"{"data":{"id":"user_0p1"}}"#);
    }

    #[test]
    fn duplicates_and_another_order_are_the_same_events() {
        let order = Order { duplicate: 3, shuffle: true, seed: 7, ..PLAIN };
        let (shuffled, plain) =
            (messages(&plan(5, order, false)), plan(5, Order { seed: 7, ..PLAIN }, false));
        let count = |message| shuffled.iter().filter(|other| **other == message).count();
        assert!(messages(&plain).into_iter().all(|message| count(message) == 3));
        assert_eq!(shuffled.len(), 15);
    }

    #[test]
    fn with_so_many_users_later_passes_are_about_the_same_ones() {
        let payload = |id: &str| {
            let json = json!({ "data": { "id": id } });
            Payload { name: String::new(), own_id: None, body: json.to_string(), json: Some(json) }
        };
        let sent = |users| {
            let payloads = vec![payload("user_0"), payload("user_1")];
            messages(&Plan::new(payloads, 12, Order { users, ..PLAIN }, false).unwrap())
        };
        let users = |users| -> Vec<String> {
            let bodies = sent(users).into_iter().step_by(2).map(|message| message.body);
            let bodies = bodies.map(|body| serde_json::from_str::<Value>(&body).unwrap());
            bodies.map(|body| body["data"]["id"].as_str().unwrap().to_owned()).collect()
        };
        let [a, b, c] = ["user_0", "user_0p1", "user_0p2"];
        assert_eq!(users(Some(6)), [a, b, c, a, b, c]);
        assert_eq!(users(Some(7)), [a, b, c, a, b, c], "no more than that");
        assert_eq!(users(Some(1)), [a, a, a, a, a, a], "as few as there are");
        assert_eq!(users(None)[5], "user_0p5");
        let ids: HashSet<_> = sent(Some(2)).into_iter().map(|message| message.id).collect();
        assert_eq!(ids.len(), 12, "each is an event of its own");
    }

    #[test]
    fn exact_keeps_the_ids_of_the_first_pass() {
        let sent = messages(&plan(4, PLAIN, true));
        assert_eq!(sent[0].id, "msg_own_0");
        assert_ne!(sent[3].id, "msg_own_0");
    }
}
