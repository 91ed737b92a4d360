// send_message.cpp - POST /api/v1/messages (operation sendMessage).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct SendMessage {
  std::string name;
  std::optional<std::string> correlation;
  std::optional<std::map<std::string, Json>> variables;
};
BOOST_DESCRIBE_STRUCT(SendMessage, (), (name, correlation, variables))

struct Delivered {
  CaseId case_;
};
BOOST_DESCRIBE_STRUCT(Delivered, (), (case_))

}  // namespace

Call::Answer send_message(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(wanted, call.body<SendMessage>());
    JX_CHECK(require_to_send(call, tx, wanted.name));
    JX_TRY(to, call.deps.cases.message(tx, call.ctx, wanted.name, wanted.correlation.value_or(""), object_of(wanted.variables)));
    return ok(Delivered{to});
  });
}

}  // namespace jx::api
