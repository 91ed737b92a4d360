// reset_password.cpp - POST /api/v1/accounts/{account}/password (operation resetPassword). The password is in the answer and nowhere else: that is
// why the operation takes no Idempotency-Key, under which answers are kept.
#include "handlers.hpp"
#include "people_views.hpp"

#include <array>

namespace jx::api {

namespace {

struct OneTimePassword {
  std::string password;
  Instant until;
};
BOOST_DESCRIBE_STRUCT(OneTimePassword, (), (password, until))

constexpr Micros good_for = std::chrono::hours(72);

/// 79 bits in four groups, of letters and digits that are not mistaken for one another when they are read out.
std::string make_password(Random& random) {
  constexpr std::string_view alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  std::array<std::uint8_t, 16> octets{};
  random.fill(octets);
  std::string password;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i > 0 && i % 4 == 0) password.push_back('-');
    password.push_back(alphabet[octets[i] % alphabet.size()]);
  }
  return password;
}

}  // namespace

Call::Answer reset_password(Call& call) {
  JX_TRY(wanted, call.body<Reason>());
  JX_TRY(id, call.path<AccountId>("account"));
  JX_TRY(reason, reason_line(wanted.reason));
  JX_TRY(username, call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<std::string> {
    JX_CHECK(require_managing(call, tx, id));
    JX_TRY(account, identity::account(tx, id));
    return account.username;
  }));
  const OneTimePassword made{make_password(call.ctx.random), call.ctx.now() + good_for};
  JX_TRY(phc, call.deps.sessions.hash(username, made.password));
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_managing(call, tx, id));
    JX_CHECK(identity::set_one_time_password(tx, call.ctx, id, phc, made.until, reason));
    return ok(made);
  });
}

}  // namespace jx::api
