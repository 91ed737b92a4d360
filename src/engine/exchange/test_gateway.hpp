// test_gateway.hpp - the gateway against both databases, with a source and facts made up here: for the tests of this module.
#pragma once
#include <jx/catalogue/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/exchange.hpp>
#include <jx/exchange/grants.hpp>
#include <jx/exchange/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <algorithm>

namespace jx::exchange {

inline const char* const manifest =
    "key: test\nname: {zh-CN: 测试, en: Test}\nversion: '1'\nlanguages: [zh-CN, en]\nzone: Asia/Shanghai\ncalendar: cn\n";

inline const char* const resident_source =
    "id: population\nname: {zh-CN: 人口库, en: Population}\nunit: public-security\nkind: sqlite\npath: p.sqlite\n";

inline const char* const resident_resource = R"(id: resident
code: "1"
name: {zh-CN: 居民信息, en: Residents}
summary: {zh-CN: 居民, en: Residents}
classification: [人口]
provider: public-security
source: population
table: resident
format: database
update_cycle: daily
share_class: conditional
share_conditions: {zh-CN: 办事, en: For cases}
share_method: interface
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

inline const char* const case_grant = R"(id: by-case
resource: resident
consumer: market
binding: case
items: [restaurant]
purpose: {zh-CN: 办理许可, en: Permit}
legal_basis: [{law: {zh-CN: 条例, en: Regulations}, article: "20"}]
fields:
  - {id: name}
  - {id: phone, mask: 'substring(value, 1, 3) + "****"'}
lookup: [citizen_id]
rows: age >= 18
calls_per_minute: 100
valid_from: 2026-01-01
valid_to: 2026-12-31
)";

inline const char* const programme_grant = R"(id: by-programme
resource: resident
consumer: fire
binding: programme
programme: inspections
purpose: {zh-CN: 检查, en: Inspections}
legal_basis: [{law: {zh-CN: 消防法, en: Fire law}, article: "53"}]
fields: [{id: name}, {id: age}]
lookup: [name]
calls_per_minute: 5
valid_from: 2026-01-01
)";

inline const char* const programme = R"(id: inspections
unit: fire
name: {zh-CN: 专项检查, en: Inspections}
purpose: {zh-CN: 检查, en: Inspect}
legal_basis: []
valid_from: 2026-03-01
valid_to: 2026-11-30
)";

/// Remembers what it was asked for.
struct FakeSource final : Sources {
  std::vector<Read> reads;
  std::optional<Error> broken;
  std::function<void()> while_reading;
  std::vector<std::map<std::string, boost::json::value>> rows{
      {{"cid", "A1"}, {"full_name", "Wang Fang"}, {"tel", "13812345678"}, {"age", 30}, {"secret", "x"}},
      {{"cid", "B2"}, {"full_name", "Wang Wei"}, {"tel", "13900000000"}, {"age", "12"}, {"secret", "y"}},
      {{"cid", "C3"}, {"full_name", "Li Na"}, {"tel", "13700000000"}, {"age", 44}, {"secret", "z"}},
  };

  Result<ReadRows> read(const Read& read, Instant) override {
    reads.push_back(read);
    if (while_reading) while_reading();
    if (broken) return std::unexpected(*broken);
    ReadRows found;
    std::size_t matched = 0;
    for (const auto& row : rows) {
      const bool all = std::ranges::all_of(read.where, [&](const Condition& condition) {
        const std::string_view cell = row.at(condition.column).as_string();
        return condition.op == Op::eq ? cell == condition.value : cell.find(condition.value) != std::string_view::npos;
      });
      if (!all || matched++ < read.offset) continue;
      std::vector<boost::json::value> cells;
      for (const auto& column : read.columns) cells.push_back(row.at(column));
      found.rows.push_back(std::move(cells));
    }
    return found;
  }
  Result<std::vector<TableShape>> shape(const catalogue::Source&, Instant) override {
    return std::vector<TableShape>{{"resident", {"cid", "full_name", "tel", "age", "secret"}}};
  }
  Result<> scan(const catalogue::Source&, const std::string&, Instant, const TakeRow& take) override {
    for (const auto& row : rows) {
      std::vector<Cell> cells;
      for (const auto* column : {"cid", "full_name", "tel", "age", "secret"}) {
        const auto& value = row.at(column);
        cells.push_back(value.is_string() ? Cell(std::string_view(value.get_string())) : Cell(value.get_int64()));
      }
      JX_CHECK(take(cells));
    }
    return {};
  }
};

struct FakeFacts final : Facts {
  Uuid id{{1}};
  Matter open_case{ItemId::trusted("restaurant"), true, false, "YX-1", PersonId(Uuid{{7}}), AccountId(), {{"cn.citizen-id", "A1"}},
                   {UnitId::trusted("market")}};
  LocalDate day = LocalDate::of(2026, 11, 20);

  Result<Matter> matter(db::Tx&, const Uuid& wanted) override {
    if (wanted != id) return fail(ErrorCode::not_found, "no such case");
    return open_case;
  }
  Result<std::optional<PersonId>> person(db::Tx&, const Code& code) override {
    return code.value == "C3" ? std::optional(PersonId(Uuid{{3}})) : std::nullopt;
  }
  std::string code_of_firm;
  Result<std::optional<FirmId>> firm(db::Tx&, const Code& code) override {
    return code.value == code_of_firm ? std::optional(FirmId(Uuid{{7}})) : std::nullopt;
  }
  LocalDate today() const override { return day; }
};

struct Gateways : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &catalogue::sql_bundle(), &exchange::sql_bundle()};
  }

  void SetUp() override {
    OnBoth::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    apply({});
    gateway = std::make_unique<Gateway>(db(), source, facts);
  }

  /// Applies the pack of these tests, with some files put in place of its own.
  void apply(std::map<std::string, std::string> files) {
    files.merge(std::map<std::string, std::string>{{"pack.yaml", manifest},
                                                   {"sources/population.yaml", resident_source},
                                                   {"resources/resident.yaml", resident_resource},
                                                   {"grants/by-case.yaml", case_grant},
                                                   {"grants/by-programme.yaml", programme_grant},
                                                   {"programmes/inspections.yaml", programme}});
    const auto pack = pack::Pack::of(std::move(files));
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
  Call case_call() {
    Call call;
    call.resource = ResourceId::trusted("resident");
    call.grant = GrantId::trusted("by-case");
    call.matter = facts.id;
    return call;
  }
  Call programme_call(std::string name) {
    Call call;
    call.resource = ResourceId::trusted("resident");
    call.grant = GrantId::trusted("by-programme");
    call.programme = ProgrammeId::trusted("inspections");
    call.where = {{"name", Op::contains, std::move(name)}};
    return call;
  }
  std::vector<Usage> uses_by(const char* unit) {
    auto page = db().read(no_deadline, [&](db::Tx& tx) { return usage_by(tx, UnitId::trusted(unit), 200, ""); });
    EXPECT_TRUE(page);
    return page->items;
  }
  void expect_refused(const char* unit, const Call& call, ErrorCode code, const char* because) {
    const auto answer = gateway->call(context(unit), call);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, code) << answer.error().text();
    EXPECT_NE(answer.error().message.en.find(because), std::string::npos) << answer.error().text();
    EXPECT_FALSE(answer.error().message.zh.empty());
  }

  VirtualClock clock{*Instant::parse("2026-11-20T02:00:00Z")};
  SeededRandom random{1};
  FakeSource source;
  FakeFacts facts;
  std::unique_ptr<Gateway> gateway;
};

}  // namespace jx::exchange
