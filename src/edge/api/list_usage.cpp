// list_usage.cpp - GET /api/v1/usage (operation listUsage).
#include "delay_views.hpp"
#include "handlers.hpp"
#include "views_exchange.hpp"

#include <jx/exchange/figures.hpp>
#include <jx/exchange/retention.hpp>

#include <algorithm>
#include <map>

namespace jx::api {

namespace {

/// The firm of the query, whose representative the caller is today, or for which she acts by a mandate for all items that lets data be read. To
/// others, such as the agent in one matter, it is not there.
Result<FirmId> represented(const Call& call, db::Tx& tx) {
  JX_TRY(named, call.query("firm"));
  if (!named) return fail(ErrorCode::invalid, {"name the firm", "请指明单位"}, "/firm");
  JX_TRY(firm, FirmId::parse(*named));
  const auto right = identity::authority(tx, call.ctx.actor.person, identity::Principal(firm), ItemId(), call.today());
  if (!right && right.error().code != ErrorCode::forbidden) return std::unexpected(right.error());
  if (!right || !right->reads_data)
    return fail(ErrorCode::not_found,
                {"what is read about a firm is told to its representatives, and to who has a mandate for all items with the right to have data read",
                 "数据使用记录仅向该单位的代表人，或受托办理全部事项且可读取数据的代理人提供"},
                "/firm");
  return firm;
}

/// The names of units' own systems by account, each looked up once.
class Systems {
 public:
  Result<std::optional<std::string>> name_of(db::Tx& tx, const AccountId& id) {
    if (id.nil()) return std::optional<std::string>();
    if (const auto known = names_.find(id); known != names_.end()) return known->second;
    std::optional<std::string> name;
    auto account = identity::account(tx, id);
    if (!account && account.error().code != ErrorCode::not_found) return std::unexpected(std::move(account).error());
    if (account && account->kind == Actor::Kind::machine) name = account->username;
    names_.emplace(id, name);
    return name;
  }

 private:
  std::map<AccountId, std::optional<std::string>> names_;
};

}  // namespace

Call::Answer list_usage(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(page, call.page());
    JX_TRY(view, call.query("view"));
    const auto& actor = call.ctx.actor;
    exchange::UsagePage found;
    if (view == "about-me") {
      JX_CHECK(call.deps.access.require(tx, call.ctx, "usage.read_own"));
      JX_TRY(uses, exchange::usage_shown_to(tx, actor.person, call.ctx.now(), page.limit, page.cursor));
      found = std::move(uses);
    } else if (view == "about-firm") {
      JX_CHECK(call.deps.access.require(tx, call.ctx, "usage.read_own"));
      JX_TRY(firm, represented(call, tx));
      JX_TRY(uses, exchange::usage_shown_to(tx, PersonId(firm.uuid()), call.ctx.now(), page.limit, page.cursor));
      found = std::move(uses);
    } else if (view == "by-unit" || view == "from-unit") {
      JX_CHECK(call.deps.access.require(tx, call.ctx, "usage.read_unit"));
      JX_TRY(uses, view == "by-unit" ? exchange::usage_by(tx, actor.unit, page.limit, page.cursor)
                                     : exchange::usage_from(tx, actor.unit, page.limit, page.cursor));
      found = std::move(uses);
    } else if (view == "all") {
      JX_CHECK(call.require(tx, "catalogue.publish"));
      JX_TRY(uses, exchange::usage_of_all(tx, page.limit, page.cursor));
      found = std::move(uses);
    } else {
      return fail(ErrorCode::invalid,
                  {"the view is about-me, about-firm, by-unit, from-unit or all", "view 应为 about-me、about-firm、by-unit、from-unit 或 all"},
                  "/view");
    }
    UsagePage list;
    DelaysByGrant delays_of;
    Systems systems;
    Names names(tx, call.deps);
    for (const auto& usage : found.items) {
      JX_TRY(use, usage_view(names, usage, call.today()));
      if (view == "about-me" || view == "about-firm") {
        JX_TRY(delays, delays_of.of(tx, usage.grant));
        for (const auto& delay : *delays) {
          if (delay.hid(usage, call.ctx.now())) use.told_late = LateDisclosure{delay.ended_at.value_or(delay.until), delay.law};
        }
      }
      if (view != "about-me" && view != "about-firm") {
        JX_TRY(system, systems.name_of(tx, usage.account));
        use.system = std::move(system);
      }
      list.items.push_back(std::move(use));
    }
    list.next = present(found.next);
    JX_TRY(since, exchange::usage_kept_since(tx));
    list.since = since;
    return ok(list);
  });
}

}  // namespace jx::api
