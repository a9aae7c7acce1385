-- The tokens of linked accounts that were fetched, sealed: a cache beside what is synced, which goes with
-- its account. What a token is of, and until when, is sealed with it and cannot be changed here.
CREATE TABLE account_tokens (
    user_id                  TEXT COLLATE "C" NOT NULL,
    account_id               TEXT COLLATE "C" NOT NULL,
    access_token             TEXT   NOT NULL,
    -- Clerk discloses none.
    refresh_token            TEXT,
    id_token                 TEXT,
    access_token_expires_at  BIGINT,
    refresh_token_expires_at BIGINT,
    -- Of the setting `tokens.keys`.
    key_id                   TEXT COLLATE "C" NOT NULL,
    fetched_at               BIGINT NOT NULL,
    PRIMARY KEY (user_id, account_id),
    FOREIGN KEY (user_id, account_id) REFERENCES accounts (user_id, id) ON DELETE CASCADE
);
