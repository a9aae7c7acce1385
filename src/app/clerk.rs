//! What asks Clerk's Backend API, where there is a secret key to ask with.

use super::drift_check::DriftCheckTask;
use crate::{
    clerk::backend::{Backend, BackendError},
    clock::Clock,
    config::{Fault, Faults, Secret, Settings},
    ingest::Queue,
    store::Store,
    sync::{
        read_through::ReadThrough,
        tokens::{ProviderTokens, seal::Sealer},
    },
};

/// What asks, and for what. Each keeps to the pace of the one client.
#[derive(Default)]
pub(super) struct ClerkServices {
    /// For the tokens of linked accounts.
    pub(super) tokens: Option<ProviderTokens>,
    /// For users who are waited for.
    pub(super) read_through: Option<ReadThrough>,
    /// For all users, by a timer.
    pub(super) drift_check: Option<DriftCheckTask>,
}

impl ClerkServices {
    pub(super) fn begin(
        settings: &Settings,
        store: &Store,
        queue: &Queue,
        clock: &Clock,
    ) -> Result<Self, Faults> {
        let Some(key) = &settings.clerk.secret_key else { return Ok(Self::default()) };
        let backend = backend(&settings.clerk.api_url, key)?;
        let keys = settings.tokens.keys.iter().map(|key| (&*key.id, key.expose()));
        let sealer = Sealer::new(keys).map_err(|error| fault("tokens.keys", &error))?;
        let tokens = ProviderTokens::new(backend.clone(), store.clone(), sealer, settings.api.timeout);
        let pinned_instance = settings.clerk.instance_id.clone();
        let read_through = ReadThrough::new(backend.clone(), store.clone(), queue.clone(), pinned_instance);
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
