#include <jx/db/scratch.hpp>

#include "connection_tx.hpp"
#include "sqlite_connection.hpp"

namespace jx::db {

struct Scratch::Impl {
  explicit Impl(std::unique_ptr<SqliteConnection> made) : connection(std::move(made)), tx(*connection) {}
  std::unique_ptr<SqliteConnection> connection;
  ConnectionTx<SqliteConnection, Dialect::sqlite> tx;
};

Scratch::Scratch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scratch::~Scratch() = default;
Tx& Scratch::tx() { return impl_->tx; }

Result<std::unique_ptr<Scratch>> Scratch::make(const SqlBundle& bundle) {
  JX_TRY(connection, SqliteConnection::open(":memory:", SqliteConnection::Mode::scratch));
  for (const auto& migration : bundle.migrations) JX_CHECK(connection->script(migration.sqlite));
  return std::unique_ptr<Scratch>(new Scratch(std::make_unique<Impl>(std::move(connection))));
}

}  // namespace jx::db
