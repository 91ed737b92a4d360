// What SQLite keeps in its log moves into its file while acts go on.
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace jx::db {
namespace {

constexpr Migration table{9001, "thing", "CREATE TABLE thing (id INTEGER PRIMARY KEY, body BLOB) STRICT", ""};
constexpr SqlBundle things{"test", {}, {&table, 1}};
constexpr Query put{"t.put", "INSERT INTO thing (id, body) VALUES (?1, ?2)", ""};
constexpr Query newest{"t.newest", "SELECT max(id) FROM thing", ""};
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

Result<> put_until(Database& database, std::int64_t& acts, const std::function<bool()>& enough) {
  for (const auto end = acts + 4'000; acts < end && !enough();) {
    ++acts;
    JX_CHECK(database.write(no_deadline, [&](Tx& tx) { return tx.run(put, acts, Bytes(act_bytes, 1)); }));
  }
  return {};
}

TEST(SqliteCheckpoints, leave_the_lock_that_keeps_other_programs_from_taking_the_log_away) {
  const TempFolder folder;
  const auto path = folder.path() / "j.db";
  auto database = Database::open({.url = path.string(), .readers = 2});
  ASSERT_TRUE(database && migrate(**database, bundles));
  std::int64_t acts = 0;
  const auto first = log_begun(path);
  ASSERT_TRUE(put_until(**database, acts, [&] { return log_begun(path) != first; }));
  struct stat before{};
  ASSERT_EQ(::stat((path.string() + "-wal").c_str(), &before), 0);
  // The last connection of a program to leave takes the log away, unless another program has the database open.
  ASSERT_EQ(std::system(("sqlite3 '" + path.string() + "' 'SELECT count(*) FROM thing' > /dev/null").c_str()), 0);
  struct stat after{};
  ASSERT_EQ(::stat((path.string() + "-wal").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(SqliteCheckpoints, begin_the_log_anew_while_reads_overlap) {
  const TempFolder folder;
  const auto path = folder.path() / "j.db";
  auto database = Database::open({.url = path.string(), .readers = 4});
  ASSERT_TRUE(database && migrate(**database, bundles));
  std::int64_t acts = 0;
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) {
      readers.emplace_back([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) (void)(*database)->read(no_deadline, [](Tx& tx) { return tx.one(newest); });
      });
    }
    for (int times = 0; times < 3; ++times) {
      const auto begun = log_begun(path);
      ASSERT_TRUE(put_until(**database, acts, [&] { return log_begun(path) != begun; }));
      EXPECT_NE(log_begun(path), begun) << "after " << acts << " acts";
    }
  }
  EXPECT_LT(acts, 4'000) << "the log grew by a gigabyte";
}

}  // namespace
}  // namespace jx::db
