//! What asks Clerk's Backend API, where there is a secret key to ask with.

use crate::{
    clerk::backend::{Backend, BackendError},
    config::{Clerk, Fault, Faults, Secret, Settings},
    store::Store,
    sync::tokens::{Tokens, seal::Sealer},
};

/// The one client of this process, so that all of it keeps to one pace.
pub(super) fn backend(settings: &Clerk) -> Result<Option<Backend>, Faults> {
    let backend = |key: &Secret| Backend::new(&settings.api_url, key.expose());
    settings.secret_key.as_ref().map(backend).transpose().map_err(|error| match error {
        BackendError::Key => fault("clerk.secret_key", &error),
        _ => fault("clerk.api_url", &error),
    })
}

/// Where the tokens of linked accounts come from.
pub(super) fn tokens(
    settings: &Settings,
    backend: Option<&Backend>,
    store: &Store,
) -> Result<Option<Tokens>, Faults> {
    let Some(backend) = backend else { return Ok(None) };
    let keys = settings.tokens.keys.iter().map(|key| (&*key.id, key.expose()));
    let sealer = Sealer::new(keys).map_err(|error| fault("tokens.keys", &error))?;
    Ok(Some(Tokens::new(backend.clone(), store.clone(), sealer, settings.api.timeout)))
}

fn fault(setting: &str, problem: &impl ToString) -> Faults {
    Faults(vec![Fault { setting: setting.to_owned(), problem: problem.to_string() }])
}
