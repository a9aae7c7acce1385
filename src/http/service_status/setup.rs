//! Checklist of an installation that has received no delivery yet.

use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::{
    http::{State, known_values::SETUP_CODES},
    store::{PageRequest, StoreError, users::UserFilter},
};

/// Message ID of the test delivery of `meetvo doctor`.
const PROBE_ID: &str = "meetvo_doctor";

/// Step of the set-up.
#[derive(Serialize, ToSchema)]
pub(super) struct SetupStep {
    /// Stable code of the step, for programs.
    #[schema(extensions(("x-extensible-enum" = json!(SETUP_CODES))))]
    code: &'static str,
    /// Whether the step is done.
    done: bool,
    /// Name of the step.
    title: &'static str,
    /// Instructions. The wording can change.
    detail: &'static str,
}

/// Returns the steps up to the first delivery, or `None` if they cannot be read within `limit`.
pub(super) async fn steps_in_time(state: &State, limit: Duration) -> Option<Vec<SetupStep>> {
    match timeout(limit, steps(state)).await {
        Ok(Ok(steps)) => Some(steps),
        Ok(Err(error)) => {
            tracing::warn!(%error, "cannot read the steps of the set-up");
            None
        }
        Err(_) => None,
    }
}

async fn steps(state: &State) -> Result<Vec<SetupStep>, StoreError> {
    let first = PageRequest { after: None, limit: 1 };
    let has_users = !state.store.users(&UserFilter::default(), &first).await?.items.is_empty();
    let is_tested = state.store.event(PROBE_ID).await?.is_some();
    let is_pinned = state.decoder.pinned_instance.is_some();
    Ok(vec![
        SetupStep {
            code: "signing_secret",
            done: true,
            title: "Set the signing secret",
            detail: "The service has a signing secret. It must be that of the endpoint in Clerk's \
                     dashboard.",
        },
        SetupStep {
            code: "first_delivery",
            done: false,
            title: "Add the endpoint in Clerk",
            detail: "In Clerk's dashboard, under Webhooks, add an endpoint with the public URL of \
                     this service and the path /webhooks/clerk. Subscribe it to the user and \
                     session events, and send an example.",
        },
        SetupStep {
            code: "delivery_path",
            done: is_tested,
            title: "Test the path of the deliveries",
            detail: "Run `meetvo doctor --to <URL>` with the URL of the endpoint. It sends a signed \
                     test delivery through proxies and firewalls.",
        },
        SetupStep {
            code: "instance_id",
            done: is_pinned,
            title: "Name the Clerk instance",
            detail: "Set clerk.instance_id (MEETVO__CLERK__INSTANCE_ID), so that events of other \
                     instances are quarantined. `meetvo doctor` prints the ID if CLERK_SECRET_KEY \
                     is set.",
        },
        SetupStep {
            code: "existing_users",
            done: has_users,
            title: "Import the existing users",
            detail: "Run `meetvo backfill` with CLERK_SECRET_KEY, if Clerk already has users.",
        },
    ])
}
