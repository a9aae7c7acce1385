//! Fake of Clerk's Backend API for one test, after Clerk's specification and system limits: pages
//! in the order of creation, cursors, a rate limit, Clerk's errors, and injected failures.

mod billing;
mod lists;
pub mod objects;

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

use self::{billing::Billing, lists::Lists};
use super::{Rng, TEST_TIMEOUT};

/// Accepted secret key, of a production instance.
pub const SECRET_KEY: &str = "sk_live_meetvoTests";

/// Instance of the secret key.
pub const INSTANCE: &str = "ins_meetvoTests";

/// Rate limit of a production instance, in requests per ten seconds.
const LIMIT: usize = 1_000;

/// Fake Backend API of one instance. It stops on drop.
pub struct FakeClerk {
    pub url: String,
    state: Arc<Mutex<ClerkState>>,
    count: watch::Receiver<usize>,
    server: ServerHandle,
}

/// Stored objects and injected failures.
struct ClerkState {
    /// Users by time of creation and ID.
    users: BTreeMap<(i64, String), Value>,
    created: HashMap<String, i64>,
    sessions: HashMap<String, Vec<Value>>,
    /// Organizations and what belongs to them.
    lists: Lists,
    billing: Billing,
    /// OAuth tokens by user and provider.
    tokens: HashMap<(String, String), Vec<Value>>,
    /// Times of the requests in the last ten seconds.
    recent: VecDeque<Instant>,
    rejected: usize,
    /// Paths of the requests, with their queries.
    requests: Vec<String>,
    /// `traceparent` of the requests that have it.
    trace_parents: Vec<String>,
    /// Number of requests.
    count: watch::Sender<usize>,
    /// Random numbers and the percentage of requests that fail.
    failures: Option<(Rng, usize)>,
    /// Responses to the next requests, regardless of their path.
    scripted: VecDeque<ScriptedResponse>,
    /// Function that changes the lists before a response.
    before_response: Option<Box<BeforeResponse>>,
}

type BeforeResponse = dyn FnMut(&str, &mut ListChanges) + Send;

/// Objects that are removed before a response, by list and ID.
pub type ListChanges = Vec<(&'static str, String)>;

/// Response that replaces or delays the regular one.
#[derive(Clone, Debug)]
pub enum ScriptedResponse {
    /// Status, body, and `Retry-After` in seconds.
    Status(u16, String, Option<u64>),
    /// The connection ends in the middle of the body.
    Truncated,
    /// The regular response, after a permit of the semaphore is available.
    Held(Arc<Semaphore>),
}

impl FakeClerk {
    pub fn start() -> Self {
        let (count, counted) = watch::channel(0);
        let state = Arc::new(Mutex::new(ClerkState {
            users: BTreeMap::new(),
            created: HashMap::new(),
            sessions: HashMap::new(),
            lists: Lists::new(),
            billing: Billing::default(),
            tokens: HashMap::new(),
            recent: VecDeque::new(),
            rejected: 0,
            requests: Vec::new(),
            trace_parents: Vec::new(),
            count,
            failures: None,
            scripted: VecDeque::new(),
            before_response: None,
        }));
        let data = web::Data::from(Arc::clone(&state));
        let app = move || App::new().app_data(data.clone()).default_service(web::get().to(respond));
        let server = HttpServer::new(app)
            .workers(1)
            .keep_alive(TEST_TIMEOUT)
            .client_request_timeout(TEST_TIMEOUT)
            .bind("127.0.0.1:0")
            .unwrap();
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.disable_signals().shutdown_timeout(0).run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "the server is stopped on drop")]
        tokio::spawn(server);
        Self { url, state, count: counted, server: handle }
    }

    fn state(&self) -> MutexGuard<'_, ClerkState> {
        self.state.lock().unwrap()
    }

    /// Adds or replaces a user. Its `created_at` determines its position in lists.
    pub fn put_user(&self, user: &Value) {
        let mut state = self.state();
        let (id, created_at) = (user["id"].as_str().unwrap(), user["created_at"].as_i64().unwrap());
        state.created.insert(id.to_owned(), created_at);
        state.users.insert((created_at, id.to_owned()), user.clone());
    }

    pub fn remove_user(&self, id: &str) {
        let mut state = self.state();
        let created_at = state.created.remove(id).unwrap();
        state.users.remove(&(created_at, id.to_owned())).unwrap();
        state.sessions.remove(id);
        state.lists.remove_memberships(id);
    }

    /// Adds or replaces an object of a list, such as `organizations`. Its `created_at` determines its
    /// position.
    pub fn put(&self, list: &str, object: &Value) {
        self.state().lists.put(list, object);
    }

    /// Removes an object of a list. With an organization, its memberships, invitations and domains
    /// are removed.
    pub fn remove(&self, list: &str, id: &str) {
        self.state().lists.remove(list, id);
    }

    /// Returns the objects of a list in the order of creation.
    pub fn all(&self, list: &str) -> Vec<Value> {
        self.state().lists.all(list)
    }

    /// Turns organizations, or only their domains, off or on.
    pub fn enable(&self, organizations: bool, domains: bool) {
        let mut state = self.state();
        state.lists.has_organizations = organizations;
        state.lists.has_domains = domains;
    }

    /// Turns billing on, with these plans.
    pub fn enable_billing(&self, plans: &[Value]) {
        let mut state = self.state();
        state.billing.is_enabled = true;
        state.billing.plans = plans.to_vec();
    }

    /// Sets the subscription of a payer, with its items.
    pub fn put_subscription(&self, payer: &str, subscription: &Value) {
        self.state().billing.subscriptions.insert(payer.to_owned(), subscription.clone());
    }

    /// Removes the subscription of a payer.
    pub fn remove_subscription(&self, payer: &str) {
        self.state().billing.subscriptions.remove(payer).unwrap();
    }

    /// Calls a function before each response, with the path of the request and its query. The
    /// function can change what Clerk has.
    pub fn before_responses(&self, call: impl FnMut(&str, &mut ListChanges) + Send + 'static) {
        self.state().before_response = Some(Box::new(call));
    }

    pub fn users(&self) -> Vec<Value> {
        self.state().users.values().cloned().collect()
    }

    pub fn put_session(&self, session: &Value) {
        let owner = session["user_id"].as_str().unwrap().to_owned();
        self.state().sessions.entry(owner).or_default().push(session.clone());
    }

    /// Adds or replaces the OAuth token of a linked account at a provider.
    pub fn put_token(&self, user_id: &str, provider: &str, token: &Value) {
        let about = (user_id.to_owned(), provider.to_owned());
        let mut state = self.state();
        let tokens = state.tokens.entry(about).or_default();
        tokens.retain(|other| other["external_account_id"] != token["external_account_id"]);
        tokens.push(token.clone());
    }

    /// Sets the responses to the next requests.
    pub fn script_responses(&self, responses: impl IntoIterator<Item = ScriptedResponse>) {
        self.state().scripted.extend(responses);
    }

    /// Lets a percentage of all further requests fail, with statuses and truncated bodies.
    pub fn inject_failures(&self, seed: u64, percent: usize) {
        self.state().failures = Some((Rng(seed), percent));
    }

    /// Returns the paths of all requests so far, with their queries.
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// Waits until `count` requests have arrived.
    pub async fn wait_for_requests(&self, count: usize) {
        let mut counted = self.count.clone();
        let enough = counted.wait_for(|counted| *counted >= count);
        timeout(TEST_TIMEOUT, enough).await.expect("the requests arrive").unwrap();
    }

    /// Returns `traceparent` of the requests that had it.
    pub fn trace_parents(&self) -> Vec<String> {
        self.state().trace_parents.clone()
    }

    /// Returns the number of requests that exceeded the rate limit.
    pub fn rejected_by_rate_limit(&self) -> usize {
        self.state().rejected
    }
}

impl Drop for FakeClerk {
    fn drop(&mut self) {
        // The command is queued when `stop` returns; the future only waits for the end.
        drop(self.server.stop(false));
    }
}

async fn respond(request: HttpRequest, state: web::Data<Mutex<ClerkState>>) -> HttpResponse {
    let ((status, body), scripted) = {
        let mut state = state.lock().unwrap();
        state.requests.push(request.uri().to_string());
        let parent = request.headers().get("traceparent");
        state.trace_parents.extend(parent.map(|it| it.to_str().unwrap().to_owned()));
        state.count.send_modify(|count| *count += 1);
        if let Some(mut call) = state.before_response.take() {
            let mut removed = ListChanges::new();
            call(&request.uri().to_string(), &mut removed);
            for (list, id) in &removed {
                state.lists.remove(list, id);
            }
            state.before_response = Some(call);
        }
        let regular = state.respond(&request);
        (regular, state.next_scripted())
    };
    match scripted {
        None => json_response(status, &body),
        Some(ScriptedResponse::Held(permits)) => {
            permits.acquire().await.unwrap().forget();
            json_response(status, &body)
        }
        Some(ScriptedResponse::Status(status, body, retry_after)) => {
            let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap());
            if let Some(seconds) = retry_after {
                response.insert_header(("retry-after", seconds.to_string()));
            }
            response.body(body)
        }
        Some(ScriptedResponse::Truncated) => {
            let body = body.to_string().into_bytes();
            let half = web::Bytes::from(body[..body.len() / 2].to_vec());
            let truncated = stream::iter([Ok(half), Err(std::io::Error::other("truncated"))]);
            HttpResponse::Ok().streaming(truncated)
        }
    }
}

fn json_response(status: u16, body: &Value) -> HttpResponse {
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).json(body)
}

/// Returns an error body with a code, in Clerk's format.
pub fn error(code: &str) -> Value {
    json!({
        "errors": [{ "message": "Clerk says no", "long_message": "Clerk says no", "code": code }],
        "clerk_trace_id": "5ad9f8a1b2c3",
    })
}

impl ClerkState {
    /// Takes the next scripted response, or draws an injected failure.
    fn next_scripted(&mut self) -> Option<ScriptedResponse> {
        if let Some(response) = self.scripted.pop_front() {
            return Some(response);
        }
        let (rng, percent) = self.failures.as_mut()?;
        let percent = *percent;
        (rng.below(100) < percent).then(|| match rng.below(4) {
            0 => ScriptedResponse::Status(429, error("too_many_requests").to_string(), Some(1)),
            1 => {
                ScriptedResponse::Status(500, "<html>Internal Server Error</html>".to_owned(), None)
            }
            2 => ScriptedResponse::Status(503, String::new(), None),
            _ => ScriptedResponse::Truncated,
        })
    }

    /// Returns the regular response to a request.
    fn respond(&mut self, request: &HttpRequest) -> (u16, Value) {
        let now = Instant::now();
        while self.recent.front().is_some_and(|it| now - *it > Duration::from_secs(10)) {
            self.recent.pop_front();
        }
        self.recent.push_back(now);
        if self.recent.len() > LIMIT {
            self.rejected += 1;
            return (429, error("too_many_requests"));
        }
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        if header("authorization") != Some(&*format!("Bearer {SECRET_KEY}")) {
            return (401, error("clerk_key_invalid"));
        }
        assert_eq!(header("clerk-api-version"), Some("2026-05-12"), "requests pin the API version");
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
            ["v1", "users"] => self.user_page(&query),
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
            ["v1", "sessions"] => self.session_page(&query),
            _ => {
                let response = self.billing.respond(&path[1..], &query);
                let response = response.or_else(|| self.lists.respond(&path[1..], &query));
                response.unwrap_or_else(|| panic!("{request:?}: the fake has no such path"))
            }
        }
    }

    fn user(&self, id: &str) -> Option<&Value> {
        self.users.get(&(*self.created.get(id)?, id.to_owned()))
    }

    fn user_page(&self, query: &HashMap<String, String>) -> (u16, Value) {
        let limit = query["limit"].parse::<usize>().unwrap();
        assert!((1..=500).contains(&limit), "Clerk's page size");
        assert_eq!(query["order_by"], "+created_at", "the cursor needs this order");
        let users = match query.get("starting_after") {
            None => self.users.values().take(limit).collect::<Vec<_>>(),
            Some(id) => {
                // Clerk rejects a cursor whose user has been deleted.
                let Some(created_at) = self.created.get(id) else {
                    return (422, error("resource_not_found"));
                };
                let after = (*created_at, format!("{id}\0"));
                self.users.range(after..).map(|(_, user)| user).take(limit).collect()
            }
        };
        (200, json!(users))
    }

    fn session_page(&self, query: &HashMap<String, String>) -> (u16, Value) {
        let number = |name: &str| query[name].parse::<usize>().unwrap();
        let sessions = self.sessions.get(&query["user_id"]).into_iter().flatten();
        (200, sessions.skip(number("offset")).take(number("limit")).cloned().collect())
    }
}
