//! Codes of the problem documents. Tests compare the list with the source and with
//! `docs/reference/errors.md`.

/// All codes in the order of the page: the HTTP status, the code and its cause.
pub(super) const PROBLEM_CODES: [(u16, &str, &str); 72] = [
    (
        401,
        "credentials_missing",
        "The request has neither a valid `Authorization: Bearer …` header nor an accepted cookie.",
    ),
    (401, "credentials_unknown", "The service does not know the API key."),
    (
        401,
        "dashboard_session_ended",
        "The dashboard's session expired or was signed out, or its API key was revoked or removed.",
    ),
    (401, "key_revoked", "The API key was revoked."),
    (401, "key_required", "The call accepts only API keys, but the request has a session token."),
    (
        401,
        "session_required",
        "The call accepts only session tokens (`/v1/me…`), but the request has an API key.",
    ),
    (401, "session_tokens_off", "The request has a session token, but no issuer is configured."),
    (403, "scope_missing", "The API key lacks the scope that `detail` names."),
    (
        429,
        "too_many_failures",
        "The client's address has more failed authentications than `api.failure_rate`.",
    ),
    (
        401,
        "token_malformed",
        "The token is not a Clerk session token: it is not a JWT, has no signature, or lacks a \
         claim such as `iss` or `sid`.",
    ),
    (401, "token_algorithm", "The token is not signed with RS256."),
    (
        401,
        "token_category",
        "The header `cat` of the token names another kind of Clerk token than a session token, for \
         example a token of a JWT template.",
    ),
    (
        401,
        "token_oauth_access",
        "The token is an OAuth access token of Clerk (`oat_…`, or a JWT whose header `typ` is \
         `at+jwt`).",
    ),
    (
        401,
        "token_m2m",
        "The token is a machine-to-machine token of Clerk (`mt_…`, or a JWT with `mch_…` as \
         `sub`).",
    ),
    (401, "token_clerk_api_key", "The credential is an API key of Clerk (`ak_…`)."),
    (401, "token_key_unknown", "The issuer has no key with the ID that the token names."),
    (401, "token_signature", "The signature does not match the key."),
    (401, "token_issuer", "Another Clerk instance issued the token."),
    (
        401,
        "token_authorized_party",
        "`clerk.authorized_parties` is set and does not contain the token's origin (`azp`).",
    ),
    (
        401,
        "token_authorized_party_missing",
        "`clerk.authorized_parties` is set, but the token has no origin (`azp`).",
    ),
    (401, "token_expired", "The token expired more than 5 s ago."),
    (401, "token_not_yet_valid", "The token becomes valid only in more than 5 s."),
    (401, "session_pending", "The session has pending tasks."),
    (401, "session_ended", "The session was ended, removed or revoked."),
    (
        401,
        "session_of_another",
        "The synced session belongs to a user other than the token's user.",
    ),
    (
        401,
        "token_organization_membership_ended",
        "The user has left the token's active organization, or it is deleted.",
    ),
    (
        401,
        "token_organization_role_changed",
        "The user has another role in the token's active organization than the token states.",
    ),
    (401, "user_banned", "The user is banned."),
    (401, "user_deleted", "The user is deleted."),
    (
        503,
        "issuer_unavailable",
        "The issuer's public keys cannot be fetched, and no earlier ones are cached.",
    ),
    (400, "parameter_invalid", "A parameter is unknown, repeated, empty or malformed."),
    (
        400,
        "request_refused",
        "A CORS preflight comes from an origin that is not allowed, or requests a method or header \
         that is not allowed.",
    ),
    (400, "body_invalid", "The body is not JSON, or a property is unknown or malformed."),
    (
        404,
        "not_found",
        "The resource does not exist, is deleted, or does not belong to the signed-in user.",
    ),
    (405, "method_not_allowed", "The resource does not support the method."),
    (
        410,
        "cursor_expired",
        "Events after the cursor are no longer stored, or the cursor belongs to another database.",
    ),
    (
        429,
        "too_many_requests",
        "The caller exceeds its rate limit (`api.key_rate`, `api.session_rate`).",
    ),
    (
        429,
        "too_many_at_once",
        "32 requests wait for the same object, the signed-in user has 32 open streams, or the API \
         key has used its share (`api.key_share_percent`) of `api.max_waits` or `api.max_streams`.",
    ),
    (
        400,
        "header_missing",
        "One of the headers `svix-id`, `svix-timestamp` and `svix-signature` is missing.",
    ),
    (400, "header_malformed", "A header of the signature has an invalid value."),
    (400, "header_repeated", "A header of the signature is present more than once."),
    (
        400,
        "header_families_mixed",
        "Headers whose names begin with `svix-` and with `webhook-` are both present.",
    ),
    (
        400,
        "timestamp_out_of_tolerance",
        "The timestamp differs from the clock of the service by more than \
         `clerk.tolerance_seconds`.",
    ),
    (400, "body_not_utf8", "The body is not UTF-8."),
    (400, "signature_mismatch", "No configured signing secret matches the signature."),
    (400, "body_incomplete", "The connection ended before the end of the body."),
    (408, "body_timeout", "The body took longer than `server.body_timeout_ms`."),
    (413, "payload_too_large", "The body is larger than `server.max_body_bytes`."),
    (415, "unsupported_encoding", "The body is compressed."),
    (
        503,
        "pending_bytes_full",
        "The bodies in memory have reached `server.max_pending_bytes`, or the service dropped this \
         incomplete body to free memory for newer ones.",
    ),
    (503, "queue_full", "`ingest.queue_capacity` events are waiting for the database."),
    (503, "commit_late", "The commit took longer than `ingest.timeout_ms`."),
    (
        409,
        "account_without_tokens",
        "The account has no OAuth token: it is a password, or the link was never completed.",
    ),
    (409, "token_not_at_clerk", "Clerk has no token for this account, or no longer has the user."),
    (409, "refresh_token_missing", "The token has expired, and Clerk has no refresh token."),
    (409, "token_not_retrieved", "Clerk does not get a new token from the provider."),
    (
        409,
        "provider_not_enabled",
        "The provider is not enabled in Clerk's dashboard, or it issues no tokens.",
    ),
    (
        500,
        "token_key_missing",
        "The stored token was encrypted with a key that `tokens.keys` no longer contains.",
    ),
    (
        500,
        "token_unreadable",
        "The stored token cannot be decrypted: the key with this ID was replaced, or the row was \
         changed.",
    ),
    (501, "tokens_off", "`CLERK_SECRET_KEY` is not set."),
    (502, "clerk_refused", "Clerk rejects the secret key, or its response cannot be decoded."),
    (503, "clerk_busy", "The rate limit of the Clerk instance is used up (429)."),
    (503, "clerk_unavailable", "Clerk does not answer, or not within 10 s."),
    (400, "endpoint_invalid", "A value of the endpoint is not allowed."),
    (409, "endpoint_limit", "There are 50 endpoints already."),
    (409, "endpoint_changed", "Another request changed the endpoint at the same time."),
    (501, "push_off", "`push.keys` is empty, so that signing secrets cannot be encrypted."),
    (500, "internal_error", "An internal error."),
    (500, "row_unreadable", "A column of the stored row holds a value that cannot be decoded."),
    (503, "database_unavailable", "The database does not answer in time, or accepts no writes."),
    (503, "stopping", "The process is shutting down or has not finished starting."),
    (
        503,
        "too_many_waiting",
        "`api.max_waits` requests are waiting, or `api.max_streams` streams are open.",
    ),
];

/// Returns the codes.
pub(super) fn names() -> Vec<&'static str> {
    PROBLEM_CODES.iter().map(|(_, code, _)| *code).collect()
}

/// Returns the status and the cause of each code, in the same order.
pub(super) fn descriptions() -> Vec<String> {
    PROBLEM_CODES.iter().map(|(status, _, cause)| format!("Status {status}. {cause}")).collect()
}
