-- What the pack says: JSON bodies (identity::Unit, Division, Post, Role). Ended, never deleted.
CREATE TABLE identity_unit (id TEXT PRIMARY KEY, body TEXT NOT NULL, since INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE TABLE identity_division (id TEXT PRIMARY KEY, body TEXT NOT NULL, since INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE TABLE identity_post (id TEXT PRIMARY KEY, body TEXT NOT NULL, since INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE TABLE identity_role (id TEXT PRIMARY KEY, body TEXT NOT NULL, since INTEGER NOT NULL, ended_at INTEGER) STRICT;

-- `pack_key`: how a pack's files name somebody; null for who was registered while the program ran.
CREATE TABLE identity_person (
  id BLOB PRIMARY KEY,
  pack_key TEXT UNIQUE,
  name TEXT NOT NULL,               -- JSON: language -> text
  registered_at INTEGER NOT NULL
) STRICT;
CREATE TABLE identity_person_code (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  person BLOB NOT NULL REFERENCES identity_person (id),
  PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_person_code_by_person ON identity_person_code (person);

CREATE TABLE identity_firm (
  id BLOB PRIMARY KEY,
  pack_key TEXT UNIQUE,
  name TEXT NOT NULL,
  founded_on TEXT,
  dissolved_on TEXT,
  registered_at INTEGER NOT NULL
) STRICT;
CREATE TABLE identity_firm_code (
  scheme TEXT NOT NULL,
  value TEXT NOT NULL,
  firm BLOB NOT NULL REFERENCES identity_firm (id),
  PRIMARY KEY (scheme, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_firm_code_by_firm ON identity_firm_code (firm);

-- Legal representatives; a period without end goes to 9999-12-31, here and below.
CREATE TABLE identity_representative (
  firm BLOB NOT NULL REFERENCES identity_firm (id),
  valid_from TEXT NOT NULL,
  person BLOB NOT NULL REFERENCES identity_person (id),
  valid_to TEXT NOT NULL,
  PRIMARY KEY (firm, valid_from)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_representative_by_person ON identity_representative (person);

CREATE TABLE identity_mandate (
  id BLOB PRIMARY KEY,
  pack_key TEXT UNIQUE,
  from_firm BLOB REFERENCES identity_firm (id),      -- one of the two
  from_person BLOB REFERENCES identity_person (id),
  to_person BLOB NOT NULL REFERENCES identity_person (id),
  items TEXT NOT NULL,              -- JSON list of item keys; empty: all
  basis TEXT NOT NULL,              -- JSON: language -> text
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX identity_mandate_by_person ON identity_mandate (to_person);

CREATE TABLE identity_account (
  id BLOB PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,
  person BLOB REFERENCES identity_person (id),       -- or
  unit TEXT REFERENCES identity_unit (id),           -- of a machine
  password TEXT NOT NULL,           -- argon2id, PHC string form
  created_at INTEGER NOT NULL,
  disabled_at INTEGER,
  last_post TEXT                    -- in which the last session acted
) STRICT;
CREATE INDEX identity_account_by_person ON identity_account (person);

CREATE TABLE identity_holding (
  id BLOB PRIMARY KEY,
  person BLOB REFERENCES identity_person (id),       -- or
  machine BLOB REFERENCES identity_account (id),
  post TEXT NOT NULL REFERENCES identity_post (id),
  stand_in_for BLOB REFERENCES identity_person (id),
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL            -- before valid_from: taken back as if never held
) STRICT;
CREATE INDEX identity_holding_by_person ON identity_holding (person);
CREATE INDEX identity_holding_by_machine ON identity_holding (machine);
CREATE INDEX identity_holding_by_post ON identity_holding (post);

-- What the browser has is a random token; here is its SHA-256.
CREATE TABLE identity_session (
  token_sha256 BLOB PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  account BLOB NOT NULL REFERENCES identity_account (id),
  post TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX identity_session_by_account ON identity_session (account, created_at);
CREATE INDEX identity_session_by_creation ON identity_session (created_at);
CREATE INDEX identity_session_by_use ON identity_session (seen_at);
CREATE TABLE identity_device (
  token_sha256 BLOB PRIMARY KEY,
  account BLOB NOT NULL REFERENCES identity_account (id),
  seen_at INTEGER NOT NULL,
  failures INTEGER NOT NULL         -- wrong passwords in a row
) STRICT;
CREATE INDEX identity_device_by_account ON identity_device (account, seen_at);
CREATE INDEX identity_device_by_use ON identity_device (seen_at);
CREATE TABLE identity_sign_in_failure (
  account BLOB NOT NULL,            -- 16 noughts: a name that nobody has
  network TEXT NOT NULL,
  failures INTEGER NOT NULL,        -- in a row
  last_at INTEGER NOT NULL,
  PRIMARY KEY (account, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_sign_in_failure_by_time ON identity_sign_in_failure (last_at);
