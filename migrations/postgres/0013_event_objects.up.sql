-- The object that an event is about, and the organization that it belongs to. Both are null for
-- events that were stored before. `operation` is null unless the event was applied.
ALTER TABLE webhook_events ADD COLUMN organization_id TEXT COLLATE "C";
ALTER TABLE webhook_events ADD COLUMN object_kind TEXT COLLATE "C";
ALTER TABLE webhook_events ADD COLUMN operation TEXT COLLATE "C";
CREATE INDEX webhook_events_by_organization ON webhook_events (organization_id, seq)
    WHERE organization_id IS NOT NULL;
-- The events of users and sessions, most of all events, are found by the user.
CREATE INDEX webhook_events_by_object ON webhook_events (object_id, seq)
    WHERE object_id IS NOT NULL AND (subject IS NULL OR organization_id IS NOT NULL);
