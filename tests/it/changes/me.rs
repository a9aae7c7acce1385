//! `/v1/me/changes`: the changes of the signed-in user.

use serde_json::{Value, json};

use super::{brief, change, get_changes, sign_up};
use crate::harness::{
    ApiResponse, Engine, EventStream, NOW, Service, apply, both_engines, fixtures, token,
};

/// Starts a service that accepts session tokens. Returns it, and the token of a session of
/// `user_1`.
async fn start_with_session(engine: Engine) -> (Service, String) {
    let service = Service::start_with_session_tokens(engine, []).await;
    sign_up(&service, "user_1").await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    (service, token("user_1", "sess_1"))
}

/// Returns the body of a page with brief changes.
fn brief_page(mut response: ApiResponse) -> Value {
    for change in response.body["data"].as_array_mut().unwrap() {
        *change = brief(change.take());
    }
    response.body
}

#[apply(both_engines)]
async fn user_receives_only_own_changes(engine: Engine) {
    let (service, token) = start_with_session(engine).await;
    sign_up(&service, "user_2").await;
    let get = |path: &str| service.client.get(service.url_for(path)).bearer_auth(&token);
    let response = ApiResponse::fetch(get("/v1/me/changes")).await;
    let own = [
        change(1, "user", "user_1", "user_1", false),
        change(2, "session", "sess_1", "user_1", false),
    ];
    assert_eq!(brief_page(response), json!({ "data": own, "next_cursor": "3", "has_more": false }));
    let mut stream = EventStream::open(get("/v1/me/changes")).await;
    sign_up(&service, "user_3").await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    let received = stream.next().await.unwrap();
    assert_eq!(brief(received), change(5, "user", "user_1", "user_1", false));
    assert_eq!(ApiResponse::fetch(get("/v1/changes")).await.status, 401);
}

/// Changes of other users, however many, do not count towards the page limit.
#[apply(both_engines)]
async fn other_users_do_not_delay_own_changes(engine: Engine) {
    let (service, token) = start_with_session(engine).await;
    let insert_others = format!(
        "WITH RECURSIVE numbers (n) AS \
         (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000) \
         INSERT INTO webhook_events (id, subject, object_id, decision, received_at) \
         SELECT 'other_' || n, 'user_2', 'user_2', 'applied', {NOW} FROM numbers"
    );
    service.tables().await.run(&insert_others).await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    let get = |query: &str| {
        service.client.get(service.url_for(&format!("/v1/me/changes?{query}"))).bearer_auth(&token)
    };
    let own = [
        change(1, "user", "user_1", "user_1", false),
        change(2, "session", "sess_1", "user_1", false),
        change(2003, "user", "user_1", "user_1", false),
    ];
    let first = brief_page(ApiResponse::fetch(get("limit=2")).await);
    assert_eq!(first, json!({ "data": own[..2], "next_cursor": "2", "has_more": true }));
    sign_up(&service, "user_3").await;
    let rest = brief_page(ApiResponse::fetch(get("limit=2&after=2")).await);
    assert_eq!(rest, json!({ "data": own[2..], "next_cursor": "2004", "has_more": false }));
    let mut stream = EventStream::open(get("after=0")).await;
    for change in &own {
        assert_eq!(&brief(stream.next().await.unwrap()), change);
    }
    service.send(&fixtures::user_event("user.updated", "user_1", 6)).await;
    assert_eq!(stream.next().await.unwrap()["cursor"], "2005");
}

#[apply(both_engines)]
async fn one_user_cannot_occupy_all_streams(engine: Engine) {
    let (service, session) = start_with_session(engine).await;
    let own =
        |token: &str| service.client.get(service.url_for("/v1/me/changes")).bearer_auth(token);
    let mut streams = Vec::new();
    for _ in 0..32 {
        streams.push(EventStream::open(own(&session)).await);
    }
    let rejected = ApiResponse::fetch(own(&session).header("accept", "text/event-stream")).await;
    assert_eq!(rejected.problem(), (429, "too_many_at_once"));
    assert!(rejected.header("retry-after").is_some());
    EventStream::open(own(&token("user_2", "sess_2"))).await;
    EventStream::open(get_changes(&service, "/v1/changes")).await;
}

/// A reconnecting client continues after the changes of other users, instead of at the start of its
/// stream.
#[apply(both_engines)]
async fn stream_id_advances_past_other_users(engine: Engine) {
    let (service, token) = start_with_session(engine).await;
    let own = service.client.get(service.url_for("/v1/me/changes")).bearer_auth(&token);
    let mut stream = EventStream::open(own).await;
    assert_eq!(stream.last_id, "2");
    sign_up(&service, "user_2").await;
    while stream.last_id != "3" {
        stream.wait().await;
    }
}

#[apply(both_engines)]
async fn stream_ends_with_its_session(engine: Engine) {
    for end in [
        fixtures::session_event("session.revoked", "sess_1", "user_1", 5),
        fixtures::user_deleted("user_1", 5),
    ] {
        let (service, token) = start_with_session(engine).await;
        let get = || service.client.get(service.url_for("/v1/me/changes")).bearer_auth(&token);
        let mut stream = EventStream::open(get()).await;
        service.send(&fixtures::user_event("user.updated", "user_1", 2)).await;
        assert!(stream.next().await.is_some());
        service.send(&end).await;
        assert_eq!(stream.next().await, None, "{}", end["type"]);
        let rejected = ApiResponse::fetch(get().header("accept", "text/event-stream")).await;
        assert_eq!(rejected.status, 401);
    }
}
