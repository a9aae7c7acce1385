CREATE TABLE partial_users (
    user_id        TEXT NOT NULL PRIMARY KEY REFERENCES users (clerk_id) ON DELETE CASCADE,
    field_versions TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO partial_users SELECT clerk_id, field_versions FROM users
WHERE field_versions IS NOT NULL;
ALTER TABLE sessions DROP COLUMN field_versions;
ALTER TABLE users DROP COLUMN field_versions;
