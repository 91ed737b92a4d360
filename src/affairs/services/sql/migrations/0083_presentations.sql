-- Certificates that stand in for the files of a material, of a draft or of the case that it became.
CREATE TABLE service_presentation (
  owner BLOB NOT NULL,
  material TEXT NOT NULL,
  certificate BLOB NOT NULL,
  presented_at INTEGER NOT NULL,
  PRIMARY KEY (owner, material)
) STRICT;
