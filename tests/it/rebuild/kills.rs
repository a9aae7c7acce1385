//! `kill -9` at random times: the tables are unchanged, or everything is repaired.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{all_rows, assert_same, report};
use crate::{
    harness::{
        Database, Engine, Process, Rng, Service, Tables, apply, both_engines, fixtures,
        report_work, unique,
    },
    torture::{cycles, seed},
};

fn begin(database: &Database) -> Child {
    let mut command = Process::command(database, []);
    let command = command.arg("rebuild").stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn damage(tables: &mut Tables) {
    tables.run("UPDATE users SET first_name = 'damaged' WHERE deleted_at IS NULL").await;
    tables.run("DELETE FROM accounts").await;
}

async fn live_rows(tables: &mut Tables) -> Value {
    let mut all = all_rows(tables).await;
    all["users"].as_array_mut().unwrap().retain(|user| user["deleted_at"].is_null());
    all
}

#[apply(both_engines)]
async fn killed_rebuild_changes_all_or_nothing(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let service = Service::start(engine).await;
    for number in 0..300 {
        let user = format!("user_{number}");
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
    }
    let mut tables = service.tables().await;
    let undamaged = all_rows(&mut tables).await;
    // A kill in the middle of the repair. On PostgreSQL, it has written some rows by then.
    damage(&mut tables).await;
    let damaged = live_rows(&mut tables).await;
    let mut holder = service.tables().await;
    holder.block_writers().await;
    let child = begin(&service.database);
    tables.wait_for_lock_waiters(1).await;
    kill(child);
    holder.release().await;
    assert_eq!(live_rows(&mut tables).await, damaged);
    // Duration of a rebuild that is not killed.
    damage(&mut tables).await;
    let begun = Instant::now();
    report(&service.database, &[]);
    let duration = usize::try_from(begun.elapsed().as_micros()).unwrap();
    let (cycles, mut unchanged) = (cycles(8), 0);
    for _ in 0..cycles {
        damage(&mut tables).await;
        let damaged = live_rows(&mut tables).await;
        let child = begin(&service.database);
        // A random time instead of a condition, so that the kill hits any step of the rebuild.
        sleep(Duration::from_micros(rng.below(duration * 2) as u64)).await;
        kill(child);
        // These commits wait until the server has rolled back or committed the killed transaction.
        let id = unique("user_later_");
        service.send(&fixtures::user_event("user.created", &id, 0)).await;
        service.send(&fixtures::user_deleted(&id, 1)).await;
        let now = live_rows(&mut tables).await;
        assert!(now == damaged || now == undamaged, "the repair is incomplete");
        unchanged += usize::from(now == damaged);
    }
    report(&service.database, &[]);
    assert_same(&service.database);
    let done = format!("{cycles} kills, {unchanged} of them before the repair was committed");
    report_work(engine, Some(seed), &done);
}
