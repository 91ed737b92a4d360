-- Accounts that people have asked for and that no office has confirmed yet. A row is gone once it is confirmed, or after its time.
CREATE TABLE identity_declaration (
  username TEXT PRIMARY KEY,
  password TEXT NOT NULL,           -- argon2id, PHC string form
  name TEXT NOT NULL,               -- as she says
  code_scheme TEXT NOT NULL,
  code TEXT NOT NULL,
  telephone TEXT NOT NULL,
  network TEXT NOT NULL,            -- from which it was asked, as throttling counts
  declared_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_declaration_by_time ON identity_declaration (declared_at);
CREATE INDEX identity_declaration_by_network ON identity_declaration (network, declared_at);
