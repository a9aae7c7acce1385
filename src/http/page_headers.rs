//! Security headers of the pages: the dashboard, and the display of the API description.

use actix_web::{
    http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    middleware::DefaultHeaders,
};

/// Content security policy. Pages load all files from their own origin, except profile pictures.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' https: data:; connect-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Header that isolates the pages from windows of other origins.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Header that prevents other origins from embedding the files.
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Returns the middleware that adds the headers.
pub(super) fn security() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, POLICY))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // With `no-referrer`, browsers also hide the origin from the sign-in.
        .add((REFERRER_POLICY, "same-origin"))
        .add((OPENER, "same-origin"))
        .add((RESOURCE, "same-origin"))
}
