//! Checks that other machines cannot use the public secrets of `config/development.toml`.

use std::net::IpAddr;

use super::{
    ApiKey, Fault, Faults, Server, Settings,
    sources::{development_api_key, development_signing_secret},
};

impl Settings {
    /// Checks that other machines cannot reach the service with the public secrets of
    /// `config/development.toml`. Only commands that listen need this.
    ///
    /// # Errors
    /// Returns an error if `server.host` is not a loopback address and a public secret is in use.
    pub fn require_private_secrets(&self) -> Result<(), Faults> {
        if self.server.is_loopback() || !self.has_public_secrets() {
            return Ok(());
        }
        let problem = format!(
            "is {}, which other machines can reach, and the signing secret or an API key is the \
             public one of config/development.toml: set CLERK_WEBHOOK_SIGNING_SECRET and \
             MEETVO_API_KEYS, or HOST=127.0.0.1",
            self.server.host
        );
        Err(Faults(vec![Fault { setting: "server.host".to_owned(), problem }]))
    }

    /// Returns true if a signing secret or an API key is that of `config/development.toml`.
    fn has_public_secrets(&self) -> bool {
        let secret = development_signing_secret();
        let key = development_api_key().map(|key| ApiKey::digest(&key));
        let mut secrets = self.clerk.webhook_signing_secrets.iter();
        secrets.any(|it| secret.as_ref().is_some_and(|public| it.secret == public.secret))
            || self.api.keys.iter().any(|it| Some(it.sha256) == key)
    }
}

impl Server {
    /// Returns true if only this machine can reach the address.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().is_loopback(),
            Err(_) => self.host == "localhost" || self.host.ends_with(".localhost"),
        }
    }
}
