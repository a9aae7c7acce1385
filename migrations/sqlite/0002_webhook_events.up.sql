-- Every event that was ever signed for us, in the order in which readers see the commits:
-- AUTOINCREMENT, so that a number is never given twice, not even after pruning.
CREATE TABLE webhook_events (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    type        TEXT,
    subject     TEXT,
    object_id   TEXT,
    instance_id TEXT,
    payload     TEXT,
    decision    TEXT    NOT NULL,
    reason      TEXT,
    secret      TEXT,
    occurred_at INTEGER,
    received_at INTEGER NOT NULL
) STRICT;

CREATE INDEX webhook_events_by_subject ON webhook_events (subject, seq) WHERE subject IS NOT NULL;
-- Nearly every event is applied or stale: those are found in the order of `seq`.
CREATE INDEX webhook_events_by_decision ON webhook_events (decision, seq)
    WHERE decision NOT IN ('applied', 'stale');

-- When each signing secret last matched: an old one that is silent can go. Duplicates count.
CREATE TABLE webhook_secrets (
    label        TEXT    NOT NULL PRIMARY KEY,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
