-- What is synced. All instants are Unix milliseconds. A stub (a user known only by id) and a
-- tombstone (a deleted user) have the version (0, 0, ''), which is older than every event.

CREATE TABLE users (
    clerk_id            TEXT    NOT NULL PRIMARY KEY,
    external_id         TEXT,
    username            TEXT,
    first_name          TEXT,
    last_name           TEXT,
    email               TEXT,
    email_verified      INTEGER,
    phone_number        TEXT,
    image               TEXT,
    banned              INTEGER,
    locked              INTEGER,
    password_enabled    INTEGER,
    two_factor_enabled  INTEGER,
    public_metadata     TEXT,
    private_metadata    TEXT,
    unsafe_metadata     TEXT,
    last_sign_in_at     INTEGER,
    last_active_at      INTEGER,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    -- The terms by which the user is found, each on a line.
    search              TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

-- Not unique: two users may claim one address for a moment when events cross.
CREATE INDEX users_by_email ON users (email) WHERE email IS NOT NULL;
CREATE INDEX users_by_username ON users (username) WHERE username IS NOT NULL;
CREATE INDEX users_by_external_id ON users (external_id) WHERE external_id IS NOT NULL;

-- Whose an address is: verified before unverified, then the newest version.
CREATE VIEW email_owners (email, clerk_id) AS
SELECT email, clerk_id
FROM (
    SELECT email, clerk_id, ROW_NUMBER() OVER (
        PARTITION BY email
        ORDER BY email_verified DESC,
                 version_updated_at DESC, version_occurred_at DESC, version_event_id DESC
    ) AS place
    FROM users
    WHERE email IS NOT NULL
) AS claims
WHERE place = 1;

-- Each line of each user's `search`, for looking by the beginning of one.
CREATE TABLE user_terms (
    term    TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (term, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id                          TEXT    NOT NULL PRIMARY KEY,
    user_id                     TEXT    NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    client_id                   TEXT,
    status                      TEXT    NOT NULL,
    ip_address                  TEXT,
    user_agent                  TEXT,
    actor                       TEXT,
    last_active_organization_id TEXT,
    last_active_at              INTEGER,
    expires_at                  INTEGER,
    abandon_at                  INTEGER,
    created_at                  INTEGER,
    updated_at                  INTEGER,
    version_updated_at          INTEGER NOT NULL,
    version_occurred_at         INTEGER NOT NULL,
    version_event_id            TEXT    NOT NULL,
    -- Of the event that told where the sign-in came from; null while none has.
    sign_in_updated_at          INTEGER,
    sign_in_occurred_at         INTEGER,
    sign_in_event_id            TEXT
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id, id);

CREATE TABLE accounts (
    user_id     TEXT NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    id          TEXT NOT NULL,
    provider_id TEXT,
    account_id  TEXT,
    email       TEXT,
    username    TEXT,
    scope       TEXT,
    status      TEXT,
    created_at  INTEGER,
    updated_at  INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE verifications (
    user_id    TEXT NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    id         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    identifier TEXT,
    status     TEXT,
    strategy   TEXT,
    attempts   INTEGER,
    expires_at INTEGER,
    created_at INTEGER,
    updated_at INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
