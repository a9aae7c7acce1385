//! Services that use Clerk's Backend API. They require `clerk.secret_key`.

use super::drift_check::DriftCheckTask;
use crate::{
    clerk::backend::{Backend, BackendError},
    clock::Clock,
    config::{Fault, Faults, Secret, Settings},
    ingest::Queue,
    sealing::Sealer,
    store::Store,
    sync::{read_through::ReadThrough, tokens::ProviderTokens},
};

/// Services that send requests to Clerk. They share one client and its rate limit.
#[derive(Default)]
pub(super) struct ClerkServices {
    /// Source of the OAuth tokens of external accounts.
    pub(super) tokens: Option<ProviderTokens>,
    /// Fetcher of users whose webhooks are late.
    pub(super) read_through: Option<ReadThrough>,
    /// Scheduled drift check.
    pub(super) drift_check: Option<DriftCheckTask>,
}

impl ClerkServices {
    /// Creates the services, or none of them if no secret key is configured.
    pub(super) fn new(
        settings: &Settings,
        store: &Store,
        queue: &Queue,
        clock: &Clock,
    ) -> Result<Self, Faults> {
        let Some(key) = &settings.clerk.secret_key else { return Ok(Self::default()) };
        let backend = backend(&settings.clerk.api_url, key)?;
        let keys = settings.tokens.keys.iter().map(|key| (&*key.id, key.expose()));
        let sealer = Sealer::new("tokens.keys (MEETVO_TOKEN_KEYS)", keys)
            .map_err(|error| fault("tokens.keys", &error))?;
        let tokens =
            ProviderTokens::new(backend.clone(), store.clone(), sealer, settings.api.timeout);
        let pinned_instance = settings.clerk.instance_id.clone();
        let read_through =
            ReadThrough::new(backend.clone(), store.clone(), queue.clone(), pinned_instance);
        let drift_check = DriftCheckTask::new(store.clone(), clock.clone(), backend, settings);
        Ok(Self { tokens: Some(tokens), read_through: Some(read_through), drift_check })
    }
}

fn backend(url: &str, key: &Secret) -> Result<Backend, Faults> {
    Backend::new(url, key.expose()).map_err(|error| match error {
        BackendError::InvalidKey => fault("clerk.secret_key", &error),
        _ => fault("clerk.api_url", &error),
    })
}

fn fault(setting: &str, problem: &impl ToString) -> Faults {
    Faults(vec![Fault { setting: setting.to_owned(), problem: problem.to_string() }])
}
