#!/usr/bin/env python3
"""The made-up interface of the social insurance office: GET /v1/insured/<citizen id> on 127.0.0.1:8091, answered from silos/social-insurance.csv.

    packs/yunxi/silos/social-insurance.py           serves until it is stopped
    packs/yunxi/silos/social-insurance.py --child   and no longer than the program that started it

./run starts it with --child. To see what becomes of calls while a source is down, stop it, and start it again by hand.
"""
import csv
import http.server
import json
import os
import pathlib
import sys
import threading
import time
import urllib.parse

ADDRESS = ("127.0.0.1", 8091)  # as sources/social-insurance.yaml says
DATA = pathlib.Path(__file__).resolve().parent / "social-insurance.csv"


def rows():
    with open(DATA, encoding="utf-8", newline="") as file:
        return {row["citizen_id"]: row for row in csv.DictReader(file)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = self.path.split("/")
        found = PEOPLE.get(urllib.parse.unquote(parts[3])) if parts[:3] == ["", "v1", "insured"] and len(parts) == 4 else None
        if found:
            body = {"person": {"id": found["citizen_id"], "name": found["name"]},
                    "insurance": {"scheme": found["scheme"], "status": found["status"], "months_paid": int(found["months_paid"]), "updated_on": found["updated_on"]}}
        else:
            body = {"error": "not found"}
        text = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Nothing: a line would hold a citizen id."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


if __name__ == "__main__":
    PEOPLE = rows()
    if "--child" in sys.argv:
        threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    try:
        Server(ADDRESS, Handler).serve_forever()
    except OSError as fault:
        sys.exit(f"social-insurance.py: {ADDRESS[0]}:{ADDRESS[1]}: {fault.strerror}; is it running already?")
    except KeyboardInterrupt:
        pass
