//! `GET /v1/users/{id}/accounts/{account}/token`

mod ends;
mod kept;
mod refused;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::harness::{
    self, Answer, Engine, ISSUER, Instance, KEY, NOW, Service, apply,
    backend::{Backend, SECRET_KEY},
    both_engines, fixtures,
};

/// `first=…`, and another one.
const FIRST: &str = "first=bWVldHZvOiBhIGtleSBvZiB0aGUgdGVzdHMgYWxvbmU=";
const SECOND: &str = "second=bWVldHZvOiBhbm90aGVyIG9uZSBvZiB0aGUgdGVzdHM=";

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// A service that knows two users, and Clerk, who knows them too.
struct Scene {
    service: Service,
    clerk: Backend,
}

impl Scene {
    /// With these token keys.
    async fn begin(engine: Engine, keys: &str) -> Self {
        let clerk = Backend::start();
        let service = Service::start_with(engine, settings(&clerk, keys)).await;
        let scene = Self { service, clerk };
        for user in ["user_1", "user_2"] {
            scene.send_user(user, 0, &[account(user, "github")]).await;
        }
        scene
    }

    /// Has Clerk know a user with these accounts, and tell of it.
    async fn send_user(&self, id: &str, later: i64, accounts: &[Value]) {
        let mut event = fixtures::user_event("user.updated", id, later);
        event["data"]["external_accounts"] = accounts.into();
        self.clerk.put_user(&event["data"]);
        assert_eq!(self.service.send(&event).await, "applied");
    }

    /// Has Clerk give out a token of `user_1`, which ends so much later, if it does.
    fn give(&self, token: &str, ends: Option<i64>) {
        self.clerk.put_token("user_1", "github", &given("eac_user_1", token, ends));
    }

    async fn ask(&self, account: &str) -> Answer {
        self.service.get(&format!("/v1/users/user_1/accounts/{account}/token")).await
    }

    /// The token of the first user's account.
    async fn token(&self) -> String {
        let answer = self.ask("eac_user_1").await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    fn asked(&self) -> usize {
        self.clerk.asked().len()
    }
}

fn settings<'a>(clerk: &'a Backend, keys: &'a str) -> [(&'a str, &'a str); 3] {
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

/// As Clerk gives one out, with its end in seconds.
fn given(account: &str, token: &str, ends: Option<i64>) -> Value {
    json!({
        "object": "oauth_access_token", "external_account_id": account,
        "provider_user_id": "there_user_1", "token": token,
        "expires_at": ends.map(|ends| (NOW + ends) / 1_000),
        "provider": "oauth_github", "public_metadata": {}, "label": null, "scopes": ["read:user"],
    })
}

#[apply(both_engines)]
async fn a_token_is_fetched_once_and_given_out_until_it_is_about_to_end(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    let mut token = given("eac_user_1", "gho_first", Some(HOUR));
    token["id_token"] = "header.claims.signature".into();
    scene.clerk.put_token("user_1", "github", &token);
    let answer = scene.ask("eac_user_1").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let expected = json!({
        "id": "eac_user_1", "provider_id": "github", "access_token": "gho_first",
        "access_token_expires_at": "2026-08-12T10:30:00.000Z",
        "id_token": "header.claims.signature", "fetched_at": "2026-08-12T09:30:00.000Z",
    });
    assert_eq!(answer.body, expected);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(scene.clerk.asked(), ["/v1/users/user_1/oauth_access_tokens/github"]);

    scene.give("gho_second", Some(2 * HOUR));
    scene.service.clock.set(NOW + 59 * MINUTE - 1);
    assert_eq!(scene.ask("eac_user_1").await.body, expected);
    assert_eq!(scene.asked(), 1);
    scene.service.clock.set(NOW + 59 * MINUTE);
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!((scene.token().await, scene.asked()), ("gho_second".to_owned(), 2));
    let refresh = "SELECT COUNT(refresh_token) || '' FROM account_tokens";
    assert_eq!(scene.service.tables().await.column(refresh).await, ["0"]);
}

#[apply(both_engines)]
async fn one_without_an_end_or_with_a_far_one_is_fetched_again_after_a_while(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    for (ends, good) in [(None, 5 * MINUTE), (Some(9_999 * HOUR), HOUR)] {
        scene.give("gho_first", ends);
        let now = scene.service.clock.now() + 24 * HOUR;
        scene.service.clock.set(now);
        let before = scene.asked();
        for (at, asked) in [(0, 1), (good - 1, 1), (good, 2)] {
            scene.service.clock.set(now + at);
            assert_eq!(scene.token().await, "gho_first");
            assert_eq!(scene.asked() - before, asked, "{ends:?} {at}");
        }
    }
}

/// Milliseconds, should Clerk ever change its mind.
#[apply(both_engines)]
async fn an_end_is_read_in_either_unit(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    let mut token = given("eac_user_1", "gho_first", None);
    token["expires_at"] = (NOW + HOUR).into();
    scene.clerk.put_token("user_1", "github", &token);
    let answer = scene.ask("eac_user_1").await;
    assert_eq!(answer.body["access_token_expires_at"], "2026-08-12T10:30:00.000Z");
}

#[apply(both_engines)]
async fn of_several_accounts_at_one_provider_each_has_its_own(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    let accounts = [account("a", "github"), account("b", "github"), account("c", "google")];
    scene.send_user("user_1", 1, &accounts).await;
    for (account, provider) in [("eac_b", "github"), ("eac_a", "github"), ("eac_c", "google")] {
        let token = given(account, &format!("token of {account}"), Some(HOUR));
        scene.clerk.put_token("user_1", provider, &token);
    }
    for _ in 0..2 {
        for account in ["eac_a", "eac_b", "eac_c"] {
            let answer = scene.ask(account).await;
            assert_eq!(answer.body["access_token"], format!("token of {account}"));
        }
    }
    assert_eq!(scene.asked(), 3);
}

#[apply(both_engines)]
async fn an_account_that_was_connected_anew_has_its_token_fetched_anew(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    scene.give("gho_first", Some(HOUR));
    assert_eq!(scene.token().await, "gho_first");
    scene.give("gho_second", Some(HOUR));
    scene.service.clock.set(NOW + 10);
    let mut connected = account("user_1", "github");
    connected["updated_at"] = (NOW + 5).into();
    scene.send_user("user_1", 5, &[connected]).await;
    assert_eq!(scene.token().await, "gho_second");
    assert_eq!((scene.token().await, scene.asked()), ("gho_second".to_owned(), 2));
}

#[apply(both_engines)]
async fn without_a_key_nothing_is_kept(engine: Engine) {
    let scene = Scene::begin(engine, "").await;
    scene.give("gho_first", Some(HOUR));
    for asked in 1..4 {
        assert_eq!(scene.token().await, "gho_first");
        assert_eq!(scene.asked(), asked);
    }
    assert!(scene.service.tables().await.rows("account_tokens").await.is_empty());
}

#[apply(both_engines)]
async fn those_who_ask_at_once_have_it_fetched_once(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    scene.give("gho_first", Some(HOUR));
    // Only the first request to Clerk has to wait: a second one would be answered at once.
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.answer_next([harness::backend::Answer::Held(Arc::clone(&permits))]);
    let twenty = futures_util::future::join_all((0..20).map(|_| scene.token()));
    let let_go = async {
        scene.clerk.until_asked(1).await;
        // As many round trips as those behind the first one take to come.
        for _ in 0..20 {
            assert_eq!(scene.service.get("/v1/users/user_1").await.status, 200);
        }
        permits.add_permits(1);
    };
    let (tokens, ()) = tokio::join!(twenty, let_go);
    assert!(tokens.iter().all(|token| token == "gho_first"), "{tokens:?}");
    assert_eq!(scene.asked(), 1);
}

/// Not with another's token, not with their own: a browser would hand it to every script of the page.
#[apply(both_engines)]
async fn nobody_reads_one_with_a_session_token(engine: Engine) {
    let scene = Scene::begin(engine, FIRST).await;
    scene.give("gho_first", Some(HOUR));
    let pem = &Instance::usual().pem;
    let signed = [("MEETVO__CLERK__ISSUER", ISSUER), ("CLERK_JWT_KEY", &**pem)];
    let (clerk, keys) = (&scene.clerk, FIRST);
    let [secret, url, keys] = settings(clerk, keys);
    let service = scene.service.restart_with([secret, url, keys, signed[0], signed[1]]).await;
    let path = service.at("/v1/users/user_1/accounts/eac_user_1/token");
    let token = harness::token("user_1", "sess_1");
    let me = service.client.get(service.at("/v1/me")).bearer_auth(&token);
    assert_eq!(Answer::of(me).await.status, 200, "it is good otherwise");
    let answer = Answer::of(service.client.get(&path).bearer_auth(&token)).await;
    assert_eq!(answer.problem(), (401, "key_required"));
    let cookie = service.client.get(&path).header("cookie", format!("__session={token}"));
    assert_eq!(Answer::of(cookie).await.problem(), (401, "credentials_missing"));
    let page = service.client.get(&path).bearer_auth(KEY).header("origin", "https://a.example.com");
    let answer = Answer::of(page).await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, None));
}
