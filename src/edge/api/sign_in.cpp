// sign_in.cpp - POST /api/v1/session (operation signIn). The password is checked outside any transaction; see identity/session.hpp on throttling.
#include "cookies.hpp"
#include "handlers.hpp"
#include "session_view.hpp"

namespace jx::api {

namespace {

struct SignIn {
  std::string sign_in;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(SignIn, (), (sign_in, password))

/// Whoever signs in leaves the session in which this browser was: nobody can come back to it.
Result<> leave(Call& call) {
  if (!call.session) return {};
  return call.deps.database.write(call.ctx.deadline, [&](db::Tx& tx) { return call.deps.sessions.sign_out(tx, call.ctx, *call.session); });
}

Call::Answer welcome(Call& call, const identity::SignedIn& signed_in) {
  JX_CHECK(leave(call));
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(view, session_view(tx, call, signed_in.session));
    http::Response response = created("/api/v1/session", view);
    set_cookie(response, call.request, Cookie::session, signed_in.token);
    set_cookie(response, call.request, Cookie::device, signed_in.device_token);
    return response;
  });
}

}  // namespace

Call::Answer sign_in(Call& call) {
  JX_TRY(wanted, call.body<SignIn>());
  const identity::Attempt attempt{std::move(wanted.sign_in), std::move(wanted.password), call.request.peer().client,
                                  std::string(cookie_token(call.request, Cookie::device))};
  auto outcome = call.deps.sessions.sign_in(call.deps.database, call.ctx, attempt);
  auto answer = outcome.result ? welcome(call, *outcome.result) : Call::Answer(std::unexpected(std::move(outcome.result).error()));
  http::Response response = answer ? std::move(*answer) : http::problem(std::move(answer).error());
  if (outcome.wait.count() > 0) response.with("Retry-After", std::to_string((outcome.wait.count() + 999'999) / 1'000'000));
  response.hold = std::chrono::duration_cast<std::chrono::milliseconds>(outcome.hold);
  call.deps.wake();
  return response;
}

}  // namespace jx::api
