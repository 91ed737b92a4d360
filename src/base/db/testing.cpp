#include <jx/db/testing.hpp>

#include <stdlib.h>  // mkdtemp

#include <cstdlib>

namespace jx::db {

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "junxian-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

const char* test_postgres() {
  const char* url = std::getenv("JUNXIAN_TEST_POSTGRES");
  return url != nullptr && *url != '\0' ? url : nullptr;
}

Result<std::unique_ptr<TempDatabase>> TempDatabase::make(Dialect dialect) {
  std::unique_ptr<TempDatabase> temp(new TempDatabase(dialect));
  if (dialect == Dialect::postgres) return fail(ErrorCode::unavailable, "JUNXIAN_TEST_POSTGRES is not set");
  temp->url_ = (temp->folder_.path() / "test.db").string();
  return temp;
}

TempDatabase::~TempDatabase() = default;

Result<> prepare_all(Database& database, std::span<const SqlBundle* const> bundles) {
  const bool sqlite = database.dialect() == Dialect::sqlite;
  for (const auto* bundle : bundles) {
    for (const auto* query : bundle->queries) {
      if ((sqlite ? query->sqlite : query->postgres).empty()) continue;
      auto prepared = database.read(no_deadline, [&](Tx& tx) { return tx.prepare(*query); });
      if (!prepared) return fail_because(prepared.error(), prepared.error().code, std::string(query->name) + " cannot be prepared");
    }
  }
  return {};
}

}  // namespace jx::db
