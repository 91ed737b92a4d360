-- When an entry was last changed, and a number that grows with each change: what was made of the catalogue is good until it grows.
ALTER TABLE catalogue_resource ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE catalogue_resource ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE catalogue_resource SET changed_at = coalesce(ended_at, since), revision = 1;
CREATE INDEX catalogue_resource_revision ON catalogue_resource (revision);
