//! Settings that only some commands need. They have no default.

use super::{Database, DatabaseUrl, Fault, Faults, Settings};

impl Settings {
    /// Checks that the settings which only the service needs are set.
    ///
    /// # Errors
    /// Returns an error for each setting that is missing.
    pub fn require_for_service(&self) -> Result<(), Faults> {
        let checks = [self.require_signing_secret(), self.database.require_url()];
        let missing = checks.into_iter().filter_map(Result::err).flat_map(|faults| faults.0);
        let missing: Vec<Fault> = missing.collect();
        if missing.is_empty() { Ok(()) } else { Err(Faults(missing)) }
    }

    /// Checks that a webhook signing secret is set. Only commands that receive webhooks need one.
    ///
    /// # Errors
    /// Returns an error if no signing secret is set.
    pub fn require_signing_secret(&self) -> Result<(), Faults> {
        if !self.clerk.webhook_signing_secrets.is_empty() {
            return Ok(());
        }
        let problem = "is empty, so no webhook can be verified: set CLERK_WEBHOOK_SIGNING_SECRET \
                       to the endpoint's signing secret, which Clerk's dashboard shows";
        let setting = "clerk.webhook_signing_secrets".to_owned();
        Err(Faults(vec![Fault { setting, problem: problem.to_owned() }]))
    }
}

impl Database {
    /// Checks that a URL is set.
    ///
    /// # Errors
    /// Returns an error if no URL is set.
    pub fn require_url(&self) -> Result<(), Faults> {
        if self.url == DatabaseUrl::Unset { Err(Self::missing_url()) } else { Ok(()) }
    }

    /// Returns the fault that no URL is set. There is no default in production, because a file in
    /// the working directory often disappears with the next deployment.
    #[must_use]
    pub fn missing_url() -> Faults {
        let problem = "is empty: set DATABASE_URL to postgres://USER:PASSWORD@HOST/NAME, or to \
                       sqlite:FILE with a file that survives a deployment";
        Faults(vec![Fault { setting: "database.url".to_owned(), problem: problem.to_owned() }])
    }
}
