// complete_tasks.cpp - POST /api/v1/tasks/batch (operation completeTasks).
#include "handlers.hpp"
#include "views.hpp"

#include <jx/cases/batch.hpp>

namespace jx::api {

namespace {

struct CompleteTasks {
  std::vector<TaskId> tasks;
  std::string outcome;
  std::optional<std::string> opinion;
};
BOOST_DESCRIBE_STRUCT(CompleteTasks, (), (tasks, outcome, opinion))

struct BatchItem {
  TaskId task;
  bool done = false;
  std::optional<std::string> code;
  std::optional<LocalizedText> words;
};
BOOST_DESCRIBE_STRUCT(BatchItem, (), (task, done, code, words))

struct BatchAnswer {
  std::vector<BatchItem> items;
};
BOOST_DESCRIBE_STRUCT(BatchAnswer, (), (items))

/// One task, in an act of its own.
Result<> complete_one(const Call& call, TaskId id, const CompleteTasks& wanted) {
  auto done = call.deps.database.write_guarded(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(call.require(tx, "cases.handle"));
    return call.deps.cases.complete(tx, call.ctx, id, {wanted.outcome, wanted.opinion.value_or(""), {}});
  });
  if (done || done.error().code != ErrorCode::conflict) return done;
  JX_TRY(before,
         call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return cases::was_done(call.deps.cases, tx, call.ctx, id, wanted.outcome); }));
  return before ? Result<>() : done;
}

}  // namespace

Call::Answer complete_tasks(Call& call) {
  JX_TRY(given, call.given_before());
  if (given) return std::move(*given);
  JX_TRY(wanted, call.body<CompleteTasks>());
  JX_CHECK(call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(call.require(tx, "cases.handle"));
    return cases::check_batch(call.deps.cases, tx, call.ctx, wanted.tasks, wanted.outcome);
  }));
  BatchAnswer answer;
  for (const auto& id : wanted.tasks) {
    const auto done = complete_one(call, id, wanted);
    if (!done && (done.error().code == ErrorCode::timeout || done.error().code == ErrorCode::unavailable)) return std::unexpected(done.error());
    BatchItem item{id, done.has_value(), std::nullopt, std::nullopt};
    if (!done) {
      item.code = std::string(name(done.error().code));
      item.words = localized(done.error().message);
    }
    answer.items.push_back(std::move(item));
  }
  return call.act_guarded([&](db::Tx&) -> Call::Answer { return ok(answer); });  // keeps the answer under the key
}

}  // namespace jx::api
