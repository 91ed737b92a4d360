// send_signal.cpp - POST /api/v1/signals (operation sendSignal).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct SendSignal {
  std::string name;
  std::optional<std::map<std::string, Json>> variables;
};
BOOST_DESCRIBE_STRUCT(SendSignal, (), (name, variables))

}  // namespace

Call::Answer send_signal(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(wanted, call.body<SendSignal>());
    JX_CHECK(require_to_send(call, tx, wanted.name));
    JX_CHECK(call.deps.cases.signal(tx, call.ctx, wanted.name, object_of(wanted.variables)));
    return http::no_content();
  });
}

}  // namespace jx::api
