-- Failed and quarantined events that an operator dismissed: the decision before, the operator, and
-- the time.
ALTER TABLE webhook_events ADD COLUMN dismissed_decision TEXT;
ALTER TABLE webhook_events ADD COLUMN dismissed_by TEXT;
ALTER TABLE webhook_events ADD COLUMN dismissed_at INTEGER;
