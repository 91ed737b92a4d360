-- What leaves the program by a worker of its own: when it is tried next, how often it was, what became of it.
ALTER TABLE case_outbox ADD COLUMN due_at INTEGER;                -- none: it has ended, or is fetched by somebody outside
ALTER TABLE case_outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE case_outbox ADD COLUMN ended_at INTEGER;
ALTER TABLE case_outbox ADD COLUMN ending TEXT NOT NULL DEFAULT '';   -- sent | given_up | not_wanted
CREATE INDEX case_outbox_due ON case_outbox (due_at, id) WHERE due_at IS NOT NULL;
