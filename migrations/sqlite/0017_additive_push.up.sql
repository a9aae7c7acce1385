-- Endpoints to which changes are pushed. Secrets and headers are encrypted.
CREATE TABLE push_endpoints (
    id                         TEXT    NOT NULL PRIMARY KEY,
    url                        TEXT    NOT NULL,
    description                TEXT    NOT NULL,
    -- Types of the messages, separated by spaces: user.created, membership.*, *.
    types                      TEXT    NOT NULL,
    headers                    TEXT,
    -- Messages per second; null for no limit.
    rate                       INTEGER,
    secret                     TEXT    NOT NULL,
    -- The secret before a rotation, with which messages are signed too until it expires.
    previous_secret            TEXT,
    previous_secret_expires_at INTEGER,
    -- Null if the endpoint is enabled; otherwise the reason: operator, gone, failing.
    disabled                   TEXT,
    disabled_at                INTEGER,
    -- Time of the first failure after the last success.
    failing_since              INTEGER,
    -- Every change up to this number is delivered, or has a row in push_messages.
    position                   INTEGER NOT NULL,
    -- Counts how often an operator has moved the position back.
    replays                    INTEGER NOT NULL DEFAULT 0,
    -- Counts the changes of this row by operators, which a sender must notice.
    revision                   INTEGER NOT NULL,
    -- Process that sends, and the number of renewals of its lease.
    sender                     TEXT,
    lease                      INTEGER NOT NULL,
    created_at                 INTEGER NOT NULL,
    updated_at                 INTEGER NOT NULL
) STRICT;

-- Messages that are not delivered at their first attempt, or that are sent again.
CREATE TABLE push_messages (
    endpoint_id     TEXT    NOT NULL REFERENCES push_endpoints (id) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    -- Null if the message is in the dead letter.
    next_attempt_at INTEGER,
    failed_at       INTEGER,
    PRIMARY KEY (endpoint_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX push_messages_failed ON push_messages (endpoint_id, failed_at) WHERE failed_at IS NOT NULL;

-- Attempts to deliver messages.
CREATE TABLE push_attempts (
    endpoint_id TEXT    NOT NULL REFERENCES push_endpoints (id) ON DELETE CASCADE,
    seq         INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    -- Status code of the response; null without a response.
    status      INTEGER,
    -- Null if the message was delivered.
    problem     TEXT,
    PRIMARY KEY (endpoint_id, seq, at)
) STRICT, WITHOUT ROWID;

CREATE INDEX push_attempts_failed ON push_attempts (endpoint_id, seq, at) WHERE problem IS NOT NULL;

-- True if a backfill, a repair or a rebuild was asked to push its changes. Null for other events.
ALTER TABLE webhook_events ADD COLUMN notify INTEGER;
