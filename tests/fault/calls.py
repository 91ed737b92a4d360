#!/usr/bin/env python3
"""The program is killed again and again while many call the gateway; all that any of them was answered is on record afterwards.

    tests/fault/calls.py --junxian PROGRAM [--kills N] [--callers N] [--database URL]

Each caller looks one resident up after another under a grant and writes down what it was answered: the use, its ledger entry, the number of records. After the
last kill: every answer has its usage row, with that entry and that number; every entry is in the ledger, and holds the hash of the answer; `db check` and
`ledger verify` find nothing. With --database (a URL of PostgreSQL; in JUNXIAN_TEST_POSTGRES where it is given empty) the node's data is there.
"""
import argparse
import base64
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRANT = """id: fault
resource: resident-basic
consumer: fire
binding: programme
programme: restaurant-fire-inspections
purpose: {zh-CN: 故障测试, en: To test faults}
legal_basis: [{law: {zh-CN: 政务数据共享条例, en: Regulations on Government Data Sharing}, article: '20'}]
fields: [{id: name}, {id: birth_date}, {id: phone, mask: partial}]
lookup: [citizen_id]
calls_per_minute: 100000000
valid_from: 2025-09-01
valid_to: 2028-08-31
"""
CONFIG = """data: .
keys: keys
database: {database}
web: {web}
listen:
  - {{address: "127.0.0.1", port: {port}}}
log: {{level: warning, file: junxian.log}}
calls_per_second: 0
"""


def stop(why):
    sys.exit(f"fault/calls: {why}")


class Node:
    def __init__(self, junxian, folder, database):
        self.junxian, self.folder, self.process = junxian, folder, None
        self.config = folder / "junxian.yaml"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        shutil.copytree(ROOT / "packs/common", folder / "packs/common")
        pack = shutil.copytree(ROOT / "packs/yunxi", folder / "packs/yunxi")
        (pack / "grants/fault.yaml").write_text(GRANT)
        for site in ("portal", "workbench"):
            (folder / "web" / site / "dist").mkdir(parents=True)
            (folder / "web" / site / "dist/index.html").write_text("<!doctype html><title>test</title>")
        self.config.write_text(CONFIG.format(database=database, web=folder / "web", port=self.port))
        subprocess.run([sys.executable, ROOT / "tools/prepare-data", pack, folder], check=True, stdout=subprocess.DEVNULL)
        self.run("init")
        self.run("pack", "apply", pack)

    def run(self, *arguments):
        done = subprocess.run([self.junxian, *map(str, arguments), "--config", self.config], capture_output=True, text=True)
        if done.returncode != 0:
            stop(f"junxian {arguments[0]} {arguments[1] if len(arguments) > 1 else ''} answered {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self):
        self.process = subprocess.Popen([self.junxian, "serve", "--config", self.config], stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                stop(f"the program ended by itself: {self.process.returncode}")
            time.sleep(0.01)
        stop("the program does not answer")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def sign_in(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

        def send(method, path, body=None, headers=None):
            connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            said = json.loads(answer.read() or "{}")
            if answer.status >= 300:
                stop(f"{method} {path}: {answer.status} {said}")
            return said, answer.headers

        accounts, _ = send("GET", "/api/v1/jurisdiction")
        password = next(one["password"] for one in accounts["accounts"] if one["sign_in"] == "sun.hao")
        session, headers = send("POST", "/api/v1/session", {"sign_in": "sun.hao", "password": password})
        cookie = "; ".join(line.split(";")[0] for line in headers.get_all("Set-Cookie"))
        signed = {"Cookie": cookie, "X-CSRF-Token": session["csrf_token"], "Content-Type": "application/json"}
        send("PUT", "/api/v1/session/post", {"post": "fire/inspector"}, signed)
        return signed


class Caller(threading.Thread):
    """Calls until it is told to stop; an answer counts when it has come whole."""

    def __init__(self, node, signed, ids, seed):
        super().__init__(daemon=True)
        self.node, self.signed, self.ids, self.dice = node, signed, ids, random.Random(seed)
        self.answers, self.wrong, self.done = [], [], threading.Event()

    def run(self):
        connection = None
        while not self.done.is_set():
            try:
                if connection is None:
                    connection = http.client.HTTPConnection("127.0.0.1", self.node.port, timeout=20)
                body = {"grant": "fault", "programme": "restaurant-fire-inspections", "limit": 1,
                        "where": [{"field": "citizen_id", "op": "eq", "value": self.dice.choice(self.ids)}]}
                connection.request("POST", "/api/v1/data/resident-basic/query", json.dumps(body), self.signed)
                answer = connection.getresponse()
                said = json.loads(answer.read())
                if answer.status == 200:
                    self.answers.append(said)
                elif answer.status not in (429, 503):
                    self.wrong.append((answer.status, said))
            except (OSError, http.client.HTTPException, ValueError):
                connection = None  # it was killed in the middle: no answer
                self.done.wait(0.005)


def digest_of(answer):
    """SHA-256 of the canonical JSON of fields, nonce and rows (jx/exchange/receipts.hpp); the fields here are texts."""
    nonce = base64.b64decode(answer["nonce"]).hex()
    text = json.dumps({"fields": [field["key"] for field in answer["fields"]], "nonce": nonce, "rows": answer["rows"]},
                      ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Records:
    """What the node's database says, read past the program."""

    def __init__(self, folder, url):
        self.uses, self.entries = {}, {}
        queries = ("SELECT id, entry, records FROM exchange_usage WHERE refused = ''", "SELECT id, body FROM ledger_entry WHERE kind = 'exchange.read'")
        if not url:
            database = sqlite3.connect(folder / "junxian.db")
            uses, entries = (database.execute(query).fetchall() for query in queries)
        else:
            hexed = ("SELECT encode(id, 'hex'), encode(entry, 'hex'), records FROM exchange_usage WHERE refused = ''",
                     "SELECT encode(id, 'hex'), translate(encode(convert_to(body, 'UTF8'), 'base64'), E'\\n', '') FROM ledger_entry WHERE kind = 'exchange.read'")
            uses, entries = ([line.split("|") for line in subprocess.run(["psql", "-XAtq", url, "-c", query], check=True, capture_output=True,
                                                                        text=True).stdout.splitlines()] for query in hexed)
            uses = [(bytes.fromhex(a), bytes.fromhex(b), int(n)) for a, b, n in uses]
            entries = [(bytes.fromhex(a), base64.b64decode(b).decode()) for a, b in entries]
        for use, entry, records in uses:
            self.uses[uuid.UUID(bytes=use)] = (uuid.UUID(bytes=entry), records)
        for entry, body in entries:
            self.entries[uuid.UUID(bytes=entry)] = json.loads(body)["body"]


def check(records, answers):
    for answer in answers:
        use, entry = uuid.UUID(answer["usage"]), uuid.UUID(answer["entry"])
        if use not in records.uses:
            stop(f"an answer that somebody has is not on record: use {use}")
        if records.uses[use] != (entry, len(answer["rows"])):
            stop(f"the use {use} is on record otherwise than it was answered: {records.uses[use]}")
        if entry not in records.entries:
            stop(f"the ledger has no entry of the use {use}")
        if records.entries[entry].get("answer") != digest_of(answer):
            stop(f"the entry of the use {use} is of another answer")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--junxian", required=True)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--callers", type=int, default=12)
    parser.add_argument("--database")
    wanted = parser.parse_args()
    url = wanted.database if wanted.database else os.environ.get("JUNXIAN_TEST_POSTGRES") if wanted.database is not None else None
    if wanted.database is not None and not url:
        return 77
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        node = Node(wanted.junxian, folder, url or "junxian.db")
        ids = [row[0] for row in sqlite3.connect(folder / "silos/population.sqlite").execute("SELECT citizen_id FROM resident LIMIT 500")]
        node.start()
        signed = node.sign_in()
        callers = [Caller(node, signed, ids, seed + i) for i in range(wanted.callers)]
        for caller in callers:
            caller.start()
        for _ in range(wanted.kills):
            # Once it answers again, a moment that nobody can foresee: in the middle of calls that wait for one commit.
            before = sum(len(caller.answers) for caller in callers)
            target = before + dice.randrange(20, 400)
            give_up = time.monotonic() + 60
            while sum(len(caller.answers) for caller in callers) < target:
                if time.monotonic() > give_up:
                    stop("the callers are not answered any more")
                time.sleep(dice.random() * 0.005)
            node.kill()
            node.start()
        for caller in callers:
            caller.done.set()
        for caller in callers:
            caller.join()
        node.kill()
        answers = [answer for caller in callers for answer in caller.answers]
        wrong = [one for caller in callers for one in caller.wrong]
        if wrong:
            stop(f"{len(wrong)} calls were answered otherwise than they should, such as {wrong[0]} (seed {seed})")
        records = Records(folder, url)
        check(records, answers)
        said = node.run("db", "check")
        said += node.run("ledger", "verify")
        print(f"{wanted.kills + 1} programs killed; {len(answers)} answers, all of them on record; {len(records.uses) - len(answers)} uses are on record whose "
              f"answers did not get through; {said.strip().splitlines()[-1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
