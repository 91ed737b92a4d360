// urge_task.cpp - POST /api/v1/tasks/{task}/urge (operation urgeTask).
#include "handlers.hpp"
#include "views_cases.hpp"

namespace jx::api {

namespace {

struct UrgeTask {
  std::string note;
};
BOOST_DESCRIBE_STRUCT(UrgeTask, (), (note))

}  // namespace

Call::Answer urge_task(Call& call) {
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<TaskId>("task"));
    JX_TRY(wanted, call.body<UrgeTask>());
    JX_TRY(task, call.deps.cases.task(tx, call.ctx, id));
    JX_TRY(as, require_urging(call, tx, task));
    JX_CHECK(cases::urge(call.deps.cases, tx, call.ctx, id, wanted.note, as == Sight::applicant));
    return http::no_content();
  });
}

}  // namespace jx::api
