#!/usr/bin/env python3
"""junxian simulate: a short past of yunxi is made whole, is sound, and is made once only."""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--junxian", required=True, type=pathlib.Path)
    junxian = parser.parse_args().junxian
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(ROOT / "packs", folder / "packs", ignore=shutil.ignore_patterns("san-francisco"))
        pack = folder / "packs/yunxi"
        plan = pack / "simulation.yaml"
        text = re.sub(r"^cases: \d+", "cases: 40", plan.read_text(encoding="utf-8"), flags=re.M)
        plan.write_text(text, encoding="utf-8")
        subprocess.run([ROOT / "tools/prepare-data", "packs/yunxi", folder / "var"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        config = folder / "var/junxian.yaml"
        config.write_text("data: .\nkeys: keys\ndatabase: junxian.db\nweb: .\nlisten:\n  - {address: 127.0.0.1, port: 1}\nlog: {level: info, file: junxian.log}\n")

        def run(*args: str) -> subprocess.CompletedProcess:
            done = subprocess.run([junxian, *args, "--config", config], capture_output=True, text=True, env={"LANG": "C", "PATH": "/usr/bin:/bin"})
            print("$ junxian", *args, "->", done.returncode, "\n" + done.stdout + done.stderr)
            return done

        made = run("simulate", str(pack))
        cases = re.search(r"(\d+) cases, (\d+) decisions", made.stdout)
        faults = []
        if made.returncode != 0 or not cases or int(cases[1]) < 30 or int(cases[2]) < 20:
            faults.append("the past was not made")
        if "was not applied for" in made.stdout:
            faults.append("an item could not be applied for")
        if (folder / "var/junxian.db.making").exists():
            faults.append("the file that was being made is still there")
        if run("db", "check", "--deep").returncode != 0:
            faults.append("the database is not sound")
        if run("ledger", "verify").returncode != 0:
            faults.append("the ledger does not verify")
        again = run("simulate", str(pack))
        if again.returncode == 0 or "holds a county already" not in again.stderr:
            faults.append("a past was made on top of another")
        plan.write_text(text.replace("cases: 40", "cases: 40\nno_such_key: 1"), encoding="utf-8")
        if subprocess.run([junxian, "pack", "check", pack], capture_output=True).returncode == 0:
            faults.append("an unknown key of the plan was not found")
    for fault in faults:
        print("simulate_test:", fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
