-- An erasure finds its subjects in the body: the index served nothing else and took as much room as the table.
DROP INDEX ledger_subject_by_seq;
