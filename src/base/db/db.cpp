#include <jx/db.hpp>

#include "postgres_database.hpp"
#include "sqlite_database.hpp"

namespace jx::db {

double Row::real(std::size_t column) const {
  if (const auto* whole = std::get_if<std::int64_t>(&cell(column))) return static_cast<double>(*whole);
  return std::get<double>(cell(column));
}

LocalDate Row::date(std::size_t column) const {
  auto date = LocalDate::parse(text(column));
  assert(date);
  return *date;
}

Result<std::unique_ptr<Database>> Database::open(const Options& options) {
  if (options.url.empty())
    return fail(ErrorCode::invalid, {"name the database: a file's path, or postgresql://...", "请指定数据库：文件路径或 postgresql://…"});
  if (options.url.starts_with("postgresql://") || options.url.starts_with("postgres://")) {
    return PostgresDatabase::open(options);
  }
  return SqliteDatabase::open(options);
}

}  // namespace jx::db
