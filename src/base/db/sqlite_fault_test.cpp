// Disks that fail, fill up or lose power under SQLite: what was answered is there, what was refused is not, and it goes on afterwards.
#include <jx/db/admin.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include "fault_vfs.hpp"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <latch>
#include <set>
#include <thread>

namespace jx::db {
namespace {

constexpr Migration table{9001, "thing", "CREATE TABLE thing (id INTEGER PRIMARY KEY, body BLOB) STRICT", ""};
constexpr SqlBundle things{"test", {}, {&table, 1}};
constexpr Query put{"t.put", "INSERT INTO thing (id, body) VALUES (?1, ?2)", ""};
constexpr Query ids{"t.ids", "SELECT id FROM thing", ""};
const std::array<const SqlBundle*, 2> bundles{&sql_bundle(), &things};

std::unique_ptr<Database> open(const std::filesystem::path& path) {
  auto opened = Database::open({.url = path.string(), .readers = 1});
  if (!opened || !migrate(**opened, bundles)) return nullptr;
  return std::move(*opened);
}

Result<std::int64_t> store(Database& database, std::int64_t id, std::size_t bytes = 3000) {
  return database.write(no_deadline, [&](Tx& tx) { return tx.run(put, id, Bytes(bytes, 1)); });
}

std::set<std::int64_t> stored(Database& database) {
  std::set<std::int64_t> found;
  const auto rows = database.read(no_deadline, [](Tx& tx) { return tx.all(ids); });
  EXPECT_TRUE(rows) << rows.error().text();
  if (rows) {
    for (const auto& row : *rows) found.insert(row.integer(0));
  }
  return found;
}

/// What callers were told of each act.
struct Answers {
  std::mutex mutex;
  std::set<std::int64_t> done;
  std::set<std::int64_t> refused;
  std::set<std::int64_t> unknown;

  void add(std::int64_t id, const Result<std::int64_t>& answer) {
    const std::lock_guard lock(mutex);
    if (answer)
      done.insert(id);
    else if (answer.error().message.en.find("not known") != std::string::npos)
      unknown.insert(id);
    else
      refused.insert(id);
  }
  void hold_against(const std::set<std::int64_t>& found, const std::string& when) const {
    for (const auto id : done) EXPECT_TRUE(found.contains(id)) << "act " << id << " was answered and is lost, " << when;
    for (const auto id : refused) EXPECT_FALSE(found.contains(id)) << "act " << id << " was refused and is there, " << when;
  }
};

/// Several acts that wait at once, so that they are committed together.
void store_together(Database& database, std::int64_t first, int count, Answers& answers) {
  std::latch running(1);
  std::latch go(1);
  std::jthread holder([&] {
    (void)database.write(no_deadline, [&](Tx&) -> Result<> {
      running.count_down();
      go.wait();
      return {};
    });
  });
  running.wait();
  std::vector<std::jthread> callers;
  for (int i = 0; i < count; ++i) callers.emplace_back([&, i] { answers.add(first + i, store(database, first + i)); });
  go.count_down();
}

/// A copy of the files as a crash of the program would leave them now.
std::set<std::int64_t> stored_after_crash(const std::filesystem::path& path) {
  TempFolder folder;
  for (const auto* suffix : {"", "-wal"}) std::filesystem::copy_file(path.string() + suffix, (folder.path() / "copy.db").string() + suffix);
  auto copy = open(folder.path() / "copy.db");
  return copy ? stored(*copy) : std::set<std::int64_t>{};
}

TEST(SqliteFaults, of_one_write_lose_nothing_and_are_over_afterwards) {
  for (int nth = 0; nth < 24; ++nth) {
    FaultyDisk disk;
    TempFolder folder;
    auto database = open(folder.path() / "a.db");
    ASSERT_NE(database, nullptr);
    Answers answers;
    disk.fail_code = nth % 2 == 0 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    disk.fail_write = disk.writes + nth;
    store_together(*database, 0, 4, answers);
    EXPECT_TRUE(store(*database, 100));
    const auto when = "write " + std::to_string(nth);
    answers.hold_against(stored(*database), when);
    answers.hold_against(stored_after_crash(folder.path() / "a.db"), when + ", after a crash");
    EXPECT_EQ(answers.done.size(), 4U) << "a batch that was lost is run again, " << when;
  }
}

TEST(SqliteFaults, that_last_refuse_acts_and_reading_goes_on) {
  for (int nth = 0; nth < 20; ++nth) {
    FaultyDisk disk;
    TempFolder folder;
    auto database = open(folder.path() / "a.db");
    Answers answers;
    answers.add(0, store(*database, 0));
    disk.fail_code = SQLITE_FULL;
    disk.fail_writes = disk.writes + nth;
    for (int i = 0; i < 3; ++i) store_together(*database, 1 + i * 4, 4, answers);
    EXPECT_TRUE(answers.unknown.empty());
    EXPECT_FALSE(answers.refused.empty());
    const auto refused = store(*database, 50);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_NE(refused.error().message.en.find("disk is full"), std::string::npos) << refused.error().text();
    EXPECT_NE(refused.error().message.zh.find("磁盘"), std::string::npos);
    answers.hold_against(stored(*database), "while it lasts");
    answers.hold_against(stored_after_crash(folder.path() / "a.db"), "after a crash");
    disk.fail_writes = -1;
    EXPECT_TRUE(store(*database, 60)) << "there is room again";
    answers.hold_against(stored(*database), "afterwards");
  }
}

TEST(SqliteFaults, of_syncing_never_bring_back_what_was_refused) {
  for (int syncs = 1; syncs < 8; ++syncs) {
    FaultyDisk disk;
    TempFolder folder;
    auto database = open(folder.path() / "a.db");
    Answers answers;
    answers.add(0, store(*database, 0));
    disk.fail_syncs = syncs;
    answers.add(1, store(*database, 1));
    answers.hold_against(stored_after_crash(folder.path() / "a.db"), "after a crash, syncs that fail: " + std::to_string(syncs));
    disk.fail_syncs = 0;
    answers.add(2, store(*database, 2));
    answers.hold_against(stored(*database), "afterwards");
    answers.hold_against(stored_after_crash(folder.path() / "a.db"), "after a crash afterwards");
    // Together, alone, and the commit that settles: where all fail, no more is said than is known.
    EXPECT_EQ(answers.unknown.size(), syncs >= 3 ? 1U : 0U) << syncs;
  }
}

/// Runs acts in another process that dies in the middle of its nth write; answers what it had been answered, and whether it died.
std::pair<std::set<std::int64_t>, bool> die_at(const std::filesystem::path& path, std::int64_t nth, int acts, bool keep_synced) {
  int pipe_ends[2];
  EXPECT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    FaultyDisk disk;
    disk.keep_synced = keep_synced;
    disk.die_at_write = nth;
    auto database = open(path);
    for (int i = 0; database && i < acts; ++i) {
      const std::int64_t id = i;
      if (store(*database, id, 20'000)) (void)!::write(pipe_ends[1], &id, sizeof id);
    }
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  std::set<std::int64_t> answered;
  for (std::int64_t id = 0; ::read(pipe_ends[0], &id, sizeof id) == sizeof id;) answered.insert(id);
  ::close(pipe_ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {answered, WEXITSTATUS(status) == 9};
}

TEST(SqliteFaults, that_end_the_program_in_any_write_keep_what_was_answered) {
  bool died = true;
  int deaths = 0;  // in each write of the first ones, where tables are made, then in every third
  for (std::int64_t nth = 0; died; nth += nth < 20 ? 1 : 3) {
    TempFolder folder;
    const auto [answered, dead] = die_at(folder.path() / "a.db", nth, 4, false);
    died = dead;
    deaths += dead ? 1 : 0;
    auto database = open(folder.path() / "a.db");
    ASSERT_NE(database, nullptr) << "write " << nth;
    const auto found = stored(*database);
    for (const auto id : answered) EXPECT_TRUE(found.contains(id)) << "write " << nth;
    EXPECT_LE(found.size(), answered.size() + 1) << "write " << nth;
    const auto report = check(*database, bundles);
    EXPECT_TRUE(report && report->findings.empty()) << "write " << nth;
  }
  EXPECT_GT(deaths, 25);
}

TEST(SqliteFaults, that_cut_the_power_keep_what_was_answered) {
  bool died = true;
  for (std::int64_t nth = 40; died; nth += 5) {
    TempFolder folder;
    const auto path = folder.path() / "a.db";
    const auto [answered, dead] = die_at(path, nth, 6, true);
    died = dead;
    // Only what was synced is left; the index of the log lives in memory.
    std::filesystem::remove(path.string() + "-shm");
    for (const auto& file : {path.string(), path.string() + "-wal"}) {
      std::filesystem::remove(file);
      if (std::filesystem::exists(file + ".synced")) std::filesystem::rename(file + ".synced", file);
    }
    auto database = open(path);
    ASSERT_NE(database, nullptr) << "write " << nth;
    const auto found = stored(*database);
    for (const auto id : answered) EXPECT_TRUE(found.contains(id)) << "act " << id << ", write " << nth;
    const auto report = check(*database, bundles);
    EXPECT_TRUE(report && report->findings.empty()) << "write " << nth;
  }
}

TEST(SqliteFaults, of_a_disk_that_is_really_full_are_told_and_pass) {
  TempFolder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=2m") != 0) GTEST_SKIP() << "needs the right to mount a small disk";
  {
    auto database = open(folder.path() / "a.db");
    ASSERT_NE(database, nullptr);
    Answers answers;
    for (int i = 0; i < 100 && answers.refused.empty(); ++i) answers.add(i, store(*database, i, 100'000));
    EXPECT_EQ(answers.refused.size(), 1U);
    EXPECT_GT(answers.done.size(), 3U);
    EXPECT_NE(store(*database, 999, 100'000).error().message.en.find("disk is full"), std::string::npos);
    answers.hold_against(stored(*database), "while it is full");
    ASSERT_EQ(::mount("tmpfs", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=8m"), 0);
    EXPECT_TRUE(store(*database, 999, 100'000));
  }
  ::umount(folder.path().c_str());
}

/// What `work` answers where it runs as a user who owns nothing.
int as_nobody(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(100);
    ::_exit(work());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST(SqliteFaults, of_rights_are_told_when_it_is_opened) {
  TempFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  ASSERT_NE(open(folder.path() / "a.db"), nullptr);
  ::chmod((folder.path() / "a.db").c_str(), 0444);
  const int told = as_nobody([&] {
    const auto opened = Database::open({.url = (folder.path() / "a.db").string()});
    return opened                                                                      ? 1
           : opened.error().code != ErrorCode::unavailable                             ? 2
           : opened.error().message.en.find("may not be written") == std::string::npos ? 3
                                                                                       : 0;
  });
  EXPECT_EQ(told, 0);
}

TEST(SqliteFaults, of_another_program_that_locks_it_are_waited_for_until_the_deadline) {
  TempFolder folder;
  auto database = open(folder.path() / "a.db");
  sqlite3* other = nullptr;
  sqlite3_open((folder.path() / "a.db").c_str(), &other);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto deadline = SystemClock().now() + std::chrono::milliseconds{150};
  EXPECT_EQ(database->write(deadline, [](Tx& tx) { return tx.run(put, 1, nullptr); }).error().code, ErrorCode::timeout);
  EXPECT_TRUE(stored(*database).empty()) << "reading goes on";
  std::jthread patient([&] { EXPECT_TRUE(store(*database, 2)); });
  sqlite3_exec(other, "COMMIT", nullptr, nullptr, nullptr);
  patient.join();
  sqlite3_close(other);
  EXPECT_EQ(stored(*database), std::set<std::int64_t>{2});
}

}  // namespace
}  // namespace jx::db
