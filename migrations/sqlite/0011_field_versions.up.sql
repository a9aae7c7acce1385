-- Versions of single fields. A payload can lack fields; such a field keeps the value of the newest
-- state that has it, and its version is here if it differs from the version of the row. The text is
-- a JSON object: `{"username": [updated_at, occurred_at, "event_id"], "banned": null}`.
ALTER TABLE users ADD COLUMN field_versions TEXT;
ALTER TABLE sessions ADD COLUMN field_versions TEXT;
UPDATE users SET field_versions =
    (SELECT field_versions FROM partial_users WHERE user_id = clerk_id)
WHERE clerk_id IN (SELECT user_id FROM partial_users);
DROP TABLE partial_users;
