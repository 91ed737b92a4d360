// start_migration.cpp - POST /api/v1/definitions/{process}/migrations (operation startMigration).
#include "handlers.hpp"
#include "migration_body.hpp"

namespace jx::api {

namespace {

struct StartMigration {
  std::string from, to;
  std::optional<std::vector<RenamedElement>> renamed;
};
BOOST_DESCRIBE_STRUCT(StartMigration, (), (from, to, renamed))

}  // namespace

Call::Answer start_migration(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(wanted, call.body<StartMigration>());
    JX_TRY(path, migration_path(call, tx, wanted.from, wanted.to, wanted.renamed));
    JX_TRY(id, cases::start_migration(call.deps.cases, tx, call.ctx, path, true));
    JX_TRY(migration, cases::migration(tx, id));
    return created("/api/v1/migrations/" + id.text(), migration_view(migration));
  });
}

}  // namespace jx::api
