CREATE TABLE message (
  id BLOB NOT NULL PRIMARY KEY,     -- in the order of time
  party_kind INTEGER NOT NULL,      -- of whom it is for: 1 person, 2 firm
  party BLOB NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,               -- messages.hpp
  case_id BLOB,                     -- the matter that it is about
  item TEXT NOT NULL,               -- its service item, or empty
  facts TEXT NOT NULL,              -- JSON: what its wording needs
  once TEXT,                        -- a party gets one message of this name
  read_at INTEGER
) STRICT;
CREATE INDEX message_of ON message (party_kind, party, id);
CREATE INDEX message_unread ON message (party_kind, party, id) WHERE read_at IS NULL;
CREATE INDEX message_case ON message (case_id) WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX message_once ON message (party_kind, party, once) WHERE once IS NOT NULL;

-- Where a person wants to be told that there is a message.
CREATE TABLE message_contact (
  person BLOB NOT NULL,
  channel TEXT NOT NULL,            -- mail | sms
  address TEXT NOT NULL,            -- that gets messages; empty: none yet
  confirmed_at INTEGER,
  asked TEXT NOT NULL,              -- an address that is to be confirmed; empty: none
  code BLOB,                        -- SHA-256 of what was sent there
  code_until INTEGER NOT NULL,
  tries INTEGER NOT NULL,           -- of codes that were wrong
  sent_on TEXT NOT NULL,            -- the day on which codes were sent last, and how many
  sent INTEGER NOT NULL,
  PRIMARY KEY (person, channel)
) STRICT;

-- Days of which persons were told that their data was read.
CREATE TABLE message_day (
  day TEXT NOT NULL PRIMARY KEY,
  told_at INTEGER NOT NULL
) STRICT;
