#include "grants.hpp"

#include "exchange_sql.hpp"

#include <jx/catalogue/resources.hpp>

#include <algorithm>

namespace jx::exchange {
namespace {

Result<GrantRow> decode_row(const db::Row& row) {
  JX_TRY(grant, wire::decode<Grant>(row.text(0)));
  return GrantRow{std::move(grant), !row.null(1), !row.null(2)};
}

constexpr Micros a_day{86'400'000'000};

}  // namespace

std::string key_of(const Grant& grant, const catalogue::Resource& resource) {
  if (!grant.delivery || !grant.delivery->changes) return {};
  if (grant.delivery->key) return *grant.delivery->key;
  return resource.subject ? resource.subject->field : std::string();
}

std::unexpected<Error> refuse(Words why) { return fail(ErrorCode::forbidden, std::move(why), "/grant"); }

Result<> check_active(const GrantRow& row, LocalDate today) {
  const auto& grant = row.grant;
  switch (row.state(today)) {
    case GrantState::active: return {};
    case GrantState::not_yet:
      return refuse({"the grant is not valid yet: it begins on " + grant.valid_from.text(), "该授权尚未生效，生效日期为" + grant.valid_from.text()});
    case GrantState::suspended: return refuse({"the grant is suspended; ask the department that gave it", "该授权已暂停，请与提供部门联系"});
    case GrantState::ended:
      return refuse({"the grant has been ended; request it again if the purpose still stands", "该授权已终止，确有需要请重新申请"});
    case GrantState::expired:
      return refuse(
          {"the grant expired on " + grant.valid_to->text() + "; ask for its renewal", "该授权已于" + grant.valid_to->text() + "到期，请申请续期"});
  }
  return refuse({"the grant is not active", "该授权无效"});
}

Result<> check_period(const Programme& programme, LocalDate today) {
  if (today >= programme.valid_from && today <= programme.valid_to) return {};
  return refuse({"the programme runs from " + programme.valid_from.text() + " to " + programme.valid_to.text() + ", not today",
                 "该项工作的期限为" + programme.valid_from.text() + "至" + programme.valid_to.text() + "，今天不在期限内"});
}

Result<> check_filter(const Grant& grant, const Filter& filter) {
  if (grant.verify) return fail(ErrorCode::forbidden, {"a grant that only verifies takes no filter", "仅供核验的授权不得附加筛选条件"}, "/filter");
  Result<> verdict;
  filter.each_field("/filter", [&](const std::string& field, const std::string& pointer) {
    if (!verdict) return;
    const auto* granted = grant.field(field);
    if (granted == nullptr) {
      verdict = fail(ErrorCode::forbidden, {"the grant does not cover this field", "该授权不含此字段"}, pointer);
    } else if (granted->mask) {
      verdict = fail(ErrorCode::forbidden, {"this field is masked, so rows cannot be filtered by it", "该字段已脱敏，不能用于筛选"}, pointer);
    }
  });
  return verdict;
}

Result<> check_volume(db::Tx& tx, const Context& ctx, const Grant& grant, std::int64_t more) {
  if (!grant.records_per_day) return {};
  JX_TRY(row, tx.one(sql::records_since, grant.id, ctx.now() - a_day));
  if (row->integer(0) + more <= *grant.records_per_day) return {};
  const auto allowed = std::to_string(*grant.records_per_day);
  return fail(ErrorCode::limited, {"the grant allows " + allowed + " records in 24 hours, and this call would go beyond that",
                                   "该授权24小时内最多返回" + allowed + "条记录，本次查询将超出限额"});
}

Result<GrantView> view_of(db::Tx& tx, LocalDate today, GrantRow row) {
  JX_TRY(resource, catalogue::resource_as_it_was(tx, row.grant.resource));
  GrantView view{row.grant, row.state(today), std::move(resource), std::nullopt};
  if (row.grant.programme) {
    auto programme = programme_of(tx, *row.grant.programme);
    if (!programme && programme.error().code != ErrorCode::not_found) return std::unexpected(std::move(programme).error());
    if (programme) view.programme = std::move(*programme);  // else it has ended
  }
  return view;
}

const GrantField* Grant::field(std::string_view wanted) const {
  const auto found = std::ranges::find(fields, wanted, &GrantField::id);
  return found == fields.end() ? nullptr : &*found;
}

GrantState GrantRow::state(LocalDate today) const {
  if (ended) return GrantState::ended;
  if (suspended) return GrantState::suspended;
  if (today < grant.valid_from) return GrantState::not_yet;
  if (grant.valid_to && today > *grant.valid_to) return GrantState::expired;
  return GrantState::active;
}

Result<GrantRow> grant_row(db::Tx& tx, const GrantId& id) {
  JX_TRY(row, tx.one(sql::grant_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"}, "/grant");
  return decode_row(*row);
}

Result<Programme> programme_of(db::Tx& tx, const ProgrammeId& id) {
  JX_TRY(row, tx.one(sql::programme_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no programme of this name", "没有该项工作计划"}, "/programme");
  return wire::decode<Programme>(row->text(0));
}

Result<std::vector<GrantView>> grants(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit) {
  JX_TRY(rows, tx.all(sql::grants_with_state));
  std::vector<GrantView> list;
  for (const auto& row : rows) {
    JX_TRY(decoded, decode_row(row));
    if (decoded.ended) continue;
    JX_TRY(view, view_of(tx, today, std::move(decoded)));
    if (!unit || view.grant.consumer == *unit || view.resource.provider == *unit) list.push_back(std::move(view));
  }
  return list;
}

Result<GrantView> grant(db::Tx& tx, LocalDate today, const GrantId& id) {
  JX_TRY(row, grant_row(tx, id));
  return view_of(tx, today, std::move(row));
}

}  // namespace jx::exchange
