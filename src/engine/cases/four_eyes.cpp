#include "four_eyes.hpp"

#include "cases_sql.hpp"

#include <algorithm>

namespace jx::cases {

Result<> check_other_eyes(Engine::Impl& engine, db::Tx& tx, const Definition& definition, const TaskRow& task, AccountId account) {
  const auto& others = definition.node(task.node).other_than;
  if (others.empty() || (task.kind != TaskKind::step && task.kind != TaskKind::preparation)) return {};
  const auto person_of = [&](AccountId who) -> Result<PersonId> {
    return engine.needs.offices == nullptr ? Result<PersonId>(PersonId()) : engine.needs.offices->person_of(tx, who);
  };
  JX_TRY(person, person_of(account));
  JX_TRY(rows, tx.all(sql::doers_of_case, task.case_id));
  for (const auto& row : rows) {
    DefinitionPtr kept;
    JX_TRY(node, done_node(engine, tx, definition, row, 0, 2, kept));
    if (std::ranges::none_of(others, [&](Index other) { return definition.node(other).id == node->id; })) continue;
    const auto doer = row.id<AccountId>(1);
    bool same = doer == account;
    if (!same && !person.nil()) {  // she may have several accounts
      JX_TRY(other, person_of(doer));
      same = other == person;
    }
    if (!same) continue;
    const Node& done = *node;
    const auto name = [&](std::string_view language) { return std::string(done.name.empty() ? std::string_view(done.id) : done.name.in(language)); };
    return fail(ErrorCode::forbidden, {"whoever did \"" + name("en") + "\" of this case may not do this task: another person must (four-eyes rule)",
                                       "本办件“" + name("zh-CN") + "”的经办人不得办理此任务，须由另一人办理（经办与复核分离）"});
  }
  return {};
}

}  // namespace jx::cases
