-- The tokens of linked accounts that were fetched, sealed: a cache beside what is synced, which goes with
-- its account. What a token is of, and until when, is sealed with it and cannot be changed here.
CREATE TABLE account_tokens (
    user_id                  TEXT    NOT NULL,
    account_id               TEXT    NOT NULL,
    access_token             TEXT    NOT NULL,
    -- Clerk discloses none.
    refresh_token            TEXT,
    id_token                 TEXT,
    access_token_expires_at  INTEGER,
    refresh_token_expires_at INTEGER,
    -- Of the setting `tokens.keys`.
    key_id                   TEXT    NOT NULL,
    fetched_at               INTEGER NOT NULL,
    PRIMARY KEY (user_id, account_id),
    FOREIGN KEY (user_id, account_id) REFERENCES accounts (user_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
