// migration_body.hpp - the body that asks for a migration, and for its dry run.
#pragma once
#include "views.hpp"

#include <jx/cases/migrate.hpp>

namespace jx::api {

struct RenamedElement {
  std::string from, to;
};
BOOST_DESCRIBE_STRUCT(RenamedElement, (), (from, to))

struct MigrationView {
  cases::MigrationId id;
  ProcessId process;
  std::string from, to;
  Instant started_at;
  std::optional<Instant> ended_at;
  std::int64_t moved = 0, left = 0;
};
BOOST_DESCRIBE_STRUCT(MigrationView, (), (id, process, from, to, started_at, ended_at, moved, left))

[[nodiscard]] inline MigrationView migration_view(const cases::Migration& m) {
  return {m.id, m.path.process, to_hex(m.path.from), to_hex(m.path.to), m.started_at, m.ended_at, m.moved, m.left};
}

/// Versions: `current`, or the first 8 or more digits of a hash.
[[nodiscard]] inline Result<cases::MigrationPath> migration_path(Call& call, db::Tx& tx, std::string_view from, std::string_view to,
                                                                 const std::optional<std::vector<RenamedElement>>& renamed) {
  cases::MigrationPath path;
  JX_TRY(process, call.path<ProcessId>("process"));
  path.process = process;
  auto first = cases::find_version(tx, process, from);
  if (!first) return std::unexpected(under("/from", std::move(first).error()));
  auto second = cases::find_version(tx, process, to);
  if (!second) return std::unexpected(under("/to", std::move(second).error()));
  path.from = *first;
  path.to = *second;
  for (const auto& one : renamed.value_or(std::vector<RenamedElement>())) path.renamed.emplace(one.from, one.to);
  return path;
}

}  // namespace jx::api
