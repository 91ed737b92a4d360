// ask_opinion.cpp - POST /api/v1/tasks/{task}/opinions (operation askOpinion).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct AskOpinion {
  UnitId unit;
  std::optional<PostId> post;
  std::string question;
  std::optional<std::string> term;
  bool binding = false;
};
BOOST_DESCRIBE_STRUCT(AskOpinion, (), (unit, post, question, term, binding))

}  // namespace

Call::Answer ask_opinion(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.handle"));
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<AskOpinion>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_CHECK(sight(call, tx, task.case_id));
    const auto post = wanted.post.value_or(PostId());
    JX_CHECK(check_seat(tx, wanted.unit, post));
    JX_TRY(outside, is_outside(tx, wanted.unit));
    if (outside)
      return fail(ErrorCode::invalid,
                  {"an outside body gives no opinion on a case: add it as a participant", "外部单位不能就办件出具意见，请作为参与方加入"}, "/unit");
    JX_CHECK(cases::ask_opinion(call.deps.cases, tx, call.ctx, id, {wanted.unit, post, wanted.question, wanted.term.value_or(""), wanted.binding}));
    return task_answer(call, tx, id);
  });
}

}  // namespace jx::api
