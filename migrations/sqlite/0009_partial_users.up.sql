-- The users of whom no payload had all fields. A field keeps the value of the newest state that has
-- it, and its version is here if it differs from the version of the row in `users`. The text is a
-- JSON object: `{"username": [updated_at, occurred_at, "event_id"], "banned": null}`.
CREATE TABLE partial_users (
    user_id        TEXT NOT NULL PRIMARY KEY REFERENCES users (clerk_id) ON DELETE CASCADE,
    field_versions TEXT NOT NULL
) STRICT, WITHOUT ROWID;
