-- The attachments of one draft or case, under one key. When a draft is submitted its folder becomes the case's.
CREATE TABLE attachment_folder (
  id BLOB NOT NULL PRIMARY KEY,
  owner BLOB NOT NULL UNIQUE,       -- the draft, or the case
  kind INTEGER NOT NULL,            -- 0 draft, 1 case
  sealed_key TEXT,                  -- sealed by the node's key ring; none once erased: then nothing of the folder can be read any more
  files INTEGER NOT NULL,           -- with uploads under way
  octets INTEGER NOT NULL,
  erased_at INTEGER
) STRICT;

CREATE TABLE attachment_upload (
  id BLOB NOT NULL PRIMARY KEY,     -- of the attachment that it becomes, and of its content
  folder BLOB NOT NULL,
  size INTEGER NOT NULL,
  received INTEGER NOT NULL,        -- octets, whole chunks but at the end
  material TEXT NOT NULL,
  types TEXT NOT NULL,              -- what it may be, names with commas
  sealed BLOB NOT NULL,             -- name and expected hash
  account BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_upload_folder ON attachment_upload (folder);
CREATE INDEX attachment_upload_expiry ON attachment_upload (expires_at);

-- One file of a folder, however often it was added.
CREATE TABLE attachment_content (
  id BLOB NOT NULL PRIMARY KEY,
  folder BLOB NOT NULL,
  address BLOB NOT NULL,            -- HMAC of its SHA-256 under a key of the folder: equal files of two cases have nothing in common
  size INTEGER NOT NULL,
  stored_sha256 BLOB NOT NULL,      -- SHA-256 over the SHA-256 of its sealed chunks
  UNIQUE (folder, address)
) STRICT;

-- 64 KiB of a file, sealed (jx/crypto/chunks.hpp).
CREATE TABLE attachment_chunk (
  content BLOB NOT NULL,
  number INTEGER NOT NULL,
  octets BLOB NOT NULL,
  sha256 BLOB NOT NULL,             -- of the sealed octets
  PRIMARY KEY (content, number)
) STRICT;

CREATE TABLE attachment (
  id BLOB NOT NULL PRIMARY KEY,
  folder BLOB NOT NULL,
  content BLOB,                     -- none once the octets are gone
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  material TEXT NOT NULL,           -- of the item, or empty
  sealed BLOB NOT NULL,             -- name and SHA-256
  stored_sha256 BLOB NOT NULL,      -- of the content, vouched for by the ledger
  account BLOB NOT NULL,
  unit TEXT NOT NULL,               -- empty for a citizen
  added_at INTEGER NOT NULL,
  removed_at INTEGER,
  removed_reason TEXT
) STRICT;
CREATE INDEX attachment_in_folder ON attachment (folder, id);
CREATE INDEX attachment_of_content ON attachment (content) WHERE content IS NOT NULL;

-- What the holder of a task may see who sees nothing else of the case.
CREATE TABLE attachment_for_task (
  task BLOB NOT NULL,
  attachment BLOB NOT NULL,
  PRIMARY KEY (task, attachment)
) STRICT;

-- Content that belongs to nothing any more: its chunks are removed a few at a time.
CREATE TABLE attachment_waste (
  content BLOB NOT NULL PRIMARY KEY
) STRICT;
