// worlds.hpp - the same table in a source of every kind, for tests.
#pragma once
#include <jx/connectors.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace jx::connectors::testing {

/// A place in which tables of texts are made. The servers of databases are those of tools/with-postgres and tools/with-mariadb.
class World {
 public:
  virtual ~World() = default;
  /// Makes a table of text columns, the first of which is its key.
  virtual void make(const std::string& table, const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows) = 0;
  [[nodiscard]] virtual catalogue::Source source() const = 0;
  /// Runs a statement where there is something to run it.
  virtual void run(const std::string& /*sql*/) {}
};

/// Null where there is no server of that kind.
[[nodiscard]] std::unique_ptr<World> world_of(catalogue::SourceKind kind, const std::filesystem::path& folder);

/// The password of the database servers' users.
[[nodiscard]] catalogue::Secrets password(std::string text);

[[nodiscard]] catalogue::Source named_source(catalogue::SourceKind kind);

}  // namespace jx::connectors::testing
