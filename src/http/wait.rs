//! `?wait=3s`: for somebody who has just signed up, whose webhook is on its way.

use std::{future::pending, pin::pin, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use utoipa::{IntoParams, ToSchema};

use super::{State, problem::Problem};
use crate::store::{changes::ChangeBatch, users::UserView};

/// The longest wait that may be asked for.
const MAX: Duration = Duration::from_secs(30);

/// How long a webhook may take before Clerk is asked, unless the wait is shorter than twice that.
const GRACE: Duration = Duration::from_secs(1);

/// How long to wait: `3s`, `500ms`.
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
        (wait <= MAX).then_some(Self(wait))
    }

    /// What a query asks for, as far as it can be understood: by how much longer its answer may take.
    pub(super) fn from_query(query: &str) -> Duration {
        let asked = query.split('&').filter_map(|part| part.strip_prefix("wait="));
        asked.filter_map(Self::parse).map(|Self(wait)| wait).max().unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Wait {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = || D::Error::custom("expected at most 30s, such as 3s or 500ms");
        Self::parse(&text).ok_or_else(expected)
    }
}

/// The parameters of a resource that may be waited for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WaitParams {
    /// For how long to wait for a user who is about to come, at most 30 s.
    #[serde(default)]
    #[param(inline, required = false)]
    pub(super) wait: Wait,
}

/// A user, who may be about to come.
pub(super) async fn wait_for_user(
    state: &State,
    id: &str,
    Wait(wait): Wait,
) -> Result<Option<UserView>, Problem> {
    let deadline = Instant::now() + wait;
    if wait.is_zero() {
        return read(state, id).await;
    }
    // Before the first look: what comes after it is heard of.
    let mut heard = state.store.subscribe();
    let _place = match state.concurrency.waits.acquire(Some(id)) {
        Ok(place) => place,
        // It may be there all the same.
        Err(full) => return read(state, id).await?.map(Some).ok_or(full),
    };
    let mut late = pin!(ask_clerk(state, id, GRACE.min(wait / 2)));
    let mut asked = false;
    loop {
        if let Some(user) = read(state, id).await? {
            return Ok(Some(user));
        }
        let told = async {
            while let Ok(changes) = heard.recv().await {
                if concerns(&changes, id) {
                    break;
                }
            }
        };
        tokio::select! {
            told = timeout_at(deadline, told) => if told.is_err() {
                return Ok(None);
            },
            () = &mut late, if !asked => asked = true,
            () = state.stopping.cancelled() => return Err(Problem::stopping()),
        }
    }
}

/// Has a user fetched whose webhook is late. Ends when there may be something to see.
async fn ask_clerk(state: &State, id: &str, grace: Duration) {
    match &state.read_through {
        None => pending().await,
        Some(read_through) => {
            sleep(grace).await;
            read_through.fetch_user(id, state.clock.now()).await;
        }
    }
}

/// Before those who tell began, anybody may have changed.
fn concerns(changes: &ChangeBatch, id: &str) -> bool {
    let begins = changes.after == changes.through;
    begins || changes.items.iter().any(|change| change.user_id == id)
}

async fn read(state: &State, id: &str) -> Result<Option<UserView>, Problem> {
    let read = timeout(state.limits.read_timeout, state.store.user(id)).await;
    Ok(read.map_err(|_| Problem::database_timeout())??)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Wait;

    #[test]
    fn a_wait_is_a_number_of_seconds_or_milliseconds() {
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
    fn an_answer_may_take_longer_by_what_was_asked_for() {
        assert_eq!(Wait::from_query("limit=1&wait=2s"), Duration::from_secs(2));
        for query in ["", "wait=", "wait=31s", "await=2s", "wait=x"] {
            assert_eq!(Wait::from_query(query), Duration::ZERO, "{query}");
        }
    }
}
