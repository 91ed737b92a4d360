CREATE TABLE catalogue_source (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,          -- JSON: catalogue::Source
  since INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;

CREATE TABLE catalogue_resource (
  id TEXT PRIMARY KEY,
  body TEXT NOT NULL,          -- JSON: catalogue::Resource
  since INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
