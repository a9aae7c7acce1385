//! Full disk under load, until space is free again. A limit on the file size simulates the disk: it
//! needs no disk of its own, and the same writes fail with the same kind of error.

use std::{fs, sync::Arc};

use tokio::{task::block_in_place, time::timeout};

use super::{
    RECOVERY_LIMIT, cycles,
    invariants::{assert_invariants, assert_same_as_undisturbed_service},
    load::Senders,
    seed,
};
use crate::harness::{
    ApiResponse, Database, Engine, KEY, PostgresServer, Process, Rng, TEST_TIMEOUT, apply,
    both_engines, client, report_work,
};

/// Maximum growth of the largest file before the disk is full, in bytes.
const MAX_FREE_BYTES: usize = 400_000;

/// Number of deliveries that are rejected before space is free, and accepted afterwards.
const DELIVERIES: usize = 40;

/// Makes the table larger than 16 MiB before the test. A file of PostgreSQL's write-ahead log has
/// this size, and the server crashes if it cannot write one, so the limit must exceed it.
const FILL_TABLE: &str = "ALTER TABLE webhook_events SET (fillfactor = 10); \
                    INSERT INTO webhook_events (id, decision, payload, received_at) \
                    SELECT 'filler_' || n, 'ignored', repeat('x', 800), 0 \
                    FROM generate_series(1, 2100) AS n; \
                    DELETE FROM webhook_events WHERE id LIKE 'filler%'";

/// Service and the process that writes its files, whose file size is limited.
struct Disk {
    database: Arc<Database>,
    /// PostgreSQL server, which writes the files. On SQLite, the service writes them.
    server: Option<PostgresServer>,
    service: Process,
}

impl Disk {
    async fn new(engine: Engine) -> Self {
        let server = (engine == Engine::Postgres).then(|| block_in_place(PostgresServer::start));
        let database = match &server {
            Some(server) => server.database(),
            None => Arc::new(Database::new(engine).await),
        };
        // A write beyond the limit must fail, and must not end the process by a signal.
        let service = Process::start(Process::command_with_limits("trap '' XFSZ", &*database, []));
        if server.is_some() {
            database.tables().await.run(FILL_TABLE).await;
        }
        Self { database, server, service }
    }

    /// Returns the size of the file that fills up, in bytes.
    async fn largest_file(&self) -> usize {
        if self.server.is_some() {
            let size = "SELECT pg_relation_size('webhook_events')::text";
            return self.database.tables().await.column(size).await[0].parse().unwrap();
        }
        let files = fs::read_dir(self.database.folder()).unwrap().map(|file| file.unwrap());
        usize::try_from(files.map(|file| file.metadata().unwrap().len()).max().unwrap()).unwrap()
    }

    /// Limits the size of every file, or removes the limit.
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
        disk.limit(Some(disk.largest_file().await + rng.below(MAX_FREE_BYTES)));
        timeout(TEST_TIMEOUT, load.wait_for_rejected(DELIVERIES)).await.expect("the disk is full");
        for path in ["/v1/users?limit=1", "/healthz"] {
            let read = client.get(format!("{}{path}", disk.service.url)).bearer_auth(KEY);
            assert_eq!(ApiResponse::fetch(read).await.status, 200, "{path}");
        }
        disk.limit(None);
        timeout(RECOVERY_LIMIT, load.wait_for_accepted(DELIVERIES))
            .await
            .expect("the service recovers without a restart");
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
    report_work(engine, Some(seed), &format!("{cycles} times full, {events} events"));
}
