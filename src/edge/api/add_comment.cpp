// add_comment.cpp - POST /api/v1/cases/{case}/comments (operation addComment).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct AddComment {
  std::string body;
  std::optional<TaskId> task;
};
BOOST_DESCRIBE_STRUCT(AddComment, (), (body, task))

}  // namespace

Call::Answer add_comment(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(wanted, call.body<AddComment>());
    JX_CHECK(require_commenting(call, tx, id));
    JX_CHECK(cases::add_comment(call.deps.cases, tx, call.ctx, id, wanted.task.value_or(TaskId()), wanted.body));
    return comments_answer(call, tx, id);
  });
}

}  // namespace jx::api
