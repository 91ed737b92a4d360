// test_deliveries.hpp - deliveries against both databases, from a source made up here: for the tests of this module.
#pragma once
#include <jx/catalogue/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/exchange/deliveries.hpp>
#include <jx/exchange/grants.hpp>
#include <jx/exchange/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <fstream>
#include <iterator>

namespace jx::exchange::deliveries_testing {

inline const char* const manifest =
    "key: test\nname: {zh-CN: 测试, en: Test}\nversion: '1'\nlanguages: [zh-CN, en]\nzone: Asia/Shanghai\ncalendar: cn\n";
inline const char* const population = "id: population\nname: {zh-CN: 人口库, en: Population}\nunit: police\nkind: sqlite\npath: p.sqlite\n";
inline const char* const resident = R"(id: resident
code: "1"
name: {zh-CN: 居民信息, en: Residents}
summary: {zh-CN: 居民, en: Residents}
classification: [人口]
provider: police
source: population
table: resident
format: database
update_cycle: daily
share_class: conditional
share_conditions: {zh-CN: 办事, en: For cases}
share_method: file
grade: general
published_on: 2026-01-05
subject: {scheme: cn.citizen-id, field: citizen_id}
fields:
  - {id: citizen_id, column: cid, name: {zh-CN: 身份号码, en: Citizen id}, type: text, sensitivity: personal}
  - {id: name, column: full_name, name: {zh-CN: 姓名, en: Name}, type: text, sensitivity: personal}
  - {id: phone, column: tel, name: {zh-CN: 电话, en: Phone}, type: text, sensitivity: personal}
  - {id: age, column: age, name: {zh-CN: 年龄, en: Age}, type: integer, sensitivity: personal}
  - {id: secret, column: secret, name: {zh-CN: 秘密, en: Secret}, type: text, sensitivity: sensitive}
)";
inline const char* const files_grant = R"(id: files
resource: resident
consumer: fire
binding: programme
programme: inspections
purpose: {zh-CN: 检查, en: Inspections}
legal_basis: [{law: {zh-CN: 消防法, en: Fire law}, article: "53"}]
fields: [{id: citizen_id}, {id: name}, {id: phone, mask: partial}]
lookup: [citizen_id]
rows: age >= 18
calls_per_minute: 5
valid_from: 2026-01-01
delivery: {format: ndjson, changes: true}
)";
inline const char* const programme = R"(id: inspections
unit: fire
name: {zh-CN: 专项检查, en: Inspections}
purpose: {zh-CN: 检查, en: Inspect}
legal_basis: []
valid_from: 2026-03-01
valid_to: 2026-11-30
)";

struct Person {
  std::string id, name, phone;
  std::int64_t age;
};

struct FakeSource final : Sources {
  std::vector<Person> people{{"A1", "Wang Fang", "13812345678", 30}, {"B2", "Wang Wei", "13900000000", 12}, {"C3", "Li \"Na\"", "13700000000", 44}};
  std::vector<std::string> asked;
  std::function<Result<>(std::size_t)> at_row;

  Result<ReadRows> read(const Read&, Instant) override { return ReadRows(); }
  Result<> scan_columns(const catalogue::Source&, const std::string&, std::span<const std::string> columns, Instant, const TakeRow& take) override {
    asked.assign(columns.begin(), columns.end());
    for (std::size_t i = 0; i < people.size(); ++i) {
      if (at_row) JX_CHECK(at_row(i));
      const auto& one = people[i];
      std::vector<Cell> cells;
      for (const auto& column : columns) {
        if (column == "cid") cells.emplace_back(std::string_view(one.id));
        if (column == "full_name") cells.emplace_back(std::string_view(one.name));
        if (column == "tel") cells.emplace_back(std::string_view(one.phone));
        if (column == "age") cells.emplace_back(one.age);
      }
      JX_CHECK(take(cells));
    }
    return {};
  }
};

struct FakeFacts final : Facts {
  LocalDate day = LocalDate::of(2026, 11, 20);
  std::string known = "C3";
  Result<Matter> matter(db::Tx&, const Uuid&) override { return fail(ErrorCode::not_found, "no such case"); }
  Result<std::optional<PersonId>> person(db::Tx&, const Code& code) override {
    return code.value == known ? std::optional(PersonId(Uuid{{3}})) : std::nullopt;
  }
  LocalDate today() const override { return day; }
};

inline std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  return out.replace(out.find(from), from.size(), to);
}

struct MadeDeliveries : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &catalogue::sql_bundle(), &exchange::sql_bundle()};
  }
  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    apply(files_grant);
    worker = make_worker();
  }
  void TearDown() override {
    worker.reset();
    OnBoth::TearDown();
  }

  std::unique_ptr<Deliveries> make_worker() {
    return std::make_unique<Deliveries>(Deliveries::Needs{db(), source, facts, folder.path() / "deliveries", [this] { return context("police"); }});
  }
  void apply(std::string_view grant, std::string_view described = resident) {
    const auto pack = pack::Pack::of({{"pack.yaml", manifest},
                                      {"sources/population.yaml", population},
                                      {"resources/resident.yaml", std::string(described)},
                                      {"grants/files.yaml", std::string(grant)},
                                      {"programmes/inspections.yaml", programme}});
    ASSERT_TRUE(pack) << pack.error().text();
    const auto applied = db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(catalogue::pack_part()->apply(tx, context("data"), *pack));
      return exchange::pack_part()->apply(tx, context("data"), *pack);
    });
    ASSERT_TRUE(applied) << applied.error().text();
  }
  Context context(const char* unit) {
    return Context{{Actor::Kind::person, AccountId(Uuid{{9}}), PersonId(Uuid{{8}}), PostId::trusted("clerk"), UnitId::trusted(unit)},
                   no_deadline,
                   {},
                   clock,
                   random,
                   "en"};
  }
  template <class F>
  auto act(F&& f, const char* unit = "fire") {
    return db().write(no_deadline, [&](db::Tx& tx) { return f(tx, context(unit)); });
  }
  Result<Delivery> order(DeliveryKind kind = DeliveryKind::snapshot, std::optional<boost::json::value> filter = {}) {
    return act([&](db::Tx& tx, const Context& ctx) {
      return order_delivery(tx, ctx, facts.day, {GrantId::trusted("files"), ProgrammeId::trusted("inspections"), kind, filter});
    });
  }
  Delivery now(const DeliveryId& id) {
    return *db().read(no_deadline, [&](db::Tx& tx) { return delivery(tx, id); });
  }
  void make_all() {
    for (bool more = true; more;) {
      const auto done = worker->step();
      ASSERT_TRUE(done) << done.error().text();
      more = *done;
    }
    ASSERT_TRUE(worker->tidy());
  }
  Result<std::filesystem::path> file(const DeliveryId& id, std::int64_t part = 1) {
    return db().read(no_deadline, [&](db::Tx& tx) { return worker->file(tx, id, part); });
  }
  std::string text(const DeliveryId& id) {
    const auto path = file(id);
    if (!path) return path.error().text();
    std::ifstream in(*path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Delivery made(DeliveryKind kind = DeliveryKind::snapshot) {
    const auto ordered = order(kind);
    EXPECT_TRUE(ordered) << ordered.error().text();
    make_all();
    return now(ordered->id);
  }
  void acknowledge_it(const DeliveryId& id) {
    const auto done = act([&](db::Tx& tx, const Context& ctx) { return acknowledge(tx, ctx, id); });
    ASSERT_TRUE(done) << done.error().text();
  }
  std::vector<Usage> uses() {
    return db().read(no_deadline, [&](db::Tx& tx) { return usage_by(tx, UnitId::trusted("fire"), 200, ""); })->items;
  }
  void expect_sound() {
    const auto checked = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(checked) << checked.error().text();
    EXPECT_EQ(checked->rows_altered, 0U);
    EXPECT_TRUE(uses_with_other_persons(db())->empty());
    EXPECT_TRUE(check_delivery_files(db(), folder.path() / "deliveries", true)->empty());
  }

  VirtualClock clock{*Instant::parse("2026-11-20T02:00:00Z")};
  SeededRandom random{1};
  db::TempFolder folder;
  FakeSource source;
  FakeFacts facts;
  std::unique_ptr<Deliveries> worker;
};

}  // namespace jx::exchange::deliveries_testing
