-- Every event that was ever signed for us. `seq` is the order in which readers see the commits:
-- the insert is the last statement of its transaction, under an advisory lock.
CREATE TABLE webhook_events (
    seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    type        TEXT COLLATE "C",
    subject     TEXT COLLATE "C",
    object_id   TEXT COLLATE "C",
    instance_id TEXT COLLATE "C",
    payload     TEXT,
    decision    TEXT COLLATE "C" NOT NULL,
    reason      TEXT,
    secret      TEXT,
    occurred_at BIGINT,
    received_at BIGINT NOT NULL
);

-- Payloads of the usual two to three kilobytes stay in their rows as they are: compressing them takes
-- longer than all else about an event. Larger ones are compressed.
ALTER TABLE webhook_events SET (toast_tuple_target = 8160);

CREATE INDEX webhook_events_by_subject ON webhook_events (subject, seq) WHERE subject IS NOT NULL;
-- Nearly every event is applied or stale: those are found in the order of `seq`.
CREATE INDEX webhook_events_by_decision ON webhook_events (decision, seq)
    WHERE decision NOT IN ('applied', 'stale');

-- When each signing secret last matched: an old one that is silent can go. Duplicates count.
CREATE TABLE webhook_secrets (
    label        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last_used_at BIGINT NOT NULL
);
