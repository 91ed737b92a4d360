-- Who is away from when to when, and who stands in for her in which of her posts. The stand-in's right is a holding, made when it is approved.
CREATE TABLE identity_absence (
  id BLOB PRIMARY KEY,
  person BLOB NOT NULL REFERENCES identity_person (id),
  stand_in BLOB NOT NULL REFERENCES identity_person (id),
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,           -- before valid_from: ended before it began
  state INTEGER NOT NULL,           -- 0 asked for, 1 approved, 2 ended or refused
  note TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by BLOB                   -- account
) STRICT;
CREATE INDEX identity_absence_person ON identity_absence (person, valid_to);
CREATE INDEX identity_absence_stand_in ON identity_absence (stand_in, valid_to);
CREATE INDEX identity_absence_asked ON identity_absence (entered_at, id) WHERE state = 0;
CREATE TABLE identity_absence_post (
  absence BLOB NOT NULL REFERENCES identity_absence (id),
  post TEXT NOT NULL REFERENCES identity_post (id),
  holding BLOB,                     -- of the stand-in, once approved
  PRIMARY KEY (absence, post)
) STRICT, WITHOUT ROWID;
