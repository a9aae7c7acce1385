//! What is in the database, and what is still there when users are gone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Scene, id_of, marks, marks::Reach, places};
use crate::harness::{Database, Engine, Process, Tables, apply, both_engines, fixtures};

/// The one who stays.
const STAYS: &str = "user_whole";

/// The payloads of each user, by name.
async fn owners(tables: &mut Tables) -> BTreeMap<String, BTreeSet<String>> {
    let sql = "SELECT id || ' ' || subject FROM webhook_events WHERE subject IS NOT NULL";
    let owners: BTreeMap<_, _> = tables
        .column(sql)
        .await
        .iter()
        .map(|pair| pair.split_once(' ').unwrap())
        .map(|(id, owner)| (id.to_owned(), owner.to_owned()))
        .collect();
    let mut payloads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, _) in marks::payloads() {
        if let Some(owner) = owners.get(&id_of(&name)) {
            payloads.entry(owner.clone()).or_default().insert(name);
        }
    }
    payloads
}

fn erase(database: &Database, users: &[&str]) {
    let done = Process::run(database, [], &[&["erase", "--yes"], users].concat());
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// What of the canaries is in there that is not this user's.
fn of_others<'a>(scene: &'a Scene, bytes: &[u8], own: &BTreeSet<String>) -> Vec<&'a str> {
    let all = scene.canaries.in_text(bytes, |_| false);
    let other = |place: &&str| !own.iter().any(|name| place.starts_with(name.as_str()));
    all.into_iter().map(|it| it.place.as_str()).filter(other).collect()
}

#[apply(both_engines)]
async fn secrets_and_deleted_users_leave_no_canary(engine: Engine) {
    let database = Database::new(engine).await;
    let mut scene = Scene::begin(&database, []);
    let mut tables = database.tables().await;
    places::unpack(&mut tables).await;
    scene.deliver_all().await;
    let (rows, files) =
        (places::rows(&mut tables).await, places::files(&database, &mut tables).await);
    for bytes in [&rows, &files] {
        let secrets = scene.canaries.in_text(bytes, |reach| reach != Reach::Nowhere);
        assert!(secrets.is_empty(), "{secrets:?}");
        let kept = scene.canaries.in_text(bytes, |reach| reach != Reach::Database);
        assert!(kept.len() > 20, "what may be kept is found: {kept:?}");
    }

    let owners = owners(&mut tables).await;
    assert!(owners.len() > 30, "{owners:?}");
    let others: Vec<&str> = owners.keys().map(|it| &**it).filter(|it| *it != STAYS).collect();
    let (deleted, erased) = others.split_at(others.len() / 2);
    for user in deleted {
        let answer = scene.post(&format!("msg_end_{user}"), &fixtures::user_deleted(user, 0)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let rows = places::rows(&mut tables).await;
    let left = deleted.iter().flat_map(|user| &owners[*user]).collect::<BTreeSet<_>>();
    for canary in scene.canaries.in_text(&rows, |_| false) {
        let of_deleted = left.iter().any(|name| canary.place.starts_with(name.as_str()));
        assert!(!of_deleted, "{canary:?} outlived a deletion");
    }

    erase(&database, erased);
    let rows = places::rows(&mut tables).await;
    assert_eq!(of_others(&scene, &rows, &owners[STAYS]), Vec::<&str>::new());
    assert!(marks::texts(&rows).len() > 20, "who stays is there");
    if engine == Engine::Postgres {
        // Without it what was in a page stays in its gap, until something else is written there.
        tables.run("VACUUM FULL").await;
    }
    let files = places::files(&database, &mut tables).await;
    assert_eq!(of_others(&scene, &files, &owners[STAYS]), Vec::<&str>::new());
    assert!(marks::texts(&files).len() > 20, "who stays is there");

    erase(&database, &[STAYS]);
    assert!(marks::texts(&places::rows(&mut tables).await).is_empty());
    assert_eq!(scene.read("/v1/users").await["data"], serde_json::json!([]));
}
