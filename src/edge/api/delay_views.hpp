// delay_views.hpp - uses that are told to the person later.
#pragma once
#include "call.hpp"
#include "views.hpp"

#include <jx/exchange/delays.hpp>

#include <map>

namespace jx::api {

enum class DelayState { asked, refused, in_force, over };
BOOST_DESCRIBE_ENUM(DelayState, asked, refused, in_force, over)

struct DelayView {
  exchange::DelayId id;
  GrantId grant;
  LocalizedText resource_name;
  std::optional<Uuid> case_;
  UnitName unit;
  Instant until;
  std::vector<exchange::LawReference> law;
  std::string reason;
  Instant asked_at;
  DelayState state = DelayState::asked;
  std::optional<std::string> decision;
  std::optional<Instant> decided_at, ended_at;
  bool may_decide = false, may_end = false;
};
BOOST_DESCRIBE_STRUCT(DelayView, (),
                      (id, grant, resource_name, case_, unit, until, law, reason, asked_at, state, decision, decided_at, ended_at, may_decide,
                       may_end))
struct DelayList {
  std::vector<DelayView> items;
};
BOOST_DESCRIBE_STRUCT(DelayList, (), (items))

/// The delays of the grants of a list, each read once.
class DelaysByGrant {
 public:
  [[nodiscard]] Result<const std::vector<exchange::Delay>*> of(db::Tx& tx, const GrantId& grant);

 private:
  std::map<GrantId, std::vector<exchange::Delay>> known_;
};

Call::Answer ask_delay(Call& call);
Call::Answer list_delays(Call& call);
Call::Answer decide_delay(Call& call);
Call::Answer end_delay(Call& call);

}  // namespace jx::api
