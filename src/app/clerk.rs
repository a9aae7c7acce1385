//! What asks Clerk's Backend API, where there is a secret key to ask with.

use super::reconcile::Reconciler;
use crate::{
    clerk::backend::{Backend, BackendError},
    clock::Clock,
    config::{Fault, Faults, Secret, Settings},
    ingest::Queue,
    store::Store,
    sync::{
        read_through::ReadThrough,
        tokens::{Tokens, seal::Sealer},
    },
};

/// What asks, and for what. Each keeps to the pace of the one client.
#[derive(Default)]
pub(super) struct Asking {
    /// For the tokens of linked accounts.
    pub(super) tokens: Option<Tokens>,
    /// For users who are waited for.
    pub(super) read_through: Option<ReadThrough>,
    /// For all users, by a timer.
    pub(super) reconciler: Option<Reconciler>,
}

impl Asking {
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
        let tokens = Tokens::new(backend.clone(), store.clone(), sealer, settings.api.timeout);
        let pinned = settings.clerk.instance_id.clone();
        let read_through = ReadThrough::new(backend.clone(), store.clone(), queue.clone(), pinned);
        let reconciler = Reconciler::new(store.clone(), clock.clone(), backend, settings);
        Ok(Self { tokens: Some(tokens), read_through: Some(read_through), reconciler })
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
