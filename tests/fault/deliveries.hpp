// deliveries.hpp - units whose programs are killed while they make deliveries: a register in a SQLite file, grants on it, and whom its rows are
// about.
#pragma once
#include <jx/catalogue/sql.hpp>
#include <jx/connectors.hpp>
#include <jx/db.hpp>
#include <jx/db/migrate.hpp>
#include <jx/db/sql.hpp>
#include <jx/exchange/deliveries.hpp>
#include <jx/exchange/sql.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace jx::fault {

inline constexpr int grants = 10;
inline constexpr int rows = 60'000;

[[noreturn]] inline void stop(const std::string& why) {
  std::fprintf(stderr, "fault_deliveries: %s\n", why.c_str());
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) stop(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline GrantId grant_id(int n) { return GrantId::trusted("files-" + std::to_string(n)); }
inline std::string row_id(int n) {
  auto digits = std::to_string(n);
  return "P" + std::string(7 - digits.size(), '0') + digits;
}

/// Every thousandth row is about somebody whom the program knows.
struct Known final : exchange::Facts {
  Result<exchange::Matter> matter(db::Tx&, const Uuid&) override { return fail(ErrorCode::not_found, "no cases here"); }
  Result<std::optional<PersonId>> person(db::Tx&, const Code& code) override {
    const auto number = std::atoi(code.value.c_str() + 1);
    if (number % 1000 != 0) return std::optional<PersonId>();
    Uuid id;
    id.octets[0] = 7;
    id.octets[1] = static_cast<std::uint8_t>(number / 1000);
    return std::optional(PersonId(id));
  }
  LocalDate today() const override { return LocalDate::of(2026, 11, 20); }
};

class Units {
 public:
  Units(const std::string& url, const std::filesystem::path& folder)
      : folder_(folder),
        database_(must(db::Database::open({.url = url, .connections = 8}))),
        sources_(folder, clock_),
        deliveries_({*database_, sources_, facts_, folder / "deliveries", [this] { return context(); }, {}, Micros{1'500'000}}) {}

  void set_up() {
    const db::SqlBundle* bundles[] = {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &catalogue::sql_bundle(),
                                      &exchange::sql_bundle()};
    must(db::migrate(*database_, bundles));
    std::map<std::string, std::string> files{
        {"pack.yaml", "key: fault\nname: {en: Fault, zh-CN: 故障}\nversion: \"1\"\nlanguages: [en, zh-CN]\nzone: Asia/Shanghai\ncalendar: cn\n"},
        {"sources/register.yaml", "id: register\nname: {zh-CN: 登记簿, en: Register}\nunit: police\nkind: sqlite\npath: register.sqlite\n"},
        {"programmes/inspections.yaml",
         "id: inspections\nunit: fire\nname: {zh-CN: 检查, en: Inspections}\npurpose: {zh-CN: 检查, en: Inspect}\nlegal_basis: "
         "[]\nvalid_from: 2026-01-01\nvalid_to: 2099-12-31\n"},
        {"resources/people.yaml", R"(id: people
code: "1"
name: {zh-CN: 人口, en: People}
summary: {zh-CN: 人口, en: People}
classification: [人口]
provider: police
source: register
table: people
format: database
update_cycle: daily
share_class: conditional
share_conditions: {zh-CN: 办事, en: For cases}
share_method: file
grade: general
published_on: 2026-01-05
subject: {scheme: cn.citizen-id, field: id}
fields:
  - {id: id, column: id, name: {zh-CN: 号码, en: Id}, type: text, sensitivity: personal}
  - {id: phone, column: phone, name: {zh-CN: 电话, en: Phone}, type: text, sensitivity: personal}
  - {id: note, column: note, name: {zh-CN: 备注, en: Note}, type: text, sensitivity: personal}
)"}};
    for (int n = 0; n < grants; ++n) {
      files["grants/" + grant_id(n).text() + ".yaml"] = "id: " + grant_id(n).text() + R"(
resource: people
consumer: fire
binding: programme
programme: inspections
purpose: {zh-CN: 检查, en: Inspections}
legal_basis: [{law: {zh-CN: 消防法, en: Fire law}, article: "53"}]
fields: [{id: id}, {id: phone, mask: partial}, {id: note}]
lookup: [id]
calls_per_minute: 5
valid_from: 2026-01-01
delivery: {format: ndjson, changes: true}
)";
    }
    const auto pack = must(pack::Pack::of(std::move(files)));
    must(database_->write(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(catalogue::pack_part()->apply(tx, context(), pack));
      return exchange::pack_part()->apply(tx, context(), pack);
    }));
  }

  [[nodiscard]] Context context() {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"};
    ctx.actor.unit = UnitId::trusted("fire");
    ctx.actor.account = *AccountId::parse("00000000-0000-7000-8000-000000000001");
    return ctx;
  }
  template <class F>
  auto act(F&& f) {
    return must(database_->write(no_deadline, [&](db::Tx& tx) { return f(tx, context()); }));
  }
  template <class F>
  auto read(F&& f) {
    return must(database_->read(no_deadline, std::forward<F>(f)));
  }
  [[nodiscard]] std::vector<exchange::Delivery> list() {
    return read([](db::Tx& tx) { return exchange::deliveries_of(tx, {UnitId::trusted("fire"), {}}, exchange::rows_max, ""); }).items;
  }
  db::Database& database() { return *database_; }
  exchange::Deliveries& deliveries() { return deliveries_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  SystemClock clock_;
  SystemRandom random_;
  std::filesystem::path folder_;
  std::unique_ptr<db::Database> database_;
  connectors::LocalSources sources_;
  Known facts_;
  exchange::Deliveries deliveries_;
};

}  // namespace jx::fault
