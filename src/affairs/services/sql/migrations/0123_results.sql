-- Who applies by a mandate of another person.
ALTER TABLE service_draft ADD COLUMN principal BLOB;
ALTER TABLE service_application ADD COLUMN principal BLOB;

-- How a result is to reach the applicant: JSON of ResultWish; none: she did not say.
ALTER TABLE service_draft ADD COLUMN result TEXT;
CREATE TABLE service_result (
  case_id BLOB NOT NULL PRIMARY KEY,
  wish TEXT NOT NULL,               -- JSON of ResultWish
  state TEXT NOT NULL,              -- wanted | posted | ready | handed_out
  carrier TEXT NOT NULL,            -- of the pack, where it was posted
  tracking TEXT NOT NULL,
  done_at INTEGER,
  unit TEXT NOT NULL,               -- that posted it or handed it out
  account BLOB
) STRICT;

CREATE TABLE service_fee (
  id BLOB NOT NULL PRIMARY KEY,
  case_id BLOB NOT NULL,
  item TEXT NOT NULL,
  name TEXT NOT NULL,               -- JSON: language -> text
  amount INTEGER NOT NULL,          -- minor units
  currency TEXT NOT NULL,           -- ISO 4217
  awaited TEXT NOT NULL,            -- as what its process waits for it; empty: it does not
  due_at INTEGER NOT NULL,
  unit TEXT NOT NULL,               -- that recorded it as due; empty: the program, as the item says
  account BLOB,
  paid_at INTEGER,
  way TEXT NOT NULL,                -- online | counter | bank
  receipt TEXT NOT NULL,
  paid_unit TEXT NOT NULL,
  paid_account BLOB
) STRICT;
CREATE INDEX service_fee_case ON service_fee (case_id);
CREATE INDEX service_fee_item ON service_fee (item, due_at);
