// What SQLite keeps in its log moves into its file while acts go on.
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include <filesystem>
#include <fstream>
#include <thread>

namespace jx::db {
namespace {

constexpr Migration table{9001, "thing", "CREATE TABLE thing (id INTEGER PRIMARY KEY, body BLOB) STRICT", ""};
constexpr SqlBundle things{"test", {}, {&table, 1}};
constexpr Query put{"t.put", "INSERT INTO thing (id, body) VALUES (?1, ?2)", ""};
constexpr Query count{"t.count", "SELECT count(*), sum(length(body)) FROM thing", ""};
const std::array<const SqlBundle*, 2> bundles{&sql_bundle(), &things};

constexpr std::size_t act_bytes = 256 * 1024;

/// Changes when SQLite begins its log anew (www.sqlite.org/fileformat2.html#walformat: the first salt).
std::uint32_t log_begun(const std::filesystem::path& path) {
  std::ifstream file(path.string() + "-wal", std::ios::binary);
  std::array<char, 4> salt{};
  file.seekg(16);
  file.read(salt.data(), salt.size());
  std::uint32_t value = 0;
  for (const char octet : salt) value = value << 8U | static_cast<std::uint8_t>(octet);
  return value;
}

TEST(SqliteCheckpoints, begin_the_log_anew_while_acts_go_on_and_lose_nothing) {
  const TempFolder folder;
  const auto path = folder.path() / "j.db";
  constexpr std::int64_t acts_max = 4'000;  // a gigabyte: far beyond where the writer waits for what moves
  std::int64_t acts = 0;
  {
    auto database = Database::open({.url = path.string(), .readers = 2});
    ASSERT_TRUE(database && migrate(**database, bundles));
    const auto first = log_begun(path);
    while (log_begun(path) == first && acts < acts_max) {
      ++acts;
      ASSERT_TRUE((*database)->write(no_deadline, [&](Tx& tx) { return tx.run(put, acts, Bytes(act_bytes, 1)); }));
    }
    EXPECT_LT(acts, acts_max);
    const auto row = (*database)->read(no_deadline, [](Tx& tx) { return tx.one(count); });
    ASSERT_TRUE(row);
    EXPECT_EQ((*row)->integer(0), acts);
  }
  auto again = Database::open({.url = path.string(), .readers = 1});
  ASSERT_TRUE(again);
  const auto row = (*again)->read(no_deadline, [](Tx& tx) { return tx.one(count); });
  ASSERT_TRUE(row);
  EXPECT_EQ((*row)->integer(0), acts);
  EXPECT_EQ((*row)->integer(1), acts * static_cast<std::int64_t>(act_bytes));
}

}  // namespace
}  // namespace jx::db
