-- What the natural resources bureau's own system would have: the real estate register of the county.
CREATE TABLE premises (
  unit_no TEXT PRIMARY KEY,
  certificate_no TEXT NOT NULL,
  owner_code TEXT NOT NULL,
  owner_name TEXT NOT NULL,
  address TEXT NOT NULL,
  area_m2 REAL NOT NULL,
  use TEXT NOT NULL,
  structure TEXT NOT NULL,
  floors INTEGER NOT NULL,
  floor INTEGER NOT NULL,
  built_in INTEGER NOT NULL,
  registered_on TEXT NOT NULL,
  status TEXT NOT NULL
) STRICT;
CREATE INDEX premises_by_owner ON premises (owner_code);
