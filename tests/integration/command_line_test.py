#!/usr/bin/env python3
"""The command line as an operator meets it: init, pack, db, ledger, on a county of its own in a temporary folder."""
import argparse
import http.server
import json
import pathlib
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
import uuid

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


def junxian(*arguments, said=""):
    done = subprocess.run([JUNXIAN, *map(str, arguments)], input=said, capture_output=True, text=True, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"})
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
        self.process = process
        self.addCleanup(process.stdout.close)

        def stop():
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), 0)

        self.addCleanup(stop)
        for line in process.stdout:
            if match := re.search(r"portal\s+(https?://\S+?)/$", line.strip()):
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
        octets[-1] ^= 1  # of an entry itself, and not of its length
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

    def sign_once(self):
        """Serves until everything is in the tree and signed."""
        process = subprocess.Popen([JUNXIAN, "serve", "--config", self.config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"})
        try:
            return self.wait_for_whole_log()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def test_a_body_taken_out_by_hand_is_found_and_one_erased_by_an_act_is_not(self):
        self.made()
        self.sign_once()
        base = sqlite3.connect(self.folder / "junxian.db")
        ids = [str(uuid.UUID(bytes=row[0])) for row in base.execute("SELECT id FROM ledger_entry ORDER BY seq LIMIT 2")]
        self.assertIn("1 erased", self.run_ok("ledger", "erase", ids[0], "--law", "PIPL art. 47", "--reason", "asked for"))
        self.assertIn("proof", json.loads(self.run_ok("ledger", "prove", ids[0])))
        self.run_ok("db", "check")
        self.sign_once()
        base.execute("UPDATE ledger_entry SET salt = NULL, body = NULL WHERE id = ?", (uuid.UUID(ids[1]).bytes,))
        base.commit()
        base.close()
        for command in (["db", "check"], ["ledger", "verify"]):
            status, said = junxian(*command, "--config", self.config)
            self.assertEqual(status, 1, said)
            self.assertIn(ids[1], said)
            self.assertNotIn(ids[0], said)

    def test_a_database_that_was_set_back_is_found(self):
        self.made()
        self.sign_once()
        base = sqlite3.connect(self.folder / "junxian.db")
        base.execute("VACUUM INTO ?", (str(self.folder / "old.db"),))
        (entry,) = base.execute("SELECT id FROM ledger_entry LIMIT 1").fetchone()
        base.close()
        self.run_ok("ledger", "erase", str(uuid.UUID(bytes=entry)), "--law", "PIPL art. 47", "--reason", "asked for")
        self.sign_once()
        for ending in ("", "-wal", "-shm"):
            (self.folder / f"junxian.db{ending}").unlink(missing_ok=True)
        shutil.move(self.folder / "old.db", self.folder / "junxian.db")
        for command in (["db", "check"], ["ledger", "verify"]):
            status, said = junxian(*command, "--config", self.config)
            self.assertEqual(status, 1, said)
            self.assertIn("set back", said)
        self.run_ok("ledger", "succeed", "--reason", "restored from a backup")
        self.sign_once()
        self.run_ok("ledger", "export", self.folder / "log")
        self.run_ok("ledger", "verify", "--from", self.folder / "log")

    def test_a_database_of_a_newer_program_is_left_alone(self):
        self.made()
        base = sqlite3.connect(self.folder / "junxian.db")
        columns = [row[1] for row in base.execute("PRAGMA table_info(schema_migration)")]
        row = dict(zip(columns, base.execute("SELECT * FROM schema_migration ORDER BY number DESC LIMIT 1").fetchone()))
        row["number"] = 9999
        base.execute(f"INSERT INTO schema_migration ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", tuple(row[name] for name in columns))
        base.commit()
        base.close()
        for command in (["pack", "apply", ROOT / "packs/yunxi"], ["ledger", "succeed", "--reason", "x"], ["serve"], ["db", "check"]):
            status, said = junxian(*command, "--config", self.config)
            self.assertEqual(status, 1, said)
            self.assertIn("newer", said)

    def test_what_has_expired_is_removed_while_it_serves(self):
        self.made()
        base = sqlite3.connect(self.folder / "junxian.db", timeout=30)
        base.execute("INSERT INTO api_answer (account, key, request, status, headers, body, at) VALUES (x'00', 'a-key-of-then', x'00', 200, '{}', '', 5)")
        base.commit()
        self.served()
        for _ in range(200):
            if base.execute("SELECT count(*) FROM api_answer").fetchone() == (0,):
                break
            time.sleep(0.05)
        else:
            self.fail("the answer of 1970 is still kept")
        base.close()

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

    def test_sources_are_listed_examined_and_checked(self):
        self.made()
        listed = self.run_ok("source", "list")
        self.assertRegex(listed, r"(?m)^population\tsqlite\tpublic-security\tPopulation register")
        self.assertRegex(listed, r"(?m)^social-insurance\thttp\thuman-resources\t.*http://127\.0\.0\.1:8091/v1")
        self.assertIn("has what its resources name", self.run_ok("source", "check", "population"))
        tables = json.loads(self.run_ok("source", "examine", "population", "--json"))["tables"]
        self.assertEqual([table["name"] for table in tables], ["resident"])
        self.assertRegex(self.run_ok("source", "examine", "enterprises"), r"enterprises: 300 rows")
        base = sqlite3.connect(self.folder / "silos/population.sqlite")
        base.execute("ALTER TABLE resident RENAME COLUMN phone TO telephone")
        base.close()
        status, said = junxian("source", "check", "population", "--config", self.config)
        self.assertEqual(status, 1, said)
        self.assertIn("resident-basic: the source has no resident.phone", said)
        self.assertIn("(lacks what resources name)", self.run_ok("source", "list"))
        (self.folder / "silos/population.sqlite").unlink()
        status, said = junxian("source", "check", "population", "--config", self.config)
        self.assertEqual(status, 1, said)
        self.assertIn("cannot be read now: Population register", said)

    def test_the_password_of_a_source_is_nowhere_in_the_clear(self):
        self.made()
        packs = self.folder / "packs"
        for pack in ("common", "yunxi"):
            shutil.copytree(ROOT / "packs" / pack, packs / pack)
        source = packs / "yunxi/sources/insurance.yaml"
        source.write_text("id: insurance\nname: {zh-CN: 社会保险库, en: Insurance}\nunit: human-resources\nkind: postgresql\nhost: 127.0.0.1\nport: 1\n"
                          "database: insurance\nuser: reader\nsecret: insurance-reader\n")
        self.run_ok("pack", "apply", packs / "yunxi")
        self.assertIn("(its secret was not given yet)", self.run_ok("source", "list"))
        status, said = junxian("source", "check", "insurance", "--config", self.config)
        self.assertIn("junxian source secret set insurance", said)
        status, said = junxian("source", "secret", "set", "insurance", "--config", self.config, said="")
        self.assertEqual(status, 1, said)
        status, said = junxian("source", "secret", "set", "insurance", "--config", self.config, said="correct-horse-battery\n")
        self.assertEqual(status, 0, said)
        self.assertNotIn("not given", self.run_ok("source", "list"))
        status, said = junxian("source", "check", "insurance", "--config", self.config)
        self.assertEqual(status, 1, said)
        self.assertIn("cannot be read now: Insurance", said)
        for file in self.folder.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"correct-horse-battery", file.read_bytes(), file)
        source.write_text(source.read_text().replace("127.0.0.1", "localhost"))
        self.run_ok("pack", "apply", packs / "yunxi")
        status, said = junxian("source", "check", "insurance", "--config", self.config)
        self.assertIn("was given for another address", said)

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

    def test_a_wrong_value_of_the_configuration_is_told_with_its_line(self):
        sound = self.config.read_text()
        for line, words in [
            ("trusted_proxies: [10.0.0.0/8, proxy.example]", "CIDR"),
            ("trusted_proxies: [10.0.0.0/33]", "CIDR"),
            ("origin: https://www.example.gov/", "no path"),
            ("origin: www.example.gov", "no path"),
            ("origin: https://www.example.gov:99999", "no path"),
            ("calls_per_second: -1", "0 (no limit) or more"),
            ("usage: {kept_years: 2}", "at least three years"),
            ("push: {allowed: [intranet.example]}", "CIDR"),
        ]:
            self.config.write_text(sound + line + "\n")
            status, said = junxian("init", "--config", self.config)
            self.assertEqual(status, 1, line)
            self.assertRegex(said, r"junxian\.yaml:%d: /" % (sound.count("\n") + 1), line)
            self.assertIn(words, said)
        self.config.write_text(sound.replace("127.0.0.1", "example.gov"))
        status, said = junxian("init", "--config", self.config)
        self.assertRegex(said, r"junxian\.yaml:6: /listen/0/address: .*localhost")
        self.config.write_text(sound.replace("127.0.0.1", "localhost") + 'origin: https://www.example.gov:8443\ntrusted_proxies: [10.0.0.0/8, "2001:db8::/32", 192.0.2.1]\n')
        self.run_ok("init")

    def test_a_malformed_database_url_does_not_tell_its_password(self):
        self.config.write_text(self.config.read_text().replace("junxian.db", "postgresql://junxian:hun/ter2@127.0.0.1:1/none"))
        status, said = junxian("init", "--config", self.config)
        self.assertEqual(status, 1)
        self.assertIn("malformed", said)
        self.assertNotIn("ter2", said)

    def test_files_of_the_ledger_are_not_counted_as_calls(self):
        self.made()
        self.config.write_text(self.config.read_text() + "calls_per_second: 1\n")
        origin = self.served()
        self.wait_for_whole_log()
        for _ in range(40):
            with urllib.request.urlopen(origin + "/ledger/checkpoint") as answer:
                self.assertEqual(answer.status, 200)
        with self.assertRaises(urllib.error.HTTPError) as refused:
            for _ in range(40):
                urllib.request.urlopen(origin + "/api/v1/ledger").close()
        self.assertEqual((refused.exception.code, refused.exception.headers["Retry-After"]), (429, "1"))
        refused.exception.close()

    def test_a_node_that_is_busy_is_asked_again_when_it_says(self):
        self.made()
        origin = self.served()
        self.wait_for_whole_log()
        with urllib.request.urlopen(origin + "/api/v1/ledger") as answer:
            key = next(key["verifier"] for key in json.load(answer)["keys"] if key["algorithm"] == "ed25519")
        refusals = {}

        class Busy(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                refusals[self.path] = refusals.get(self.path, 0) + 1
                status, body = (429, 503)[refusals[self.path] % 2], b""
                if refusals[self.path] > 2 and not self.path.startswith("/never"):
                    with urllib.request.urlopen(origin + self.path) as answer:
                        status, body = answer.status, answer.read()
                self.send_response(status)
                self.send_header("Retry-After", "0")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Busy) as busy:
            threading.Thread(target=busy.serve_forever, daemon=True).start()
            try:
                node = f"http://127.0.0.1:{busy.server_address[1]}"
                status, said = junxian("ledger", "verify", "--from", node + "/ledger", "--key", key)
                self.assertEqual(status, 0, said)
                status, said = junxian("ledger", "verify", "--from", node + "/never", "--key", key)
                self.assertEqual(status, 1, said)
                self.assertEqual(refusals["/never/checkpoint"], 8)
            finally:
                busy.shutdown()

    def test_a_certificate_is_renewed_though_the_pack_cannot_be_loaded(self):
        self.made()

        def certificate(name):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                            "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"], check=True, capture_output=True)
            return (self.folder / "cert.pem").read_text()

        certificate("old")
        self.config.write_text(self.config.read_text().replace("port: 0", "port: 0, tls: true") + "tls: {certificate: cert.pem, key: key.pem}\n")
        host, port = self.served().removeprefix("https://").split(":")
        base = sqlite3.connect(self.folder / "junxian.db")
        base.execute("DELETE FROM pack_applied")
        base.commit()
        base.close()
        renewed = certificate("new")
        self.process.send_signal(signal.SIGHUP)
        log = self.folder / "junxian.log"
        until = time.monotonic() + 20
        while "app.reload_failed" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.05)
        self.assertIn("no pack is applied", log.read_text())
        self.assertEqual(ssl.get_server_certificate((host, int(port))).split(), renewed.split())

    def test_pages_are_those_of_the_applications(self):
        self.made()
        origin = self.served()

        def status(path):
            try:
                with urllib.request.urlopen(origin + path) as answer:
                    return answer.status
            except urllib.error.HTTPError as refused:
                with refused:
                    return refused.code

        for site, base in (("portal", ""), ("workbench", "/workbench")):
            paths = re.findall(r"path: '(/[^']*)'", (ROOT / "web" / site / "main.ts").read_text())
            self.assertGreater(len(paths), 5)
            for path in paths:
                if not path.startswith("/:rest"):
                    self.assertEqual(status(base + re.sub(r":\w+(\(.*?\))?", "x", path)), 200, base + path)
            self.assertEqual(status(base + "/nope"), 404)
            self.assertEqual(status(base + "/sign-in/nope"), 404)
        for path in ("/apifoo", "/ledger", "/problems/invalid"):
            self.assertEqual(status(path), 404, path)
        with urllib.request.urlopen(origin + "/workbench") as answer:  # 308
            self.assertEqual(answer.url, origin + "/workbench/")

    def test_a_path_that_the_contract_does_not_name_is_not_found(self):
        self.made()
        origin = self.served()
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(origin + "/api/v1/nothing")
        self.assertEqual(refused.exception.code, 404)
        self.assertEqual(json.load(refused.exception)["code"], "not_found")
        refused.exception.close()


class Rules(unittest.TestCase):
    """junxian rules: what an author of rules tries at the command line."""

    def said(self, status, *arguments, stdin=None):
        done = subprocess.run([JUNXIAN, "rules", *map(str, arguments)], input=stdin, capture_output=True, text=True, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def test_an_expression_and_unary_tests_are_evaluated(self):
        self.assertEqual(self.said(0, "eval", "sum(for i in 1..4 return i * i)")[0], "30\n")
        self.assertEqual(json.loads(self.said(0, "eval", "1/3")[0]), {"@number": "0.3333333333333333333333333333333333"})
        self.assertEqual(self.said(0, "eval", "monthly income * 12", "--context", "-", stdin='{"monthly income": 800}')[0], "9600\n")
        self.assertEqual(self.said(0, "eval", "[16..60]", "--unary", "18")[0], "true\n")
        self.assertEqual(self.said(0, "eval", "< 0", "--unary", "-5")[0], "true\n")

    def test_what_is_wrong_is_said_with_its_place(self):
        self.assertIn("line 1, column 4", self.said(1, "eval", "1 +")[1])
        self.assertEqual(self.said(1, "eval", '1 + "a"')[0], "null\n")
        self.assertIn("cannot read none.dmn", self.said(1, "decide", "none.dmn", "--input", "-", stdin="{}")[1])

    def test_a_decision_explains_itself(self):
        model = ROOT / "packs/yunxi/decisions/open-restaurant.dmn"
        application = {"application": {"restaurant": {"seats": 90, "open_fire": True, "raw_food": False}, "premises": {"area_m2": 60}}}
        out, _ = self.said(0, "decide", model, "--decision", "restaurant risk", "--input", "-", "--explain", stdin=json.dumps(application))
        explained = json.loads(out)
        self.assertEqual(explained["value"], "C")
        self.assertEqual([rule["rule"] for rule in explained["decisions"][0]["rules"]], [2, 3, 5])
        self.assertIn("消防法第十五条", explained["explanation"]["zh-CN"])
        self.assertIn("rule 2", explained["explanation"]["en"])

    def test_a_check_shows_a_hole_with_an_example(self):
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder) / "hole.dmn"
            model.write_text("""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m"><inputData name="n"><variable name="n" typeRef="number"/></inputData>
              <decision name="size"><variable name="size" typeRef="string"/><informationRequirement><requiredInput href="#n"/></informationRequirement>
              <decisionTable><input><inputExpression typeRef="number"><text>n</text></inputExpression></input><output/>
              <rule><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>"small"</text></outputEntry></rule>
              <rule><inputEntry><text>&gt; 6</text></inputEntry><outputEntry><text>"large"</text></outputEntry></rule></decisionTable></decision></definitions>""".replace('name="n"><variable', 'id="n" name="n"><variable'))
            self.assertRegex(self.said(0, "check", model)[0], r"warning gap: .*\b[56]")


class Processes(unittest.TestCase):
    """junxian cases: what the author of a process tries at the command line."""

    def said(self, status, *arguments):
        got, said = junxian("cases", *arguments)
        self.assertEqual(got, status, said)
        return said

    def test_a_process_runs_without_a_server(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "variables.json").write_text(json.dumps({"application": {"restaurant": {"seats": 20}, "premises": {"area_m2": 40}}}))
            (folder / "steps.yaml").write_text("- wait: P1D\n- complete: fire-safety\n  result: {decision: approve}\n- complete: food-permit\n  result: {decision: refuse}\n")
            yunxi = ROOT / "packs/yunxi"
            model, decisions = yunxi / "processes/open-restaurant.bpmn", yunxi / "decisions/open-restaurant.dmn"
            said = self.said(0, "run", model, "--decisions", decisions, "--variables", folder / "variables.json", "--steps", folder / "steps.yaml", "--trace")
            self.assertIn("open-restaurant: ended (completed, refused)", said)
            self.assertIn('"risk":"A"', said)
            (folder / "steps.yaml").write_text("- complete: lunch\n")
            said = self.said(1, "run", model, "--decisions", decisions, "--variables", folder / "variables.json", "--steps", folder / "steps.yaml")
            self.assertIn("step 1: no task lunch is open; open are: food-permit, fire-safety", said)

    def test_a_model_that_breaks_a_rule_is_refused_with_element_and_line(self):
        with tempfile.TemporaryDirectory() as folder:
            model = pathlib.Path(folder) / "broken.bpmn"
            model.write_text((ROOT / "packs/yunxi/processes/open-restaurant.bpmn").read_text().replace('targetRef="join"', 'targetRef="nowhere"', 1))
            self.assertRegex(self.said(1, "check", model), r"broken\.bpmn:\d+: \S+ food-done: ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--junxian", required=True)
    JUNXIAN = parser.parse_args().junxian
    result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.TestSuite(map(unittest.defaultTestLoader.loadTestsFromTestCase, (County, Rules, Processes))))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
