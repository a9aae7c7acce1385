//! Slow reads delay other reads. They delay neither deliveries nor the service's own work, and every
//! read is limited in rows.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{
    ApiResponse, Delivery, Engine, NOW, Process, Service, Tables, apply, both_engines, fixtures,
    ids, retried,
};

/// Query that takes many seconds after [`slow_down`].
const SLOW: &str = "/v1/users?email=x";

/// Number of deletions and of updates beside the slow reads, which must last longer.
const ROUNDS: usize = 4;

/// Makes the view that [`SLOW`] reads slow. Commits do not read it.
async fn slow_down(tables: &mut Tables) {
    let slow = match tables.engine() {
        Engine::Sqlite => {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000000) \
             SELECT 'x', COUNT(*) || '' FROM n"
        }
        Engine::Postgres => "SELECT 'x'::text, pg_sleep(60)::text",
    };
    tables.run("DROP VIEW email_owners").await;
    tables.run(&format!("CREATE VIEW email_owners (email, clerk_id) AS {slow}")).await;
}

/// Returns whether a read fails because all connections for reading are in use.
async fn readers_are_in_use(service: &Service) -> bool {
    let read = service.get("/v1/users/user_0").await;
    read.status == 503 && read.problem().1 == "database_unavailable"
}

/// Sends an event until it is applied. On a busy machine, the service can need longer for a connection
/// than the short timeout of this test allows.
async fn apply_event(service: &Service, event: &Value) {
    let decision = service.deliver_with_retries(&Delivery::new(event, NOW)).await;
    assert!(["applied", "duplicate"].contains(&&*decision), "{decision}");
}

/// Slow reads occupy every connection for reading. Deletions and updates are applied, the service
/// is ready, and a new API key becomes known.
#[apply(both_engines)]
async fn slow_reads_delay_only_reads(engine: Engine) {
    let acquire = ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "500");
    let settings = [("MEETVO__DATABASE__MAX_CONNECTIONS", "2"), acquire];
    let service = Service::start_with(engine, settings).await;
    for at in 0..2 * ROUNDS {
        let created = fixtures::user_event("user.created", &format!("user_{at}"), 0);
        apply_event(&service, &created).await;
    }
    let mut tables = service.tables().await;
    slow_down(&mut tables).await;
    let slow = join_all((0..2).map(|_| service.get(SLOW)));
    let others = async {
        while !readers_are_in_use(&service).await {}
        for at in 0..ROUNDS {
            let deletion = fixtures::user_deleted(&format!("user_{at}"), 5);
            apply_event(&service, &deletion).await;
            let update = fixtures::user_event("user.updated", &format!("user_{}", at + ROUNDS), 5);
            apply_event(&service, &update).await;
            let ready = retried(|| service.client.get(service.url_for("/readyz"))).await;
            assert_eq!(ready.status, 200, "probe {at}");
        }
        let new = ["keys", "new", "--name", "late", "--json"];
        // On SQLite, the command also waits for the slow reads, because it empties the log at its end.
        let acquire = ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "4000");
        let added = Process::run(&*service.database, [acquire], &new);
        let key: Value = serde_json::from_slice(&added.stdout).unwrap();
        let key = key["key"].as_str().unwrap();
        let read = || service.client.get(service.url_for("/v1/users/user_0")).bearer_auth(key);
        while ApiResponse::fetch(read()).await.status == 401 {}
        assert!(readers_are_in_use(&service).await, "the slow reads have not ended");
    };
    tokio::select! {
        answers = slow => panic!("the slow reads ended first: {answers:?}"),
        () = others => {}
    }
    if engine == Engine::Postgres {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND query LIKE '%email_owners%' \
                       AND pid <> pg_backend_pid()";
        tables.run(end).await;
    }
}

/// A user can have very many events, and a filter can match none of them.
#[apply(both_engines)]
async fn filtered_events_are_scanned_in_parts(engine: Engine) {
    let service = Service::start(engine).await;
    let events = format!(
        "WITH RECURSIVE numbers (n) AS (\
             SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 7000) \
         INSERT INTO webhook_events (id, type, subject, decision, received_at) \
         SELECT 'msg_' || n, CASE WHEN n IN (3, 4, 6999) THEN 'user.created' \
             ELSE 'user.updated' END, 'user_1', \
             CASE WHEN n IN (5, 6, 6998) THEN 'failed' WHEN n < 50 THEN 'ignored' \
             ELSE 'applied' END, {NOW} + CASE WHEN n IN (7, 8, 6997) THEN 5 ELSE 0 END \
         FROM numbers"
    );
    service.tables().await.run(&events).await;
    for (filter, expected) in [
        ("subject=user_1&type=user.created", ["msg_6999", "msg_4", "msg_3"]),
        ("subject=user_1&decision=failed", ["msg_6998", "msg_6", "msg_5"]),
        ("subject=user_1&received_after=2026-08-12T09:30:00Z", ["msg_6997", "msg_8", "msg_7"]),
        ("received_after=2026-08-12T09:30:00Z", ["msg_6997", "msg_8", "msg_7"]),
        ("type=user.created", ["msg_6999", "msg_4", "msg_3"]),
    ] {
        service.assert_pages_find(&format!("/v1/events?{filter}"), &expected).await;
    }
    let of_other = service.list("/v1/events?subject=user_2&type=user.created").await;
    assert_eq!(of_other, [json!(null); 0]);
}

/// Deleted users stay as tombstones, and a list skips them in parts.
#[apply(both_engines)]
async fn tombstones_are_skipped_in_parts(engine: Engine) {
    let service = Service::start(engine).await;
    let users = "WITH RECURSIVE numbers (n) AS (\
                     SELECT 10001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 17000) \
                 INSERT INTO users (clerk_id, deleted_at, version_updated_at) \
                 SELECT 'user_' || n, CASE WHEN n IN (10007, 10008, 16999) THEN NULL ELSE 1 END, \
                     CASE WHEN n IN (10007, 10008, 16999) THEN 1 ELSE 0 END FROM numbers";
    service.tables().await.run(users).await;
    let expected = ["user_10007", "user_10008", "user_16999"];
    for limit in [1, 2, 3, 500] {
        let pages = service.pages(&format!("/v1/users?limit={limit}")).await;
        assert_eq!(ids(&pages.concat()), expected, "{limit}");
        assert!(pages.len() > 3 && pages.contains(&Vec::new()), "{} pages", pages.len());
    }
}
