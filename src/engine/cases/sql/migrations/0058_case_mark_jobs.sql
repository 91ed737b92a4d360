-- Tasks that were open before their marks were kept get the job that keeps them. It bears the id of its task; the first run says the rest.
INSERT INTO case_job (id, case_id, wait, kind, run_at, attempts, name, detail)
SELECT id, case_id, wait, 10, 0, 0, '', '' FROM case_task t
WHERE state IN (0, 1) AND term <> '' AND NOT EXISTS (SELECT 1 FROM case_job j WHERE j.case_id = t.case_id AND j.wait = t.wait AND j.kind = 10);
