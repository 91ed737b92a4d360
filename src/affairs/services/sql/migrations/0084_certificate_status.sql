-- What each certificate is worth, by its place in a status list. Certificates that were issued before have no place.
CREATE TABLE certificate_status (
  certificate BLOB PRIMARY KEY,
  list INTEGER NOT NULL,
  place INTEGER NOT NULL,
  status INTEGER NOT NULL,       -- services::CertificateStatus
  changed_at INTEGER NOT NULL,
  unit TEXT,                     -- who changed it, why, by which law; null: as it was issued
  reason TEXT,
  law TEXT
) STRICT;
CREATE UNIQUE INDEX certificate_status_place ON certificate_status (list, place);
CREATE INDEX certificate_status_changed ON certificate_status (list, status);
