//! Measures each step of the processing of a delivery: `cargo bench --bench micro`
#![expect(clippy::unwrap_used, reason = "a failed measurement ends the program")]

use std::{fs, sync::Arc, time::Duration};

use divan::{Bencher, counter::ItemsCount};
use meetvo::{
    clerk::signature::{self, ID, SIGNATURE, SigningSecrets, TIMESTAMP, Verified},
    http::metrics::{AcceptedDelivery, Metrics},
    ingest::IngestMetrics,
    objects::{
        AnyState,
        decode::Decoder,
        event::{Change, Content, Event},
        known_fields,
        merge::{Merge, StoredObjects},
        user::User,
    },
    push::metrics::PushMetrics,
    store::{
        Store,
        commit::Batch,
        driver::{Options, Target},
    },
};
use serde_json::Value;
use tokio::time::Instant;

const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIGJlbmNoZXM=";
/// 2026-08-12T09:30:00Z
const NOW: i64 = 1_786_527_000_000;

fn main() {
    divan::main();
}

fn body() -> String {
    fixture("user/updated-google-linked").to_string()
}

fn fixture(name: &str) -> Value {
    let file = format!("{}/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn delivery(body: &str) -> Verified<'_> {
    Verified { id: "msg_1", attempted_at: NOW, body, secret: Arc::from("bench") }
}

/// Returns events with different IDs, each about another user.
fn events(count: usize, pass: usize) -> Vec<Event> {
    let event = Decoder::default().decode(&delivery(&body()), NOW);
    let one = |number: usize| {
        let mut event = event.clone();
        event.id = format!("msg_{pass:07}_{number:04}");
        let Some(user) = changed_user(&mut event) else { return event };
        user.id = format!("user_{number:04}");
        user.version.updated_at = NOW + i64::try_from(pass).unwrap();
        event.subject = Some(user.id.clone());
        event
    };
    (0..count).map(one).collect()
}

fn changed_user(event: &mut Event) -> Option<&mut User> {
    match &mut event.content {
        Content::Change(Change::State { state: AnyState::User(user), .. }) => Some(user),
        _ => None,
    }
}

/// Returns events with different IDs, each about another object of the fixture's kind, and newer with
/// each pass. All have the same owners.
fn object_events(name: &str, count: usize, pass: usize) -> Vec<Event> {
    let mut body = fixture(name);
    let one = |number: usize| {
        body["data"]["id"] = format!("object_{number:04}").into();
        body["data"]["updated_at"] = (NOW + i64::try_from(pass).unwrap()).into();
        let body = body.to_string();
        let id = format!("msg_{pass:07}_{number:04}");
        Decoder::default().decode(&Verified { id: &id, ..delivery(&body) }, NOW)
    };
    (0..count).map(one).collect()
}

#[divan::bench]
fn verify(bencher: Bencher<'_, '_>) {
    let body = body();
    let seconds = NOW / 1000;
    let signer = signature::signer(SECRET).unwrap();
    let signature = signer.sign("msg_1", seconds, body.as_bytes()).unwrap();
    let secrets = SigningSecrets::new([("bench", SECRET)]).unwrap();
    let timestamp = seconds.to_string();
    let values = |name| match name {
        ID => Some(b"msg_1".as_slice()).into_iter(),
        TIMESTAMP => Some(timestamp.as_bytes()).into_iter(),
        SIGNATURE => Some(signature.as_bytes()).into_iter(),
        _ => None.into_iter(),
    };
    bencher.bench(|| {
        let headers = secrets.read_headers(values, NOW).unwrap();
        secrets.verify(&headers, body.as_bytes()).unwrap().attempted_at
    });
}

#[divan::bench]
fn decode(bencher: Bencher<'_, '_>) {
    let (body, decoder) = (body(), Decoder::default());
    bencher.bench(|| decoder.decode(&delivery(&body), NOW));
}

/// Measures the metrics of one delivery.
#[divan::bench]
fn count(bencher: Bencher<'_, '_>) {
    let (body, metrics) = (
        body(),
        Metrics::new(&IngestMetrics::new().unwrap(), &PushMetrics::new().unwrap()).unwrap(),
    );
    let delivery = delivery(&body);
    let kind = Some("user.updated");
    bencher.bench(|| {
        let started = Instant::now();
        metrics.count_accepted(&AcceptedDelivery {
            delivery: &delivery,
            kind,
            decision: "applied",
        });
        metrics.record_duration(started.elapsed());
    });
}

/// Measures the search for unknown fields, which is done for one delivery in 64.
#[divan::bench]
fn unknown_fields(bencher: Bencher<'_, '_>) {
    let body = body();
    bencher.bench(|| known_fields::unknown_fields(&body));
}

#[divan::bench(args = [1, 64, 256])]
fn merge(bencher: Bencher<'_, '_>, count: usize) {
    let events = events(count, 1);
    bencher.counter(ItemsCount::new(count)).bench(|| {
        let mut merge = Merge::new(StoredObjects::default());
        for event in &events {
            if let Content::Change(change) = &event.content {
                merge.apply(change);
            }
        }
        merge.into_writes().states.len()
    });
}

/// Measures commits on SQLite. Each batch changes the same users.
#[divan::bench(args = [1, 64, 256])]
fn commit(bencher: Bencher<'_, '_>, count: usize) {
    commit_events(bencher, count, events);
}

/// Measures the same commits with another name for each user, which changes the search terms.
#[divan::bench(args = [1, 64, 256])]
fn commit_names(bencher: Bencher<'_, '_>, count: usize) {
    commit_events(bencher, count, |count, pass| {
        let mut events = events(count, pass);
        for event in &mut events {
            let Some(user) = changed_user(event) else { continue };
            user.data.profile.first_name = Some(format!("Ada {pass}"));
            user.data.profile.last_name = Some(format!("Lovelace {pass}"));
        }
        events
    });
}

/// Measures commits of sessions without an embedded user.
#[divan::bench(args = [1, 64, 256])]
fn commit_sessions(bencher: Bencher<'_, '_>, count: usize) {
    commit_events(bencher, count, |count, pass| {
        object_events("session/created-without-user", count, pass)
    });
}

/// Measures commits of memberships. Each embeds its organization.
#[divan::bench(args = [1, 64, 256])]
fn commit_memberships(bencher: Bencher<'_, '_>, count: usize) {
    commit_events(bencher, count, |count, pass| {
        object_events("organizationMembership/created", count, pass)
    });
}

fn commit_events(
    bencher: Bencher<'_, '_>,
    count: usize,
    events: impl Fn(usize, usize) -> Vec<Event>,
) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let options = Options {
        target: Target::Sqlite(directory.path().join("bench.db")),
        max_connections: 1,
        acquire_timeout: Duration::from_secs(10),
        commit_timeout: Duration::from_secs(10),
        migration_lock_timeout: Duration::from_secs(10),
        opens_unwritable_log: false,
    };
    let store = runtime.block_on(async {
        let store = Store::open(&options).await.unwrap();
        store.migrate().await.unwrap();
        store
    });
    let mut pass = 0;
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| {
            pass += 1;
            events(count, pass)
        })
        .bench_local_values(|events| {
            let batch = Batch { events: &events, secrets_used: &[] };
            runtime.block_on(store.commit(batch)).unwrap()
        });
}
