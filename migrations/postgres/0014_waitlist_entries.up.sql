-- The waitlist. A tombstone (a deleted entry) has the version (0, 0, '') and no other values than the
-- ID and `deleted_at`.
CREATE TABLE waitlist_entries (
    id                  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    email               TEXT COLLATE "C",
    -- An open set.
    status              TEXT COLLATE "C",
    invitation_id       TEXT COLLATE "C",
    created_at          BIGINT,
    updated_at          BIGINT,
    deleted_at          BIGINT,
    field_versions      TEXT,
    version_updated_at  BIGINT NOT NULL DEFAULT 0,
    version_occurred_at BIGINT NOT NULL DEFAULT 0,
    version_event_id    TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE INDEX waitlist_entries_by_email ON waitlist_entries (lower(email)) WHERE email IS NOT NULL;
