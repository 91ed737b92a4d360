-- Sources and resources that officers make, beside those of the pack: a pack that is applied leaves them alone.
ALTER TABLE catalogue_source ADD COLUMN origin TEXT NOT NULL DEFAULT 'pack';    -- pack | act
ALTER TABLE catalogue_resource ADD COLUMN origin TEXT NOT NULL DEFAULT 'pack';

CREATE TABLE catalogue_draft (
  id TEXT PRIMARY KEY,         -- of the resource that it will be
  unit TEXT NOT NULL,
  body TEXT NOT NULL,          -- JSON: catalogue::Resource
  review BLOB,                 -- the case that examines it; it cannot be changed meanwhile
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX catalogue_draft_unit ON catalogue_draft (unit, id);

CREATE TABLE catalogue_version (
  resource TEXT NOT NULL,
  version INTEGER NOT NULL,    -- from 1
  body TEXT NOT NULL,
  since INTEGER NOT NULL,
  by_case BLOB NOT NULL,
  PRIMARY KEY (resource, version)
) STRICT;

CREATE TABLE catalogue_examination (
  source TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  body TEXT NOT NULL           -- JSON: catalogue::Examination
) STRICT;
