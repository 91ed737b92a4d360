// change_password.cpp - PUT /api/v1/session/password (operation changePassword). The old one is checked and the new one hashed outside any
// transaction.
#include "handlers.hpp"
#include "session_view.hpp"

namespace jx::api {

namespace {

struct ChangePassword {
  std::string old_password, new_password;
};
BOOST_DESCRIBE_STRUCT(ChangePassword, (), (old_password, new_password))

}  // namespace

Call::Answer change_password(Call& call) {
  JX_TRY(wanted, call.body<ChangePassword>());
  auto changed = call.deps.sessions.change_password(call.deps.database, call.ctx, *call.session, wanted.old_password, wanted.new_password);
  if (!changed) {
    auto error = std::move(changed).error();
    if (error.field == "/password") error.field = "/new_password";
    if (error.code == ErrorCode::unauthenticated) error.code = ErrorCode::invalid;  // she is signed in; it is the field that is wrong
    return std::unexpected(std::move(error));
  }
  call.deps.wake();
  return call.read([&](db::Tx& tx) -> Call::Answer {
    auto session = *call.session;
    session.must_set_password = false;
    JX_TRY(view, session_view(tx, call, session));
    return ok(view);
  });
}

}  // namespace jx::api
