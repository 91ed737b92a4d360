#!/usr/bin/env python3
"""Turns small query files into C++ and looks at what is marked as aside, and what is refused."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Queries(unittest.TestCase):
    def made(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "sql" / "some.sql"
            file.parent.mkdir()
            file.write_text(text, encoding="utf-8")
            run = subprocess.run([sys.executable, ROOT / "tools/embed_sql.py", "--module", "some", "--out", folder, file], capture_output=True, text=True)
            header = pathlib.Path(folder) / "some_sql.hpp"
            return run, header.read_text(encoding="utf-8") if header.exists() else ""

    def test_a_query_is_aside_where_it_says_so(self):
        _, header = self.made("-- name: one\n-- aside\nDELETE FROM some_use;\n-- name: two\nDELETE FROM some_right;\n")
        self.assertEqual([line.endswith(", true};") for line in header.splitlines() if line.endswith("};")], [True, False])

    def test_all_of_a_file_is_aside_where_it_says_so_first(self):
        _, header = self.made("-- aside\n-- name: one\nDELETE FROM some_use;\n-- name: two\nDELETE FROM some_file;\n")
        self.assertEqual([line.endswith(", true};") for line in header.splitlines() if line.endswith("};")], [True, True])

    def test_what_rights_are_read_from_is_not_written_aside(self):
        for write in ("UPDATE identity_session SET ended_at = $1", "INSERT INTO exchange_grant (id) VALUES ($1)", "DELETE FROM catalogue_source",
                      "WITH one AS (DELETE FROM identity_holding RETURNING id) SELECT id FROM one"):
            run, _ = self.made(f"-- aside\n-- name: one\n{write};\n")
            self.assertNotEqual(run.returncode, 0, write)
            self.assertIn("on which rights rest", run.stderr)

    def test_what_rights_are_read_from_may_be_read_in_such_a_file(self):
        run, _ = self.made("-- aside\n-- name: one\nSELECT id FROM identity_session;\n")
        self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.defaultTestLoader.loadTestsFromTestCase(Queries))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
