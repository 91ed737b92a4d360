#!/usr/bin/env python3
"""Holds the #include lines of a module's files against the modules that it declares.

Refuses an include of a module that is not in USES (tests: USES and TEST_USES), an include of another
module's private files, and Asio or Beast outside edge/http. Prints one line a fault; exits 1 if any.
"""
import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
NETWORK = re.compile(r"^boost/(asio|beast)[./]")


def split(text):
    return [part for part in re.split(r"[; ]+", text) if part]


def faults(path, module, uses):
    own = module.split("/")[-1]
    allowed = {own} | {use.split("/")[-1] for use in uses}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(2)
        if target.startswith("jx/"):
            used = re.split(r"[/.]", target)[1]
            if used not in allowed:
                yield f"{path}:{number}: {module} includes <{target}> but does not declare a use of '{used}'; add it to USES in its CMakeLists.txt, if the layers allow it"
        elif ".." in target:
            yield f"{path}:{number}: {module} includes \"{target}\": another module is reached by its include/ folder only"
        elif NETWORK.match(target) and module != "edge/http":
            yield f"{path}:{number}: {module} includes <{target}>: sockets live in edge/http alone"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", required=True)
    parser.add_argument("--uses", default="")
    parser.add_argument("--test-uses", default="")
    parser.add_argument("--stamp")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    found = []
    for path in args.files:
        uses = split(args.uses)
        if path.name.endswith(("_test.cpp", "_fuzz.cpp")):
            uses += split(args.test_uses)
        found += faults(path, args.module, uses)
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        return 1
    if args.stamp:
        stamp = pathlib.Path(args.stamp)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text("", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
