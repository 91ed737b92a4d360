// answer_supplement.cpp - POST /api/v1/supplements/{supplement}/answer (operation answerSupplement): by the applicant; files are added to the case
// before.
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct AnswerSupplement {
  std::string answer;
};
BOOST_DESCRIBE_STRUCT(AnswerSupplement, (), (answer))

}  // namespace

Call::Answer answer_supplement(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_applying(call, tx));
    JX_TRY(id, call.path<TaskId>("supplement"));
    JX_TRY(wanted, call.body<AnswerSupplement>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_TRY(as, sight(call, tx, task.case_id));
    if (as != Sight::applicant) return fail(ErrorCode::forbidden, {"only the applicant answers", "仅申请人可以补正"});
    JX_CHECK(cases::answer_supplement(call.deps.cases, tx, call.ctx, id, wanted.answer));
    return applicant_case_answer(call, tx, task.case_id);
  });
}

}  // namespace jx::api
