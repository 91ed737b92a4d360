-- What an auditor asks for: the entries of one kind, and those of one account. The body is canonical JSON, so that whoever acted with an account stands at its beginning.
CREATE INDEX ledger_entry_by_kind ON ledger_entry (kind, seq);
CREATE INDEX ledger_entry_by_account ON ledger_entry (substr(body, 22, 36), seq) WHERE substr(body, 1, 21) = '{"actor":{"account":"';
