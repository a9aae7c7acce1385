//! The merge law from the outside: random histories, delivered in random orders with repetitions
//! over several connections, end in the tables that a plain reading of the rules gives.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Delivery, Dice, Engine, NOW, SECRET, Service, apply, both_engines, fixtures};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Embedded {
    Nobody,
    Whole,
    Partial,
    Another,
}

/// One event. Its id is written into everything it brings, so that each column tells its origin.
#[derive(Clone, Debug)]
struct Happening {
    id: String,
    kind: &'static str,
    user: String,
    session: String,
    /// `data.updated_at`; that of the embedded user as well.
    updated_at: Option<i64>,
    timestamp: i64,
    /// Whether the message tells its times in seconds.
    seconds: bool,
    embedded: Embedded,
    /// Which of three links the user has.
    links: usize,
}

const KINDS: [&str; 9] = [
    "user.created",
    "user.updated",
    "user.updated",
    "session.created",
    "session.created",
    "session.pending",
    "session.ended",
    "session.removed",
    "session.revoked",
];

/// Few users, sessions and instants, so that ties and crossings are common.
fn history(dice: &mut Dice) -> Vec<Happening> {
    let happening = |at: usize, dice: &mut Dice| {
        let user = dice.below(4);
        let deletes = user == 3 && dice.below(6) == 0;
        let instants = [NOW, NOW + 1_000, NOW + 2_000, NOW + 3_000];
        Happening {
            // The order of the bytes is neither that of the events nor one that ignores case.
            id: format!("msg_{}{at:02}", dice.of(&["a", "Z", "z"])),
            kind: if deletes { "user.deleted" } else { dice.of(&KINDS) },
            user: format!("user_{user}"),
            session: format!("sess_{user}_{}", dice.below(2)),
            updated_at: (dice.below(8) > 0).then(|| dice.of(&instants)),
            timestamp: dice.of(&instants),
            seconds: dice.below(3) == 0,
            embedded: dice.of(&[
                Embedded::Nobody,
                Embedded::Whole,
                Embedded::Partial,
                Embedded::Another,
            ]),
            links: dice.below(8),
        }
    };
    (0..60).map(|at| happening(at, dice)).collect()
}

impl Happening {
    fn body(&self) -> Value {
        let time = |millis: i64| if self.seconds { millis / 1_000 } else { millis };
        let updated_at = json!(self.updated_at.map(time));
        let data = match self.kind {
            "user.deleted" => json!({ "id": self.user, "deleted": true }),
            user if user.starts_with("user.") => self.user(&self.user, &updated_at),
            _ => {
                let mut data = json!({
                    "id": self.session, "user_id": self.user, "client_id": self.id,
                    "updated_at": updated_at, "expire_at": time(NOW + 60_000),
                });
                match self.embedded {
                    Embedded::Nobody => {}
                    Embedded::Whole => data["user"] = self.user(&self.user, &updated_at),
                    Embedded::Partial => {
                        data["user"] = json!({ "id": self.user, "first_name": self.id });
                    }
                    Embedded::Another => data["user"] = self.user("user_9", &updated_at),
                }
                data
            }
        };
        let mut event = fixtures::event(self.kind, data, 0);
        event["timestamp"] = time(self.timestamp).into();
        event["event_attributes"]["http_request"]["user_agent"] = self.id.as_str().into();
        event
    }

    fn user(&self, id: &str, updated_at: &Value) -> Value {
        let mut user = fixtures::user(id, 0);
        user["first_name"] = self.id.as_str().into();
        user["updated_at"] = updated_at.clone();
        let link = |link| json!({ "id": format!("eac_{link}"), "username": self.id });
        user["external_accounts"] = self.links().map(link).collect();
        user
    }

    fn links(&self) -> impl Iterator<Item = usize> {
        let links = self.links;
        (0..3).filter(move |link| links & (1 << link) != 0)
    }

    fn version(&self) -> (i64, i64, &str) {
        (self.updated_at.unwrap_or(self.timestamp), self.timestamp, &self.id)
    }

    fn is_about_a_session(&self) -> bool {
        self.kind.starts_with("session.")
    }

    /// The state of its user that it tells, complete or not.
    fn user_state(&self) -> Option<(i64, i64, &str)> {
        match self.embedded {
            _ if self.kind == "user.deleted" => None,
            _ if !self.is_about_a_session() => Some(self.version()),
            Embedded::Whole if self.updated_at.is_some() => Some(self.version()),
            Embedded::Whole | Embedded::Partial => Some((0, self.timestamp, &self.id)),
            Embedded::Nobody | Embedded::Another => None,
        }
    }
}

/// What the rules say, of users and sessions by id: whose word each of them is.
fn by_the_rules(history: &[Happening]) -> BTreeMap<String, Value> {
    let mut expected = BTreeMap::new();
    for user in history.iter().map(|it| &it.user) {
        let about = || history.iter().filter(|it| it.user == *user);
        let deletions = about().filter(|it| it.kind == "user.deleted");
        if let Some(deleted_at) = deletions.map(|it| it.timestamp).min() {
            expected.insert(user.clone(), json!({ "deleted_at": deleted_at }));
            continue;
        }
        let last = about().filter(|it| it.user_state().is_some()).max_by_key(|it| it.user_state());
        let partial = |it: &Happening| it.is_about_a_session() && it.embedded == Embedded::Partial;
        let links = last.filter(|it| !partial(it)).into_iter().flat_map(Happening::links);
        let links: Vec<_> = links.map(|link| format!("eac_{link}")).collect();
        let row = json!({ "first_name": last.map(|it| &it.id), "links": links });
        expected.insert(user.clone(), row);
        for session in about().filter(|it| it.is_about_a_session()).map(|it| &it.session) {
            expected.insert(session.clone(), session_by_the_rules(history, session));
        }
    }
    expected
}

fn session_by_the_rules(history: &[Happening], id: &str) -> Value {
    let about = || history.iter().filter(|it| it.is_about_a_session() && it.session == id);
    let begins = |it: &&Happening| matches!(it.kind, "session.created" | "session.pending");
    let end = about().filter(|it| !begins(it)).max_by_key(|it| it.version());
    let last = end.or_else(|| about().max_by_key(|it| it.version())).unwrap();
    let first = about().filter(begins).min_by_key(|it| it.version());
    let status = match last.kind.trim_start_matches("session.") {
        "created" => "active",
        status => status,
    };
    json!({ "client_id": last.id, "status": status, "user_agent": first.map(|it| &it.id) })
}

/// The same of what is in the tables.
fn summary(projection: &Value) -> BTreeMap<String, Value> {
    let rows = |table: &str| projection[table].as_array().unwrap();
    let mut summary = BTreeMap::new();
    for row in rows("users") {
        let links: Vec<_> = rows("accounts")
            .iter()
            .filter(|account| account["user_id"] == row["clerk_id"])
            .inspect(|account| assert_eq!(account["username"], row["first_name"], "one set"))
            .map(|account| &account["id"])
            .collect();
        let told = match &row["deleted_at"] {
            Value::Null => json!({ "first_name": row["first_name"], "links": links }),
            deleted_at => json!({ "deleted_at": deleted_at }),
        };
        summary.insert(row["clerk_id"].as_str().unwrap().to_owned(), told);
    }
    for row in rows("sessions") {
        let told = ["client_id", "status", "user_agent"].map(|name| (name, row[name].clone()));
        summary.insert(row["id"].as_str().unwrap().to_owned(), told.into_iter().collect());
    }
    summary
}

/// Delivers over some connections at once; every table as it is in the end.
async fn deliver(
    engine: Engine,
    history: &[Happening],
    order: &[usize],
    connections: usize,
) -> Value {
    let service = Service::start(engine).await;
    let signed: Vec<_> = history
        .iter()
        .map(|it| Delivery::signed(SECRET, &it.id, NOW, it.body().to_string()))
        .collect();
    let connection = async |first: usize| {
        for at in order.iter().skip(first).step_by(connections) {
            service.deliver(&signed[*at]).await;
        }
    };
    join_all((0..connections).map(connection)).await;
    let mut tables = service.tables().await;
    let projection = tables.projection().await;
    let events = tables.rows("webhook_events").await;
    assert_eq!(events.len(), history.len(), "each is kept once");
    assert!(events.iter().all(|event| event["decision"] != "failed"), "and understood");
    for delivery in &signed {
        assert_eq!(service.deliver(delivery).await, "duplicate");
    }
    assert_eq!(tables.projection().await, projection, "repetitions change nothing");
    projection
}

#[apply(both_engines)]
async fn any_order_any_repetition_and_any_batching_end_in_the_same_tables(engine: Engine) {
    for seed in 1..=5 {
        eprintln!("seed {seed}");
        let mut dice = Dice(seed);
        let history = history(&mut dice);
        let mut order: Vec<_> = (0..history.len()).collect();
        let one_by_one = deliver(engine, &history, &order, 1).await;
        assert_eq!(summary(&one_by_one), by_the_rules(&history), "seed {seed}");
        for connections in [1, 6] {
            order.truncate(history.len());
            order.extend((0..30).map(|_| dice.below(history.len())));
            dice.shuffle(&mut order);
            let shuffled = deliver(engine, &history, &order, connections).await;
            assert_eq!(shuffled, one_by_one, "seed {seed}, {connections} connections");
            order = (0..history.len()).collect();
        }
    }
}

/// A history without any of these would test little.
#[test]
fn the_histories_hold_what_they_are_to_test() {
    let all: Vec<_> = (1..=5).flat_map(|seed| history(&mut Dice(seed))).collect();
    for kind in KINDS.into_iter().chain(["user.deleted"]) {
        assert!(all.iter().filter(|it| it.kind == kind).count() >= 5, "{kind}");
    }
    for embedded in [Embedded::Whole, Embedded::Partial, Embedded::Another] {
        let told = |it: &&Happening| it.is_about_a_session() && it.embedded == embedded;
        assert!(all.iter().filter(told).count() >= 10, "{embedded:?}");
    }
    assert!(all.iter().any(|it| it.seconds) && all.iter().any(|it| it.updated_at.is_none()));
}
