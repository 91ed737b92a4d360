// What holds for sources of every kind.
#include "worlds.hpp"

#include <unistd.h>

#include <algorithm>

namespace jx::connectors {
namespace {

using catalogue::SourceKind;
using exchange::Op;
using Rows = std::vector<std::vector<boost::json::value>>;

struct Kinds : ::testing::TestWithParam<SourceKind> {
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "kinds-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    world = testing::world_of(GetParam(), folder);
    if (!world) GTEST_SKIP() << "there is no server of this kind: run under tools/with-postgres and tools/with-mariadb";
    sources = std::make_unique<LocalSources>(folder, clock, testing::password("junxian"));
  }
  void TearDown() override {
    sources.reset();
    world.reset();
    std::filesystem::remove_all(folder);
  }
  Result<exchange::ReadRows> read(const std::string& table, std::vector<std::string> columns, std::vector<exchange::Condition> where = {},
                                  std::size_t offset = 0, std::size_t limit = 200) {
    return sources->read({world->source(), table, std::move(columns), std::move(where), offset, limit},
                         SystemClock().now() + std::chrono::seconds(10));
  }
  Rows rows(const std::string& table, std::vector<std::string> columns, std::vector<exchange::Condition> where = {}) {
    auto found = read(table, std::move(columns), std::move(where));
    EXPECT_TRUE(found) << found.error().text();
    return found ? std::move(found->rows) : Rows();
  }

  std::filesystem::path folder;
  VirtualClock clock{Instant{1'800'000'000'000'000}};
  std::unique_ptr<testing::World> world;
  std::unique_ptr<LocalSources> sources;
};

TEST_P(Kinds, find_a_key_exactly_and_a_part_without_regard_to_case) {
  world->make("r", {"id", "name"},
              {{"1", "Wang Fang"}, {"2", "wang_wei"}, {"3", "100% Noodles"}, {"4", "WANG FANG"}, {"5", "back\\slash"}, {"6", "a|b"}});
  EXPECT_EQ(rows("r", {"name"}, {{"id", Op::eq, "1"}}), (Rows{{"Wang Fang"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::eq, "Wang Fang"}}), (Rows{{"1"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::eq, "Wang Fang "}}), Rows());
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::starts_with, "WANG"}}), (Rows{{"1"}, {"2"}, {"4"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::contains, "0%"}}), (Rows{{"3"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::contains, "g_w"}}), (Rows{{"2"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::contains, "k\\s"}}), (Rows{{"5"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::contains, "|"}}), (Rows{{"6"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::contains, "%_"}}), Rows());
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::eq, "WANG FANG"}, {"id", Op::eq, "4"}}), (Rows{{"4"}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::eq, "WANG FANG"}, {"id", Op::eq, "1"}}), Rows());
}

TEST_P(Kinds, page_through_a_table_in_its_own_order) {
  world->make("r", {"id"}, {{"a"}, {"b"}, {"c"}});
  const auto first = read("r", {"id"}, {}, 0, 2);
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->rows, (Rows{{"a"}, {"b"}}));
  EXPECT_TRUE(first->more);
  const auto second = read("r", {"id"}, {}, 2, 2);
  EXPECT_EQ(second->rows, (Rows{{"c"}}));
  EXPECT_FALSE(second->more);
}

TEST_P(Kinds, never_let_a_name_or_a_value_become_a_statement) {
  const std::vector<std::string> columns{"id", "a\"b", "c'; DROP TABLE x; --", "d\\", "列名", "e`f", "g h", "i%j", "k.l"};
  const std::vector<std::string> row{"1", "O'Brien; DROP TABLE r; --", "\"quoted\"", "back\\slash", "王芳", "`tick`", "' OR '1'='1", "%", "_"};
  const std::string table = "t\"a'b;c`d";
  world->make(table, columns, {row});
  world->make("r", {"id"}, {{"1"}});
  const auto shape = sources->shape(world->source(), no_deadline);
  ASSERT_TRUE(shape) << shape.error().text();
  const auto found = std::ranges::find(*shape, table, &exchange::TableShape::name);
  ASSERT_NE(found, shape->end());
  EXPECT_TRUE(std::ranges::is_permutation(found->columns, columns));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    EXPECT_EQ(rows(table, {columns[i]}, {{columns[i], Op::eq, row[i]}}), (Rows{{boost::json::value(row[i])}})) << columns[i];
    EXPECT_EQ(rows(table, {columns[i]}, {{columns[i], Op::contains, row[i]}}).size(), 1U) << columns[i];
    for (const auto& hostile : {std::string("1' OR '1'='1"), std::string("\\"), std::string("'"), std::string("\""), std::string("%"),
                                std::string("1\0", 2), std::string("\xff\xfe")}) {
      EXPECT_EQ(rows(table, {"id"}, {{columns[i], Op::eq, hostile}}).size(), row[i] == hostile ? 1U : 0U) << columns[i] << " " << hostile;
    }
  }
  for (const auto& name : {std::string("id FROM r; DROP TABLE r; --"), std::string("rowid"), std::string("ctid"), std::string("xmin"),
                           std::string("*"), std::string("id\0", 3), std::string("1"), std::string("count(*)"), std::string("")}) {
    for (const auto& answer : {read("r", {name}), read("r", {"id"}, {{name, Op::eq, "1"}})}) {
      ASSERT_FALSE(answer) << name;
      EXPECT_EQ(answer.error().code, ErrorCode::unavailable) << name;
    }
  }
  for (const auto& name :
       {std::string("r; DROP TABLE r"), std::string("r\0", 2), std::string(""), std::string("pg_catalog.pg_class"), std::string("R")})
    if (!(GetParam() == SourceKind::sqlite && name == "R")) {
      EXPECT_FALSE(read(name, {"id"})) << name;
    }
  EXPECT_EQ(rows("r", {"id"}).size(), 1U);
}

TEST_P(Kinds, hand_over_every_row_until_nobody_wants_more) {
  std::vector<std::vector<std::string>> many;
  for (int i = 0; i < 500; ++i) many.push_back({std::to_string(1000 + i), "x"});
  world->make("r", {"id", "name"}, many);
  int count = 0;
  ASSERT_TRUE(sources->scan(world->source(), "r", no_deadline, [&](std::span<const exchange::Cell> row) -> Result<> {
    EXPECT_EQ(std::get<std::string_view>(row[0]), std::to_string(1000 + count));
    EXPECT_EQ(row.size(), 2U);
    ++count;
    return {};
  }));
  EXPECT_EQ(count, 500);
  const auto ended = sources->scan(world->source(), "r", no_deadline, [&](auto) { return fail(ErrorCode::too_large, "enough"); });
  EXPECT_EQ(ended.error().code, ErrorCode::too_large);
  EXPECT_FALSE(sources->state(world->source()).open);
  EXPECT_EQ(sources->scan(world->source(), "no", no_deadline, [](auto) -> Result<> { return {}; }).error().code, ErrorCode::unavailable);
  EXPECT_EQ(rows("r", {"name"}, {{"id", Op::eq, "1003"}}).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Of, Kinds,
                         ::testing::Values(SourceKind::sqlite, SourceKind::csv, SourceKind::xlsx, SourceKind::postgresql, SourceKind::mariadb,
                                           SourceKind::http),
                         [](const auto& kind) { return std::string(wire::name_of(kind.param)); });

}  // namespace
}  // namespace jx::connectors
