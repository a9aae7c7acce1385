//! Query parameter `wait`: holds a request until a new object has been synced.

use std::{future::pending, pin::pin, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use utoipa::{IntoParams, ToSchema};

use super::{State, problem::Problem};
use crate::store::{StoreError, changes::ChangeBatch, users::UserView};

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
    /// Maximum time to wait until a new object has been synced, from `0s` to `30s`. By default, the
    /// request does not wait.
    #[serde(default)]
    #[param(inline, required = false)]
    pub(super) wait: Wait,
}

/// Caller that waits, for the limits of the requests that are held open.
pub(super) struct Waiter<'a> {
    /// ID by which the requests are counted: that of the object, or of the signed-in user.
    pub(super) counted_by: &'a str,
    /// Name of the API key; a signed-in user has none.
    pub(super) key: Option<&'a str>,
}

/// Returns a user. If the user does not exist, waits for at most `wait` until it has been synced.
/// `key` names the API key of the caller; a signed-in user has none.
pub(super) async fn wait_for_user(
    state: &State,
    id: &str,
    wait: Wait,
    key: Option<&str>,
) -> Result<Option<UserView>, Problem> {
    let fetch = fetch_from_clerk(state, id, WEBHOOK_GRACE.min(wait.0 / 2));
    let waiter = Waiter { counted_by: id, key };
    wait_or_fetch(state, id, wait, waiter, async || state.store.user(id).await, fetch).await
}

/// Returns what `find` finds. If it finds nothing, waits for at most `wait` until a change of the
/// object with the ID `id`, or of an object that belongs to it, lets it find something.
pub(super) async fn wait_for<T>(
    state: &State,
    id: &str,
    wait: Wait,
    waiter: Waiter<'_>,
    find: impl AsyncFn() -> Result<Option<T>, StoreError>,
) -> Result<Option<T>, Problem> {
    wait_or_fetch(state, id, wait, waiter, find, pending()).await
}

async fn wait_or_fetch<T>(
    state: &State,
    id: &str,
    Wait(wait): Wait,
    waiter: Waiter<'_>,
    find: impl AsyncFn() -> Result<Option<T>, StoreError>,
    fetch: impl Future<Output = ()>,
) -> Result<Option<T>, Problem> {
    let read = async || -> Result<Option<T>, Problem> {
        let result = timeout(state.limits.read_timeout, find()).await;
        Ok(result.map_err(|_| Problem::database_timeout())??)
    };
    let deadline = Instant::now() + wait;
    if wait.is_zero() {
        return read().await;
    }
    // Subscribed before the first read, so that no later change is missed.
    let mut feed = state.store.subscribe();
    let _permit = match state.concurrency.waits.acquire(Some(waiter.counted_by), waiter.key) {
        Ok(permit) => permit,
        // An object that exists is returned without a permit.
        Err(problem) => return read().await?.map(Some).ok_or(problem),
    };
    let mut fetch = pin!(fetch);
    let mut is_fetched = false;
    loop {
        if let Some(found) = read().await? {
            return Ok(Some(found));
        }
        let changed = async {
            while let Ok(batch) = feed.recv().await {
                if may_contain(&batch, id) {
                    break;
                }
            }
        };
        tokio::select! {
            changed = timeout_at(deadline, changed) => if changed.is_err() {
                return Ok(None);
            },
            () = &mut fetch, if !is_fetched => is_fetched = true,
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

/// Returns whether an object or what belongs to it may have changed. An empty batch marks the start
/// of the change feed; any object may have changed before it.
fn may_contain(batch: &ChangeBatch, id: &str) -> bool {
    let is_start = batch.after == batch.through;
    is_start
        || batch.items.iter().any(|change| {
            let owners = [change.user_id.as_deref(), change.organization_id.as_deref()];
            change.id == id || owners.contains(&Some(id))
        })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Wait;

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
    fn query_extends_timeout_by_valid_wait() {
        assert_eq!(Wait::from_query("limit=1&wait=2s"), Duration::from_secs(2));
        for query in ["", "wait=", "wait=31s", "await=2s", "wait=x"] {
            assert_eq!(Wait::from_query(query), Duration::ZERO, "{query}");
        }
    }
}
