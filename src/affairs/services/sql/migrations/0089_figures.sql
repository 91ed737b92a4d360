-- What the figures of items are counted from, without reading whole rows.
CREATE INDEX case_file_item ON case_file (item, opened_at, closed_at, state);
CREATE INDEX service_application_item ON service_application (item, case_id);
CREATE INDEX exchange_usage_at ON exchange_usage (at, consumer, provider, refused, records);

-- Of a demonstration county: how far its clock is ahead, and the row that was altered by hand for people to see it caught.
CREATE TABLE demo_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  clock_offset INTEGER NOT NULL,  -- microseconds
  altered_case BLOB,
  altered_was INTEGER             -- its state before
) STRICT;
