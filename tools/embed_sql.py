#!/usr/bin/env python3
"""Turns a module's sql/*.sql into C++: named queries and migrations, in both dialects.

A query file holds statements, each after a line `-- name: the_name`; parameters are $1, $2, ... The line `-- aside` after it
says that nothing that is remembered (db::Remembered) rests on what the statement writes; before the first name it says so of the whole file
(db::Query::aside). A statement that writes a table of REMEMBERED is refused there. A file
`x.sql` serves both databases; `x.sqlite.sql` and `x.postgres.sql` hold what differs.
A migration `migrations/NNNN_title.sql` is written for SQLite (STRICT tables) and translated: INTEGER -> bigint,
TEXT -> text COLLATE "C", REAL -> double precision, BLOB -> bytea, STRICT and WITHOUT ROWID dropped.
`NNNN_title.postgres.sql` beside it replaces the translation where that is not enough.
"""
import argparse
import pathlib
import re
import sys

NAME = re.compile(r"^--\s*name:\s*([a-z][a-z0-9_]*)\s*$")
MIGRATION = re.compile(r"^(\d{4})_([a-z0-9_]+?)(\.postgres)?\.sql$")


# What sessions, roles and the terms of grants are read from: whoever loses one of these is refused at the next call.
REMEMBERED = re.compile(r"\b(?:INTO|UPDATE|FROM)\s+(identity_\w+|catalogue_\w+|exchange_grant\w*|exchange_programme\w*)", re.IGNORECASE)
WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class Fault(Exception):
    pass


def raw(text):
    return 'R"~sql~(' + text.strip() + ')~sql~"'


def queries_of(path, asides):
    name, lines, found, whole = None, [], {}, False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = NAME.match(line)
        if match:
            if name:
                found[name] = "\n".join(lines)
            name, lines = match.group(1), []
            if name in found:
                raise Fault(f"{path}:{number}: the query {name} is defined twice")
        elif line.strip() == "-- aside":
            whole = whole or name is None
            asides.add(name)
        elif line.strip().startswith("--") or not line.strip():
            continue
        elif name is None:
            raise Fault(f"{path}:{number}: a statement before the first '-- name:' line")
        else:
            lines.append(line)
    if name:
        found[name] = "\n".join(lines)
    for key, text in found.items():
        if not text.strip():
            raise Fault(f"{path}: the query {key} is empty")
        if whole:
            asides.add(key)
        remembered = REMEMBERED.search(text)
        if key in asides and WRITES.search(text) and remembered:
            raise Fault(f"{path}: the query {key} writes and names {remembered.group(1)}, on which rights rest: it is not aside")
        found[key] = text.strip().rstrip(";")
    return found


def to_sqlite(text):
    return re.sub(r"\$(\d+)", r"?\1", text)


def to_postgres_schema(text):
    text = re.sub(r"--[^\n]*", "", text)
    text = re.sub(r"\bINTEGER PRIMARY KEY AUTOINCREMENT\b", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", text)
    text = re.sub(r"\)\s*(STRICT|WITHOUT ROWID)(\s*,\s*(STRICT|WITHOUT ROWID))?\s*;", ");", text)
    text = re.sub(r"\bINTEGER\b", "bigint", text)
    text = re.sub(r"\bTEXT\b", 'text COLLATE "C"', text)
    text = re.sub(r"\bREAL\b", "double precision", text)
    return re.sub(r"\bBLOB\b", "bytea", text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    args = parser.parse_args()
    sqlite, postgres, migrations, overrides, asides = {}, {}, {}, {}, set()
    for path in sorted(args.files):
        if path.parent.name == "migrations":
            match = MIGRATION.match(path.name)
            if not match:
                raise Fault(f"{path}: a migration is named NNNN_title.sql")
            number, title, override = int(match.group(1)), match.group(2), match.group(3)
            text = path.read_text(encoding="utf-8")
            (overrides if override else migrations)[(number, title)] = text
            continue
        dialects = [sqlite, postgres]
        if path.name.endswith(".sqlite.sql"):
            dialects = [sqlite]
        elif path.name.endswith(".postgres.sql"):
            dialects = [postgres]
        for name, text in queries_of(path, asides).items():
            for dialect in dialects:
                if name in dialect:
                    raise Fault(f"{path}: the query {name} is defined twice for one database")
                dialect[name] = text
    module, names = args.module, sorted(set(sqlite) | set(postgres))
    (args.out / "include" / "jx" / module).mkdir(parents=True, exist_ok=True)
    header = [f"// Generated from the sql/ folder of {module}.", "#pragma once", "#include <jx/db/query.hpp>", "",
              f"namespace jx::{module}::sql {{"]
    for name in names:
        header.append(f'inline constexpr db::Query {name}{{"{module}.{name}",\n{raw(to_sqlite(sqlite.get(name, "")))},\n'
                      f'{raw(postgres.get(name, ""))}, {"true" if name in asides else "false"}}};')
    header += ["}", ""]
    (args.out / f"{module}_sql.hpp").write_text("\n".join(header), encoding="utf-8")
    (args.out / "include" / "jx" / module / "sql.hpp").write_text(
        f"// Generated: the queries and migrations of {module}, for wiring and for the test that prepares them all.\n"
        f"#pragma once\n#include <jx/db/query.hpp>\n\nnamespace jx::{module} {{\nconst db::SqlBundle& sql_bundle();\n}}\n", encoding="utf-8")
    body = [f'#include "{module}_sql.hpp"', f"#include <jx/{module}/sql.hpp>", "#include <array>", "",
            f"namespace jx::{module} {{", "namespace {",
            f"constexpr std::array<const db::Query*, {len(names)}> queries{{{', '.join('&sql::' + n for n in names)}}};"]
    rows = []
    for (number, title), text in sorted(migrations.items()):
        rows.append(f'db::Migration{{{number}, "{title}",\n{raw(text)},\n{raw(overrides.get((number, title), to_postgres_schema(text)))}}}')
    body.append(f"constexpr std::array<db::Migration, {len(rows)}> migrations{{{','.join(rows)}}};")
    body += ["}", "const db::SqlBundle& sql_bundle() {",
             f'  static constexpr db::SqlBundle bundle{{"{module}", queries, migrations}};', "  return bundle;", "}", "}", ""]
    (args.out / f"{module}_sql.cpp").write_text("\n".join(body), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        print(fault, file=sys.stderr)
        sys.exit(1)
