#!/usr/bin/env python3
"""The examples of docs/cases.md: each is checked, run and held against its trace; what the page shows of a file stands in the file.

docs/examples/NAME.bpmn is run once for each NAME[.VARIANT].steps.yaml, with NAME.dmn and the .variables.json beside the steps where there are any.
What the command prints must be NAME[.VARIANT].trace.txt. `--write` writes these anew: read what has changed before you keep it.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ET

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs/examples"
PAGES = sorted((ROOT / "docs").glob("cases*.md"))
NOW = "2026-11-23T09:00:00+08:00"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
GIVEN = None


def junxian(*arguments):
    done = subprocess.run([GIVEN.junxian, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    return done.returncode, done.stdout + done.stderr


def models():
    return sorted(EXAMPLES.glob("*.bpmn"))


def traced(steps):
    """What running the model with these steps prints."""
    model = EXAMPLES / (steps.name.split(".")[0] + ".bpmn")
    more = []
    for option, file in (("--variables", steps.with_name(steps.name.replace(".steps.yaml", ".variables.json"))), ("--decisions", model.with_suffix(".dmn"))):
        if file.exists():
            more += [option, file]
    return junxian("cases", "run", model, "--steps", steps, *more, "--now", NOW, "--trace")


def stripped(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def holds(lines, wanted):
    return any(lines[i : i + len(wanted)] == wanted for i in range(len(lines) - len(wanted) + 1))


class Examples(unittest.TestCase):
    def test_nothing_is_wrong_with_any_of_them(self):
        status, said = junxian("cases", "check", *models())
        self.assertEqual(status, 0, said)
        for model in models():
            self.assertIn(f"{model}: nothing is wrong", said)

    def test_each_runs_as_its_trace_says(self):
        for steps in sorted(EXAMPLES.glob("*.steps.yaml")):
            with self.subTest(steps=steps.name):
                status, said = traced(steps)
                self.assertEqual(status, 0, said)
                trace = steps.with_name(steps.name.replace(".steps.yaml", ".trace.txt"))
                if GIVEN.write:
                    trace.write_text(said)
                self.assertEqual(said, trace.read_text())

    def test_each_has_steps_and_every_other_file_belongs_to_one(self):
        names = {model.stem for model in models()}
        self.assertEqual({steps.name.split(".")[0] for steps in EXAMPLES.glob("*.steps.yaml")}, names)
        for file in EXAMPLES.iterdir():
            self.assertTrue(file.is_dir() or file.name.split(".")[0] in names, file.name)

    def test_each_is_drawn_whole(self):
        for model in models():
            with self.subTest(model=model.name):
                root = ET.parse(model).getroot()
                drawn = {e.get("bpmnElement") for e in root.iter() if e.tag in (DI + "BPMNShape", DI + "BPMNEdge")}
                parts = ("Event", "Gateway", "Task", "task", "subProcess", "SubProcess", "transaction", "callActivity", "sequenceFlow", "association")
                for process in root.findall(BPMN + "process"):
                    inside = {e.get("id") for e in process.iter() if e.tag.startswith(BPMN) and e.tag.endswith(parts) and e.get("id")}
                    self.assertEqual(inside - drawn, set())


class Tutorial(unittest.TestCase):
    def test_the_process_of_the_afternoon_goes_into_a_copy_of_the_county(self):
        with tempfile.TemporaryDirectory() as name:
            for pack in ("yunxi", "common"):
                shutil.copytree(ROOT / "packs" / pack, pathlib.Path(name) / pack)
            county = pathlib.Path(name) / "yunxi"
            shutil.copytree(EXAMPLES / "county", county, dirs_exist_ok=True)
            process = pathlib.Path(shutil.copy(EXAMPLES / "shop-sign.bpmn", county / "processes"))
            status, said = junxian("pack", "check", county)
            self.assertEqual(status, 0, said)
            self.assertIn("nothing is wrong", said)
            process.write_text(process.read_text().replace('jx:unit="urban-management"', 'jx:unit="urban-managment"'))
            status, said = junxian("pack", "check", county)
            self.assertEqual(status, 1, said)
            self.assertRegex(said, r"processes/shop-sign.bpmn:\d+: error: .*urban-managment")


class Pages(unittest.TestCase):
    def test_the_reference_names_every_example(self):
        page = (ROOT / "docs/cases.md").read_text()
        for model in models():
            self.assertIn(f"(examples/{model.name})", page)

    def test_what_is_shown_of_a_file_stands_in_the_file(self):
        files = [file for file in [*EXAMPLES.rglob("*"), *(ROOT / "tests/scenario/cases").glob("*.yaml")] if file.is_file()]
        kinds = {"xml": (".bpmn",), "yaml": (".yaml",), "json": (".json",), "text": (".txt",)}
        for page in PAGES:
            fences = re.findall(r"^```(\w+)\n(.*?)^```", page.read_text(), flags=re.S | re.M)
            self.assertTrue(fences, page.name)
            for kind, text in fences:
                with self.subTest(page=page.name, fence=text[:80]):
                    self.assertIn(kind, kinds, "say what it is: " + ", ".join(kinds))
                    parts = [stripped(part) for part in re.split(r"^\s*…\s*$", text, flags=re.M)]
                    there = [stripped(file.read_text()) for file in files if file.suffix in kinds[kind]]
                    self.assertTrue(any(all(holds(lines, part) for part in parts) for lines in there), "no file of the examples has this")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--junxian", required=True)
    parser.add_argument("--write", action="store_true")
    GIVEN = parser.parse_args()
    result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.TestSuite(map(unittest.defaultTestLoader.loadTestsFromTestCase, (Examples, Tutorial, Pages))))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
