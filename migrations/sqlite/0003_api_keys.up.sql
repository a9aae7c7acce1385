-- Who may read, beside those whom the settings name. Of a key only the hash is kept.
CREATE TABLE api_keys (
    name         TEXT    NOT NULL PRIMARY KEY,
    sha256       TEXT    NOT NULL UNIQUE,
    -- Joined by `+`, as in the settings.
    scopes       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    -- Give or take a minute.
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;
