// mandate_views.hpp - who may act for whom.
#pragma once
#include "views.hpp"

#include <jx/services/mandates.hpp>

namespace jx::api {

Call::Answer list_mandates(Call& call);
Call::Answer give_mandate(Call& call);
Call::Answer end_mandate(Call& call);

enum class MandateState { in_force, to_come, over, ended };
BOOST_DESCRIBE_ENUM(MandateState, in_force, to_come, over, ended)

struct MandateItem {
  ItemId key;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(MandateItem, (), (key, name))

struct MandateView {
  MandateId id;
  LocalizedText from, to;
  std::vector<MandateItem> items;  // empty: all
  LocalizedText basis;
  bool reads_data = false;
  LocalDate valid_from, valid_to;
  MandateState state = MandateState::in_force;
  bool may_end = false;
};
BOOST_DESCRIBE_STRUCT(MandateView, (), (id, from, to, items, basis, reads_data, valid_from, valid_to, state, may_end))

struct MandateList {
  std::vector<MandateView> given, held;
};
BOOST_DESCRIBE_STRUCT(MandateList, (), (given, held))

}  // namespace jx::api
