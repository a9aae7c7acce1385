//! Output of the service that must not contain canaries: its log, error responses and status pages.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Scenario, marked_payloads, marked_payloads::Exposure, response_bytes};
use crate::harness::{
    Database, Delivery, Engine, SECRET, TEST_TIMEOUT, Tables, apply, both_engines, fixtures,
    organization_events::{domain_event, invitation_event, membership_event, organization_event},
};

/// Number of bytes that makes a body too large.
const OVERSIZED: usize = 2 << 20;

fn now() -> i64 {
    meetvo::clock::Clock::system().now()
}

impl Scenario {
    /// Creates a canary that must not appear anywhere.
    fn forbidden_canary(&mut self, source: &str) -> String {
        self.canaries.create(Exposure::None, source)
    }

    /// Sends deliveries that are rejected. Returns all responses.
    async fn rejected_deliveries(&mut self) -> Vec<u8> {
        let body = fixtures::user_event("user.created", "user_refused", 0);
        let body = self.canaries.mark_forbidden("refused", &body);
        let valid = Delivery::new(&body, now());
        let request = |it: &Delivery| it.request(&self.client, &self.process.url);
        let sign = |body: Vec<u8>| Delivery::signed(SECRET, "msg_refused", now(), body);
        let other = Delivery::signed(
            "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "msg_1",
            now(),
            valid.body.clone(),
        );
        let mut large = body.to_string();
        large.push_str(&" ".repeat(OVERSIZED));
        let mut text = b"\xff\xfe".to_vec();
        text.extend(&valid.body);
        let requests = vec![
            (400, request(&other)),
            (400, request(&valid.clone().forged())),
            (400, request(&Delivery::new(&body, now() - 400_000))),
            (400, request(&Delivery { id: String::new(), ..valid.clone() })),
            (400, request(&Delivery { body: text, ..valid.clone() })),
            (413, request(&sign(large.into_bytes()))),
            (415, request(&valid).header("content-encoding", "gzip")),
        ];
        let mut output = Vec::new();
        for (status, request) in requests {
            output.extend(self.fetch_expecting(status, request).await);
        }
        for name in ["svix-signature", "svix-timestamp", "svix-id", "authorization", "cookie"] {
            let canary = self.forbidden_canary(name);
            let request = request_of(self, &valid).header(name, canary);
            // The service ignores the other headers.
            let status = if name.starts_with("svix") { 400 } else { 200 };
            output.extend(self.fetch_expecting(status, request).await);
        }
        output
    }

    /// Sends signed bodies that cannot be decoded, and are stored as failed. Returns all responses,
    /// and the stored reasons.
    async fn failed_deliveries(&mut self) -> Vec<u8> {
        let mut output = Vec::new();
        for (at, (source, value)) in (0..).zip([
            ("updated_at", json!("x")),
            ("updated_at", json!(["x", { "x": "x" }])),
            ("id", json!({ "x": "x" })),
            ("id", json!(["x"])),
            ("updated_at", json!(1_i64 << 62)),
        ]) {
            let mut body = fixtures::user_event("user.created", "user_failing", 0);
            body["data"][source] = value;
            let body = self.canaries.mark_payload(&format!("failing {source}"), &body);
            let response = self.post(&format!("msg_failing_{at}"), &body).await;
            assert_eq!(response.body["decision"], "failed", "{source}: {}", response.body);
            output.extend(response.body.to_string().into_bytes());
            let event = self.read(&format!("/v1/events/msg_failing_{at}")).await;
            output.extend(event["reason"].to_string().into_bytes());
        }
        for (at, mut body) in (0..).zip([
            organization_event("organization.updated", "org_failing", 0),
            membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0),
            invitation_event("organizationInvitation.created", "orginv_1", "org_1", 0),
            domain_event("organizationDomain.updated", "orgdmn_1", "org_1", 0),
        ]) {
            body["data"]["updated_at"] = "x".into();
            let id = format!("msg_failing_organization_{at}");
            let body = self.canaries.mark_payload(&id, &body);
            let response = self.post(&id, &body).await;
            assert_eq!(response.body["decision"], "failed", "{id}: {}", response.body);
            output.extend(response.body.to_string().into_bytes());
            let event = self.read(&format!("/v1/events/{id}")).await;
            output.extend(event["reason"].to_string().into_bytes());
        }
        let canary = self.forbidden_canary("not JSON");
        for (at, body) in (0..).zip([
            format!("{{\"type\":\"user.created\",\"data\":{{\"first_name\":\"{canary}\""),
            canary.clone(),
            format!("{{\"{canary}\":1}} {canary}"),
            format!(
                "{{\"type\":\"user.created\",\"data\":{{\"first_name\":\"{canary}\\ud800\"}}}}"
            ),
        ]) {
            let delivery = Delivery::signed(SECRET, &format!("msg_unread_{at}"), now(), body);
            let (status, response) =
                response_bytes(delivery.request(&self.client, &self.process.url)).await;
            assert_eq!(status, 200);
            output.extend(response);
            output.extend(
                self.read(&format!("/v1/events/msg_unread_{at}")).await.to_string().into_bytes(),
            );
        }
        output
    }

    /// Sends reads with canaries in every part of the request. Returns all responses.
    async fn rejected_reads(&mut self) -> Vec<u8> {
        let mut output = Vec::new();
        for (status, path) in [
            (200, "/v1/users?email={}"),
            (200, "/v1/users?username={}&external_id={}&query={}"),
            (200, "/v1/events?type={}&subject={}"),
            (400, "/v1/users?{}=1"),
            (400, "/v1/users?limit={}"),
            (400, "/v1/events?cursor={}"),
            (400, "/v1/users?updated_after={}"),
            (400, "/v1/events?decision={}"),
            (400, "/v1/changes?after={}"),
            (404, "/v1/users/{}"),
            (404, "/v1/users/{}/sessions"),
            (404, "/v1/sessions/{}"),
            (404, "/v1/events/{}"),
            (404, "/nothing/{}"),
            (404, "/webhooks/{}"),
        ] {
            let path = path.replace("{}", &self.forbidden_canary(path));
            output.extend(self.fetch_expecting(status, self.get(&path)).await);
        }
        for name in
            ["authorization", "cookie", "user-agent", "referer", "x-forwarded-for", "origin"]
        {
            let canary = self.forbidden_canary(name);
            let value = match name {
                "authorization" => format!("Bearer {canary}{canary}{canary}{canary}"),
                "cookie" => format!("__session=eyJhbGciOiJSUzI1NiJ9.{canary}.{canary}"),
                _ => canary,
            };
            let path = format!("{}/v1/users", self.process.url);
            output
                .extend(self.fetch_expecting(401, self.client.get(path).header(name, value)).await);
        }
        let query = self.forbidden_canary("a webhook's query");
        let path = format!("{}/webhooks/clerk?token={query}", self.process.url);
        output.extend(
            self.fetch_expecting(405, self.client.request(Method::PUT, &path).body(query)).await,
        );
        output
    }

    /// Sends a request, again while the answer is an unexpected 503: on a busy machine, the checks of
    /// `/readyz` can exceed their time limits.
    async fn fetch_expecting(&self, expected: u16, request: reqwest::RequestBuilder) -> Vec<u8> {
        let description = format!("{request:?}");
        let fetched = async {
            loop {
                let (status, output) = response_bytes(request.try_clone().unwrap()).await;
                if status == expected || status != 503 {
                    return (status, output);
                }
            }
        };
        let (status, output) = timeout(TEST_TIMEOUT, fetched).await.expect(&description);
        assert_eq!(status, expected, "{description}: {}", String::from_utf8_lossy(&output));
        output
    }

    /// Sends deliveries while the database returns errors, some of which quote the row. Returns all
    /// responses.
    async fn deliveries_during_database_errors(&mut self, tables: &mut Tables) -> Vec<u8> {
        let mut output = Vec::new();
        for (cause, status) in [("database", 503), ("event", 200), ("lock", 503)] {
            let source = format!("database error: {cause}");
            let body = fixtures::user_event("user.created", "user_troubled", 0);
            let body = self.canaries.mark_payload(&source, &body);
            match cause {
                "lock" => tables.block_writers().await,
                cause => reject_users_quoting_rows(tables, cause == "database").await,
            }
            let response = self.post(&format!("msg_{}", &cause[..3]), &body).await;
            assert_eq!(response.status, status, "{cause}: {}", response.body);
            output.extend(response.body.to_string().into_bytes());
            match cause {
                "lock" => tables.release().await,
                _ => tables.accept_inserts("users").await,
            }
            output.extend(self.read("/v1/events?limit=500").await.to_string().into_bytes());
        }
        output
    }
}

fn request_of(scenario: &Scenario, delivery: &Delivery) -> reqwest::RequestBuilder {
    delivery.request(&scenario.client, &scenario.process.url)
}

/// Makes the database reject every user with an error message that quotes the complete row.
async fn reject_users_quoting_rows(tables: &mut Tables, is_database_error: bool) {
    let sql = match tables.engine() {
        // The service treats an overflow as an error of the database. Its message quotes nothing.
        Engine::Sqlite if is_database_error => {
            "CREATE TRIGGER reject BEFORE INSERT ON users BEGIN \
                                   SELECT abs(-9223372036854775807 - 1); END"
                .to_owned()
        }
        Engine::Sqlite => "CREATE TRIGGER reject BEFORE INSERT ON users BEGIN \
                           SELECT RAISE(ABORT, NEW.search || NEW.email); END"
            .to_owned(),
        Engine::Postgres => format!(
            "CREATE OR REPLACE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE USING ERRCODE = '{}', MESSAGE = NEW::text, DETAIL = NEW::text; \
             END $$; \
             CREATE TRIGGER reject BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION reject()",
            if is_database_error { "53100" } else { "23514" },
        ),
    };
    tables.run(&sql).await;
}

#[apply(both_engines)]
async fn received_values_are_not_logged_or_returned(engine: Engine) {
    for format in ["json", "pretty"] {
        let database = Database::new(engine).await;
        let overrides = [("MEETVO__LOG__FILTER", "trace"), ("MEETVO__LOG__FORMAT", format)];
        let mut scenario = Scenario::start(&database, overrides);
        let mut tables = database.tables().await;
        scenario.deliver_all().await;
        let mut output = scenario.rejected_deliveries().await;
        output.extend(scenario.failed_deliveries().await);
        output.extend(scenario.rejected_reads().await);
        output.extend(scenario.deliveries_during_database_errors(&mut tables).await);
        for path in ["/healthz", "/readyz", "/v1/status", "/openapi.json", "/v1/changes?limit=500"]
        {
            output.extend(scenario.fetch_expecting(200, scenario.get(path)).await);
        }
        let found = scenario.canaries.find_forbidden(&output, |_| false);
        assert!(found.is_empty(), "{found:?} in an response");

        let Scenario { process, canaries, .. } = scenario;
        process.terminate();
        let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
        assert_eq!(status.code(), Some(0), "{log}");
        assert!(log.lines().count() > 1_000, "{log}");
        assert!(log.contains("was not committed") && log.contains("the database refused an event"));
        assert_eq!(
            log.lines().all(|it| serde_json::from_str::<Value>(it).is_ok()),
            format == "json"
        );
        let line =
            log.lines().find(|line| !marked_payloads::find_canaries(line.as_bytes()).is_empty());
        assert_eq!(line, None, "{:?}", canaries.find_forbidden(log.as_bytes(), |_| false));
    }
}
