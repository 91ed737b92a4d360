#!/usr/bin/env python3
"""Runs every test that the build knows (ctest's list) and adds up what they say.

A GoogleTest program is counted by its JSON report; any other by a last line `N passed, N failed[, N skipped]`, else by its exit status.
Prints a line a program, everything that a failing one printed, and ends with `N passed, N failed`. Exits 1 if anything failed.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

CLOSING = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
TIME_LIMIT_S = 900


def tests_of(build):
    listing = subprocess.run(["ctest", "--show-only=json-v1"], cwd=build, capture_output=True, text=True, check=True)
    for test in json.loads(listing.stdout)["tests"]:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        yield test["name"], test.get("command", []), properties  # none: its program is not built


def run(name, command, properties, report):
    if not command:
        return name, 0, 1, 0, 0.0, "its program is not built"
    environment = dict(os.environ)
    for pair in properties.get("ENVIRONMENT", []):
        key, _, value = pair.partition("=")
        environment[key] = value
    is_gtest = pathlib.Path(command[0]).name.startswith("test_")
    if is_gtest:
        command = [*command, f"--gtest_output=json:{report}"]
    started = time.monotonic()
    try:
        done = subprocess.run(command, cwd=properties.get("WORKING_DIRECTORY"), env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", timeout=TIME_LIMIT_S)
        status, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        status, output = -1, (late.stdout or b"").decode(errors="replace") + f"\nstopped after {TIME_LIMIT_S} s"
    except OSError as error:
        status, output = -1, f"cannot be run: {error}"
    passed, failed, skipped = count(status, output, report if is_gtest else None)
    if is_gtest and failed:
        output = failures_of(report) or output
    return name, passed, failed, skipped, time.monotonic() - started, output


def count(status, output, report):
    if report and report.exists():
        cases = [case for suite in json.loads(report.read_text())["testsuites"] for case in suite["testsuite"]]
        failed = sum(1 for case in cases if case.get("failures"))
        skipped = sum(1 for case in cases if case.get("result") == "SKIPPED" or case.get("status") == "NOTRUN")
        if status != 0 and failed == 0:
            failed = 1  # it crashed after or between tests
        return len(cases) - failed - skipped, failed, skipped
    for line in reversed(output.strip().splitlines()[-5:]):
        match = CLOSING.match(line.strip())
        if match:
            passed, failed, skipped = int(match[1]), int(match[2]), int(match[3] or 0)
            return passed, max(failed, 1) if status != 0 else failed, skipped
    return (1, 0, 0) if status == 0 else (0, 1, 0)


def failures_of(report):
    """What the failed tests of a GoogleTest report said; nothing if there is no whole report, as after a crash."""
    try:
        suites = json.loads(report.read_text())["testsuites"]
    except (OSError, ValueError):
        return ""
    return "\n".join(f"{suite['name']}.{case['name']}: {failure['failure']}"
                     for suite in suites for case in suite["testsuite"] for failure in case.get("failures", []))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() + 1, help="one more than cores by default: many tests wait for disks and pages")
    parser.add_argument("filters", nargs="*", help="run only the tests whose name holds one of these")
    args = parser.parse_args()
    chosen = [test for test in tests_of(args.build) if not args.filters or any(f in test[0] for f in args.filters)]
    together = [test for test in chosen if not test[2].get("RUN_SERIAL")]
    together.sort(key=lambda test: -float(test[2].get("COST", 0)))  # the longest first: the last to end keeps the others waiting
    alone = [test for test in chosen if test[2].get("RUN_SERIAL")]
    results = []
    with tempfile.TemporaryDirectory() as folder:
        def one(numbered):
            number, (name, command, properties) = numbered
            result = run(name, command, properties, pathlib.Path(folder) / f"{number}.json")
            _, passed, failed, skipped, seconds, output = result
            print(f"{'FAILED' if failed else 'ok    '} {name}: {passed} passed, {failed} failed, {skipped} skipped ({seconds:.1f} s)", flush=True)
            if failed:
                print("\n".join("    " + line for line in output.splitlines()[-200:]), flush=True)
            elif skipped:
                reasons = {line.strip() for line in output.splitlines() if "skip" in line.lower() and "[" not in line[:2]}
                for reason in sorted(reasons)[:5]:
                    print("    " + reason[:200], flush=True)
            return result

        with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
            results += pool.map(one, enumerate(together))
        results += map(one, enumerate(alone, len(together)))
    passed, failed, skipped = (sum(result[i] for result in results) for i in (1, 2, 3))
    for name, _, broken, _, _, output in results:  # once more at the end, where it is looked for
        if broken:
            lines = output.splitlines()
            first = next((i for i, line in enumerate(lines) if "FAILED" in line), max(len(lines) - 30, 0))
            print(f"Failed: {name}\n" + "\n".join("    " + line[:1500] for line in lines[first:first + 30]))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
