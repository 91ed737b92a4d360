// get_migration.cpp - GET /api/v1/migrations/{migration} (operation getMigration).
#include "handlers.hpp"
#include "migration_body.hpp"

namespace jx::api {

Call::Answer get_migration(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "cases.manage"));
    JX_TRY(id, call.path<cases::MigrationId>("migration"));
    JX_TRY(migration, cases::migration(tx, id));
    return ok(migration_view(migration));
  });
}

}  // namespace jx::api
