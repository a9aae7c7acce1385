//! A Backend API of a test's own, as Clerk's specification and its system limits describe it: pages in the
//! order of creation, a cursor, a limit of requests, Clerk's errors, and every kind of trouble.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, http::StatusCode, web,
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};

use super::Dice;

/// The secret key that is taken, of a production instance.
pub const SECRET_KEY: &str = "sk_live_meetvoTests";

/// The instance whose key it is.
pub const INSTANCE: &str = "ins_meetvoTests";

/// Ends a test that would hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// How many requests a production instance is granted in ten seconds.
const LIMIT: usize = 1_000;

/// Clerk's Backend API of one instance. Stops when it is dropped.
pub struct Backend {
    pub url: String,
    world: Arc<Mutex<World>>,
    count: watch::Receiver<usize>,
    server: ServerHandle,
}

/// What Clerk has, and how it behaves.
struct World {
    /// By their creation.
    users: BTreeMap<(i64, String), Value>,
    created: HashMap<String, i64>,
    sessions: HashMap<String, Vec<Value>>,
    /// By the user and the provider.
    tokens: HashMap<(String, String), Vec<Value>>,
    /// When the last requests came in.
    recent: VecDeque<Instant>,
    refused: usize,
    asked: Vec<String>,
    /// How many those are.
    count: watch::Sender<usize>,
    trouble: Option<(Dice, usize)>,
    /// Answers to the next requests, whatever they ask for.
    next: VecDeque<Answer>,
}

/// An answer that is not the one that was asked for.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status, body, and the seconds of `Retry-After`.
    Status(u16, String, Option<u64>),
    /// The connection ends in the middle of the body.
    Torn,
    /// What was asked for, once there is a permit.
    Held(Arc<Semaphore>),
}

impl Backend {
    pub fn start() -> Self {
        let (count, counted) = watch::channel(0);
        let world = Arc::new(Mutex::new(World {
            users: BTreeMap::new(),
            created: HashMap::new(),
            sessions: HashMap::new(),
            tokens: HashMap::new(),
            recent: VecDeque::new(),
            refused: 0,
            asked: Vec::new(),
            count,
            trouble: None,
            next: VecDeque::new(),
        }));
        let state = web::Data::from(Arc::clone(&world));
        let app =
            move || App::new().app_data(state.clone()).default_service(web::get().to(respond));
        let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.disable_signals().shutdown_timeout(0).run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "it is stopped when it is dropped")]
        tokio::spawn(server);
        Self { url, world, count: counted, server: handle }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Adds a user, or changes one; `created_at` says where it stands.
    pub fn put_user(&self, user: &Value) {
        let mut world = self.world();
        let (id, created_at) = (user["id"].as_str().unwrap(), user["created_at"].as_i64().unwrap());
        world.created.insert(id.to_owned(), created_at);
        world.users.insert((created_at, id.to_owned()), user.clone());
    }

    pub fn remove_user(&self, id: &str) {
        let mut world = self.world();
        let created_at = world.created.remove(id).unwrap();
        world.users.remove(&(created_at, id.to_owned())).unwrap();
        world.sessions.remove(id);
    }

    pub fn users(&self) -> Vec<Value> {
        self.world().users.values().cloned().collect()
    }

    pub fn put_session(&self, session: &Value) {
        let owner = session["user_id"].as_str().unwrap().to_owned();
        self.world().sessions.entry(owner).or_default().push(session.clone());
    }

    /// Gives out a token of an account at a provider, in the place of the one before.
    pub fn put_token(&self, user_id: &str, provider: &str, token: &Value) {
        let about = (user_id.to_owned(), provider.to_owned());
        let mut world = self.world();
        let tokens = world.tokens.entry(about).or_default();
        tokens.retain(|other| other["external_account_id"] != token["external_account_id"]);
        tokens.push(token.clone());
    }

    /// Answers the next requests like this.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.world().next.extend(answers);
    }

    /// From now on so many of a hundred requests end in trouble of any kind.
    pub fn make_trouble(&self, seed: u64, percent: usize) {
        self.world().trouble = Some((Dice(seed), percent));
    }

    /// What was asked for: paths with their queries.
    pub fn asked(&self) -> Vec<String> {
        self.world().asked.clone()
    }

    /// Waits until so many requests have come.
    pub async fn until_asked(&self, count: usize) {
        let mut counted = self.count.clone();
        let come = timeout(PATIENCE, counted.wait_for(|counted| *counted >= count)).await;
        come.expect("they come").unwrap();
    }

    /// How many requests came beyond the limit.
    pub fn beyond_the_limit(&self) -> usize {
        self.world().refused
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        // What it is told it does; nobody needs to wait for it.
        drop(self.server.stop(false));
    }
}

async fn respond(request: HttpRequest, world: web::Data<Mutex<World>>) -> HttpResponse {
    let (usual, other) = {
        let mut world = world.lock().unwrap();
        world.asked.push(request.uri().to_string());
        world.count.send_modify(|count| *count += 1);
        let usual = world.usual(&request);
        (usual, world.other())
    };
    match other {
        None => answer(usual.0, &usual.1),
        Some(Answer::Held(permits)) => {
            permits.acquire().await.unwrap().forget();
            answer(usual.0, &usual.1)
        }
        Some(Answer::Status(status, body, retry_after)) => {
            let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
            if let Some(seconds) = retry_after {
                response.insert_header(("retry-after", seconds.to_string()));
            }
            response.body(body)
        }
        Some(Answer::Torn) => {
            let body = usual.1.to_string().into_bytes();
            let half = web::Bytes::from(body[..body.len() / 2].to_vec());
            let torn = stream::iter([Ok(half), Err(std::io::Error::other("torn"))]);
            HttpResponse::Ok().streaming(torn)
        }
    }
}

fn answer(status: u16, body: &Value) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(body)
}

/// As Clerk words it.
pub fn error(code: &str) -> Value {
    json!({
        "errors": [{ "message": "Clerk says no", "long_message": "Clerk says no", "code": code }],
        "clerk_trace_id": "5ad9f8a1b2c3",
    })
}

impl World {
    /// Trouble, where it is this request's turn.
    fn other(&mut self) -> Option<Answer> {
        if let Some(next) = self.next.pop_front() {
            return Some(next);
        }
        let (dice, percent) = self.trouble.as_mut()?;
        let percent = *percent;
        (dice.below(100) < percent).then(|| match dice.below(4) {
            0 => Answer::Status(429, error("too_many_requests").to_string(), Some(1)),
            1 => Answer::Status(500, "<html>Internal Server Error</html>".to_owned(), None),
            2 => Answer::Status(503, String::new(), None),
            _ => Answer::Torn,
        })
    }

    fn usual(&mut self, request: &HttpRequest) -> (u16, Value) {
        let now = Instant::now();
        while self.recent.front().is_some_and(|it| now - *it > Duration::from_secs(10)) {
            self.recent.pop_front();
        }
        self.recent.push_back(now);
        if self.recent.len() > LIMIT {
            self.refused += 1;
            return (429, error("too_many_requests"));
        }
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        if header("authorization") != Some(&*format!("Bearer {SECRET_KEY}")) {
            return (401, error("clerk_key_invalid"));
        }
        assert_eq!(header("clerk-api-version"), Some("2026-05-12"), "a version is pinned");
        let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        let query: HashMap<String, String> = query.unwrap().into_inner().into_iter().collect();
        let path: Vec<_> = request.path().split('/').skip(1).collect();
        match path[..] {
            ["v1", "instance"] => (
                200,
                json!({ "object": "instance", "id": INSTANCE, "environment_type": "production" }),
            ),
            ["v1", "users", "count"] => {
                (200, json!({ "object": "total_count", "total_count": self.users.len() }))
            }
            ["v1", "users"] => self.page(&query),
            ["v1", "users", id] => match self.user(id) {
                Some(user) => (200, user.clone()),
                None => (404, error("resource_not_found")),
            },
            ["v1", "users", id, "oauth_access_tokens", provider] => {
                let provider = provider.strip_prefix("oauth_").unwrap_or(provider);
                let tokens = self.tokens.get(&(id.to_owned(), provider.to_owned()));
                match self.user(id) {
                    Some(_) => (200, json!(tokens.into_iter().flatten().collect::<Vec<_>>())),
                    None => (404, error("resource_not_found")),
                }
            }
            ["v1", "sessions"] => self.page_of_sessions(&query),
            _ => panic!("{request:?}: Clerk has no such path that is asked for"),
        }
    }

    fn user(&self, id: &str) -> Option<&Value> {
        self.users.get(&(*self.created.get(id)?, id.to_owned()))
    }

    fn page(&self, query: &HashMap<String, String>) -> (u16, Value) {
        let limit = query["limit"].parse::<usize>().unwrap();
        assert!((1..=500).contains(&limit), "Clerk gives no more");
        assert_eq!(query["order_by"], "+created_at", "the cursor needs this order");
        let users = match query.get("starting_after") {
            None => self.users.values().take(limit).collect::<Vec<_>>(),
            Some(id) => {
                // Of one who has gone meanwhile, Clerk knows no place.
                let Some(created_at) = self.created.get(id) else {
                    return (422, error("resource_not_found"));
                };
                let behind = (*created_at, format!("{id}\0"));
                self.users.range(behind..).map(|(_, user)| user).take(limit).collect()
            }
        };
        (200, json!(users))
    }

    fn page_of_sessions(&self, query: &HashMap<String, String>) -> (u16, Value) {
        let number = |name: &str| query[name].parse::<usize>().unwrap();
        let sessions = self.sessions.get(&query["user_id"]).into_iter().flatten();
        (200, sessions.skip(number("offset")).take(number("limit")).cloned().collect())
    }
}
