#!/usr/bin/env python3
"""Configures and builds small trees with bad modules, and expects the build to refuse them, each for its reason."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Tree:
    """A tree with the real cmake/ and tools/ and made-up modules."""

    def __init__(self, folder, modules):
        self.folder = pathlib.Path(folder)
        lines = ["cmake_minimum_required(VERSION 3.25)", "project(layers LANGUAGES CXX)", "set(CMAKE_CXX_STANDARD 23)", "set(JX_TESTS OFF)",
                 "find_package(Python3 REQUIRED COMPONENTS Interpreter)", "find_package(Threads REQUIRED)",
                 f"list(APPEND CMAKE_MODULE_PATH {ROOT}/cmake)", "include(JxModule)"]
        for name, (uses, files) in modules.items():
            module = self.folder / name
            module.mkdir(parents=True)
            (module / "CMakeLists.txt").write_text(f"jx_module({name} USES {uses})\n")
            for path, text in files.items():
                (module / path).parent.mkdir(parents=True, exist_ok=True)
                (module / path).write_text(text)
            lines.append(f"add_subdirectory({name})")
        (self.folder / "tools").symlink_to(ROOT / "tools")
        (self.folder / "CMakeLists.txt").write_text("\n".join(lines) + "\n")

    def configure(self):
        return subprocess.run(["cmake", "-G", "Ninja", "-S", self.folder, "-B", self.folder / "build"], capture_output=True, text=True)

    def build(self):
        configured = self.configure()
        if configured.returncode != 0:
            return configured
        return subprocess.run(["ninja", "-C", self.folder / "build"], capture_output=True, text=True)


GOOD = {"base/low": ("", {"include/jx/low.hpp": "#pragma once\nint low();\n", "low.cpp": "#include <jx/low.hpp>\nint low() { return 1; }\n"})}


class Layers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def refused(self, modules, reason, step="build"):
        done = getattr(Tree(self.folder, modules), step)()
        said = " ".join((done.stdout + done.stderr).split())
        self.assertNotEqual(done.returncode, 0, said)
        self.assertIn(reason, said)

    def test_accepts_a_declared_use(self):
        good = GOOD | {"engine/high": ("base/low", {"high.cpp": "#include <jx/low.hpp>\nint high() { return low(); }\n"})}
        done = Tree(self.folder, good).build()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_refuses_an_upward_use(self):
        bad = {"engine/high": ("", {"high.cpp": "int high();\n"}), "base/low": ("engine/high", {"low.cpp": "int low();\n"})}
        self.refused(bad, "'engine' lies above 'base'", step="configure")

    def test_refuses_a_use_of_an_unknown_module_or_a_cycle(self):
        bad = {"base/one": ("base/two", {"one.cpp": "int one();\n"}), "base/two": ("base/one", {"two.cpp": "int two();\n"})}
        self.refused(bad, "not declared before it", step="configure")

    def test_refuses_an_unknown_layer(self):
        self.refused({"attic/box": ("", {"box.cpp": "int box();\n"})}, "no layer 'attic'", step="configure")

    def test_refuses_an_undeclared_include(self):
        bad = GOOD | {"engine/high": ("", {"high.cpp": "#include <jx/low.hpp>\n"})}
        self.refused(bad, "does not declare a use of 'low'")

    def test_refuses_another_modules_private_header(self):
        bad = GOOD | {"engine/high": ("base/low", {"high.cpp": '#include "../../base/low/secret.hpp"\n'})}
        self.refused(bad, "by its include/ folder only")

    def test_refuses_sockets_outside_edge_http(self):
        self.refused({"engine/high": ("", {"high.cpp": "#include <boost/asio.hpp>\n"})}, "sockets live in edge/http alone")


if __name__ == "__main__":
    result = unittest.TextTestRunner(stream=sys.stderr).run(unittest.defaultTestLoader.loadTestsFromTestCase(Layers))
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
