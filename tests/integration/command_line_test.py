#!/usr/bin/env python3
"""The command line as an operator meets it: init, pack, db, ledger, on a county of its own in a temporary folder."""
import argparse
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUNXIAN = None
CONFIG = """data: .
keys: keys
database: junxian.db
web: {web}
listen:
  - {{address: 127.0.0.1, port: 0}}
log: {{level: info, file: junxian.log}}
"""


def junxian(*arguments):
    done = subprocess.run([JUNXIAN, *map(str, arguments)], capture_output=True, text=True, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    return done.returncode, done.stdout + done.stderr


class County(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.config = self.folder / "junxian.yaml"
        web = self.folder / "web"
        for site in ("portal", "workbench"):
            (web / site / "dist").mkdir(parents=True)
            (web / site / "dist" / "index.html").write_text("<!doctype html><title>test</title>")
        self.config.write_text(CONFIG.format(web=web))

    def run_ok(self, *arguments):
        status, said = junxian(*arguments, "--config", self.config)
        self.assertEqual(status, 0, said)
        return said

    def made(self):
        subprocess.run([sys.executable, ROOT / "tools/prepare-data", ROOT / "packs/yunxi", self.folder], check=True)
        self.run_ok("init")
        return self.run_ok("pack", "apply", ROOT / "packs/yunxi")

    def served(self):
        """Starts the server; gives its origin. It is stopped, gracefully, when the test ends."""
        process = subprocess.Popen([JUNXIAN, "serve", "--config", self.config], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={"LANG": "C.UTF-8"})
        self.addCleanup(process.stdout.close)

        def stop():
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), 0)

        self.addCleanup(stop)
        for line in process.stdout:
            if match := re.search(r"portal\s+(http://\S+?)/$", line.strip()):
                return match.group(1)
        self.fail("the server did not start: " + (self.folder / "junxian.log").read_text())

    def test_a_county_is_made_applied_once_and_checked(self):
        said = self.made()
        self.assertIn("changes applied", said)
        self.assertIn("applied already", self.run_ok("pack", "apply", ROOT / "packs/yunxi"))
        self.assertEqual((self.folder / "keys").stat().st_mode & 0o777, 0o700)
        self.assertIn("the database is at", self.run_ok("init"))
        self.run_ok("db", "check")

    def test_a_row_changed_by_hand_is_found(self):
        self.made()
        base = sqlite3.connect(self.folder / "junxian.db")
        base.execute("UPDATE exchange_grant SET body = body || ' ' WHERE id = (SELECT min(id) FROM exchange_grant)")
        base.commit()
        base.close()
        status, said = junxian("db", "check", "--config", self.config)
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"exchange\.grant \S+: was changed by hand")

    def test_the_ledger_is_served_verified_and_exported(self):
        self.made()
        origin = self.served()
        with urllib.request.urlopen(origin + "/healthz") as answer:
            self.assertEqual(answer.status, 200)
        verified = self.wait_for_whole_log()
        self.assertIn("the log is whole", verified)
        with urllib.request.urlopen(origin + "/api/v1/ledger") as answer:
            head = json.load(answer)
        self.assertGreater(head["size"], 0)
        key = next(key["verifier"] for key in head["keys"] if key["algorithm"] == "ed25519")
        status, said = junxian("ledger", "verify", "--from", origin + "/ledger", "--key", key)
        self.assertEqual(status, 0, said)
        self.run_ok("ledger", "export", self.folder / "log")
        status, said = junxian("ledger", "verify", "--from", self.folder / "log", "--key", key)
        self.assertEqual(status, 0, said)
        tile = next((self.folder / "log/tile/entries").rglob("*.p/*"))
        octets = bytearray(tile.read_bytes())
        octets[len(octets) // 2] ^= 1
        tile.write_bytes(octets)
        status, said = junxian("ledger", "verify", "--from", self.folder / "log", "--key", key)
        self.assertEqual(status, 1, said)
        self.assertRegex(said, r"tile/entries/\S+ entry \d+")

    def wait_for_whole_log(self):
        for _ in range(100):  # the first checkpoint is published within a second; each try takes its own time
            status, said = junxian("ledger", "verify", "--config", self.config)
            if status == 0:
                return said
        self.fail(said)

    def test_a_backup_is_restored_elsewhere(self):
        self.made()
        self.run_ok("db", "backup", self.folder / "backup")
        other = self.folder / "other"
        other.mkdir()
        shutil.copytree(self.folder / "keys", other / "keys")
        (other / "junxian.yaml").write_text(self.config.read_text())
        status, said = junxian("db", "restore", self.folder / "backup", "--config", other / "junxian.yaml")
        self.assertEqual(status, 0, said)
        status, said = junxian("db", "check", "--config", other / "junxian.yaml")
        self.assertEqual(status, 0, said)
        status, said = junxian("db", "restore", self.folder / "backup", "--config", other / "junxian.yaml")
        self.assertEqual(status, 1, said)

    def test_mistakes_are_answered_with_what_to_do(self):
        for arguments, status, words in [
            (["serve", "--config", self.folder / "none.yaml"], 1, "there is no configuration file"),
            (["pack", "check", self.folder / "none"], 1, "none"),
            (["ledger", "verify", "--from", "/nowhere", "--key", "nonsense"], 1, "verifier key"),
            (["frobnicate"], 2, "subcommand is required"),
        ]:
            got, said = junxian(*arguments)
            self.assertEqual(got, status, said)
            self.assertIn(words, said)
        self.config.write_text(self.config.read_text() + "colour: blue\n")
        status, said = junxian("init", "--config", self.config)
        self.assertEqual(status, 1)
        self.assertRegex(said, r"junxian\.yaml:\d+: .*colour")

    def test_a_path_that_the_contract_does_not_name_is_not_found(self):
        self.made()
        origin = self.served()
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(origin + "/api/v1/nothing")
        self.assertEqual(refused.exception.code, 404)
        self.assertEqual(json.load(refused.exception)["code"], "not_found")
        refused.exception.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--junxian", required=True)
    JUNXIAN = parser.parse_args().junxian
    result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.defaultTestLoader.loadTestsFromTestCase(County))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
