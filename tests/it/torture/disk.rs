//! The disk is full under load, and then there is room again. A limit on the size of files stands for
//! the disk: it needs no disk of its own, and what writes is told the same in the same places.

use std::{fs, sync::Arc};

use tokio::{task::block_in_place, time::timeout};

use super::{
    RECOVERY_LIMIT, TEST_TIMEOUT, cycles, seed,
    load::Senders,
    invariants::{assert_same_as_undisturbed_service, assert_invariants},
};
use crate::harness::{
    ApiResponse, PostgresServer, Database, Rng, Engine, KEY, Process, apply, both_engines, client, report_work,
};

/// How much more the largest file may hold until it is full, at the most.
const ROOM: usize = 400_000;

/// Who is turned away before there is room again, and who gets through afterwards.
const MANY: usize = 40;

/// PostgreSQL's log of writes is in files of sixteen megabytes, and where one of those cannot be written
/// the server ends itself. So the table is larger than they are before anything else happens.
const FILL: &str = "ALTER TABLE webhook_events SET (fillfactor = 10); \
                    INSERT INTO webhook_events (id, decision, payload, received_at) \
                    SELECT 'filler_' || n, 'ignored', repeat('x', 800), 0 \
                    FROM generate_series(1, 2100) AS n; \
                    DELETE FROM webhook_events WHERE id LIKE 'filler%'";

/// What a service writes to.
struct Disk {
    database: Arc<Database>,
    /// PostgreSQL's server, which writes the files.
    server: Option<PostgresServer>,
    /// On SQLite the service itself does.
    service: Process,
}

impl Disk {
    async fn new(engine: Engine) -> Self {
        let server = (engine == Engine::Postgres).then(|| block_in_place(PostgresServer::start));
        let database = match &server {
            Some(server) => server.database(),
            None => Arc::new(Database::new(engine).await),
        };
        // A write beyond the limit is to fail, and not to end who writes.
        let service = Process::start(Process::command_with_limits("trap '' XFSZ", &*database, []));
        if server.is_some() {
            database.tables().await.run(FILL).await;
        }
        Self { database, server, service }
    }

    /// How large the file is that fills up.
    async fn largest(&self) -> usize {
        if self.server.is_some() {
            let size = "SELECT pg_relation_size('webhook_events')::text";
            return self.database.tables().await.column(size).await[0].parse().unwrap();
        }
        let files = fs::read_dir(self.database.folder()).unwrap().map(|file| file.unwrap());
        usize::try_from(files.map(|file| file.metadata().unwrap().len()).max().unwrap()).unwrap()
    }

    /// No file may grow beyond this, or any may.
    fn limit(&self, bytes: Option<usize>) {
        match &self.server {
            Some(server) => block_in_place(|| server.limit_files(bytes)),
            None => self.service.limit_files(bytes),
        }
    }
}

#[apply(both_engines)]
async fn full_disk_loses_nothing_and_service_recovers(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let disk = Disk::new(engine).await;
    let load = Senders::new(&mut rng).start(&[&disk.service.url]);
    let client = client();
    let cycles = cycles(20).div_ceil(10);
    for _ in 0..cycles {
        disk.limit(Some(disk.largest().await + rng.below(ROOM)));
        timeout(TEST_TIMEOUT, load.wait_for_rejected(MANY)).await.expect("it is full");
        for path in ["/v1/users?limit=1", "/healthz"] {
            let read = client.get(format!("{}{path}", disk.service.url)).bearer_auth(KEY);
            assert_eq!(ApiResponse::fetch(read).await.status, 200, "{path}");
        }
        disk.limit(None);
        timeout(RECOVERY_LIMIT, load.wait_for_accepted(MANY)).await.expect("it heals by itself");
    }
    let senders = load.finish().await;
    assert_invariants(&mut disk.database.tables().await, &senders).await;
    assert_same_as_undisturbed_service(&disk.database, &senders).await;
    let rejections = senders.rejections();
    assert!(rejections.contains_key("database_unavailable"), "{rejections:?}");
    disk.service.terminate();
    let (status, log) = block_in_place(|| disk.service.wait());
    assert_eq!(status.code(), Some(0), "{log}");
    let events = senders.accepted().count();
    report_work(engine, Some(seed), &format!("full {cycles} times, {events} events"));
}
