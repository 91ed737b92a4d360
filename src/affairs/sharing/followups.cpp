// followups.cpp - the cases that follow a grant.
#include <jx/ledger.hpp>
#include <jx/sharing/followups.hpp>
#include <jx/wire.hpp>

#include "sharing_sql.hpp"

namespace jx::sharing {
namespace {

constexpr int followed_max = 50;  // opened in one act; the others in the next

Result<cases::Answer> confirm_disposal(db::Tx& tx, const Context& ctx, const cases::Call& call, LocalDate today) {
  const auto* words = call.parameters.if_contains("words");
  if (words == nullptr || !words->is_string() || words->get_string().empty())
    return fail(ErrorCode::invalid, {"say how it was disposed of: give the task's opinion", "请说明如何处置：填写办理意见"});
  JX_TRY(row, tx.one(sql::followup_of_case, call.case_id));
  if (!row) return fail(ErrorCode::not_found, {"this case follows no grant", "该办件不涉及共享授权"});
  const auto id = row->key<GrantId>(0);
  JX_TRY(grant, exchange::grant_record(tx, today, id));
  if (!grant.disposed_at) JX_CHECK(exchange::confirm_disposal(tx, ctx, today, id, std::string_view(words->get_string())));
  return cases::Answer{};
}

}  // namespace

const ledger::StateTable followup_table{"sharing.followup", 1, 2, &sql::followup_state, &sql::followup_states};

Result<bool> follow(db::Tx& tx, const Context& ctx, cases::Engine& engine, LocalDate today, Followup kind, const GrantId& id) {
  const auto name = wire::name_of(kind);
  JX_TRY(before, tx.one(sql::followup_one, name, id));
  if (before) return false;
  JX_TRY(record, exchange::grant_record(tx, today, id));
  const auto& resource = record.view.resource;
  cases::Opening opening;
  opening.process = ProcessId::trusted(std::string(kind == Followup::delivery ? delivery_process : disposal_process));
  opening.title = std::string(resource.name.in(ctx.language));
  opening.number_prefix = "DS";
  opening.form = {{"kind", name},
                  {"grant", id.text()},
                  {"consumer", record.view.grant.consumer.text()},
                  {"provider", resource.provider.text()},
                  {"resource", resource.id.text()}};
  auto receipt = engine.open(tx, ctx, opening);
  if (!receipt) {
    if (receipt.error().code == ErrorCode::not_found) return false;  // the pack follows grants otherwise
    return std::unexpected(receipt.error());
  }
  JX_CHECK(tx.run(sql::followup_insert, name, id, receipt->id, ctx.now()));
  JX_TRY(state, ledger::state_of(tx, followup_table, name, id));
  JX_CHECK(ledger::append(tx, ctx,
                          {"grant.followed",
                           {ledger::subject("case", receipt->id), ledger::subject("grant", id)},
                           {{"kind", name}, {"number", receipt->number}},
                           {std::move(state)}}));
  return true;
}

Result<int> follow_ended(db::Tx& tx, const Context& ctx, cases::Engine& engine, LocalDate today) {
  JX_TRY(grants, exchange::grant_records(tx, today, std::nullopt));
  int opened = 0;
  for (const auto& record : grants) {
    const auto state = record.view.state;
    if ((state != exchange::GrantState::ended && state != exchange::GrantState::expired) || record.disposed_at) continue;
    JX_TRY(one, follow(tx, ctx, engine, today, Followup::disposal, record.view.grant.id));
    if (one && ++opened == followed_max) break;
  }
  return opened;
}

Result<> disposed(db::Tx& tx, const Context& ctx, cases::Engine& engine, const GrantId& grant) {
  const auto told = engine.message(tx, ctx, disposed_message, grant.text(), {});
  if (!told && told.error().code != ErrorCode::not_found) return std::unexpected(told.error());
  return {};
}

void register_followup_handlers(cases::Registry& registry, std::function<LocalDate()> today) {
  registry.inside("sharing.confirm-disposal", [today = std::move(today)](db::Tx& tx, const Context& ctx, const cases::Call& call) {
    return confirm_disposal(tx, ctx, call, today());
  });
}

}  // namespace jx::sharing
