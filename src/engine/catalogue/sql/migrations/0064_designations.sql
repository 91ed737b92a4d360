-- Which field is the one source of its datum (Order 809, art. 19): said by the data authority, over what the entry itself says.
CREATE TABLE catalogue_designation (
  resource TEXT NOT NULL,
  field TEXT NOT NULL,
  designated INTEGER NOT NULL,  -- 1 | 0
  said_at INTEGER NOT NULL,
  said_by BLOB NOT NULL,        -- account
  reason TEXT NOT NULL,
  PRIMARY KEY (resource, field)
) STRICT;
