-- The source of a change, if the type of the event does not imply it: read_through, backfill,
-- repair, reprocess. The change feed shows it.
ALTER TABLE webhook_events ADD COLUMN source TEXT COLLATE "C";
