// What a source is asked to leave out changes no answer: the same calls over sources of every kind, with and without it.
#include "worlds.hpp"

#include <jx/catalogue/sql.hpp>
#include <jx/db/migrate.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/exchange/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <random>

namespace jx::connectors {
namespace {

using catalogue::SourceKind;

constexpr int rules = 24;
constexpr int filters_a_rule = 12;
constexpr int rows = 80;
constexpr int orders = 120;

const std::vector<std::string> texts{"a", "A", "b", "é", "e", "", "a ", "中文", "x' OR '1'='1", "\"--", "%", "5", "\\", "`;"};
const std::vector<std::string> numbers{"-5", "0", "3", "7", "12", "9007199254740993", "-9007199254740993"};
const std::vector<std::string> dates{"1999-12-31", "2000-01-01", "2000-02-29", "2024-06-01"};

/// Either hands on the sieve of a read or takes it off, and counts the rows that come.
struct Watched final : exchange::Sources {
  Watched(LocalSources& of, bool keeps) : inner(of), with_sieve(keeps) {}
  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override {
    auto asked = read;
    sieves += asked.sieve.has_value() ? 1 : 0;
    if (!with_sieve) asked.sieve.reset(), asked.order.clear();
    auto found = inner.read(asked, deadline);
    if (found) carried += found->rows.size();
    if (found && found->ordered) ++ordered;
    return found;
  }
  LocalSources& inner;
  bool with_sieve;
  std::size_t carried = 0, sieves = 0, ordered = 0;
};

struct Nobody final : exchange::Facts {
  Result<exchange::Matter> matter(db::Tx&, const Uuid&) override { return fail(ErrorCode::not_found, "no cases here"); }
  Result<std::optional<PersonId>> person(db::Tx&, const Code&) override { return std::optional<PersonId>(); }
  LocalDate today() const override { return LocalDate::of(2026, 11, 20); }
};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }
  const std::string& of(const std::vector<std::string>& list) { return list[below(list.size())]; }

 private:
  std::mt19937 engine_;
};

std::string quoted(const std::string& text) { return wire::to_text(boost::json::value(boost::json::string(text))); }

/// Of the shape that sources understand, mostly; now and then of one that they do not.
std::string filter_text(Dice& dice, int depth) {
  if (depth > 0 && dice.below(2) == 0) {
    const auto one = filter_text(dice, depth - 1);
    if (dice.below(3) == 0) return R"({"not":)" + one + "}";
    return std::string(dice.below(2) == 0 ? R"({"all":[)" : R"({"any":[)") + one + "," + filter_text(dice, depth - 1) + "]}";
  }
  static const std::vector<std::string> operators{"eq", "ne", "lt", "le", "gt", "ge", "in"};
  const auto& op = dice.of(operators);
  const auto field = dice.below(4);
  const auto value = [&]() -> std::string {
    if (dice.below(12) == 0) return "5.5";  // of another kind, or no whole number
    if (field == 0) return dice.of(numbers);
    if (field == 1) return quoted(dice.of(texts));
    return field == 2 ? quoted(dice.of(dates)) : dice.below(2) == 0 ? "true" : "false";
  };
  static const std::vector<std::string> names{"n", "s", "d", "b"};
  auto right = value();
  if (op == "in") right = "[" + right + "," + value() + "]";
  return R"({"field":")" + names[field] + R"(","op":")" + op + R"(","value":)" + right + "}";
}

std::string rule_text(Dice& dice, int depth) {
  if (depth > 0 && dice.below(2) == 0) {
    const auto one = rule_text(dice, depth - 1);
    if (dice.below(3) == 0) return "not(" + one + ")";
    return "(" + one + (dice.below(2) == 0 ? " and " : " or ") + rule_text(dice, depth - 1) + ")";
  }
  static const std::vector<std::string> operators{" = ", " != ", " < ", " <= ", " > ", " >= "};
  switch (dice.below(9)) {
    case 0: return "n" + dice.of(operators) + dice.of(numbers);
    case 1: return "s" + dice.of(operators) + quoted(dice.of(texts));
    case 2: return "d" + dice.of(operators) + "date(\"" + dice.of(dates) + "\")";
    case 3: return "s in (" + quoted(dice.of(texts)) + ", " + quoted(dice.of(texts)) + ")";
    case 4: return "n between -5 and " + dice.of(numbers);
    case 5: return "b";
    case 6: return "s = null";
    case 7: return dice.of(numbers) + dice.of(operators) + "n";
    default: return "string length(s) < 3";
  }
}

struct Sieving : ::testing::TestWithParam<SourceKind> {
  void SetUp() override {
    world = testing::world_of(GetParam(), folder.path());
    if (!world) GTEST_SKIP() << "there is no server of this kind: run under tools/with-postgres and tools/with-mariadb";
    fill();
    sources = std::make_unique<LocalSources>(folder.path(), clock, testing::password("junxian"));
    database = std::move(*db::Database::open({.url = (folder.path() / "node.db").string()}));
    const db::SqlBundle* bundles[] = {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &catalogue::sql_bundle(),
                                      &exchange::sql_bundle()};
    ASSERT_TRUE(db::migrate(*database, bundles));
    apply();
  }

  /// SQL sources have columns of the fields' types, with values of others where that is possible; all others have texts.
  void fill() {
    std::vector<std::vector<std::string>> table;
    for (int i = 0; i < rows; ++i)
      table.push_back({std::to_string(1000 + i), "x", dice.of(numbers), dice.of(texts), dice.of(dates), dice.below(2) == 0 ? "true" : "false"});
    const auto kind = GetParam();
    const bool sql = kind == SourceKind::sqlite || kind == SourceKind::postgresql || kind == SourceKind::mariadb;
    if (!sql) return world->make("t", {"id", "k", "n", "s", "d", "b"}, table);
    world->run(kind == SourceKind::sqlite ? "CREATE TABLE t (id TEXT PRIMARY KEY, k TEXT, n INTEGER, s NUMERIC, d TEXT, b INTEGER)"
               : kind == SourceKind::mariadb
                   ? "CREATE TABLE t (id varchar(9) PRIMARY KEY, k varchar(9), n bigint, s varchar(50) CHARACTER SET utf8mb4, d date, b tinyint)"
                   : "CREATE TABLE t (id text PRIMARY KEY, k text, n bigint, s text, d date, b boolean)");
    for (const auto& row : table) {
      std::string text;
      for (const char c : row[3]) text += c == '\'' ? "''" : c == '\\' && kind == SourceKind::mariadb ? "\\\\" : std::string(1, c);
      const auto or_null = [&](const std::string& literal) { return dice.below(8) == 0 ? "NULL" : literal; };
      std::string values = "'" + row[0] + "', 'x', " + or_null(row[2]) + ", " + or_null("'" + text + "'") + ", " + or_null("'" + row[4] + "'") +
                           ", " + or_null(row[5]);
      if (kind == SourceKind::sqlite && dice.below(4) == 0)  // cells of other types than their columns
        values = "'" + row[0] + "', 'x', '" + (dice.below(2) == 0 ? "7.0" : "seven") + "', 5, '', 'true'";
      world->run("INSERT INTO t VALUES (" + values + ")");
    }
  }

  void apply() {
    std::map<std::string, std::string> files{
        {"pack.yaml", "key: sieve\nname: {en: Sieve, zh-CN: 筛}\nversion: \"1\"\nlanguages: [en, zh-CN]\nzone: Asia/Shanghai\ncalendar: cn\n"},
        {"sources/population.yaml", wire::encode(world->source())},
        {"programmes/inspections.yaml",
         "id: inspections\nunit: fire\nname: {zh-CN: 检查, en: Inspections}\npurpose: {zh-CN: 检查, en: Inspect}\nlegal_basis: []\nvalid_from: "
         "2026-01-01\nvalid_to: 2099-12-31\n"},
        {"resources/things.yaml", R"(id: things
code: "1"
name: {zh-CN: 物品, en: Things}
summary: {zh-CN: 物品, en: Things}
classification: [物品]
provider: police
source: population
table: t
format: database
update_cycle: daily
share_class: conditional
share_conditions: {zh-CN: 检查, en: Inspections}
share_method: interface
grade: general
published_on: 2026-01-05
fields:
  - {id: id, column: id, name: {zh-CN: 号, en: Id}, type: text, sensitivity: general}
  - {id: k, column: k, name: {zh-CN: 类, en: Kind}, type: text, sensitivity: general}
  - {id: n, column: n, name: {zh-CN: 数, en: Number}, type: integer, sensitivity: general}
  - {id: s, column: s, name: {zh-CN: 文, en: Text}, type: text, sensitivity: general}
  - {id: d, column: d, name: {zh-CN: 日期, en: Date}, type: date, sensitivity: general}
  - {id: b, column: b, name: {zh-CN: 是否, en: Truth}, type: boolean, sensitivity: general}
)"}};
    for (int i = 0; i < rules; ++i) {
      const auto id = "g" + std::to_string(i);
      files["grants/" + id + ".yaml"] = "id: " + id + R"(
resource: things
consumer: fire
binding: programme
programme: inspections
purpose: {zh-CN: 检查, en: Inspections}
legal_basis: [{law: {zh-CN: 消防法, en: Fire law}, article: "53"}]
fields: [{id: id}, {id: n}, {id: s}, {id: d}, {id: b}]
lookup: [k]
calls_per_minute: 100000
valid_from: 2026-01-01
rows: )" + quoted(rule_text(dice, 3)) + "\n";
    }
    const auto pack = pack::Pack::of(std::move(files));
    ASSERT_TRUE(pack) << pack.error().text();
    const auto applied = database->write(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(catalogue::pack_part()->apply(tx, context(), *pack));
      return exchange::pack_part()->apply(tx, context(), *pack);
    });
    ASSERT_TRUE(applied) << applied.error().text();
  }

  Context context() {
    return Context{{Actor::Kind::person, AccountId(Uuid{{9}}), PersonId(Uuid{{8}}), PostId::trusted("clerk"), UnitId::trusted("fire")},
                   no_deadline,
                   {},
                   clock,
                   random,
                   "en"};
  }

  Dice dice{20'261'120};
  db::TempFolder folder;
  VirtualClock clock{*Instant::parse("2026-11-20T02:00:00Z")};
  SeededRandom random{1};
  Nobody facts;
  std::unique_ptr<testing::World> world;
  std::unique_ptr<LocalSources> sources;
  std::unique_ptr<db::Database> database;
};

TEST_P(Sieving, changes_no_answer) {
  Watched sieved(*sources, true), whole(*sources, false);
  exchange::Gateway with(*database, sieved, facts), without(*database, whole, facts);
  std::size_t answered = 0;
  for (int rule = 0; rule < rules; ++rule) {
    for (int i = 0; i < filters_a_rule; ++i) {
      exchange::Call call;
      call.resource = ResourceId::trusted("things");
      call.grant = GrantId::trusted("g" + std::to_string(rule));
      call.programme = ProgrammeId::trusted("inspections");
      call.where = {{"k", exchange::Op::eq, "x"}};
      call.limit = 200;
      const auto text = filter_text(dice, 4);
      if (i > 0) {
        const auto filter = exchange::parse_filter(*wire::parse(text));
        ASSERT_TRUE(filter) << text;
        call.filter = *filter;
      }
      const auto one = with.call(context(), call), other = without.call(context(), call);
      ASSERT_TRUE(one && other) << text << (one ? "" : one.error().text()) << (other ? "" : other.error().text());
      EXPECT_EQ(one->rows, other->rows) << "rule g" << rule << ", filter " << text;
      answered += one->rows.size();
    }
  }
  EXPECT_GT(sieved.sieves, 100U);
  EXPECT_GT(answered, 500U);
  const auto kind = GetParam();
  if (kind == SourceKind::sqlite || kind == SourceKind::postgresql || kind == SourceKind::mariadb) {
    EXPECT_LT(sieved.carried * 3, whole.carried * 2) << "it spares rows";
  } else {
    EXPECT_EQ(sieved.carried, whole.carried);
  }
}

/// The same pages, one after another, whoever puts the rows in order: what is absent, of another type, alike, or written by another alphabet too.
TEST_P(Sieving, changes_no_order) {
  Watched pushed(*sources, true), whole(*sources, false);
  exchange::Gateway with(*database, pushed, facts), without(*database, whole, facts);
  static const std::vector<std::string> names{"id", "n", "s", "d", "b"};
  std::size_t answered = 0;
  for (int i = 0; i < orders; ++i) {
    exchange::Call call;
    call.resource = ResourceId::trusted("things");
    call.grant = GrantId::trusted("g" + std::to_string(dice.below(rules)));
    call.programme = ProgrammeId::trusted("inspections");
    call.where = {{"k", exchange::Op::eq, "x"}};
    call.limit = 1 + dice.below(30);
    if (dice.below(3) == 0) call.filter = *exchange::parse_filter(*wire::parse(filter_text(dice, 2)));
    for (std::size_t n = 1 + dice.below(3); n > 0; --n) {
      const auto& name = dice.of(names);
      if (std::ranges::find(call.order, name, &exchange::Order::field) == call.order.end()) call.order.push_back({name, dice.below(2) == 0});
    }
    std::string said;
    for (const auto& order : call.order) said += order.field + (order.descending ? " down, " : ", ");
    for (bool more = true; more;) {
      const auto one = with.call(context(), call), other = without.call(context(), call);
      ASSERT_TRUE(one && other) << said << (one ? "" : one.error().text()) << (other ? "" : other.error().text());
      ASSERT_EQ(one->rows, other->rows) << said << "from " << call.cursor << " under " << call.grant.text();
      ASSERT_EQ(one->next, other->next) << said;
      answered += one->rows.size();
      call.cursor = one->next;
      more = !one->next.empty();
    }
  }
  EXPECT_GT(answered, 500U);
  EXPECT_EQ(whole.ordered, 0U);
  const auto kind = GetParam();
  if (kind == SourceKind::sqlite || kind == SourceKind::postgresql || kind == SourceKind::mariadb) {
    EXPECT_GT(pushed.ordered, 100U) << "the source does it";
  } else {
    EXPECT_EQ(pushed.ordered, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(Sources, Sieving,
                         ::testing::Values(SourceKind::sqlite, SourceKind::csv, SourceKind::xlsx, SourceKind::http, SourceKind::postgresql,
                                           SourceKind::mariadb),
                         [](const auto& given) { return std::string(wire::name_of(given.param)); });

}  // namespace
}  // namespace jx::connectors
