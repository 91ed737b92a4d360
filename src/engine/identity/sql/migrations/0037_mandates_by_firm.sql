-- Who may act for a firm is asked whenever a message is written to it.
CREATE INDEX identity_mandate_by_firm ON identity_mandate (from_firm) WHERE from_firm IS NOT NULL;
