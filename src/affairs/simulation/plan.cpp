// The plan, and the part of a pack that it is.
#include "filler.hpp"

#include <jx/simulation.hpp>
#include <jx/wire.hpp>
#include <jx/wire/yaml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace jx::simulation {
namespace {

constexpr std::size_t days_of_week = 7;
constexpr std::size_t grades_of_reviews = 5;

Words must_be(std::string_view what, int low, int high) {
  const auto range = std::to_string(low) + " to " + std::to_string(high);
  return {std::string(what) + " is a number from " + range,
          std::string(what) + " 应在 " + std::to_string(low) + " 至 " + std::to_string(high) + " 之间"};
}

class SimulationPart final : public pack::Part {
 public:
  std::string_view name() const override { return "simulation"; }
  bool owns(std::string_view path) const override { return path == plan_file; }
  void declare(const pack::Pack&, pack::Names&, pack::Findings&) const override {}

  void check(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) const override {
    const auto* file = pack.file(plan_file);
    if (file == nullptr) return;
    const auto decoded = pack::decode_yaml<Plan>(*file, findings);
    if (!decoded) return;
    const auto& plan = decoded->value;
    const auto at = [&](const char* pointer) { return decoded->line_of(pointer); };
    if (!pack.manifest().demo.value_or(false))
      findings.error(*file, 1,
                     {"only a pack with demo: true has a made-up past; remove this file", "仅 demo: true 的政务包可有模拟历史，请删除此文件"});
    if (plan.working_days < 1 || plan.working_days > working_days_max)
      findings.error(*file, at("/working_days"), must_be("working_days", 1, working_days_max));
    if (plan.cases < 0 || plan.cases > cases_max) findings.error(*file, at("/cases"), must_be("cases", 0, cases_max));
    if (plan.opens < 0 || plan.closes > 24 || plan.opens >= plan.closes)
      findings.error(*file, at("/opens"), {"offices open at an hour before that at which they close", "opens 应早于 closes"});
    if (plan.week.size() != days_of_week)
      findings.error(*file, at("/week"), {"week has seven numbers, from Monday to Sunday", "week 应有七个数，从星期一到星期日"});
    if (plan.streets.empty() || plan.phrases.approve.empty() || plan.phrases.refuse.empty() || plan.phrases.missing.empty() ||
        plan.phrases.answer.empty())
      findings.error(*file, at("/phrases"), {"streets and every list of phrases have at least one entry", "streets 与 phrases 各项至少一条"});
    if (plan.reviews && plan.reviews->grades.size() != grades_of_reviews)
      findings.error(*file, at("/reviews/grades"),
                     {"grades has five shares, from the lowest grade to the highest", "grades 应有五个数，从最低等级到最高等级"});
    if (plan.reviews && plan.reviews->open_at)
      names.require(pack::Kind::unit, plan.reviews->open_at->text(), *file, at("/reviews/open_at"), findings);
    for (const auto& [item, _] : plan.items) names.require(pack::Kind::item, item.text(), *file, at("/items"), findings);
    for (const auto& absence : plan.absences.value_or(std::vector<AbsencePlan>())) {
      names.require(pack::Kind::account, absence.username, *file, at("/absences"), findings);
      if (absence.stand_in) names.require(pack::Kind::account, *absence.stand_in, *file, at("/absences"), findings);
    }
    for (const auto& grant : plan.not_read.value_or(std::vector<GrantId>()))
      names.require(pack::Kind::grant, grant.text(), *file, at("/not_read"), findings);
    for (const auto& request : plan.requests.value_or(std::vector<RequestPlan>())) {
      names.require(pack::Kind::account, request.username, *file, at("/requests"), findings);
      const auto text = with_dates(boost::json::serialize(request.request), LocalDate::of(2026, 1, 1));
      if (auto wanted = wire::decode<sharing::Request>(text); !wanted) findings.error(*file, at("/requests"), wanted.error().message);
    }
  }

  Result<std::vector<pack::Change>> plan(db::Tx&, const Context&, const pack::Pack&) const override { return std::vector<pack::Change>(); }
  Result<> apply(db::Tx&, const Context&, const pack::Pack&) const override { return {}; }
};

}  // namespace

Result<Plan> plan_of(const pack::Pack& pack) {
  const auto* file = pack.file(plan_file);
  if (file == nullptr) return fail(ErrorCode::not_found, {"the pack has no simulation.yaml", "该政务包没有 simulation.yaml"});
  JX_TRY(document, wire::parse_yaml(file->text));
  return wire::decode<Plan>(document.value());
}

std::unique_ptr<pack::Part> pack_part() { return std::make_unique<SimulationPart>(); }

Instant begins_at(const Plan& plan, const calendar::Calendar& calendar, Instant now) {
  const auto first = calendar.working_day_before(calendar.zone().date_of(now), plan.working_days - 1);
  return calendar.zone().at(first, 8 * 3600);
}

}  // namespace jx::simulation
