-- The certificates by which departments' systems call. What is bound is the key, so that a certificate may be renewed without asking anybody.
CREATE TABLE identity_certificate (
  key_sha256 TEXT PRIMARY KEY,      -- of its SubjectPublicKeyInfo in DER, lower-case hexadecimal
  account BLOB NOT NULL REFERENCES identity_account (id),   -- for ever: a key that was one account's never becomes another's
  bound_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX identity_certificate_by_account ON identity_certificate (account, bound_at);
