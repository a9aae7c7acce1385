//! Query parameter `wait`: holds a request until an object has been synced, or until it has another
//! state.

use std::{future::pending, pin::pin, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, HeaderValue},
};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use utoipa::{IntoParams, ToSchema};

use super::{State, caching, problem::Problem, timestamp::Timestamp};
use crate::store::{
    StoreError,
    changes::{ChangeBatch, ChangeEntry},
    users::UserView,
};

/// Maximum wait.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// Time to wait for the webhook before the user is fetched from Clerk. If half of the requested
/// wait is shorter, that time is used.
const WEBHOOK_GRACE: Duration = Duration::from_secs(1);

/// Duration with a unit: `3s`, `500ms`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(
    value_type = String,
    pattern = "^(([12]?[0-9]|30)s|([12]?[0-9]{1,4}|30000)ms)$",
    example = "3s"
)]
pub(super) struct Wait(Duration);

impl Wait {
    fn parse(text: &str) -> Option<Self> {
        let (number, unit): (&str, fn(u64) -> Duration) = match text.strip_suffix("ms") {
            Some(number) => (number, Duration::from_millis),
            None => (text.strip_suffix('s')?, Duration::from_secs),
        };
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let wait = unit(number.parse().ok().filter(|_| digits)?);
        (wait <= MAX_WAIT).then_some(Self(wait))
    }

    /// Returns the longest valid wait in a query string, or zero. It is added to the timeout of the
    /// request.
    pub(super) fn from_query(query: &str) -> Duration {
        let values = query.split('&').filter_map(|part| part.strip_prefix("wait="));
        values.filter_map(Self::parse).map(|Self(wait)| wait).max().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Wait {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = || D::Error::custom("expected at most 30s, such as 3s or 500ms");
        Self::parse(&text).ok_or_else(expected)
    }
}

/// Query parameters of an object that a request can wait for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WaitParams {
    /// Maximum time to wait for the object, from `0s` to `30s`. Without `updated_after` and `match`,
    /// the request waits until the object exists. By default, the request does not wait.
    #[serde(default)]
    #[param(inline, required = false)]
    pub(super) wait: Wait,
    /// Waits until the `updated_at` of the object is later than this time.
    #[param(inline)]
    pub(super) updated_after: Option<Timestamp>,
    /// Waits until the `ETag` of the response differs from this one, which is that of the state that
    /// the caller has.
    #[serde(rename = "match")]
    #[param(inline, rename = "match")]
    pub(super) known: Option<EntityTag>,
}

/// `ETag` of a response of this service. The quotation marks can be left out.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(
    value_type = String,
    pattern = r#"^(W/)?("[!#-~]+"|[!#-~]+)$"#,
    example = "89b4dc23b0507a6c81c94e48c71510be"
)]
pub(super) struct EntityTag(String);

impl EntityTag {
    /// Parses a tag. A proxy that compresses a response can have marked it as weak.
    fn parse(text: &str) -> Option<Self> {
        let strong = text.strip_prefix("W/").filter(|it| !it.is_empty()).unwrap_or(text);
        let inner = strong.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(strong);
        let is_tag =
            !inner.is_empty() && inner.bytes().all(|it| it.is_ascii_graphic() && it != b'"');
        is_tag.then(|| Self(inner.to_owned()))
    }
}

impl<'de> Deserialize<'de> for EntityTag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = || D::Error::custom("expected the ETag of a response");
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(expected)
    }
}

/// Response body that a request can wait for.
pub(super) trait Awaited: Serialize {
    /// Returns the time of the last change at Clerk.
    fn updated_at(&self) -> Option<Timestamp>;

    /// Returns whether the object of which the body tells exists.
    fn is_present(&self) -> bool {
        true
    }

    /// Returns whether no later event can change the body.
    fn is_final(&self) -> bool {
        false
    }
}

/// Caller that waits.
pub(super) struct Waiter<'a> {
    /// ID by which the requests are counted: that of the object, or of the signed-in user.
    pub(super) counted_by: &'a str,
    /// Name of the API key; a signed-in user has none.
    pub(super) key: Option<&'a str>,
    /// Returns whether a change may be one that the caller waits for.
    pub(super) wakes: &'a dyn Fn(&ChangeEntry) -> bool,
}

/// Returns whether a change is one of the object with the ID `id`, or of an object that belongs to
/// it.
pub(super) fn concerns(change: &ChangeEntry, id: &str) -> bool {
    let owners = [change.user_id.as_deref(), change.organization_id.as_deref()];
    change.id == id || owners.contains(&Some(id))
}

/// Result of a wait.
pub(super) struct Waited<T> {
    /// Body, if the object exists.
    body: Option<T>,
    /// Whether the state that the caller waits for was reached.
    is_reached: bool,
    /// Whether the caller waits for a state, and not only for the object.
    has_goal: bool,
}

/// Response header with the result of a wait for a state.
pub(super) const WAIT_RESULT: HeaderName = HeaderName::from_static("wait-result");

/// Value of the header: the response has the awaited state, or one that no later event can change.
pub(super) const REACHED: &str = "reached";

/// Value of the header: the wait ended, and the response has the current state.
pub(super) const TIMEOUT: &str = "timeout";

impl<T: Awaited> Waited<T> {
    /// Responds with the body. If there is none, the response is the problem.
    pub(super) fn respond(
        self,
        request: &HttpRequest,
        not_found: impl FnOnce() -> Problem,
    ) -> Result<HttpResponse, Problem> {
        let mut response = caching::conditional(request, &self.body.ok_or_else(not_found)?);
        if self.has_goal {
            let result = if self.is_reached { REACHED } else { TIMEOUT };
            response.headers_mut().insert(WAIT_RESULT, HeaderValue::from_static(result));
        }
        Ok(response)
    }
}

impl WaitParams {
    /// Returns whether the caller waits for a state, and not only for the object.
    fn has_goal(&self) -> bool {
        self.updated_after.is_some() || self.known.is_some()
    }

    /// Returns whether the wait ends with this body. `existed` tells whether the object was found
    /// before.
    fn is_reached<T: Awaited>(&self, body: Option<&T>, existed: bool) -> bool {
        // A caller that has an entity tag has seen the object, so that it was deleted.
        let Some(body) = body else { return existed || self.known.is_some() };
        let is_changed = |EntityTag(known): &EntityTag| {
            serde_json::to_vec(body).is_ok_and(|body| caching::tag(&body) != *known)
        };
        let is_later = |Timestamp(after): Timestamp| {
            body.updated_at().is_some_and(|Timestamp(updated_at)| updated_at > after)
        };
        let is_awaited = (body.is_present() || self.known.is_some())
            && self.known.as_ref().is_none_or(is_changed)
            && self.updated_after.is_none_or(is_later);
        is_awaited || body.is_final()
    }
}

/// Returns a user. If the user does not exist or is not in the awaited state, waits for it.
/// `key` names the API key of the caller; a signed-in user has none.
pub(super) async fn wait_for_user<T: Awaited + From<UserView>>(
    state: &State,
    id: &str,
    params: &WaitParams,
    key: Option<&str>,
) -> Result<Waited<T>, Problem> {
    let fetch = fetch_from_clerk(state, id, WEBHOOK_GRACE.min(params.wait.0 / 2));
    let waiter = Waiter { counted_by: id, key, wakes: &|change| concerns(change, id) };
    let find = async || Ok(state.store.user(id).await?.map(T::from));
    wait_or_fetch(state, params, waiter, find, fetch).await
}

/// Returns what `find` finds. If it finds nothing, or another state than the awaited one, waits for
/// a change that lets it find it.
pub(super) async fn wait_for<T: Awaited>(
    state: &State,
    params: &WaitParams,
    waiter: Waiter<'_>,
    find: impl AsyncFn() -> Result<Option<T>, StoreError>,
) -> Result<Waited<T>, Problem> {
    wait_or_fetch(state, params, waiter, find, pending()).await
}

async fn wait_or_fetch<T: Awaited>(
    state: &State,
    params: &WaitParams,
    waiter: Waiter<'_>,
    find: impl AsyncFn() -> Result<Option<T>, StoreError>,
    fetch: impl Future<Output = ()>,
) -> Result<Waited<T>, Problem> {
    let read = async |existed| -> Result<Waited<T>, Problem> {
        let result = timeout(state.limits.read_timeout, find()).await;
        let body = result.map_err(|_| Problem::database_timeout())??;
        let is_reached = params.is_reached(body.as_ref(), existed);
        Ok(Waited { body, is_reached, has_goal: params.has_goal() })
    };
    let Wait(wait) = params.wait;
    let deadline = Instant::now() + wait;
    if wait.is_zero() {
        return read(false).await;
    }
    // Subscribed before the first read, so that no later change is missed.
    let mut feed = state.store.subscribe();
    let _permit = match state.concurrency.waits.acquire(Some(waiter.counted_by), waiter.key) {
        Ok(permit) => permit,
        // What needs no wait is returned without a permit.
        Err(problem) => {
            let found = read(false).await?;
            return if found.is_reached { Ok(found) } else { Err(problem) };
        }
    };
    let (mut fetch, mut is_fetched) = (pin!(fetch), false);
    let (mut existed, mut is_over) = (false, false);
    loop {
        let found = read(existed).await?;
        if found.is_reached || is_over {
            return Ok(found);
        }
        existed = found.body.is_some();
        let changed = async {
            while let Ok(batch) = feed.recv().await {
                if may_contain(&batch, waiter.wakes) {
                    break;
                }
            }
        };
        tokio::select! {
            // The last read returns the state at the end of the wait.
            changed = timeout_at(deadline, changed) => is_over = changed.is_err(),
            () = &mut fetch, if !existed && !is_fetched => is_fetched = true,
            () = state.stopping.cancelled() => return Err(Problem::stopping()),
        }
    }
}

/// Fetches a user from Clerk after `grace`. Never completes if no Clerk secret key is set.
async fn fetch_from_clerk(state: &State, id: &str, grace: Duration) {
    match &state.read_through {
        None => pending().await,
        Some(read_through) => {
            sleep(grace).await;
            read_through.fetch_user(id, state.clock.now()).await;
        }
    }
}

/// Returns whether a batch may contain a change that wakes a caller. An empty batch marks the start of
/// the change feed; any object may have changed before it.
fn may_contain(batch: &ChangeBatch, wakes: &dyn Fn(&ChangeEntry) -> bool) -> bool {
    batch.after == batch.through || batch.items.iter().any(wakes)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{EntityTag, Wait};

    #[test]
    fn wait_is_in_seconds_or_milliseconds() {
        for (text, millis) in [("0s", 0), ("3s", 3_000), ("30s", 30_000), ("500ms", 500)] {
            assert_eq!(Wait::parse(text), Some(Wait(Duration::from_millis(millis))), "{text}");
        }
        for text in [
            "",
            "s",
            "ms",
            "3",
            "31s",
            "30001ms",
            "-1s",
            "+1s",
            "1.5s",
            "3 s",
            "99999999999999999999s",
        ] {
            assert_eq!(Wait::parse(text), None, "{text}");
        }
    }

    #[test]
    fn entity_tag_has_optional_marks() {
        for text in ["abc", "\"abc\"", "W/abc", "W/\"abc\""] {
            assert_eq!(EntityTag::parse(text), Some(EntityTag("abc".to_owned())), "{text}");
        }
        for text in ["", "\"\"", "\"abc", "abc\"", "a\"c", "a c", " abc", "W/\"", "\u{e9}"] {
            assert_eq!(EntityTag::parse(text), None, "{text}");
        }
    }

    #[test]
    fn query_extends_timeout_by_valid_wait() {
        assert_eq!(Wait::from_query("limit=1&wait=2s"), Duration::from_secs(2));
        for query in ["", "wait=", "wait=31s", "await=2s", "wait=x"] {
            assert_eq!(Wait::from_query(query), Duration::ZERO, "{query}");
        }
    }
}
