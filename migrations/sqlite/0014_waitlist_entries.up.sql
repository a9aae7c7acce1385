-- The waitlist. A tombstone (a deleted entry) has the version (0, 0, '') and no other values than the
-- ID and `deleted_at`.
CREATE TABLE waitlist_entries (
    id                  TEXT    NOT NULL PRIMARY KEY,
    email               TEXT,
    -- An open set.
    status              TEXT,
    invitation_id       TEXT,
    created_at          INTEGER,
    updated_at          INTEGER,
    deleted_at          INTEGER,
    field_versions      TEXT,
    version_updated_at  INTEGER NOT NULL DEFAULT 0,
    version_occurred_at INTEGER NOT NULL DEFAULT 0,
    version_event_id    TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX waitlist_entries_by_email ON waitlist_entries (lower(email)) WHERE email IS NOT NULL;
