#include <jx/connectors.hpp>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <fstream>

namespace jx::connectors {
namespace {

using Rows = std::vector<std::vector<boost::json::value>>;

struct Connectors : ::testing::Test {
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "connectors-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void make_sqlite(const std::string& script) {
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "p.sqlite").c_str(), &raw), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(raw, script.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
    sqlite3_close(raw);
  }
  void make_csv(const std::string& text) { std::ofstream(folder / "b.csv", std::ios::binary) << text; }

  static catalogue::Source sqlite() {
    catalogue::Source source{SourceId::trusted("population"), LocalizedText({{"en", "Population"}, {"zh-CN", "人口库"}}), UnitId::trusted("police")};
    source.path = "p.sqlite";
    return source;
  }
  static catalogue::Source csv(const std::string& encoding) {
    catalogue::Source source{SourceId::trusted("registry"), LocalizedText({{"en", "Registry"}, {"zh-CN", "登记簿"}}), UnitId::trusted("health"),
                             catalogue::SourceKind::csv};
    source.encoding = encoding;
    source.tables = std::vector<catalogue::SourceTable>{{"businesses", "b.csv"}};
    return source;
  }
  Result<exchange::ReadRows> read(const catalogue::Source& source, const std::string& table, std::vector<std::string> columns,
                                  std::vector<exchange::Condition> where, std::size_t offset = 0, std::size_t limit = 200) {
    return sources->read({source, table, std::move(columns), std::move(where), offset, limit}, SystemClock().now() + std::chrono::seconds(10));
  }

  std::filesystem::path folder;
  VirtualClock clock{Instant{1'800'000'000'000'000}};
  std::unique_ptr<LocalSources> sources;
  void open() { sources = std::make_unique<LocalSources>(folder, clock); }
};

TEST_F(Connectors, keep_one_version_of_a_source_and_none_that_is_forgotten) {
  make_csv("id,name\n1,One\n");
  open();
  auto source = csv("utf-8");
  for (const char* name : {"A", "B", "C"}) {
    source.name = LocalizedText({{"en", name}, {"zh-CN", name}});
    ASSERT_TRUE(read(source, "businesses", {"name"}, {}));
    EXPECT_EQ(sources->open_count(), 1U);
  }
  sources->forget(source.id);
  EXPECT_EQ(sources->open_count(), 0U);
  EXPECT_EQ(read(source, "businesses", {"name"}, {})->rows, (Rows{{"One"}}));
}

TEST_F(Connectors, read_sqlite_by_key_beginning_and_part) {
  make_sqlite(
      "CREATE TABLE r (id TEXT, name TEXT, age INTEGER); INSERT INTO r VALUES ('1','Wang Fang',30),('2','wang_wei',40),('3','100% Noodles',5)");
  open();
  EXPECT_EQ(read(sqlite(), "r", {"name", "age"}, {{"id", exchange::Op::eq, "1"}})->rows, (Rows{{"Wang Fang", 30}}));
  EXPECT_EQ(read(sqlite(), "r", {"id"}, {{"name", exchange::Op::starts_with, "WANG"}})->rows, (Rows{{"1"}, {"2"}}));
  EXPECT_EQ(read(sqlite(), "r", {"id"}, {{"name", exchange::Op::contains, "0%"}})->rows, (Rows{{"3"}}));
  EXPECT_EQ(read(sqlite(), "r", {"id"}, {{"name", exchange::Op::contains, "g_w"}})->rows, (Rows{{"2"}}));
  EXPECT_EQ(read(sqlite(), "r", {"id"}, {{"age", exchange::Op::eq, "40"}})->rows, (Rows{{"2"}}));
}

TEST_F(Connectors, page_through_a_table_in_its_own_order) {
  make_sqlite("CREATE TABLE r (id TEXT); INSERT INTO r VALUES ('a'),('b'),('c')");
  open();
  const auto first = read(sqlite(), "r", {"id"}, {}, 0, 2);
  EXPECT_EQ(first->rows, (Rows{{"a"}, {"b"}}));
  EXPECT_TRUE(first->more);
  const auto second = read(sqlite(), "r", {"id"}, {}, 2, 2);
  EXPECT_EQ(second->rows, (Rows{{"c"}}));
  EXPECT_FALSE(second->more);
}

TEST_F(Connectors, never_let_a_name_or_value_become_a_statement) {
  make_sqlite("CREATE TABLE r (id TEXT, \"a\"\"b\" TEXT); INSERT INTO r VALUES ('1','x')");
  open();
  const std::string hostile = "1' OR '1'='1'; DROP TABLE r; --";
  EXPECT_TRUE(read(sqlite(), "r", {"id"}, {{"id", exchange::Op::eq, hostile}})->rows.empty());
  EXPECT_EQ(read(sqlite(), "r", {"a\"b"}, {})->rows, (Rows{{"x"}}));
  for (const std::string& name : {std::string("id FROM r; DROP TABLE r; --"), hostile, std::string("rowid")}) {
    const auto answer = read(sqlite(), "r", {name}, {});
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  }
  EXPECT_FALSE(read(sqlite(), "r; DROP TABLE r", {"id"}, {}));
  EXPECT_EQ(read(sqlite(), "r", {"id"}, {})->rows.size(), 1U);
}

TEST_F(Connectors, say_which_source_is_missing_and_go_on_when_it_is_back) {
  open();
  const auto missing = read(sqlite(), "r", {"id"}, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
  EXPECT_NE(missing.error().message.en.find("Population"), std::string::npos);
  make_sqlite("CREATE TABLE r (id TEXT); INSERT INTO r VALUES ('a')");
  EXPECT_EQ(read(sqlite(), "r", {"id"}, {})->rows, (Rows{{"a"}}));
}

TEST_F(Connectors, read_csv_in_the_encoding_of_its_system) {
  make_csv("id,name\r\n1,\"TROPISUE\xd1O\"\r\n2,CAF\xc9\r\n");
  open();
  EXPECT_EQ(read(csv("windows-1252"), "businesses", {"name"}, {{"id", exchange::Op::eq, "1"}})->rows, (Rows{{"TROPISUEÑO"}}));
  EXPECT_EQ(read(csv("windows-1252"), "businesses", {"id"}, {{"name", exchange::Op::contains, "caf"}})->rows, (Rows{{"2"}}));
  make_csv("id,name\n1,\xd4\xc6\xcf\xaa\xcf\xd8\n");  // 云溪县
  EXPECT_EQ(read(csv("gb18030"), "businesses", {"name"}, {})->rows, (Rows{{"云溪县"}}));
}

TEST_F(Connectors, read_csv_as_its_source_says_that_it_is_written) {
  make_csv("Permits of 2026\n\nNo.;许可证号;name\n1;A;\"x;y\"\n");
  open();
  auto source = csv("utf-8");
  auto& table = source.tables->front();
  table.delimiter = ";";
  table.header_row = 3;
  table.headers = std::map<std::string, std::string>{{"许可证号", "permit_id"}};
  EXPECT_EQ(read(source, "businesses", {"permit_id", "name"}, {{"No.", exchange::Op::eq, "1"}})->rows, (Rows{{"A", "x;y"}}));
  EXPECT_FALSE(read(source, "businesses", {"许可证号"}, {}));
  table.headers = std::map<std::string, std::string>{{"许可证号", "name"}};
  EXPECT_FALSE(read(source, "businesses", {"name"}, {})) << "two columns of one name";
  make_csv("a\tb\n1\t2\n");
  auto tabbed = csv("utf-8");
  tabbed.tables->front().delimiter = "tab";
  EXPECT_EQ(read(tabbed, "businesses", {"b"}, {})->rows, (Rows{{"2"}}));
}

TEST_F(Connectors, notice_that_a_csv_file_has_changed) {
  make_csv("id,name\n1,old\n");
  open();
  EXPECT_EQ(read(csv("utf-8"), "businesses", {"name"}, {})->rows, (Rows{{"old"}}));
  make_csv("id,name\n1,newer\n");
  EXPECT_EQ(read(csv("utf-8"), "businesses", {"name"}, {})->rows, (Rows{{"newer"}}));
  make_csv("id,title\n1,newest!\n");
  EXPECT_EQ(read(csv("utf-8"), "businesses", {"name"}, {}).error().code, ErrorCode::unavailable);
  make_csv("id,name\n\"1,broken\n");
  EXPECT_EQ(read(csv("utf-8"), "businesses", {"name"}, {}).error().code, ErrorCode::unavailable);
}

TEST_F(Connectors, leave_a_source_that_keeps_failing_alone_and_say_so) {
  open();
  const auto source = sqlite();  // there is no such file
  const auto ask = [&] { return read(source, "r", {"id"}, {}); };
  for (int i = 0; i < failures_until_open; ++i) EXPECT_EQ(ask().error().code, ErrorCode::unavailable);
  EXPECT_TRUE(sources->state(source).open);
  make_sqlite("CREATE TABLE r (id TEXT); INSERT INTO r VALUES ('a')");
  EXPECT_NE(ask().error().message.en.find("left alone"), std::string::npos) << "the breaker is open";
  clock.advance(rest_after_open);
  EXPECT_TRUE(ask());
  EXPECT_FALSE(sources->state(source).open);
  EXPECT_EQ(sources->state(source).failures, 0);
}

TEST_F(Connectors, give_the_shape_and_every_row_of_a_table) {
  make_sqlite("CREATE TABLE r (id TEXT, n INTEGER, x REAL); INSERT INTO r VALUES ('a', 1, 0.5), ('b', NULL, 2)");
  make_csv("id,name\n1,old\n");
  open();
  const auto shape = sources->shape(sqlite(), no_deadline);
  ASSERT_TRUE(shape) << shape.error().text();
  ASSERT_EQ(shape->size(), 1U);
  EXPECT_EQ(shape->front().columns, (std::vector<std::string>{"id", "n", "x"}));
  std::string all;
  ASSERT_TRUE(sources->scan(sqlite(), "r", no_deadline, [&](std::span<const exchange::Cell> row) -> Result<> {
    all += std::string(std::get<std::string_view>(row[0])) + (std::holds_alternative<std::monostate>(row[1]) ? "-" : "1");
    return {};
  }));
  EXPECT_EQ(all, "a1b-");
  for (const auto& [source, table, column] : {std::tuple(sqlite(), "r", "n"), std::tuple(csv("utf-8"), "businesses", "name")}) {
    std::size_t rows = 0;
    const std::vector<std::string> wanted{column};
    ASSERT_TRUE(sources->scan_columns(source, table, wanted, no_deadline, [&](std::span<const exchange::Cell> row) -> Result<> {
      EXPECT_EQ(row.size(), 1U);
      ++rows;
      return {};
    }));
    EXPECT_GT(rows, 0U);
    const std::vector<std::string> absent{column, "rowid"};
    EXPECT_EQ(sources->scan_columns(source, table, absent, no_deadline, [](auto) -> Result<> { return {}; }).error().code, ErrorCode::unavailable);
  }
  EXPECT_EQ(sources->scan(sqlite(), "r\" --", no_deadline, [](auto) -> Result<> { return {}; }).error().code, ErrorCode::unavailable);
  EXPECT_EQ(sources->shape(csv("utf-8"), no_deadline)->front().columns, (std::vector<std::string>{"id", "name"}));
}

}  // namespace
}  // namespace jx::connectors
