#include <jx/db/leader.hpp>

#include "db_sql.hpp"
#include "postgres_database.hpp"
#include "sqlite_database.hpp"

#include <jx/crypto.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace jx::db {
namespace {

constexpr auto patience = std::chrono::seconds{2};

class FileLeader final : public Leader {
 public:
  explicit FileLeader(int file) : file_(file) {}
  ~FileLeader() override { ::close(file_); }
  FileLeader(const FileLeader&) = delete;
  FileLeader& operator=(const FileLeader&) = delete;
  bool leads() override { return true; }

 private:
  int file_;
};

class ServerLeader final : public Leader {
 public:
  explicit ServerLeader(std::unique_ptr<PostgresConnection> connection) : connection_(std::move(connection)) {}
  bool leads() override { return connection_->usable() && ask(*connection_, sql::still_there, {}).value_or(false); }

  static Result<bool> ask(PostgresConnection& connection, const Query& query, std::span<const Param> params) {
    bool yes = false;
    const std::function<Result<>(Row&&)> take = [&](Row&& row) -> Result<> { return yes = row.boolean(0), Result<>(); };
    JX_CHECK(connection.begin(PostgresConnection::Kind::read, SystemClock().now() + patience));
    auto done = connection.execute(query, params, &take);
    connection.roll_back();  // the lock is the session's, not the transaction's
    if (!done) return std::unexpected(std::move(done).error());
    return yes;
  }

 private:
  std::unique_ptr<PostgresConnection> connection_;
};

}  // namespace

Result<std::unique_ptr<Leader>> Leader::try_become(Database& database, std::string_view name) {
  JX_CHECK(check_key(name));
  return database.try_lead(name);
}

Result<std::unique_ptr<Leader>> SqliteDatabase::try_lead(std::string_view name) {
  std::string file_name(name);
  std::ranges::replace(file_name, '/', '-');
  const std::string path = options_.url + "." + file_name + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0)
    return fail(ErrorCode::unavailable, {path + " cannot be opened: " + std::strerror(errno), "无法打开 " + path + "：" + std::strerror(errno)});
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return nullptr;
  }
  return std::make_unique<FileLeader>(file);
}

Result<std::unique_ptr<Leader>> PostgresDatabase::try_lead(std::string_view name) {
  const auto digest = crypto::sha256(bytes_of("junxian leader "), bytes_of(name));
  std::uint64_t lock = 0;
  for (std::size_t i = 0; i < sizeof lock; ++i) lock = lock << 8 | digest[i];
  JX_TRY(connection, PostgresConnection::open(options_.url, SystemClock().now() + patience));
  const Param key(static_cast<std::int64_t>(lock));
  JX_TRY(leads, ServerLeader::ask(*connection, sql::try_lead, {&key, 1}));
  if (!leads) return nullptr;
  return std::make_unique<ServerLeader>(std::move(connection));
}

}  // namespace jx::db
