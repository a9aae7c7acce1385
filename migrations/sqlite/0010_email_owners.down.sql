DROP INDEX users_by_email;
CREATE INDEX users_by_email ON users (email) WHERE email IS NOT NULL;
DROP VIEW email_owners;
CREATE VIEW email_owners (email, clerk_id) AS
SELECT email, clerk_id
FROM (
    SELECT email, clerk_id, ROW_NUMBER() OVER (
        PARTITION BY email
        ORDER BY email_verified DESC,
                 version_updated_at DESC, version_occurred_at DESC, version_event_id DESC
    ) AS place
    FROM users
    WHERE email IS NOT NULL
) AS claims
WHERE place = 1;
