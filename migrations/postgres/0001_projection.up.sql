-- What is synced. Ids, versions and cursors are ordered by their bytes (COLLATE "C"), as Rust and
-- SQLite order them, whatever the database's locale. All instants are Unix milliseconds. A stub (a
-- user known only by id) and a tombstone (a deleted user) have the version (0, 0, ''), which is
-- older than every event.

CREATE TABLE users (
    clerk_id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    external_id         TEXT COLLATE "C",
    username            TEXT COLLATE "C",
    first_name          TEXT,
    last_name           TEXT,
    email               TEXT COLLATE "C",
    email_verified      BOOLEAN,
    phone_number        TEXT,
    image               TEXT,
    banned              BOOLEAN,
    locked              BOOLEAN,
    password_enabled    BOOLEAN,
    two_factor_enabled  BOOLEAN,
    public_metadata     JSONB,
    private_metadata    JSONB,
    unsafe_metadata     JSONB,
    last_sign_in_at     BIGINT,
    last_active_at      BIGINT,
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    -- The terms by which the user is found, each on a line.
    search              TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

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
    term    TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (term, user_id)
);

CREATE TABLE sessions (
    id                          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id                     TEXT COLLATE "C" NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    client_id                   TEXT COLLATE "C",
    status                      TEXT NOT NULL,
    ip_address                  TEXT,
    user_agent                  TEXT,
    actor                       JSONB,
    last_active_organization_id TEXT COLLATE "C",
    last_active_at              BIGINT,
    expires_at                  BIGINT,
    abandon_at                  BIGINT,
    created_at                  BIGINT,
    updated_at                  BIGINT,
    version_updated_at          BIGINT NOT NULL,
    version_occurred_at         BIGINT NOT NULL,
    version_event_id            TEXT COLLATE "C" NOT NULL,
    -- Of the event that told where the sign-in came from; null while none has.
    sign_in_updated_at          BIGINT,
    sign_in_occurred_at         BIGINT,
    sign_in_event_id            TEXT COLLATE "C"
);

CREATE INDEX sessions_by_user ON sessions (user_id, id);

CREATE TABLE accounts (
    user_id     TEXT COLLATE "C" NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    id          TEXT COLLATE "C" NOT NULL,
    provider_id TEXT COLLATE "C",
    account_id  TEXT COLLATE "C",
    email       TEXT COLLATE "C",
    username    TEXT COLLATE "C",
    scope       TEXT,
    status      TEXT,
    created_at  BIGINT,
    updated_at  BIGINT,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE verifications (
    user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (clerk_id) ON DELETE CASCADE,
    id         TEXT COLLATE "C" NOT NULL,
    kind       TEXT NOT NULL,
    identifier TEXT,
    status     TEXT,
    strategy   TEXT,
    attempts   BIGINT,
    expires_at BIGINT,
    created_at BIGINT,
    updated_at BIGINT,
    PRIMARY KEY (user_id, id)
);
