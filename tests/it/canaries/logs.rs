//! What the service says: in its log, in refusals, and to whoever asks how it is.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, marks, marks::Reach, whole};
use crate::harness::{Database, Delivery, Engine, SECRET, Tables, apply, both_engines, fixtures};

/// What a body may be beside its signature.
const MEGABYTES: usize = 2 << 20;

fn now() -> i64 {
    meetvo::clock::Clock::system().now()
}

impl Scene {
    /// A text that is to get nowhere.
    fn quiet(&mut self, place: &str) -> String {
        self.canaries.make(Reach::Nowhere, place)
    }

    /// Deliveries that are refused; all that they are told.
    async fn refused_deliveries(&mut self) -> Vec<u8> {
        let body = fixtures::user_event("user.created", "user_refused", 0);
        let body = self.canaries.mark_all("refused", &body);
        let good = Delivery::new(&body, now());
        let of = |it: &Delivery| it.request(&self.client, &self.process.url);
        let sign = |body: Vec<u8>| Delivery::signed(SECRET, "msg_refused", now(), body);
        let other = Delivery::signed(
            "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "msg_1",
            now(),
            good.body.clone(),
        );
        let mut large = body.to_string();
        large.push_str(&" ".repeat(MEGABYTES));
        let mut text = b"\xff\xfe".to_vec();
        text.extend(&good.body);
        let requests = vec![
            (400, of(&other)),
            (400, of(&Delivery { signature: "v1,c2lnbmF0dXJl".into(), ..good.clone() })),
            (400, of(&Delivery::new(&body, now() - 400_000))),
            (400, of(&Delivery { id: String::new(), ..good.clone() })),
            (400, of(&Delivery { body: text, ..good.clone() })),
            (413, of(&sign(large.into_bytes()))),
            (415, of(&good).header("content-encoding", "gzip")),
        ];
        let mut told = Vec::new();
        for (status, request) in requests {
            told.extend(self.refused(status, request).await);
        }
        for name in ["svix-signature", "svix-timestamp", "svix-id", "authorization", "cookie"] {
            let canary = self.quiet(name);
            let request = of_quiet(self, &good).header(name, canary);
            // What the service does not ask for does not matter.
            let status = if name.starts_with("svix") { 400 } else { 200 };
            told.extend(self.refused(status, request).await);
        }
        told
    }

    /// Signed bodies that are not understood, which are kept; all that is told of them.
    async fn failures(&mut self) -> Vec<u8> {
        let mut told = Vec::new();
        for (place, value) in [
            ("banned", json!("x")),
            ("created_at", json!("x")),
            ("email_addresses", json!("x")),
            ("id", json!({ "x": "x" })),
            ("external_accounts", json!([{ "id": "eac_1", "created_at": "x" }])),
            ("updated_at", json!(1_i64 << 62)),
        ] {
            let mut body = fixtures::user_event("user.created", "user_failing", 0);
            body["data"][place] = value;
            let body = self.canaries.mark(&format!("failing {place}"), &body);
            let answer = self.post(&format!("msg_failing_{place}"), &body).await;
            assert_eq!(answer.body["decision"], "failed", "{place}: {}", answer.body);
            told.extend(answer.body.to_string().into_bytes());
            let event = self.read(&format!("/v1/events/msg_failing_{place}")).await;
            told.extend(event["reason"].to_string().into_bytes());
        }
        let canary = self.quiet("not JSON");
        for (at, body) in [
            format!("{{\"type\":\"user.created\",\"data\":{{\"first_name\":\"{canary}\""),
            canary.clone(),
            format!("{{\"{canary}\":1}} {canary}"),
            format!(
                "{{\"type\":\"user.created\",\"data\":{{\"first_name\":\"{canary}\\ud800\"}}}}"
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let delivery = Delivery::signed(SECRET, &format!("msg_unread_{at}"), now(), body);
            let (status, answer) = whole(delivery.request(&self.client, &self.process.url)).await;
            assert_eq!(status, 200);
            told.extend(answer);
            told.extend(
                self.read(&format!("/v1/events/msg_unread_{at}")).await.to_string().into_bytes(),
            );
        }
        told
    }

    /// Reads with something in every part of the request; all that they are told.
    async fn refused_reads(&mut self) -> Vec<u8> {
        let mut told = Vec::new();
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
            let path = path.replace("{}", &self.quiet(path));
            told.extend(self.refused(status, self.get(&path)).await);
        }
        for name in
            ["authorization", "cookie", "user-agent", "referer", "x-forwarded-for", "origin"]
        {
            let canary = self.quiet(name);
            let value = match name {
                "authorization" => format!("Bearer {canary}{canary}{canary}{canary}"),
                "cookie" => format!("__session=eyJhbGciOiJSUzI1NiJ9.{canary}.{canary}"),
                _ => canary,
            };
            let path = format!("{}/v1/users", self.process.url);
            told.extend(self.refused(401, self.client.get(path).header(name, value)).await);
        }
        let query = self.quiet("a webhook's query");
        let path = format!("{}/webhooks/clerk?token={query}", self.process.url);
        told.extend(self.refused(405, self.client.request(Method::PUT, &path).body(query)).await);
        told
    }

    async fn refused(&self, expected: u16, request: reqwest::RequestBuilder) -> Vec<u8> {
        let asked = format!("{request:?}");
        let (status, told) = whole(request).await;
        assert_eq!(status, expected, "{asked}: {}", String::from_utf8_lossy(&told));
        told
    }

    /// Deliveries while the database does not do as it should, and what it says of that quotes the row.
    async fn in_trouble(&mut self, tables: &mut Tables) -> Vec<u8> {
        let mut told = Vec::new();
        for (trouble, status) in [("ours", 503), ("the event's", 200), ("held", 503)] {
            let place = format!("in trouble: {trouble}");
            let body = fixtures::user_event("user.created", "user_troubled", 0);
            let body = self.canaries.mark(&place, &body);
            match trouble {
                "held" => tables.block_writers().await,
                trouble => quote_rows(tables, trouble == "ours").await,
            }
            let answer = self.post(&format!("msg_{}", &trouble[..3]), &body).await;
            assert_eq!(answer.status, status, "{trouble}: {}", answer.body);
            told.extend(answer.body.to_string().into_bytes());
            match trouble {
                "held" => tables.release().await,
                _ => tables.accept_inserts("users").await,
            }
            told.extend(self.read("/v1/events?limit=500").await.to_string().into_bytes());
        }
        told
    }
}

fn of_quiet(scene: &Scene, delivery: &Delivery) -> reqwest::RequestBuilder {
    delivery.request(&scene.client, &scene.process.url)
}

/// Has the database refuse every user, in words that quote all of the row.
async fn quote_rows(tables: &mut Tables, ours: bool) {
    let sql = match tables.engine() {
        // An overflow is nobody's fault as far as the service knows; it quotes nothing.
        Engine::Sqlite if ours => "CREATE TRIGGER reject BEFORE INSERT ON users BEGIN \
                                   SELECT abs(-9223372036854775807 - 1); END"
            .to_owned(),
        Engine::Sqlite => "CREATE TRIGGER reject BEFORE INSERT ON users BEGIN \
                           SELECT RAISE(ABORT, NEW.search || NEW.email); END"
            .to_owned(),
        Engine::Postgres => format!(
            "CREATE OR REPLACE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE USING ERRCODE = '{}', MESSAGE = NEW::text, DETAIL = NEW::text; \
             END $$; \
             CREATE TRIGGER reject BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION reject()",
            if ours { "53100" } else { "23514" },
        ),
    };
    tables.run(&sql).await;
}

#[apply(both_engines)]
async fn received_values_are_not_logged_or_returned(engine: Engine) {
    for format in ["json", "pretty"] {
        let database = Database::new(engine).await;
        let differ = [("MEETVO__LOG__FILTER", "trace"), ("MEETVO__LOG__FORMAT", format)];
        let mut scene = Scene::begin(&database, differ);
        let mut tables = database.tables().await;
        scene.deliver_all().await;
        let mut told = scene.refused_deliveries().await;
        told.extend(scene.failures().await);
        told.extend(scene.refused_reads().await);
        told.extend(scene.in_trouble(&mut tables).await);
        for path in ["/healthz", "/readyz", "/v1/status", "/openapi.json", "/v1/changes?limit=500"]
        {
            told.extend(scene.refused(200, scene.get(path)).await);
        }
        let found = scene.canaries.in_text(&told, |_| false);
        assert!(found.is_empty(), "{found:?} in an answer");

        let Scene { process, canaries, .. } = scene;
        process.terminate();
        let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
        assert_eq!(status.code(), Some(0), "{log}");
        assert!(log.lines().count() > 1_000, "{log}");
        assert!(log.contains("was not committed") && log.contains("the database refused an event"));
        assert_eq!(
            log.lines().all(|it| serde_json::from_str::<Value>(it).is_ok()),
            format == "json"
        );
        let line = log.lines().find(|line| !marks::texts(line.as_bytes()).is_empty());
        assert_eq!(line, None, "{:?}", canaries.in_text(log.as_bytes(), |_| false));
    }
}
