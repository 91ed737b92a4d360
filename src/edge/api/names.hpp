// names.hpp - the names that an answer has again and again: a case has many steps and events, and few offices and people.
#pragma once
#include "views.hpp"

#include <jx/db/remembered.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace jx::api {

using PartyKey = std::pair<cases::Party::Kind, Uuid>;

/// What many answers name, while nothing is committed that could change it.
struct KnownNames {
  db::Remembered<UnitId, UnitName> units;
  db::Remembered<PartyKey, Applicant> applicants;
  db::Remembered<AccountId, StaffName> staff;
  db::Remembered<std::pair<GrantId, LocalDate>, std::shared_ptr<const exchange::GrantView>> grants;
};

/// Asks for each name once. For one answer, in the transaction that it is given.
class Names {
 public:
  Names(db::Tx& tx, const Deps& deps) : tx_(tx), known_(*deps.names) {}

  [[nodiscard]] db::Tx& tx() const { return tx_; }
  /// Nothing for no unit.
  [[nodiscard]] Result<std::optional<UnitName>> unit(const UnitId& id);
  /// Of an item; `title` where the case is of none.
  [[nodiscard]] Result<LocalizedText> item(const ItemId& id, const std::string& title);
  /// With the code masked.
  [[nodiscard]] Result<Applicant> applicant(const cases::Party& party);
  [[nodiscard]] Result<StaffName> staff(const AccountId& id);
  /// A grant as it was given, with its resource.
  [[nodiscard]] Result<std::shared_ptr<const exchange::GrantView>> grant(const GrantId& id, LocalDate today);

 private:
  db::Tx& tx_;
  KnownNames& known_;
  std::map<UnitId, UnitName> units_;
  std::map<ItemId, LocalizedText> items_;
  std::map<PartyKey, Applicant> applicants_;
  std::map<AccountId, StaffName> staff_;
};

}  // namespace jx::api
