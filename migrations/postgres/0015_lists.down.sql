DROP INDEX users_banned;
DROP INDEX users_by_phone_number;
ALTER TABLE users ALTER COLUMN phone_number TYPE TEXT COLLATE "default";
DROP INDEX organization_memberships_live;
DROP INDEX organizations_without_creation;
DROP INDEX organizations_in_order_of_creation;
DROP INDEX users_without_creation;
DROP INDEX users_in_order_of_creation;
ALTER TABLE webhook_events DROP COLUMN source;
