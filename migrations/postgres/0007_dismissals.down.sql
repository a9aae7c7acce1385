-- Programs before this migration do not know dismissed events.
UPDATE webhook_events SET decision = COALESCE(dismissed_decision, 'failed')
    WHERE decision = 'dismissed';
ALTER TABLE webhook_events DROP COLUMN dismissed_at;
ALTER TABLE webhook_events DROP COLUMN dismissed_by;
ALTER TABLE webhook_events DROP COLUMN dismissed_decision;
