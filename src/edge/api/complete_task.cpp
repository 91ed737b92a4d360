// complete_task.cpp - POST /api/v1/tasks/{task}/complete (operation completeTask).
#include "answer_after.hpp"
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct CompleteTask {
  std::string outcome;
  std::optional<std::string> opinion;
  std::optional<Json> form;
};
BOOST_DESCRIBE_STRUCT(CompleteTask, (), (outcome, opinion, form))

}  // namespace

Call::Answer complete_task(Call& call) {
  Faults wrong;
  JX_TRY(id, call.path<TaskId>("task"));
  const auto complete = [&](db::Tx& tx) -> Result<> {
    wrong.clear();
    JX_CHECK(require_work(call, tx, id));
    JX_TRY(wanted, call.body<CompleteTask>());
    cases::Completion completion{wanted.outcome, wanted.opinion.value_or(""), {}};
    if (wanted.form) {
      if (!wanted.form->is_object()) return fail(ErrorCode::invalid, {"a form is an object", "表单须为对象"}, "/form");
      completion.form = std::move(wanted.form->get_object());
    }
    JX_TRY(form, cases::form_of_task(tx, call.deps.cases, id));
    if (form) {
      JX_TRY(check, cases::check_form(tx, call.ctx, call.deps.cases, form->id, completion.form));
      wrong = std::move(check.faults);
      for (auto& fault : wrong) fault.pointer.insert(0, "/form");
    }
    return call.deps.cases.complete(tx, call.ctx, id, completion);
  };
  auto answer = answer_after(call, complete, [&](db::Tx& tx) { return task_answer(call, tx, id); });
  return with_faults(std::move(answer), std::move(wrong));
}

}  // namespace jx::api
