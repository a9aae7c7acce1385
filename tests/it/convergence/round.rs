//! Some sets in some orders, delivered to one database all at once, and looked at afterwards.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use futures_util::{StreamExt, stream};
use meetvo::clock::Clock;
use serde_json::{Value, json};

use super::{
    TAG, histories,
    model::{self, Event},
    shrink,
};
use crate::{
    harness::{Database, Delivery, Dice, Engine, NOW, SECRET, Service, Tables},
    replicas::insist,
};

const CONNECTIONS: usize = 16;

pub struct Round {
    pub engine: Engine,
    /// One a set.
    pub seeds: Range<u64>,
    pub orders: Vec<u64>,
    /// Services on the one database.
    pub replicas: u64,
}

/// One order of one set.
pub struct Story {
    pub seed: u64,
    pub order: u64,
    /// Unlike that of any other story in the database.
    pub tag: String,
    /// As they are delivered, those that come twice included.
    pub events: Vec<Event>,
}

/// What it came to, which is what the model says.
pub struct Delivered {
    pub database: Arc<Database>,
    /// How many deliveries it took.
    pub count: usize,
}

impl Round {
    pub async fn run(self) -> Delivered {
        let mut stories = Vec::new();
        for seed in self.seeds.clone() {
            let set = histories::history(seed);
            stories.extend(self.orders.iter().map(|order| Story::new(seed, *order, &set)));
        }
        let database = Arc::new(Database::new(self.engine).await);
        let mut services = Vec::new();
        for _ in 0..self.replicas {
            services.push(Service::start_on(Arc::clone(&database), Clock::manual(NOW), []).await);
        }
        let mut dice = Dice(self.seeds.start);
        let deliveries = interleaved(&stories, &mut dice);
        let count = deliveries.len();
        let post = deliveries.into_iter().map(|(story, event)| {
            let service = &services[dice.below(services.len())];
            let delivery = story.delivery(event);
            async move { (insist(service, &delivery).await, delivery.id) }
        });
        let answers = stream::iter(post).buffer_unordered(CONNECTIONS).collect::<Vec<_>>().await;
        for service in services {
            service.stop().await;
        }
        self.compare(&stories, &mut database.tables().await).await;
        assert_each_counts_once(answers, &stories);
        Delivered { database, count }
    }

    async fn compare(&self, stories: &[Story], tables: &mut Tables) {
        let mut found = by_tag(tables).await;
        for story in stories {
            let expected = model::projection(&story.events);
            let found = found.remove(&story.tag).unwrap_or_else(nothing);
            if found != expected {
                self.fail(story, &expected, &found).await;
            }
        }
        assert_eq!(found.into_keys().collect::<Vec<_>>(), [""; 0], "rows of nobody's");
    }

    async fn fail(&self, story: &Story, expected: &Value, found: &Value) {
        let Story { seed, order, .. } = story;
        let (engine, replicas) = (self.engine, self.replicas);
        panic!(
            "{engine:?}, {replicas} process(es): set {seed} in its order {order} comes to something \
             else.\n{}\n{}\nAgain, in all its orders up to this one:\n    TORTURE_SEED={seed} \
             TORTURE_SETS=1 TORTURE_ORDERS={} tests/postgres run \\\n        cargo test --test it -- \
             convergence\n",
            difference(expected, found),
            shrink::shrunk(engine, story).await,
            order + 1,
        );
    }
}

impl Story {
    /// The first two orders are forth and back; others are by chance. Some events come again.
    fn new(seed: u64, order: u64, set: &[Event]) -> Self {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(order));
        let mut events = set.to_vec();
        match order {
            0 => {}
            1 => events.reverse(),
            _ => dice.shuffle(&mut events),
        }
        for event in set {
            for _ in 0..dice.of(&[0, 0, 0, 1, 2]) {
                events.insert(dice.below(events.len() + 1), event.clone());
            }
        }
        Self { seed, order, tag: format!("{seed:06}x{order:03}"), events }
    }

    pub fn delivery(&self, event: &Event) -> Delivery {
        let (id, body) = (self.own(&event.id), self.own(&event.body.to_string()));
        Delivery::signed(SECRET, &id, NOW, body)
    }

    fn own(&self, text: &str) -> String {
        text.replace(TAG, &self.tag)
    }
}

/// However often an event came, and wherever, it was taken once. What fails is tried every time, and
/// nothing fails but what is not understood.
fn assert_each_counts_once(answers: Vec<(String, String)>, stories: &[Story]) {
    let (mut taken, mut failed) = (Vec::new(), BTreeSet::new());
    for (decision, id) in answers {
        match &*decision {
            "duplicate" => {}
            "failed" => drop(failed.insert(id)),
            _ => taken.push(id),
        }
    }
    let mut expected = [BTreeSet::new(), BTreeSet::new()];
    for story in stories {
        for event in &story.events {
            expected[usize::from(!model::is_understood(event))].insert(story.own(&event.id));
        }
    }
    taken.sort_unstable();
    assert_eq!(taken, expected[0].iter().cloned().collect::<Vec<_>>(), "taken once");
    assert_eq!(failed, expected[1]);
}

/// All stories at once, each in its order. Now and then many events of one come in a row, so that they
/// share a commit.
fn interleaved<'a>(stories: &'a [Story], dice: &mut Dice) -> Vec<(&'a Story, &'a Event)> {
    let mut left: Vec<_> = stories.iter().map(|story| (story, story.events.iter())).collect();
    let mut deliveries = Vec::new();
    while !left.is_empty() {
        let at = dice.below(left.len());
        let (story, events) = &mut left[at];
        let before = deliveries.len();
        let many = dice.of(&[1, 1, 1, 2, 5, CONNECTIONS]);
        deliveries.extend(events.take(many).map(|event| (*story, event)));
        if deliveries.len() < before + many {
            drop(left.swap_remove(at));
        }
    }
    deliveries
}

pub fn nothing() -> Value {
    json!({
        "users": [], "accounts": [], "verifications": [], "sessions": [], "email_owners": [],
    })
}

/// What is in the tables, story by story, as the model tells it.
pub async fn by_tag(tables: &mut Tables) -> BTreeMap<String, Value> {
    let mut stories = BTreeMap::new();
    let mut add = |table: &str, user: &str, row: &str| {
        let tag = user.split('_').nth(1).unwrap();
        let story = stories.entry(tag.to_owned()).or_insert_with(nothing);
        story[table]
            .as_array_mut()
            .unwrap()
            .push(serde_json::from_str(&row.replace(tag, TAG)).unwrap());
    };
    let projection = tables.projection().await;
    for (table, rows) in projection.as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let mut row = row.as_object().unwrap().clone();
            // Made of the others.
            row.remove("search");
            let user = row.get("clerk_id").or(row.get("user_id")).unwrap().as_str().unwrap();
            add(table, user, &Value::from(row.clone()).to_string());
        }
    }
    let owners = "SELECT email || ' ' || clerk_id FROM email_owners ORDER BY email";
    for owner in tables.column(owners).await {
        add("email_owners", owner.split(' ').nth(1).unwrap(), &Value::from(&*owner).to_string());
    }
    stories
}

/// Where the two are not the same, value by value.
pub fn difference(expected: &Value, found: &Value) -> String {
    let (expected, found) = (by_place(expected), by_place(found));
    let places: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    let differ = places.into_iter().filter(|place| expected.get(*place) != found.get(*place));
    let told = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    let line = |place: &String| {
        let (model, found) = (told(expected.get(place)), told(found.get(place)));
        format!("{place}: the model says {model}, and there is {found}")
    };
    differ.map(line).collect::<Vec<_>>().join("\n")
}

/// Each value of a projection, by its table, row and column.
fn by_place(projection: &Value) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    for (table, rows) in projection.as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let Some(columns) = row.as_object() else {
                values.insert(format!("{table} {row}"), row.clone());
                continue;
            };
            let key = [&row["clerk_id"], &row["user_id"], &row["id"]];
            let key: Vec<_> = key.into_iter().filter_map(Value::as_str).collect();
            let place = |column| format!("{table} {} {column}", key.join(" "));
            values.extend(columns.iter().map(|(name, value)| (place(name), value.clone())));
        }
    }
    values
}
