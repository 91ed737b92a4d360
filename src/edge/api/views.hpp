// views.hpp - what the API answers: the schemas of api/openapi.yaml as structs, and how each is made. Members are the wire names.
// Here is what all of them share; views_services.hpp, views_cases.hpp, views_decisions.hpp and views_exchange.hpp have the rest.
#pragma once
#include "call.hpp"

#include <jx/api.hpp>
#include <jx/wire.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

using catalogue::LawReference;
using Json = boost::json::value;

struct UnitName {
  UnitId key;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(UnitName, (), (key, name))

struct Applicant {
  services::ApplicantKind kind = services::ApplicantKind::person;
  LocalizedText name;
  std::optional<std::string> code;
};
BOOST_DESCRIBE_STRUCT(Applicant, (), (kind, name, code))

struct StaffName {
  AccountId account;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(StaffName, (), (account, name))

/// What several acts take.
struct Reason {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Reason, (), (reason))

// ---- how they are made; all read in the transaction that they are given ----

[[nodiscard]] LocalizedText localized(const Words& words);
[[nodiscard]] Result<UnitName> unit_name(db::Tx& tx, const UnitId& id);
/// Nothing for an empty key.
[[nodiscard]] Result<std::optional<UnitName>> optional_unit(db::Tx& tx, const UnitId& id);
/// Who has an account: a person, or a unit's system.
[[nodiscard]] Result<StaffName> staff_name(db::Tx& tx, const AccountId& account);
/// The code is whole for the applicant herself and masked for others.
[[nodiscard]] Result<Applicant> applicant(db::Tx& tx, const cases::Party& party, bool whole);
/// As whom the caller may see a case. Errors: not_found: what she may not see does not exist for her.
enum class Sight { applicant, office };
/// The unit whose tasks the caller asks for as their supervisor: `wanted`, or her own. Errors: forbidden; not_found.
[[nodiscard]] Result<UnitId> supervised_unit(const Call& call, db::Tx& tx, const std::optional<std::string>& wanted);
/// Whether the caller supervises a unit: it is hers, or lies below hers.
[[nodiscard]] Result<bool> supervises(const Call& call, db::Tx& tx, const UnitId& unit);
[[nodiscard]] Result<bool> is_outside(db::Tx& tx, const UnitId& unit);
/// Who fills in applications: people for themselves, clerks at a counter for others. Errors: forbidden.
[[nodiscard]] Result<> require_applying(const Call& call, db::Tx& tx);
/// Errors: invalid (/unit, /post: there is none, or not in that unit).
[[nodiscard]] Result<> check_seat(db::Tx& tx, const UnitId& unit, const PostId& post);
/// The answer of an act; where it was refused for its form, a problem that tells all that is wrong with it.
[[nodiscard]] Call::Answer with_faults(Call::Answer answer, Faults faults);
/// The members of an object of the wire.
[[nodiscard]] inline boost::json::object object_of(const std::optional<std::map<std::string, Json>>& members) {
  boost::json::object out;
  for (const auto& [key, value] : members.value_or(std::map<std::string, Json>{})) out[key] = value;
  return out;
}
/// A member that is a text.
[[nodiscard]] inline std::optional<std::string> text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}
/// Empty is absent.
[[nodiscard]] inline std::optional<std::string> present(std::string text) { return text.empty() ? std::nullopt : std::optional(std::move(text)); }

}  // namespace jx::api
