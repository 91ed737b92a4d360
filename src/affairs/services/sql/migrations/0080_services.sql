CREATE TABLE service_item (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,          -- JSON: services::Item
  since INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;

CREATE TABLE service_draft (
  id BLOB PRIMARY KEY,
  item TEXT NOT NULL,
  person BLOB NOT NULL,
  firm BLOB,
  form TEXT NOT NULL,          -- JSON
  prefills TEXT NOT NULL,      -- JSON: list of services::Prefill
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX service_draft_person ON service_draft (person, changed_at);

CREATE TABLE service_application (
  case_id BLOB PRIMARY KEY,
  item TEXT NOT NULL,
  person BLOB NOT NULL,
  firm BLOB,
  prefills TEXT NOT NULL
) STRICT;

CREATE TABLE certificate (
  id BLOB PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  case_id BLOB NOT NULL,
  item TEXT NOT NULL,
  holder_kind INTEGER NOT NULL,  -- 1 person, 2 firm
  holder BLOB NOT NULL,
  name TEXT NOT NULL,            -- JSON: text by language
  issuer TEXT NOT NULL,
  issued_on TEXT NOT NULL,
  valid_until TEXT,
  claims TEXT NOT NULL,          -- JSON: list of services::Claim
  signed_form TEXT NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX certificate_holder ON certificate (holder, id);
CREATE UNIQUE INDEX certificate_case ON certificate (case_id);
