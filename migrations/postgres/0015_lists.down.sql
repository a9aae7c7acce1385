DROP INDEX users_banned;
DROP INDEX users_by_phone_number;
DROP INDEX organization_memberships_live;
DROP INDEX organizations_without_creation;
DROP INDEX organizations_in_order_of_creation;
DROP INDEX users_without_creation;
DROP INDEX users_in_order_of_creation;
ALTER TABLE webhook_events DROP COLUMN source;
