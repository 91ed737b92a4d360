#include <jx/db/admin.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include <libpq-fe.h>
#include <sqlite3.h>

#include <fstream>
#include <thread>

namespace jx::db {
namespace {

constexpr Migration tables{9001, "case_and_task",
                           "CREATE TABLE a_task (id INTEGER PRIMARY KEY AUTOINCREMENT, of_case TEXT NOT NULL REFERENCES the_case (id), before_it "
                           "INTEGER REFERENCES a_task (id)) STRICT;"
                           "CREATE TABLE the_case (id TEXT PRIMARY KEY, body BLOB, note TEXT) STRICT;"
                           "INSERT INTO the_case (id, note) VALUES ('seed', 'made by a migration')",
                           R"(CREATE TABLE the_case (id text COLLATE "C" PRIMARY KEY, body bytea, note text);
                           CREATE TABLE a_task (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, of_case text COLLATE "C" NOT NULL REFERENCES the_case (id), before_it bigint REFERENCES a_task (id));
                           INSERT INTO the_case (id, note) VALUES ('seed', 'made by a migration'))"};
constexpr SqlBundle cases{"test", {}, {&tables, 1}};

constexpr Query open_case{"t.open", "INSERT INTO the_case (id, body, note) VALUES (?1, ?2, ?3)",
                          "INSERT INTO the_case (id, body, note) VALUES ($1, $2, $3)"};
constexpr Query add_task{"t.task", "INSERT INTO a_task (of_case) VALUES (?1) RETURNING id", "INSERT INTO a_task (of_case) VALUES ($1) RETURNING id"};
constexpr Query counts{"t.counts", "SELECT (SELECT count(*) FROM the_case), (SELECT count(*) FROM a_task), (SELECT max(id) FROM a_task)",
                       "SELECT (SELECT count(*) FROM the_case), (SELECT count(*) FROM a_task), (SELECT max(id) FROM a_task)"};
constexpr Query note_of{"t.note", "SELECT note, body FROM the_case WHERE id = ?1", "SELECT note, body FROM the_case WHERE id = $1"};

void put_file(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Admin : OnBoth {
  std::vector<const SqlBundle*> bundles() const override { return {&sql_bundle(), &cases}; }
  TempFolder folder;
  std::filesystem::path target = folder.path() / "backup";
  Bytes body{0, 9, 10, 92, 255};

  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped()) return;
    std::filesystem::create_directory(folder.path() / "archive");
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(act(i));
  }
  Result<> act(int i) {
    return db().write(no_deadline, [&](Tx& tx) -> Result<> {
      const auto id = "case-" + std::to_string(i);
      JX_CHECK(tx.run(open_case, id, body, "行一\n\t\\行二 \"引号\""));
      for (int k = 0; k < 2; ++k) JX_CHECK(tx.run(add_task, id));
      return {};
    });
  }
  static std::vector<std::int64_t> count(Database& database) {
    const auto row = database.read(no_deadline, [](Tx& tx) { return tx.one(counts); });
    if (!row) return {};
    return {(*row)->integer(0), (*row)->integer(1), (*row)->integer(2)};
  }
  Result<BackupReport> back_up_all() {
    return back_up(db(), target, {.archive = folder.path() / "archive", .checkpoint = {'c', 'p'}, .progress = {}});
  }
  /// Where nothing is yet.
  std::unique_ptr<TempDatabase> fresh() { return std::move(*TempDatabase::make(GetParam())); }
};
JX_ON_BOTH(Admin);

TEST_P(Admin, restores_what_was_backed_up) {
  put_file(folder.path() / "archive/ab/cd.sealed", std::string(3'000'000, 'x'));
  put_file(folder.path() / "archive/empty", "");
  const auto made = back_up_all();
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->migrations.back().number, 9001);
  const auto verified = verify_backup(target);
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(verified->sha256, made->sha256);
  EXPECT_EQ(verified->bytes, made->bytes);
  EXPECT_EQ(verified->checkpoint, (Bytes{'c', 'p'}));
  EXPECT_EQ(verified->made_at, made->made_at);
  EXPECT_EQ(std::system(("cd " + target.string() + " && sha256sum --quiet -c SHA256SUMS").c_str()), 0);

  ASSERT_TRUE(act(100));  // after the backup
  const auto other = fresh();
  std::uint64_t told = 0;
  const auto progress = [&](std::uint64_t done, std::uint64_t total) -> Result<> {
    EXPECT_LE(told, done);
    EXPECT_LE(done, total);
    return told = done, Result<>();
  };
  const auto restored = restore(target, {.url = other->url(), .archive = folder.path() / "new"}, bundles(), progress);
  ASSERT_TRUE(restored) << restored.error().text();
  EXPECT_EQ(restored->checkpoint, (Bytes{'c', 'p'}));
  EXPECT_GT(told, 6'000'000U);
  EXPECT_EQ(file(folder.path() / "new/ab/cd.sealed"), std::string(3'000'000, 'x'));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "new/empty"));

  auto database = std::move(*Database::open({.url = other->url()}));
  EXPECT_EQ(count(*database), (std::vector<std::int64_t>{51, 100, 100}));
  EXPECT_TRUE(check(*database, bundles())->findings.empty());
  const auto row = database->read(no_deadline, [](Tx& tx) { return tx.one(note_of, "case-7"); });
  EXPECT_EQ((*row)->text(0), "行一\n\t\\行二 \"引号\"");
  EXPECT_EQ((*row)->bytes(1), body);
  EXPECT_EQ((*database->write(no_deadline, [](Tx& tx) { return tx.one(add_task, "case-7"); }))->integer(0), 101) << "numbers go on where they were";
  EXPECT_TRUE(migrate(*database, bundles())->applied.empty());
}

TEST_P(Admin, backs_up_one_state_while_acts_go_on) {
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 1000; !stop.stop_requested(); ++i) EXPECT_TRUE(act(i));
  });
  ASSERT_TRUE(back_up_all());
  writer.request_stop();
  writer.join();
  const auto other = fresh();
  ASSERT_TRUE(restore(target, {.url = other->url(), .archive = {}}, bundles()));
  auto database = std::move(*Database::open({.url = other->url()}));
  const auto rows = count(*database);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[1], 2 * (rows[0] - 1)) << "an act is in the backup as a whole or not at all";
  EXPECT_TRUE(check(*database, bundles())->findings.empty());
}

TEST_P(Admin, overwrites_nothing) {
  ASSERT_TRUE(back_up_all());
  EXPECT_EQ(back_up_all().error().code, ErrorCode::conflict);
  EXPECT_EQ(restore(target, {.url = url(), .archive = {}}, bundles()).error().code, ErrorCode::conflict);
  put_file(folder.path() / "full/file", "x");
  const auto other = fresh();
  EXPECT_EQ(restore(target, {.url = other->url(), .archive = folder.path() / "full"}, bundles()).error().code, ErrorCode::conflict);
  EXPECT_EQ(count(db())[0], 51);
}

TEST_P(Admin, refuses_a_backup_that_was_changed) {
  put_file(folder.path() / "archive/one", "attachment");
  ASSERT_TRUE(back_up_all());
  const auto other = fresh();
  const auto refused = [&](const std::string& part) {
    const auto restored = restore(target, {.url = other->url(), .archive = {}}, bundles());
    EXPECT_FALSE(restored);
    EXPECT_EQ(restored.error().code, ErrorCode::corrupt) << restored.error().text();
    EXPECT_NE(restored.error().message.en.find(part), std::string::npos) << restored.error().text();
  };
  for (const std::string part :
       {"archive/one", "BACKUP", "checkpoint", GetParam() == Dialect::sqlite ? "database.sqlite" : "tables/the_case.copy"}) {
    const auto before = file(target / part);
    auto after = before;
    after[after.size() / 2] = static_cast<char>(after[after.size() / 2] ^ 1);
    put_file(target / part, after);
    if (part == "BACKUP") {
      EXPECT_FALSE(verify_backup(target));  // refused by its form, if not by its hash
    } else {
      refused(part);
    }
    std::filesystem::remove(target / part);
    EXPECT_FALSE(verify_backup(target));
    put_file(target / part, before);
  }
  EXPECT_TRUE(verify_backup(target));
  put_file(target / "SHA256SUMS", std::string(64, '0') + "  ../outside\n");
  EXPECT_EQ(verify_backup(target).error().code, ErrorCode::invalid);
  EXPECT_EQ(verify_backup(folder.path() / "nothing").error().code, ErrorCode::not_found);
}

TEST_P(Admin, refuses_a_backup_of_a_newer_program) {
  ASSERT_TRUE(back_up_all());
  const auto other = fresh();
  const std::array<const SqlBundle*, 1> older{&sql_bundle()};
  const auto restored = restore(target, {.url = other->url(), .archive = {}}, older);
  EXPECT_EQ(restored.error().code, ErrorCode::conflict);
  EXPECT_NE(restored.error().message.en.find("9001"), std::string::npos);
}

TEST_P(Admin, leaves_nothing_of_a_backup_that_was_stopped) {
  const auto stopped = back_up(
      db(), target, {.archive = {}, .checkpoint = {}, .progress = [](auto, auto) -> Result<> { return fail(ErrorCode::limited, "stop"); }});
  EXPECT_EQ(stopped.error().code, ErrorCode::limited);
  EXPECT_FALSE(std::filesystem::exists(target));
  EXPECT_FALSE(std::filesystem::exists(target.string() + ".partial"));
}

TEST_P(Admin, finds_rows_that_name_rows_that_are_not_there) {
  EXPECT_TRUE(check(db(), bundles())->findings.empty());
  if (GetParam() == Dialect::sqlite) {
    sqlite3* raw = nullptr;
    sqlite3_open(url().c_str(), &raw);
    EXPECT_EQ(sqlite3_exec(raw, "INSERT INTO a_task (of_case) VALUES ('nobody')", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(raw);
  } else {
    PGconn* raw = PQconnectdb(url().c_str());
    PQclear(PQexec(raw, "SET session_replication_role = replica; INSERT INTO a_task (of_case) VALUES ('nobody')"));
    PQfinish(raw);
  }
  const auto report = check(db(), bundles());
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_EQ(report->findings.size(), 1U);
  EXPECT_EQ(report->findings[0].where, "foreign keys");
  EXPECT_NE(report->findings[0].message.en.find("the_case"), std::string::npos);
}

TEST_P(Admin, runs_the_checks_of_modules_and_tells_of_a_wrong_schema) {
  const std::array more{
      Check{"ledger", [](Database&, std::vector<Finding>& findings) -> Result<> { return findings.push_back({"ledger", "bent"}), Result<>(); }},
      Check{"other", [](Database&, std::vector<Finding>&) -> Result<> { return fail(ErrorCode::unavailable, "cannot look"); }}};
  const std::array<const SqlBundle*, 1> older{&sql_bundle()};
  const auto report = check(db(), older, more);
  EXPECT_EQ(report->checked, (std::vector<std::string>{"file", "foreign keys", "schema", "ledger", "other"}));
  ASSERT_EQ(report->findings.size(), 3U);
  EXPECT_EQ(report->findings[0].where, "schema");
  EXPECT_EQ(report->findings[1].message.en, "bent");
  EXPECT_EQ(report->findings[2].where, "other");
}

TEST_P(Admin, forgets_old_keys) {
  ASSERT_TRUE(db().write(no_deadline, ActKey{{1}}, [](Tx&) -> Result<> { return {}; }));
  EXPECT_EQ(*forget_keys(db(), Instant{0}), 0);
  EXPECT_EQ(*forget_keys(db(), SystemClock().now() + std::chrono::hours{1}), 1);
  EXPECT_TRUE(db().write(no_deadline, ActKey{{1}}, [](Tx&) -> Result<> { return {}; }));
}

TEST(SqliteCheck, finds_a_damaged_file) {
  TempFolder folder;
  const auto path = folder.path() / "test.db";
  const std::array<const SqlBundle*, 2> bundles{&sql_bundle(), &cases};
  {
    auto database = std::move(*Database::open({.url = path.string()}));
    ASSERT_TRUE(migrate(*database, bundles));
    for (int i = 0; i < 100; ++i)
      ASSERT_TRUE(database->write(no_deadline, [&](Tx& tx) { return tx.run(open_case, std::to_string(i), Bytes(500), "note"); }));
  }
  auto bytes = file(path);
  for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 5000; ++i) bytes[i] = static_cast<char>(i * 7);
  put_file(path, bytes);
  auto database = Database::open({.url = path.string()});
  if (!database) return;  // refused at once, which is as good
  const auto report = check(**database, bundles);
  ASSERT_TRUE(report) << report.error().text();
  ASSERT_FALSE(report->findings.empty());
  EXPECT_EQ(report->findings[0].where, "file");
}

TEST(SqliteFile, of_another_program_is_refused) {
  TempFolder folder;
  const auto path = (folder.path() / "other.db").string();
  sqlite3* raw = nullptr;
  sqlite3_open(path.c_str(), &raw);
  sqlite3_exec(raw, "CREATE TABLE theirs (x)", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  EXPECT_EQ(Database::open({.url = path}).error().code, ErrorCode::invalid);
  EXPECT_EQ(Database::open({.url = (folder.path() / "no/such.db").string()}).error().code, ErrorCode::unavailable);
  EXPECT_EQ(Database::open({.url = ":memory:"}).error().code, ErrorCode::invalid);
  EXPECT_EQ(Database::open({.url = ""}).error().code, ErrorCode::invalid);
  put_file(folder.path() / "text.db", std::string(5000, 'x'));
  EXPECT_EQ(Database::open({.url = (folder.path() / "text.db").string()}).error().code, ErrorCode::corrupt);
}

}  // namespace
}  // namespace jx::db
