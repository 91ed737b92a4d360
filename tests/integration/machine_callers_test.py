#!/usr/bin/env python3
"""A department's own system calls with a client certificate: the real program, curl, and certificates made by openssl."""
import argparse
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUNXIAN = None
CONFIG = """data: .
keys: keys
database: junxian.db
web: web
listen:
  - {address: 127.0.0.1, port: 0, tls: true, client_ca: pki/ca.pem}
tls: {certificate: pki/server.pem, key: pki/server.key}
log: {level: info, file: junxian.log}
"""
GRANT = "fire-inspection-restaurants"
QUESTION = {"grant": GRANT, "programme": "restaurant-fire-inspections", "where": [{"field": "name", "op": "ge", "value": "云"}], "limit": 3}


class MachineCallers(unittest.TestCase):
    """One county and one server for all, which are slow to make; each test binds what it needs and ends it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.pki = cls.folder / "pki"
        cls.pki.mkdir()
        for site in ("portal", "workbench"):
            (cls.folder / "web" / site / "dist").mkdir(parents=True)
            (cls.folder / "web" / site / "dist" / "index.html").write_text("<!doctype html><title>test</title>")
        (cls.folder / "junxian.yaml").write_text(CONFIG)
        cls.authority("ca")
        cls.authority("foreign")
        cls.certificate("server", "ca", extra="subjectAltName=IP:127.0.0.1")
        cls.certificate("system", "ca")
        cls.certificate("other", "ca")
        cls.certificate("stranger", "foreign")
        cls.certificate("late", "ca", days="-1")
        subprocess.run([sys.executable, ROOT / "tools/prepare-data", ROOT / "packs/yunxi", cls.folder], check=True)
        cls.junxian("init")
        cls.junxian("pack", "apply", ROOT / "packs/yunxi")
        cls.serve()

    @classmethod
    def openssl(cls, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=cls.pki)

    @classmethod
    def authority(cls, name):
        cls.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + name, "-keyout",
                    name + ".key", "-out", name + ".pem")

    @classmethod
    def certificate(cls, name, authority, days="2", extra="extendedKeyUsage=clientAuth"):
        cls.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=" + name, "-keyout", name + ".key", "-out",
                    name + ".csr")
        (cls.pki / "extra").write_text(extra + "\n")
        cls.openssl("x509", "-req", "-in", name + ".csr", "-CA", authority + ".pem", "-CAkey", authority + ".key", "-CAcreateserial", "-days", days,
                    "-extfile", "extra", "-out", name + ".pem")

    @classmethod
    def junxian(cls, *arguments, status=0):
        done = subprocess.run([JUNXIAN, *map(str, arguments), "--config", cls.folder / "junxian.yaml"], capture_output=True, text=True,
                              env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"})
        if done.returncode != status:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout + done.stderr

    @classmethod
    def serve(cls):
        process = subprocess.Popen([JUNXIAN, "serve", "--config", cls.folder / "junxian.yaml"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   env={"LANG": "C.UTF-8"})

        def stop():
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            process.stdout.close()

        cls.addClassCleanup(stop)
        for line in process.stdout:
            if match := re.search(r"portal\s+(https?://\S+?)/$", line.strip()):
                cls.origin = match.group(1)
                return
        raise AssertionError("the server did not start: " + (cls.folder / "junxian.log").read_text())

    def curl(self, path, *arguments, name=None, body=None):
        """Status and JSON of what curl gets, with the certificate of that name if one is named."""
        command = ["curl", "--silent", "--show-error", "--cacert", self.pki / "ca.pem", "--write-out", "\n%{http_code}"]
        if name:
            command += ["--cert", self.pki / (name + ".pem"), "--key", self.pki / (name + ".key")]
        if body is not None:
            command += ["--json", json.dumps(body)]
        done = subprocess.run([*map(str, command), *arguments, self.origin + path], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        said, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(said) if said else None

    def ask(self, name):
        return self.curl("/api/v1/data/enterprise-register/query", name=name, body=QUESTION)

    def bound(self, name):
        self.junxian("account", "bind", "fire.dispatch", self.pki / (name + ".pem"))
        self.addCleanup(lambda: self.junxian("account", "unbind", "fire.dispatch"))

    def test_the_right_one_reads_through_the_gateway_without_cookie_or_token_and_is_on_record(self):
        self.bound("system")
        status, answer = self.ask("system")
        self.assertEqual(status, 200, answer)
        self.assertGreater(len(answer["rows"]), 0)
        status, record = self.curl("/api/v1/usage?view=by-unit", name="system")
        self.assertEqual(status, 200, record)
        self.assertEqual(record["uses"][0]["id"], answer["usage"])
        self.assertEqual(record["uses"][0]["system"], "fire.dispatch", record["uses"][0])
        status, who = self.curl("/api/v1/session", name="system")
        self.assertEqual((status, who["actor"]["post"]), (200, "fire/interface"))

    def test_one_that_is_bound_to_no_account_is_told_its_fingerprint(self):
        status, problem = self.ask("other")
        self.assertEqual(status, 401, problem)
        self.assertRegex(problem["detail"], "[0-9a-f]{64}")

    def test_one_of_another_authority_and_an_expired_one_are_refused_in_words_though_they_are_bound(self):
        for name, said in (("stranger", "颁发机构"), ("late", "过期")):
            self.bound(name)
            status, problem = self.ask(name)
            self.assertEqual(status, 401, problem)
            self.assertIn(said, problem["detail"])

    def test_who_shows_none_has_to_sign_in(self):
        status, problem = self.ask(None)
        self.assertEqual(status, 401, problem)

    def test_a_binding_that_was_ended_is_refused_within_two_seconds(self):
        self.bound("system")
        self.assertEqual(self.ask("system")[0], 200)
        self.junxian("account", "unbind", "fire.dispatch", self.pki / "system.pem")
        ended = time.monotonic()
        while True:
            status, problem = self.ask("system")
            if status != 200:
                break
            self.assertLess(time.monotonic() - ended, 2)
        self.assertEqual(status, 401, problem)
        self.assertIn("解除", problem["detail"])

    def test_a_renewed_certificate_of_the_same_key_needs_no_new_binding(self):
        self.bound("system")
        shutil.copy(self.pki / "system.key", self.pki / "renewed.key")
        self.openssl("x509", "-req", "-in", "system.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "1", "-out", "renewed.pem")
        self.assertEqual(self.ask("renewed")[0], 200)

    def test_it_does_what_its_post_allows_and_nothing_else(self):
        self.bound("system")
        status, problem = self.curl("/api/v1/sources", name="system")
        self.assertEqual(status, 403, problem)

    def test_a_page_of_another_site_cannot_use_the_certificate_of_a_browser(self):
        self.bound("system")
        status, problem = self.curl("/api/v1/data/enterprise-register/query", "--header", "Origin: https://evil.test", name="system", body=QUESTION)
        self.assertEqual(status, 403, problem)

    def test_accounts_are_listed_with_what_is_bound_and_mistakes_say_what_to_do(self):
        self.bound("system")
        self.assertRegex(self.junxian("account", "list"), r"fire\.dispatch\tfire\n")
        self.assertIn("64", self.junxian("account", "bind", "fire.dispatch", "nowhere.pem", status=1))
        self.assertIn("PEM", self.junxian("account", "bind", "fire.dispatch", self.pki / "system.key", status=1))
        self.assertIn("password", self.junxian("account", "bind", "wang.fang", self.pki / "other.pem", status=1))
        self.junxian("db", "check")

    def test_uses_that_were_kept_for_three_years_are_in_files_and_their_receipts_hold(self):
        self.bound("system")
        status, answer = self.ask("system")
        self.assertEqual(status, 200, answer)
        receipt = self.curl_until(f"/api/v1/usage/{answer['usage']}/receipt")
        (self.folder / "receipt.json").write_text(json.dumps(receipt))
        (self.folder / "answer.json").write_text(json.dumps(answer))
        configuration = self.folder / "junxian.yaml"
        configuration.write_text(CONFIG + "usage: {kept_years: 3}\n")
        self.addCleanup(lambda: configuration.write_text(CONFIG))
        # Another program on the same database, which lives three years later.
        later = subprocess.Popen(["faketime", "-f", "+1100d", JUNXIAN, "serve", "--config", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"})
        try:
            until = time.monotonic() + 60
            while not list((self.folder / "archive" / "usage").glob("*/*.ndjson")):
                self.assertLess(time.monotonic(), until, "nothing was moved")
                time.sleep(0.2)
        finally:
            later.send_signal(signal.SIGTERM)
            later.wait(30)
        lines = [json.loads(line) for file in (self.folder / "archive" / "usage").glob("*/*.ndjson") for line in file.read_text().splitlines()]
        self.assertIn(answer["usage"], [line["id"] for line in lines])
        self.junxian("db", "check")
        key = self.curl("/api/v1/ledger")[1]["keys"][0]["verifier"]
        done = subprocess.run([JUNXIAN, "exchange", "verify", self.folder / "answer.json", self.folder / "receipt.json", "--key", key], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.curl_until(f"/api/v1/usage/{answer['usage']}/receipt")["entry"], receipt["entry"])
        self.assertIn("since", self.curl("/api/v1/usage?view=by-unit", name="system")[1])

    def curl_until(self, path):
        """What is answered once the entry is under a checkpoint."""
        until = time.monotonic() + 20
        while True:
            status, said = self.curl(path, name="system")
            if status != 503:
                self.assertEqual(status, 200, said)
                return said
            self.assertLess(time.monotonic(), until)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--junxian", required=True)
    known, rest = parser.parse_known_args()
    JUNXIAN = known.junxian
    unittest.main(argv=[sys.argv[0], *rest])
