-- Whom uses were about, as far as exchange_usage_person does not have it: in the order of the uses, so that those of a time share a page. They are
-- taken over behind the commit.
CREATE TABLE exchange_usage_person_new (
  usage BLOB NOT NULL,
  person BLOB NOT NULL,
  PRIMARY KEY (usage, person)
) STRICT, WITHOUT ROWID;
