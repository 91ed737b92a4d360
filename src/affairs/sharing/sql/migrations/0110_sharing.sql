-- What a case of sharing is about: a request for a grant, or the publication of a resource.
CREATE TABLE sharing_request (
  case_id BLOB PRIMARY KEY,
  kind TEXT NOT NULL,            -- grant | change | publication
  unit TEXT NOT NULL,            -- that asks
  provider TEXT NOT NULL,
  resource TEXT NOT NULL,
  grant_id TEXT NOT NULL,        -- that is changed, or was given; empty before
  body TEXT NOT NULL,            -- JSON: sharing::Request; {} of a publication
  asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sharing_request_unit ON sharing_request (unit, case_id);
CREATE INDEX sharing_request_provider ON sharing_request (provider, case_id);
