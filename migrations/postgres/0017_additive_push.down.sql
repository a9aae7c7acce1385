DROP TABLE push_attempts;
DROP TABLE push_messages;
DROP TABLE push_endpoints;
ALTER TABLE webhook_events DROP COLUMN notify;
