-- One owner for all spellings of an address. Clerk stores addresses in lower case, but older and
-- imported ones can have another spelling. Both engines convert only ASCII letters here.
-- The view is replaced, so that its grants stay.
CREATE OR REPLACE VIEW email_owners (email, clerk_id) AS
SELECT email, clerk_id
FROM (
    SELECT lower(email) AS email, clerk_id, ROW_NUMBER() OVER (
        PARTITION BY lower(email)
        ORDER BY (email_verified IS TRUE) DESC,
                 version_updated_at DESC, version_occurred_at DESC, version_event_id DESC
    ) AS place
    FROM users
    WHERE email IS NOT NULL
) AS claims
WHERE place = 1;
DROP INDEX users_by_email;
CREATE INDEX users_by_email ON users (lower(email)) WHERE email IS NOT NULL;
