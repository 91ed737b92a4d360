// What the two database servers are trusted with, and what not.
#include "worlds.hpp"

#include <unistd.h>

namespace jx::connectors {
namespace {

using catalogue::SourceKind;
using exchange::Op;
using Rows = std::vector<std::vector<boost::json::value>>;

template <SourceKind kind>
struct Database : ::testing::Test {
  void SetUp() override {
    world = testing::world_of(kind, {});
    if (!world) GTEST_SKIP() << "there is no server of this kind: run under tools/with-postgres and tools/with-mariadb";
    sources = std::make_unique<LocalSources>(".", clock, testing::password("junxian"));
  }
  Result<exchange::ReadRows> read(const std::string& table, std::vector<std::string> columns, std::vector<exchange::Condition> where = {},
                                  std::chrono::seconds time = std::chrono::seconds(10)) {
    return sources->read({world->source(), table, std::move(columns), std::move(where), 0, 200}, SystemClock().now() + time);
  }
  Rows rows(const std::string& table, std::vector<std::string> columns, std::vector<exchange::Condition> where = {}) {
    auto found = read(table, std::move(columns), std::move(where));
    EXPECT_TRUE(found) << found.error().text();
    return found ? std::move(found->rows) : Rows();
  }
  Rows by(const std::string& column, const std::string& value) { return rows("r", {"id"}, {{column, Op::eq, value}}); }

  VirtualClock clock{Instant{1'800'000'000'000'000}};
  std::unique_ptr<testing::World> world;
  std::unique_ptr<LocalSources> sources;
};
using Postgresql = Database<SourceKind::postgresql>;
using Mariadb = Database<SourceKind::mariadb>;

TEST_F(Postgresql, compares_as_the_type_of_the_column_does) {
  world->run(
      "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN code AS varchar(3);"
      "CREATE TABLE r (id int PRIMARY KEY, n numeric(8,2), d date, c char(5), v varchar(3), u uuid, b boolean, m mood, j json, k code, t "
      "timestamptz, y bytea);"
      "INSERT INTO r VALUES (7, 12.50, '2026-01-05', 'ab', 'abc', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', true, 'good', '{\"a\": 1}', 'xyz', "
      "'2026-01-05 08:00+08', 'q')");
  const Rows one{{7}};
  EXPECT_EQ(by("id", "007"), one);
  EXPECT_EQ(by("id", "7 OR 1=1"), Rows());
  EXPECT_EQ(by("id", "99999999999999999999"), Rows());
  EXPECT_EQ(by("n", "12.5"), one);
  EXPECT_EQ(by("n", "12.501"), Rows()) << "a value is not cut to the column's length";
  EXPECT_EQ(by("d", "2026-01-05"), one);
  EXPECT_EQ(by("d", "yesterday or so"), Rows());
  EXPECT_EQ(by("c", "ab"), one);
  EXPECT_EQ(by("v", "abcd"), Rows());
  EXPECT_EQ(by("k", "xyzw"), Rows());
  EXPECT_EQ(by("k", "xyz"), one);
  EXPECT_EQ(by("u", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"), one);
  EXPECT_EQ(by("m", "worse"), Rows());
  EXPECT_EQ(by("j", "{\"a\": 1}"), one);
  EXPECT_EQ(by("b", "yes"), one);
  EXPECT_EQ(rows("r", {"n", "d", "c", "b", "t", "y"}), (Rows{{"12.50", "2026-01-05", "ab", true, "2026-01-05 00:00:00+00", nullptr}}));
  EXPECT_FALSE(sources->state(world->source()).open);
}

TEST_F(Postgresql, compares_exactly_whatever_the_collation_says) {
  world->run(
      "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false); CREATE TABLE r (id int, name text COLLATE loose);"
      "INSERT INTO r VALUES (1, 'Émile'), (2, 'emile')");
  EXPECT_EQ(by("name", "Émile"), (Rows{{1}}));
  EXPECT_EQ(by("name", "emile"), (Rows{{2}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::starts_with, "ÉM"}}), (Rows{{1}}));
}

TEST_F(Postgresql, is_never_written_to_not_even_by_a_view) {
  world->run("CREATE TABLE r (id text); INSERT INTO r VALUES ('a')");
  world->run(
      "CREATE FUNCTION writes() RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('transaction_read_only', 'off', true); RETURN 'x'; END "
      "$$;"
      "CREATE VIEW v AS SELECT writes() AS id");
  EXPECT_FALSE(read("v", {"id"}));
  EXPECT_EQ(rows("r", {"id"}).size(), 1U);
}

TEST_F(Postgresql, ends_a_read_at_its_deadline_and_goes_on) {
  world->run("CREATE VIEW slow AS SELECT pg_sleep(30)::text AS id; CREATE TABLE r (id text); INSERT INTO r VALUES ('a')");
  const auto begun = SystemClock().now();
  const auto late = read("slow", {"id"}, {}, std::chrono::seconds(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::timeout);
  EXPECT_LT(SystemClock().now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(rows("r", {"id"}).size(), 1U);
}

TEST_F(Postgresql, notices_that_its_schema_has_changed) {
  world->run("CREATE TABLE r (id text, name text); INSERT INTO r VALUES ('a', 'b')");
  EXPECT_EQ(rows("r", {"id", "name"}), (Rows{{"a", "b"}}));
  world->run("ALTER TABLE r ALTER COLUMN name TYPE varchar(9)");
  EXPECT_EQ(rows("r", {"id", "name"}), (Rows{{"a", "b"}}));
  world->run("ALTER TABLE r DROP COLUMN name");
  const auto gone = read("r", {"id", "name"});
  ASSERT_FALSE(gone);
  EXPECT_NE(gone.error().message.en.find("it has no column r.name"), std::string::npos) << gone.error().text();
  world->run("ALTER TABLE r ADD COLUMN name text");
  EXPECT_TRUE(read("r", {"id", "name"}));
  EXPECT_FALSE(sources->state(world->source()).open);
}

TEST_F(Postgresql, sees_no_other_schema_and_no_system_column) {
  world->run("CREATE TABLE r (id text)");
  EXPECT_FALSE(read("pg_class", {"relname"}));
  EXPECT_FALSE(read("r", {"xmin"}));
  const auto shape = sources->shape(world->source(), no_deadline);
  ASSERT_TRUE(shape);
  EXPECT_EQ(shape->size(), 1U);
}

TEST_F(Postgresql, serves_again_after_its_connections_were_cut) {
  world->run("CREATE TABLE r (id text); INSERT INTO r VALUES ('a')");
  EXPECT_EQ(rows("r", {"id"}).size(), 1U);
  world->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'junxian' AND pid <> pg_backend_pid()");
  EXPECT_EQ(rows("r", {"id"}).size(), 1U);
}

TEST_F(Postgresql, is_unavailable_by_its_name_where_it_is_not_reached) {
  auto source = world->source();
  source.port = 1;
  const auto none = sources->read({source, "r", {"id"}, {}, 0, 1}, SystemClock().now() + std::chrono::seconds(10));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::unavailable);
  EXPECT_NE(none.error().message.en.find("Population"), std::string::npos);
  source = world->source();
  source.tls = catalogue::SourceTls::require;
  EXPECT_FALSE(sources->shape(source, SystemClock().now() + std::chrono::seconds(10))) << "the server offers no TLS";
  source.tls.reset();
  source.secret = "password";
  LocalSources without(".", clock);
  EXPECT_EQ(without.shape(source, no_deadline).error().code, ErrorCode::unavailable);
}

TEST_F(Mariadb, compares_exactly_whatever_the_collation_says) {
  world->run(
      "CREATE TABLE r (id int PRIMARY KEY, name varchar(20) COLLATE utf8mb4_general_ci, n decimal(8,2), d date, c char(5), y varbinary(5), u bigint "
      "unsigned, x "
      "double)");
  world->run("INSERT INTO r VALUES (7, 'Émile', 12.50, '2026-01-05', 'ab', 'q', 18446744073709551615, 0.5)");
  const Rows one{{7}};
  EXPECT_EQ(by("id", "7"), one);
  EXPECT_EQ(by("id", "7 OR 1=1"), Rows());
  EXPECT_EQ(by("id", "7abc"), Rows());
  EXPECT_EQ(by("name", "Émile"), one);
  EXPECT_EQ(by("name", "emile"), Rows());
  EXPECT_EQ(by("name", "Émile "), Rows());
  EXPECT_EQ(by("n", "12.5"), one);
  EXPECT_EQ(by("d", "2026-01-05"), one);
  EXPECT_EQ(by("d", "2026-01-05x"), Rows());
  EXPECT_EQ(by("y", "q"), Rows());
  EXPECT_EQ(rows("r", {"n", "d", "c", "y", "u", "x"}), (Rows{{"12.50", "2026-01-05", "ab", nullptr, "18446744073709551615", 0.5}}));
  EXPECT_EQ(rows("r", {"id"}, {{"name", Op::starts_with, "émi"}}), one);
}

TEST_F(Mariadb, is_never_written_to_not_even_by_a_view) {
  world->run("CREATE TABLE r (id varchar(5))");
  world->run("CREATE FUNCTION writes() RETURNS varchar(5) MODIFIES SQL DATA BEGIN INSERT INTO r VALUES ('x'); RETURN 'x'; END");
  world->run("CREATE VIEW v AS SELECT writes() AS id");
  EXPECT_FALSE(read("v", {"id"}));
  EXPECT_EQ(rows("r", {"id"}).size(), 0U);
}

TEST_F(Mariadb, ends_a_read_at_its_deadline_and_goes_on) {
  world->run("CREATE TABLE r (id varchar(5))");
  world->run("INSERT INTO r VALUES ('a')");
  world->run("CREATE VIEW slow AS SELECT sleep(30) AS id");
  const auto begun = SystemClock().now();
  const auto late = read("slow", {"id"}, {}, std::chrono::seconds(1));
  EXPECT_TRUE(!late && late.error().code == ErrorCode::timeout) << (late ? "answered" : late.error().text());
  EXPECT_LT(SystemClock().now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(rows("r", {"id"}).size(), 1U);
}

TEST_F(Mariadb, notices_that_its_schema_has_changed) {
  world->run("CREATE TABLE r (id varchar(5), name varchar(5))");
  EXPECT_EQ(rows("r", {"id", "name"}), Rows());
  world->run("ALTER TABLE r DROP COLUMN name");
  const auto gone = read("r", {"id", "name"});
  ASSERT_FALSE(gone);
  EXPECT_NE(gone.error().message.en.find("it has no column r.name"), std::string::npos) << gone.error().text();
  EXPECT_TRUE(read("r", {"id"}));
}

TEST_F(Mariadb, wants_its_password) {
  world->run("CREATE TABLE r (id varchar(5))");
  LocalSources wrong(".", clock, testing::password("wrong"));
  const auto refused = wrong.shape(world->source(), SystemClock().now() + std::chrono::seconds(10));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(refused.error().text().find("wrong"), std::string::npos);
}

}  // namespace
}  // namespace jx::connectors
