-- Sessions of operators who signed in to the dashboard. Only the hash of a session's cookie is stored.
CREATE TABLE dashboard_sessions (
    sha256     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- Hash of the API key of the sign-in, which can also be one of the settings.
    key_sha256 TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
