// absence_view.hpp - who is away and who stands in, as the API says it.
#pragma once
#include "views.hpp"

namespace jx::api {

struct PersonName {
  PersonId person;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(PersonName, (), (person, name))

struct HeldPostName {
  PostId key;
  LocalizedText name;
  UnitName unit;
};
BOOST_DESCRIBE_STRUCT(HeldPostName, (), (key, name, unit))

struct AbsenceView {
  identity::AbsenceId id;
  PersonName person, stand_in;
  std::vector<HeldPostName> posts;
  LocalDate from, to;
  identity::AbsenceState state = identity::AbsenceState::asked;
  std::string note;
  bool mine = false;
};
BOOST_DESCRIBE_STRUCT(AbsenceView, (), (id, person, stand_in, posts, from, to, state, note, mine))

struct AbsenceList {
  std::vector<AbsenceView> items;
};
BOOST_DESCRIBE_STRUCT(AbsenceList, (), (items))

[[nodiscard]] Result<HeldPostName> held_post_name(db::Tx& tx, const PostId& key);
[[nodiscard]] Result<AbsenceView> absence_view(const Call& call, db::Tx& tx, const identity::Absence& absence);
/// Whether the caller may `rights.grant`.
[[nodiscard]] Result<bool> grants_rights(const Call& call, db::Tx& tx);

}  // namespace jx::api
