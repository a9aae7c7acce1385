//! Security schemes: API keys and session tokens.

use utoipa::{
    Modify,
    openapi::{
        OpenApi,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

/// Name of the scheme of API keys.
pub(super) const API_KEY: &str = "apiKey";

/// Name of the scheme of session tokens in a header.
pub(super) const SESSION_TOKEN: &str = "sessionToken";

/// Adds the security schemes.
pub(super) struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut OpenApi) {
        let bearer = |description: &str| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
            SecurityScheme::Http(scheme.description(Some(description)).build())
        };
        let components = openapi.components.get_or_insert_default();
        let key =
            bearer("API key, created with `meetvo keys new`. Its scopes limit the endpoints.");
        let session = bearer("Clerk session token, from `await clerk.session.getToken()`.");
        let cookie = "Clerk session token in the cookie `__session`, or in the instance's own \
                      cookie `__session_<suffix>`, which takes precedence. It is accepted only if \
                      `clerk.authorized_parties` is set.";
        let cookie = ApiKeyValue::with_description("__session", cookie);
        components.add_security_scheme(API_KEY, key);
        components.add_security_scheme(SESSION_TOKEN, session);
        components
            .add_security_scheme("sessionCookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}
