-- What the public security bureau's own system would have: the population register of the county.
CREATE TABLE resident (
  citizen_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sex TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  household_no TEXT NOT NULL,
  relation TEXT NOT NULL,
  household_address TEXT NOT NULL,
  phone TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('valid', 'moved_out', 'deceased')),
  updated_on TEXT NOT NULL
) STRICT;
CREATE INDEX resident_by_household ON resident (household_no);
