-- The source of a change, if the type of the event does not imply it: read_through, backfill,
-- repair, reprocess. The change feed shows it.
ALTER TABLE webhook_events ADD COLUMN source TEXT COLLATE "C";

-- Users in the order of their creation. The counts read the same index, because a user with a time
-- of creation is neither a stub nor a tombstone. The second index has the few other users.
CREATE INDEX users_in_order_of_creation ON users (created_at, clerk_id)
    WHERE created_at IS NOT NULL;
CREATE INDEX users_without_creation ON users (clerk_id)
    WHERE created_at IS NULL AND deleted_at IS NULL;
CREATE INDEX organizations_in_order_of_creation ON organizations (created_at, id)
    WHERE created_at IS NOT NULL;
CREATE INDEX organizations_without_creation ON organizations (id)
    WHERE created_at IS NULL AND deleted_at IS NULL;
-- With the last column, SQLite counts the memberships without reading their rows.
CREATE INDEX organization_memberships_live
    ON organization_memberships (organization_id, user_id, deleted_at) WHERE deleted_at IS NULL;

-- Like all indexed texts, by bytes.
ALTER TABLE users ALTER COLUMN phone_number TYPE TEXT COLLATE "C";
CREATE INDEX users_by_phone_number ON users (phone_number) WHERE phone_number IS NOT NULL;
CREATE INDEX users_banned ON users (banned, clerk_id) WHERE banned = TRUE;
