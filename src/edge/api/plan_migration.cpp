// plan_migration.cpp - POST /api/v1/definitions/{process}/migrations/plan (operation planMigration).
#include "handlers.hpp"
#include "migration_body.hpp"

namespace jx::api {

namespace {

struct PlanMigration {
  std::string from, to;
  std::optional<std::vector<RenamedElement>> renamed;
  std::optional<CaseId> after;
};
BOOST_DESCRIBE_STRUCT(PlanMigration, (), (from, to, renamed, after))

struct MoveView {
  std::string from, to;
  LocalizedText words;
};
BOOST_DESCRIBE_STRUCT(MoveView, (), (from, to, words))

struct MisfitView {
  std::string element;
  LocalizedText words;
};
BOOST_DESCRIBE_STRUCT(MisfitView, (), (element, words))

struct CaseMoveView {
  CaseId id;
  std::string number;
  bool fits = false;
  std::vector<MoveView> moves;
  std::vector<MisfitView> misfits;
};
BOOST_DESCRIBE_STRUCT(CaseMoveView, (), (id, number, fits, moves, misfits))

struct MigrationPlan {
  std::string from, to;
  std::vector<CaseMoveView> items;
  std::optional<CaseId> next;
};
BOOST_DESCRIBE_STRUCT(MigrationPlan, (), (from, to, items, next))

CaseMoveView move_view(const cases::CaseMove& move) {
  CaseMoveView view{move.id, move.number, move.misfits.empty(), {}, {}};
  for (const auto& m : move.moves) view.moves.push_back({m.from, m.to, localized(m.words)});
  for (const auto& m : move.misfits) view.misfits.push_back({m.element, localized(m.words)});
  return view;
}

}  // namespace

Call::Answer plan_migration(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(wanted, call.body<PlanMigration>());
    JX_TRY(path, migration_path(call, tx, wanted.from, wanted.to, wanted.renamed));
    constexpr std::size_t page = 100;
    JX_TRY(moves, cases::plan_migration(call.deps.cases, tx, call.ctx, path, wanted.after.value_or(CaseId()), page));
    MigrationPlan plan{to_hex(path.from), to_hex(path.to), {}, std::nullopt};
    for (const auto& move : moves) plan.items.push_back(move_view(move));
    if (moves.size() == page) plan.next = moves.back().id;
    return ok(plan);
  });
}

}  // namespace jx::api
