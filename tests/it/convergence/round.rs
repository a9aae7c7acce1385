//! Delivery of several sets in several orders to one database, and comparison with the model.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use futures_util::{StreamExt, stream};
use meetvo::clock::Clock;
use serde_json::Value;

use super::{
    TAG, feed, histories,
    model::{self, Event},
    shrink,
};
use crate::harness::{Database, Delivery, Engine, NOW, Rng, SECRET, Service, Tables};

const CONNECTIONS: usize = 16;

pub struct Round {
    pub engine: Engine,
    /// Seeds of the sets.
    pub seeds: Range<u64>,
    pub orders: Vec<u64>,
    /// Number of services on the database.
    pub replicas: u64,
}

/// Delivery order of a set, with duplicates.
pub struct Permutation {
    pub seed: u64,
    pub order: u64,
    /// Tag that is unique in the database.
    pub tag: String,
    /// Events in delivery order, including duplicates.
    pub events: Vec<Event>,
}

/// Database of a round that matched the model.
pub struct Delivered {
    pub database: Arc<Database>,
    /// Number of deliveries.
    pub count: usize,
}

impl Round {
    pub async fn run(self) -> Delivered {
        let mut permutations = Vec::new();
        for seed in self.seeds.clone() {
            let set = histories::history(seed);
            permutations
                .extend(self.orders.iter().map(|order| Permutation::new(seed, *order, &set)));
        }
        let database = Arc::new(Database::new(self.engine).await);
        let mut services = Vec::new();
        for _ in 0..self.replicas {
            services.push(Service::start_on(Arc::clone(&database), Clock::manual(NOW), []).await);
        }
        let mut rng = Rng(self.seeds.start);
        let deliveries = interleaved(&permutations, &mut rng);
        let count = deliveries.len();
        let post = deliveries.into_iter().map(|(permutation, event)| {
            let service = &services[rng.below(services.len())];
            let delivery = permutation.delivery(event);
            async move { (service.deliver_with_retries(&delivery).await, delivery.id) }
        });
        let answers = stream::iter(post).buffer_unordered(CONNECTIONS).collect::<Vec<_>>().await;
        for service in services {
            service.stop().await;
        }
        self.compare(&permutations, &mut database.tables().await).await;
        feed::assert_consistent(&database).await;
        assert_each_is_recorded_once(answers, &permutations);
        Delivered { database, count }
    }

    async fn compare(&self, permutations: &[Permutation], tables: &mut Tables) {
        let mut found = by_tag(tables).await;
        for permutation in permutations {
            let expected = sorted(model::expected_tables(&permutation.events));
            let found = sorted(found.remove(&permutation.tag).unwrap_or_else(model::no_rows));
            if found != expected {
                self.fail(permutation, &expected, &found).await;
            }
        }
        assert_eq!(found.into_keys().collect::<Vec<_>>(), [""; 0], "rows of no permutation");
    }

    async fn fail(&self, permutation: &Permutation, expected: &Value, found: &Value) {
        let Permutation { seed, order, .. } = permutation;
        let (engine, replicas) = (self.engine, self.replicas);
        panic!(
            "{engine:?}, {replicas} process(es): the tables of set {seed} in order {order} differ \
             from the model.\n{}\n{}\nTo repeat all orders up to this one:\n    TORTURE_SEED={seed} \
             TORTURE_SETS=1 TORTURE_ORDERS={} tests/postgres run \\\n        cargo test --test it -- \
             convergence\n",
            difference(expected, found),
            shrink::minimize(engine, permutation).await,
            order + 1,
        );
    }
}

impl Permutation {
    /// Orders a set. Order 0 is forward, order 1 backward, and all others are random. Some events
    /// are duplicated.
    pub fn new(seed: u64, order: u64, set: &[Event]) -> Self {
        let mut rng = Rng(seed.wrapping_mul(1_000_003).wrapping_add(order));
        let mut events = set.to_vec();
        match order {
            0 => {}
            1 => events.reverse(),
            _ => rng.shuffle(&mut events),
        }
        for event in set {
            for _ in 0..rng.choose(&[0, 0, 0, 1, 2]) {
                events.insert(rng.below(events.len() + 1), event.clone());
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

/// Asserts that each event was recorded once, at whichever replica it arrived. A failed event is
/// retried with each delivery, and only events that cannot be decoded fail.
fn assert_each_is_recorded_once(answers: Vec<(String, String)>, permutations: &[Permutation]) {
    let (mut recorded, mut failed) = (Vec::new(), BTreeSet::new());
    for (decision, id) in answers {
        match &*decision {
            "duplicate" => {}
            "failed" => drop(failed.insert(id)),
            _ => recorded.push(id),
        }
    }
    let mut expected = [BTreeSet::new(), BTreeSet::new()];
    for permutation in permutations {
        for event in &permutation.events {
            expected[usize::from(!model::is_decodable(event))].insert(permutation.own(&event.id));
        }
    }
    recorded.sort_unstable();
    assert_eq!(recorded, expected[0].iter().cloned().collect::<Vec<_>>(), "recorded once");
    assert_eq!(failed, expected[1]);
}

/// Interleaves all permutations at random and keeps the order of each. Sometimes many events of one
/// permutation follow each other, so that they share a commit.
fn interleaved<'a>(
    permutations: &'a [Permutation],
    rng: &mut Rng,
) -> Vec<(&'a Permutation, &'a Event)> {
    let mut left: Vec<_> =
        permutations.iter().map(|permutation| (permutation, permutation.events.iter())).collect();
    let mut deliveries = Vec::new();
    while !left.is_empty() {
        let at = rng.below(left.len());
        let (permutation, events) = &mut left[at];
        let before = deliveries.len();
        let many = rng.choose(&[1, 1, 1, 2, 5, CONNECTIONS]);
        deliveries.extend(events.take(many).map(|event| (*permutation, event)));
        if deliveries.len() < before + many {
            drop(left.swap_remove(at));
        }
    }
    deliveries
}

/// Returns the stored rows of each permutation, in the form of the model.
pub async fn by_tag(tables: &mut Tables) -> BTreeMap<String, Value> {
    let mut permutations = BTreeMap::new();
    for table in model::TABLES {
        if table == "email_owners" {
            continue;
        }
        for mut row in tables.rows(table).await {
            // The database has it as text.
            if let Some(Value::String(versions)) = row.get("field_versions") {
                row["field_versions"] = serde_json::from_str(versions).unwrap();
            }
            let named = ["clerk_id", "user_id", "organization_id", "id"];
            let id = named.into_iter().find_map(|column| row[column].as_str());
            add_row(&mut permutations, table, id.unwrap(), &row);
        }
    }
    let owners = "SELECT email || ' ' || clerk_id FROM email_owners ORDER BY email";
    for owner in tables.column(owners).await {
        let id = owner.split(' ').nth(1).unwrap();
        add_row(&mut permutations, "email_owners", id, &Value::from(&*owner));
    }
    permutations
}

/// Adds a row to the tables of the permutation that an id names.
fn add_row(permutations: &mut BTreeMap<String, Value>, table: &str, id: &str, row: &Value) {
    let tag = id.split('_').nth(1).unwrap();
    let permutation = permutations.entry(tag.to_owned()).or_insert_with(model::no_rows);
    let row = serde_json::from_str(&row.to_string().replace(tag, TAG)).unwrap();
    permutation[table].as_array_mut().unwrap().push(row);
}

/// Sorts the rows of each table. The engines order some columns differently.
pub fn sorted(mut tables: Value) -> Value {
    for (_, rows) in tables.as_object_mut().unwrap() {
        rows.as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    tables
}

/// Lists the values that differ.
pub fn difference(expected: &Value, found: &Value) -> String {
    let (expected, found) = (by_column(expected), by_column(found));
    let columns: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    let differ = columns.into_iter().filter(|column| expected.get(*column) != found.get(*column));
    let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    let line = |column: &String| {
        let (expected, found) = (text(expected.get(column)), text(found.get(column)));
        format!("{column}: expected {expected}, found {found}")
    };
    differ.map(line).collect::<Vec<_>>().join("\n")
}

/// Returns the values of all tables by table, row and column.
fn by_column(projection: &Value) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    for (table, rows) in projection.as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let Some(columns) = row.as_object() else {
                values.insert(format!("{table} {row}"), row.clone());
                continue;
            };
            let key = ["clerk_id", "organization_id", "user_id", "id", "term"];
            let key = key.map(|column| row.get(column).unwrap_or(&Value::Null));
            let key: Vec<_> = key.into_iter().filter_map(Value::as_str).collect();
            let name = |column| format!("{table} {} {column}", key.join(" "));
            values.extend(columns.iter().map(|(column, value)| (name(column), value.clone())));
        }
    }
    values
}
