// add_participant.cpp - POST /api/v1/tasks/{task}/participants (operation addParticipant).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct AddParticipant {
  std::optional<UnitId> unit;
  std::optional<PostId> post;
  std::optional<AccountId> account;
  std::string note;
  std::optional<std::string> term, form;
  std::optional<std::vector<attachments::AttachmentId>> attachments;
};
BOOST_DESCRIBE_STRUCT(AddParticipant, (), (unit, post, account, note, term, form, attachments))

Result<> check_account(db::Tx& tx, const AccountId& id) {
  const auto found = identity::account(tx, id);
  if (found && !found->disabled) return {};
  return fail(ErrorCode::invalid, {"there is no such account", "没有该账号"}, "/account");
}

}  // namespace

Call::Answer add_participant(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<AddParticipant>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    if (wanted.unit) JX_CHECK(check_seat(tx, *wanted.unit, wanted.post.value_or(PostId())));
    if (wanted.account) JX_CHECK(check_account(tx, *wanted.account));
    JX_TRY(side, cases::add_participant(call.deps.cases, tx, call.ctx, id,
                                        {wanted.unit.value_or(UnitId()), wanted.post.value_or(PostId()), wanted.account.value_or(AccountId()),
                                         wanted.note, wanted.term.value_or(""), wanted.form.value_or("")}));
    if (wanted.attachments) JX_CHECK(call.deps.attachments.show(tx, call.ctx, side, task.case_id, *wanted.attachments));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
