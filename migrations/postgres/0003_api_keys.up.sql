-- Who may read, beside those whom the settings name. Of a key only the hash is kept.
CREATE TABLE api_keys (
    name         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sha256       TEXT COLLATE "C" NOT NULL UNIQUE,
    -- Joined by `+`, as in the settings.
    scopes       TEXT COLLATE "C" NOT NULL,
    created_at   BIGINT NOT NULL,
    -- Give or take a minute.
    last_used_at BIGINT,
    revoked_at   BIGINT
);
