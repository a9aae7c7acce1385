//! Change feed after random histories: each object is created once, before its other changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use meetvo::{app, clock::Clock, domain::decision::Operation, objects::Kind};

use super::{histories, round::Permutation};
use crate::harness::{
    ApiResponse, Database, Engine, KEY, NOW, Rng, Service, apply, both_engines, settings,
};

/// Operations of each object, by kind and ID, in the order of the change feed.
pub type Operations = BTreeMap<(Kind, String), Vec<Operation>>;

/// Reads the operations of the whole change feed. Asserts that each entry has an event ID of its own.
pub async fn operations(database: &Database) -> Operations {
    let store = app::open_store(&settings(database, []).database).await.unwrap();
    let (mut operations, mut ids, mut after) = (Operations::new(), BTreeSet::new(), 0);
    loop {
        let batch = store.changes(None, after, 500).await.unwrap();
        for change in batch.items {
            assert!(ids.insert(change.event_id.clone()), "{change:?}");
            let Some(kind) = change.kind.object() else { continue };
            operations.entry((kind, change.id)).or_default().push(change.operation);
        }
        after = batch.through;
        if !batch.has_more {
            store.close().await;
            return operations;
        }
    }
}

/// Asserts that no object is created after another change of it.
pub fn assert_created_once(operations: &Operations) {
    for (object, operations) in operations {
        let later = operations.iter().skip(1);
        let creations = later.filter(|operation| **operation == Operation::Created);
        assert_eq!(creations.count(), 0, "{object:?}: {operations:?}");
    }
}

/// Asserts that each object is created once and deleted at most once, and that exactly the objects
/// without a deletion exist, unless their owner was deleted.
pub async fn assert_consistent(database: &Database) {
    let operations = operations(database).await;
    assert_created_once(&operations);
    for (object, operations) in &operations {
        let (last, before) = operations.split_last().unwrap();
        let is_valid = !before.contains(&Operation::Deleted)
            && (operations[0] == Operation::Created || *last == Operation::Deleted);
        assert!(is_valid, "{object:?}: {operations:?}");
    }
    let mut tables = database.tables().await;
    for kind in Kind::ALL {
        let table = &kind.object_type().table;
        let sql = format!(
            "SELECT {} FROM {} WHERE \
             (version_updated_at, version_occurred_at, version_event_id) > (0, 0, '')",
            table.id, table.name
        );
        for id in tables.column(&sql).await {
            let of_object = operations.get(&(kind, id.clone())).map_or(&[][..], Vec::as_slice);
            let exists = of_object.first() == Some(&Operation::Created)
                && of_object.last() != Some(&Operation::Deleted);
            assert!(exists, "{kind} {id}: {of_object:?}");
        }
    }
}

/// A part of each history is quarantined first, and applied later by two services at once.
#[apply(both_engines)]
async fn reprocessed_events_create_once(engine: Engine) {
    let database = Arc::new(Database::new(engine).await);
    let start = async |pinned: &str| {
        let settings = [("MEETVO__CLERK__INSTANCE_ID", pinned)];
        Service::start_on(Arc::clone(&database), Clock::manual(NOW), settings).await
    };
    let sets: Vec<_> =
        (1..=8).map(|seed| Permutation::new(seed, 2, &histories::history(seed))).collect();
    let mut rng = Rng(1);
    let pinned = start("ins_other").await;
    for set in &sets {
        for event in set.events.iter().filter(|_| rng.below(3) == 0) {
            // A set contains some events twice.
            let decision = pinned.deliver_with_retries(&set.delivery(event)).await;
            assert!(matches!(&*decision, "quarantined" | "duplicate"), "{decision}");
        }
    }
    pinned.stop().await;
    let (one, other) = (start("").await, start("").await);
    let reprocess = async |service: &Service| {
        let path = "/v1/events/reprocess?decision=quarantined&limit=100";
        let post = service.client.post(service.url_for(path)).bearer_auth(KEY);
        assert_eq!(ApiResponse::fetch(post).await.status, 200);
    };
    for set in &sets {
        for event in &set.events {
            one.deliver_with_retries(&set.delivery(event)).await;
        }
        tokio::join!(reprocess(&one), reprocess(&other));
    }
    let sql = "SELECT COUNT(*) || '' FROM webhook_events WHERE type = 'meetvo.event.reprocessed'";
    let reprocessed = database.tables().await.column(sql).await;
    assert!(reprocessed[0].parse::<u32>().unwrap() > 20, "{reprocessed:?}");
    assert_consistent(&database).await;
}
