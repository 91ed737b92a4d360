-- A case may issue several certificates, each once: their numbers differ by type.
DROP INDEX certificate_case;
CREATE INDEX certificate_case ON certificate (case_id);
