//! `GET /v1/users/{id}/accounts/{account_id}/token`: OAuth tokens of external accounts.

mod deletion;
mod encryption;
mod errors;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::harness::{
    self, ApiResponse, Engine, ISSUER, Instance, KEY, NOW, Service, apply, both_engines,
    fake_clerk::{FakeClerk, SECRET_KEY},
    fixtures,
};

/// Token keys in the form of `MEETVO_TOKEN_KEYS`.
const FIRST_KEY: &str = "first=bWVldHZvOiBhIGtleSBvZiB0aGUgdGVzdHMgYWxvbmU=";
const SECOND_KEY: &str = "second=bWVldHZvOiBhbm90aGVyIG9uZSBvZiB0aGUgdGVzdHM=";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A service and a Clerk backend with the same two users.
struct Scene {
    service: Service,
    clerk: FakeClerk,
}

impl Scene {
    /// Starts the service with these token keys.
    async fn start(engine: Engine, keys: &str) -> Self {
        let clerk = FakeClerk::start();
        let service = Service::start_with(engine, settings(&clerk, keys)).await;
        let scene = Self { service, clerk };
        for user in ["user_1", "user_2"] {
            scene.send_user(user, 0, &[account(user, "github")]).await;
        }
        scene
    }

    /// Stores a user with these accounts at Clerk, and sends the webhook.
    async fn send_user(&self, id: &str, later: i64, accounts: &[Value]) {
        let mut event = fixtures::user_event("user.updated", id, later);
        event["data"]["external_accounts"] = accounts.into();
        self.clerk.put_user(&event["data"]);
        assert_eq!(self.service.send(&event).await, "applied");
    }

    /// Stores a token of `user_1` at Clerk, with an expiry relative to `NOW` in milliseconds.
    fn put_token(&self, token: &str, expires_in: Option<i64>) {
        self.clerk.put_token("user_1", "github", &clerk_token("eac_user_1", token, expires_in));
    }

    async fn request_token(&self, account: &str) -> ApiResponse {
        self.service.get(&format!("/v1/users/user_1/accounts/{account}/token")).await
    }

    /// Requests the token of the first user's account, and returns it.
    async fn token(&self) -> String {
        let answer = self.request_token("eac_user_1").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    fn clerk_requests(&self) -> usize {
        self.clerk.requests().len()
    }
}

fn settings<'a>(clerk: &'a FakeClerk, keys: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("CLERK_SECRET_KEY", SECRET_KEY),
        ("MEETVO__CLERK__API_URL", &clerk.url),
        ("MEETVO_TOKEN_KEYS", keys),
    ]
}

fn account(user: &str, provider: &str) -> Value {
    json!({
        "object": "external_account", "id": format!("eac_{user}"),
        "provider": format!("oauth_{provider}"), "provider_user_id": format!("there_{user}"),
    })
}

/// A token in the form of Clerk's API, with its expiry in seconds.
fn clerk_token(account: &str, token: &str, expires_in: Option<i64>) -> Value {
    json!({
        "object": "oauth_access_token", "external_account_id": account,
        "provider_user_id": "there_user_1", "token": token,
        "expires_at": expires_in.map(|expires_in| (NOW + expires_in) / 1_000),
        "provider": "oauth_github", "public_metadata": {}, "label": null, "scopes": ["read:user"],
    })
}

#[apply(both_engines)]
async fn token_is_cached_until_expiry_margin(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    let mut token = clerk_token("eac_user_1", "gho_first", Some(HOUR));
    token["id_token"] = "header.claims.signature".into();
    scene.clerk.put_token("user_1", "github", &token);
    let answer = scene.request_token("eac_user_1").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let expected = json!({
        "id": "eac_user_1", "provider_id": "github", "access_token": "gho_first",
        "access_token_expires_at": "2026-08-12T10:30:00.000Z",
        "id_token": "header.claims.signature", "fetched_at": "2026-08-12T09:30:00.000Z",
    });
    assert_eq!(answer.body, expected);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(scene.clerk.requests(), ["/v1/users/user_1/oauth_access_tokens/github"]);

    scene.put_token("gho_second", Some(2 * HOUR));
    scene.service.clock.set(NOW + 59 * MINUTE - 1);
    assert_eq!(scene.request_token("eac_user_1").await.body, expected);
    assert_eq!(scene.clerk_requests(), 1);
    scene.service.clock.set(NOW + 59 * MINUTE);
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!((scene.token().await, scene.clerk_requests()), ("gho_second".to_owned(), 2));
    let refresh = "SELECT COUNT(refresh_token) || '' FROM account_tokens";
    assert_eq!(scene.service.tables().await.column(refresh).await, ["0"]);
}

#[apply(both_engines)]
async fn cache_time_is_limited(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    for (expires_in, cached_for) in [(None, 5 * MINUTE), (Some(9_999 * HOUR), HOUR)] {
        scene.put_token("gho_first", expires_in);
        let now = scene.service.clock.now() + 24 * HOUR;
        scene.service.clock.set(now);
        let before = scene.clerk_requests();
        for (at, clerk_requests) in [(0, 1), (cached_for - 1, 1), (cached_for, 2)] {
            scene.service.clock.set(now + at);
            assert_eq!(scene.token().await, "gho_first");
            assert_eq!(scene.clerk_requests() - before, clerk_requests, "{expires_in:?} {at}");
        }
    }
}

/// Clerk returns the expiry in seconds. The service accepts milliseconds too, in case that changes.
#[apply(both_engines)]
async fn expiry_is_read_in_either_unit(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    let mut token = clerk_token("eac_user_1", "gho_first", None);
    token["expires_at"] = (NOW + HOUR).into();
    scene.clerk.put_token("user_1", "github", &token);
    let answer = scene.request_token("eac_user_1").await;
    assert_eq!(answer.body["access_token_expires_at"], "2026-08-12T10:30:00.000Z");
}

#[apply(both_engines)]
async fn accounts_of_one_provider_have_own_tokens(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    let accounts = [account("a", "github"), account("b", "github"), account("c", "google")];
    scene.send_user("user_1", 1, &accounts).await;
    for (account, provider) in [("eac_b", "github"), ("eac_a", "github"), ("eac_c", "google")] {
        let token = clerk_token(account, &format!("token of {account}"), Some(HOUR));
        scene.clerk.put_token("user_1", provider, &token);
    }
    for _ in 0..2 {
        for account in ["eac_a", "eac_b", "eac_c"] {
            let answer = scene.request_token(account).await;
            assert_eq!(answer.body["access_token"], format!("token of {account}"));
        }
    }
    assert_eq!(scene.clerk_requests(), 3);
}

#[apply(both_engines)]
async fn reconnected_account_fetches_new_token(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    scene.put_token("gho_first", Some(HOUR));
    assert_eq!(scene.token().await, "gho_first");
    scene.put_token("gho_second", Some(HOUR));
    scene.service.clock.set(NOW + 10);
    let mut connected = account("user_1", "github");
    connected["updated_at"] = (NOW + 5).into();
    scene.send_user("user_1", 5, &[connected]).await;
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!((scene.token().await, scene.clerk_requests()), ("gho_second".to_owned(), 2));
}

#[apply(both_engines)]
async fn no_token_is_cached_without_key(engine: Engine) {
    let scene = Scene::start(engine, "").await;
    scene.put_token("gho_first", Some(HOUR));
    for clerk_requests in 1..4 {
        assert_eq!(scene.token().await, "gho_first");
        assert_eq!(scene.clerk_requests(), clerk_requests);
    }
    assert!(scene.service.tables().await.rows("account_tokens").await.is_empty());
}

#[apply(both_engines)]
async fn concurrent_requests_share_one_fetch(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    scene.put_token("gho_first", Some(HOUR));
    // Only the first request to Clerk is held. A second one is answered at once.
    let permits = Arc::new(Semaphore::new(0));
    scene
        .clerk
        .script_responses([harness::fake_clerk::ScriptedResponse::Held(Arc::clone(&permits))]);
    let requests = futures_util::future::join_all((0..20).map(|_| scene.token()));
    let release = async {
        scene.clerk.wait_for_requests(1).await;
        // These round trips give the other requests time to arrive.
        for _ in 0..20 {
            assert_eq!(scene.service.get("/v1/users/user_1").await.status, 200);
        }
        permits.add_permits(1);
    };
    let (tokens, ()) = tokio::join!(requests, release);
    assert!(tokens.iter().all(|token| token == "gho_first"), "{tokens:?}");
    assert_eq!(scene.clerk_requests(), 1);
}

/// Session tokens cannot read OAuth tokens, not even the user's own. In a browser, every script of
/// the page could read them.
#[apply(both_engines)]
async fn session_token_cannot_read_tokens(engine: Engine) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    scene.put_token("gho_first", Some(HOUR));
    let pem = &Instance::shared().pem;
    let signed = [("MEETVO__CLERK__ISSUER", ISSUER), ("CLERK_JWT_KEY", &**pem)];
    let (clerk, keys) = (&scene.clerk, FIRST_KEY);
    let [secret, url, keys] = settings(clerk, keys);
    let service = scene.service.restart_with([secret, url, keys, signed[0], signed[1]]).await;
    let path = service.url_for("/v1/users/user_1/accounts/eac_user_1/token");
    let token = harness::token("user_1", "sess_1");
    let me = service.client.get(service.url_for("/v1/me")).bearer_auth(&token);
    assert_eq!(ApiResponse::fetch(me).await.status, 200, "the session token is valid");
    let answer = ApiResponse::fetch(service.client.get(&path).bearer_auth(&token)).await;
    assert_eq!(answer.problem(), (401, "key_required"));
    let cookie = service.client.get(&path).header("cookie", format!("__session={token}"));
    assert_eq!(ApiResponse::fetch(cookie).await.problem(), (401, "credentials_missing"));
    let page = service.client.get(&path).bearer_auth(KEY).header("origin", "https://a.example.com");
    let answer = ApiResponse::fetch(page).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, None));
}
