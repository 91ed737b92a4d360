-- By which link whoever was at a counter reviews the visit at which a case was taken in.
CREATE TABLE service_visit (
  case_id BLOB NOT NULL PRIMARY KEY,
  code TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX service_visit_code ON service_visit (code);
