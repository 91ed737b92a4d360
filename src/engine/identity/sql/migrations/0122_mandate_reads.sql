-- Whether who holds a mandate may have the principal's data read. Of those that were given before, nobody said so; a pack says it anew.
ALTER TABLE identity_mandate ADD COLUMN reads_data INTEGER NOT NULL DEFAULT 0;
CREATE INDEX identity_mandate_from_firm ON identity_mandate (from_firm) WHERE from_firm IS NOT NULL;
CREATE INDEX identity_mandate_from_person ON identity_mandate (from_person) WHERE from_person IS NOT NULL;
