// give_post.cpp - POST /api/v1/accounts/{account}/posts (operation givePost).
#include "handlers.hpp"
#include "people_views.hpp"

namespace jx::api {

namespace {

struct GivePost {
  PostId post;
  LocalDate from;
  std::optional<LocalDate> to;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(GivePost, (), (post, from, to, reason))

}  // namespace

Call::Answer give_post(Call& call) {
  JX_TRY(wanted, call.body<GivePost>());
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_granting(call, tx, wanted.post));
    JX_TRY(id, call.path<AccountId>("account"));
    JX_TRY(reason, reason_line(wanted.reason));
    JX_TRY(account, identity::account(tx, id));
    if (wanted.from < call.today()) return fail(ErrorCode::invalid, {"a post begins today or later", "任职开始日期不得早于今天"}, "/from");
    const identity::Period valid{wanted.from, wanted.to.value_or(identity::for_ever)};
    const bool machine = account.person.nil();
    auto made = identity::grant_post(tx, call.ctx, {account.person, machine ? id : AccountId(), wanted.post, {}, valid, reason});
    if (!made) {
      if (made.error().field == "/valid/to") made.error().field = "/to";
      return std::unexpected(std::move(made).error());
    }
    JX_TRY(view, account_detail(call, tx, id));
    return created("/api/v1/accounts/" + id.text(), view);
  });
}

}  // namespace jx::api
