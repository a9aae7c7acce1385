//! `kill -9` at any moment: the tables are as they were, or all is mended.

use std::{
    process::{Child, Stdio},
    time::Duration,
};

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{assert_same, everything, report};
use crate::{
    harness::{
        Database, Rng, Engine, Process, Service, Tables, apply, both_engines, fixtures, report_work,
        unique,
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

async fn of_the_living(tables: &mut Tables) -> Value {
    let mut all = everything(tables).await;
    all["users"].as_array_mut().unwrap().retain(|user| user["deleted_at"].is_null());
    all
}

#[apply(both_engines)]
async fn killed_at_any_moment_it_has_done_all_or_nothing(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let service = Service::start(engine).await;
    for number in 0..300 {
        let user = format!("user_{number}");
        service.send(&fixtures::user_event("user.created", &user, 0)).await;
    }
    let mut tables = service.tables().await;
    let whole = everything(&mut tables).await;
    // In the middle of the one transaction: on PostgreSQL it has written some of it by then.
    damage(&mut tables).await;
    let damaged = of_the_living(&mut tables).await;
    let mut holder = service.tables().await;
    holder.block_writers().await;
    let child = begin(&service.database);
    tables.wait_for_lock_waiters(1).await;
    kill(child);
    holder.release().await;
    assert_eq!(of_the_living(&mut tables).await, damaged);
    // How long it takes that is not killed.
    damage(&mut tables).await;
    let begun = Instant::now();
    report(&service.database, &[]);
    let takes = usize::try_from(begun.elapsed().as_micros()).unwrap();
    let (cycles, mut nothing) = (cycles(8), 0);
    for _ in 0..cycles {
        damage(&mut tables).await;
        let damaged = of_the_living(&mut tables).await;
        let child = begin(&service.database);
        // No condition is waited for: in the middle of whatever it is at.
        sleep(Duration::from_micros(rng.below(takes * 2) as u64)).await;
        kill(child);
        // Behind whatever the server has still to undo or to end of it.
        let id = unique("user_later_");
        service.send(&fixtures::user_event("user.created", &id, 0)).await;
        service.send(&fixtures::user_deleted(&id, 1)).await;
        let now = of_the_living(&mut tables).await;
        assert!(now == damaged || now == whole, "half of it is done");
        nothing += usize::from(now == damaged);
    }
    report(&service.database, &[]);
    assert_same(&service.database);
    let done = format!("{cycles} kills, {nothing} of them before it had done anything");
    report_work(engine, Some(seed), &done);
}
