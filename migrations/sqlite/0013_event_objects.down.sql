DROP INDEX webhook_events_by_object;
DROP INDEX webhook_events_by_organization;
ALTER TABLE webhook_events DROP COLUMN operation;
ALTER TABLE webhook_events DROP COLUMN object_kind;
ALTER TABLE webhook_events DROP COLUMN organization_id;
