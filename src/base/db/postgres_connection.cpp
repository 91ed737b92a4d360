#include "postgres_connection.hpp"

#include "db_sql.hpp"
#include "postgres_values.hpp"
#include "values.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace jx::db {
namespace {

constexpr std::size_t statements_max = 1024;              // prepared on one connection; beyond, the connection is replaced
constexpr auto commit_grace = std::chrono::seconds{2};    // beyond the deadline, before a COMMIT under way is looked up elsewhere
constexpr std::size_t ahead_max = 64;                     // statements sent before their answers are read
constexpr std::int64_t statement_timeout_min_ms = 1'000;  // doubled until it covers the deadline, so that it rarely changes

/// What every session is set to. `jit` costs more than it gives where statements are short.
constexpr const char* session =
    "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '5min'; SET client_connection_check_interval = '2s';"
    "SET jit = off; SET standard_conforming_strings = on";

/// What tells a question that was asked ahead from any other.
std::string question(const Query& query, std::span<const Param> params) {
  std::string key(query.name);
  for (const auto& param : params) {
    const auto value = param.value();
    const auto put = [&key](const void* octets, std::size_t size) {
      key.append(std::to_string(size)).push_back(':');
      key.append(static_cast<const char*>(octets), size);
    };
    key.push_back(static_cast<char>('a' + value.index()));
    if (const auto* number = std::get_if<std::int64_t>(&value)) put(number, sizeof *number);
    if (const auto* real = std::get_if<double>(&value)) put(real, sizeof *real);
    if (const auto* text = std::get_if<std::string_view>(&value)) put(text->data(), text->size());
    if (const auto* bytes = std::get_if<ByteView>(&value)) put(bytes->data(), bytes->size());
  }
  return key;
}

struct Meaning {
  ErrorCode code;
  Words words;
};

Meaning meaning_of(std::string_view state, bool reading) {
  const auto is = [&](std::string_view prefix) { return state.starts_with(prefix); };
  if (is("23")) return {ErrorCode::conflict, {"this contradicts what is stored already", "与已存数据冲突"}};
  if (is("57014")) return {ErrorCode::timeout, {"the time for this ran out; nothing was written", "操作超时，数据未写入"}};
  if (is("53100"))
    return {ErrorCode::unavailable,
            {"the database server's disk is full; nothing was written; make room and try again",
             "数据库服务器磁盘空间已满，数据未写入，请清理磁盘后重试"}};
  if (is("55P03")) return {ErrorCode::unavailable, {"another act holds what this one needs; try again", "所需数据正被其他操作占用，请稍后再试"}};
  if (is("25006") && !reading)
    return {ErrorCode::unavailable,
            {"the database server accepts no changes now; see whether it is a standby", "数据库服务器当前只读，请检查是否为备用服务器"}};
  if (is("40")) return {ErrorCode::unavailable, {"too many acts change the same things at once; try again", "并发修改过多，请稍后再试"}};
  if (is("08") || is("53") || is("57P") || is("58"))
    return {ErrorCode::unavailable, {"the database server cannot serve now; try again", "数据库服务器暂时无法服务，请稍后再试"}};
  if (is("XX001") || is("XX002"))
    return {ErrorCode::corrupt, {"the database is damaged; stop the program and restore a backup", "数据库已损坏，请停止程序并从备份恢复"}};
  if (is("54")) return {ErrorCode::too_large, {"a value is larger than the database may hold", "数值超出数据库允许的大小"}};
  return {ErrorCode::internal, {"a query failed", "查询失败"}};
}

Words lost_words() { return {"the connection to the database server was lost", "与数据库服务器的连接中断"}; }

std::string one_line(const char* text) {
  std::string out(text == nullptr ? "" : text);
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  std::ranges::replace(out, '\n', ' ');
  return out;
}

Error with_cause(std::string detail, ErrorCode code, Words words) {
  return fail_because({code, std::move(detail), {}, nullptr}, code, std::move(words)).error();
}

/// What libpq says of a URL that it cannot read repeats parts of it, and so of its password: it is not passed on. Nor is a URL tried whose password
/// has a sign that ends it early, so that the rest of the password is taken for a port, a host or a database.
Result<> check_url(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts(PQconninfoParse(url.c_str(), nullptr), &PQconninfoFree);
  bool sound = parts != nullptr;
  for (const auto* part = parts.get(); sound && part->keyword != nullptr; ++part) {
    const std::string_view name = part->keyword;
    const std::string_view value = part->val == nullptr ? "" : part->val;
    if (name == "port") sound = value.find_first_not_of("0123456789,") == std::string_view::npos;
    if (name == "host" || name == "dbname") sound = value.find('@') == std::string_view::npos;
  }
  if (sound) return {};
  return fail(ErrorCode::invalid,
              {"the database URL is malformed; it is postgresql://user:password@host:port/name, where a sign such as / : % in the password is "
               "written %2F %3A %25",
               "数据库地址格式有误，应为 postgresql://用户:密码@主机:端口/库名，密码中的 / : % 等须写作 %2F %3A %25"});
}

}  // namespace

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::open(const std::string& url, Instant deadline) {
  JX_CHECK(check_url(url));
  const auto left = deadline == no_deadline ? 5 : std::clamp<std::int64_t>((deadline - SystemClock().now()).count() / 1'000'000 + 1, 2, 5);
  const std::string seconds = std::to_string(left);
  // What the URL says comes after these and prevails.
  const std::array keys{"connect_timeout",  "fallback_application_name", "keepalives_idle", "keepalives_interval", "keepalives_count",
                        "tcp_user_timeout", "target_session_attrs",      "dbname",          "client_encoding",     static_cast<const char*>(nullptr)};
  const std::array values{seconds.c_str(), "junxian", "30", "10", "3", "30000", "read-write", url.c_str(), "UTF8", static_cast<const char*>(nullptr)};
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection);
  connection->connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
  PGconn* raw = connection->connection_.get();
  if (raw == nullptr || PQstatus(raw) != CONNECTION_OK) {
    return std::unexpected(
        with_cause(one_line(PQerrorMessage(raw)), ErrorCode::unavailable,
                   {"the database server cannot be reached or refuses; see that it runs and that the URL, user and password are right",
                    "无法连接数据库服务器，请检查服务器是否运行，以及地址、用户和密码是否正确"}));
  }
  if (PQserverVersion(raw) < 150'000)
    return fail(ErrorCode::invalid, {"the database server is older than PostgreSQL 15", "数据库服务器版本低于 PostgreSQL 15"});
  const char* encoding = PQparameterStatus(raw, "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8") {
    return fail(ErrorCode::invalid,
                {"the database does not keep UTF-8; make one with ENCODING 'UTF8'", "数据库编码不是 UTF-8，请用 ENCODING 'UTF8' 重新创建"});
  }
  JX_CHECK(connection->set_up());
  return connection;
}

Result<> PostgresConnection::set_up() {
  const Answer answer(PQexec(connection_.get(), session));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) return std::unexpected(error(answer.get(), "session"));
  // Notices are not errors, and are the server's to log.
  PQsetNoticeReceiver(connection_.get(), [](void*, const PGresult*) {}, nullptr);
  if (PQenterPipelineMode(connection_.get()) != 1 || PQsetnonblocking(connection_.get(), 1) != 0) return std::unexpected(broken("pipeline"));
  return {};
}

bool PostgresConnection::usable() const {
  return !lost_ && state_ == State::idle && PQstatus(connection_.get()) == CONNECTION_OK && PQtransactionStatus(connection_.get()) == PQTRANS_IDLE &&
         statements_.size() < statements_max;
}

PGconn* PostgresConnection::plain() {
  PQexitPipelineMode(connection_.get());
  PQsetnonblocking(connection_.get(), 0);
  return connection_.get();
}

Error PostgresConnection::broken(std::string_view what) {
  lost_ = true;
  worth_retry_ = true;
  return with_cause(std::string(what) + ": " + one_line(PQerrorMessage(connection_.get())), ErrorCode::unavailable, lost_words());
}

Error PostgresConnection::error(const PGresult* result, std::string_view what) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) return broken(what);
  const char* field = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const std::string_view state = field == nullptr ? "" : field;
  if (state == "40001" || state == "40P01") worth_retry_ = true;
  if (state.starts_with("57P")) {  // the server is ending this session
    lost_ = true;
    worth_retry_ = true;
  }
  auto [code, words] = meaning_of(state, kind_ == Kind::read);
  std::string detail = std::string(what) + ": ";
  // Of class 22 (data exceptions) the text may quote what a person wrote.
  if (!state.starts_with("22")) detail += one_line(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  return with_cause(detail + " (SQLSTATE " + std::string(state) + ")", code, std::move(words));
}

Result<> PostgresConnection::wait(bool to_write) {
  pollfd socket{PQsocket(connection_.get()), static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN), 0};
  std::int64_t left_ms = -1;
  if (deadline_ != no_deadline) {
    left_ms = std::clamp<std::int64_t>(((deadline_ - SystemClock().now()).count() + 999) / 1000, 0, 1'000'000);
    if (left_ms == 0) {
      lost_ = true;  // the server goes on with it until its own timeout; we do not wait
      return fail(ErrorCode::timeout, {"the time for this ran out; nothing was written", "操作超时，数据未写入"});
    }
  }
  if (::poll(&socket, 1, static_cast<int>(left_ms)) < 0 && errno != EINTR) return std::unexpected(broken("poll"));
  return {};
}

Result<> PostgresConnection::sync() {
  if (PQpipelineSync(connection_.get()) != 1) return std::unexpected(broken("send"));
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left == 0) return {};
    if (left < 0) return std::unexpected(broken("send"));
    JX_CHECK(wait(true));
    if (PQconsumeInput(connection_.get()) != 1) return std::unexpected(broken("receive"));
  }
}

Result<PostgresConnection::Answer> PostgresConnection::next() {
  while (PQisBusy(connection_.get()) != 0) {
    JX_CHECK(wait(false));
    if (PQconsumeInput(connection_.get()) != 1) return std::unexpected(broken("receive"));
  }
  Answer answer(PQgetResult(connection_.get()));
  if (!answer && PQstatus(connection_.get()) != CONNECTION_OK) return std::unexpected(broken("receive"));
  return answer;
}

Result<> PostgresConnection::send(const Query& query, const Prepared& statement, std::span<const Param> params) {
  if (statement.types.size() != params.size()) {
    return fail(ErrorCode::internal, std::string(query.name) + " takes " + std::to_string(statement.types.size()) + " parameters and was given " +
                                         std::to_string(params.size()));
  }
  std::vector<Encoded> encoded(params.size());
  std::vector<const char*> values(params.size());
  std::vector<int> lengths(params.size());
  std::vector<int> formats(params.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    JX_CHECK(encode(query, i, params[i], statement.types[i], encoded[i]));
    values[i] = encoded[i].data;
    lengths[i] = encoded[i].length;
    formats[i] = encoded[i].format;
  }
  if (PQsendQueryPrepared(connection_.get(), statement.name.c_str(), static_cast<int>(params.size()), values.data(), lengths.data(), formats.data(),
                          1) != 1) {
    return std::unexpected(broken("send"));
  }
  return {};
}

/// Reads what is left up to the sync, so that the next statement finds the connection clean. The first error is the one to tell.
Result<> PostgresConnection::drain() {
  std::optional<Error> first;
  for (;;) {
    JX_TRY(answer, next());
    const auto status = answer ? PQresultStatus(answer.get()) : PGRES_COMMAND_OK;
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_FATAL_ERROR && !first) first = error(answer.get(), "pipeline");
    if (lost_) return std::unexpected(first ? std::move(*first) : broken("receive"));
  }
  if (first) return std::unexpected(std::move(*first));
  return {};
}

/// The server's own limit, a little above the deadline, for statements whose client went away.
Result<> PostgresConnection::set_timeout() {
  std::int64_t wanted = 0;
  if (deadline_ != no_deadline) {
    const auto left_ms = (deadline_ - SystemClock().now()).count() / 1000;
    for (wanted = statement_timeout_min_ms; wanted < left_ms && wanted < INT32_MAX / 2;) wanted *= 2;
  }
  if (wanted == statement_timeout_ms_) return {};
  const std::string text = "SET statement_timeout = " + std::to_string(wanted);
  if (PQsendQueryParams(connection_.get(), text.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) != 1) return std::unexpected(broken("send"));
  JX_CHECK(sync());
  JX_CHECK(drain());
  statement_timeout_ms_ = wanted;
  return {};
}

/// Before the first migration there is none, and the question fails; it is asked again with the next transaction.
Result<> PostgresConnection::read_epoch() {
  const std::function<Result<>(Row&&)> take = [&](Row&& row) -> Result<> { return epoch_ = row.text(0), Result<>(); };
  state_ = State::idle;
  if (execute(sql::begin_epoch, {}, nullptr)) (void)execute(sql::epoch, {}, &take);
  if (lost_) return std::unexpected(broken("epoch"));
  return {};
}

Result<> PostgresConnection::begin(Kind kind, Instant deadline) {
  kind_ = kind;
  deadline_ = deadline;
  xid_.clear();
  kept_.clear();
  worth_retry_ = false;
  JX_CHECK(set_timeout());
  if (epoch_.empty()) JX_CHECK(read_epoch());
  for (const auto* query :
       {&sql::begin_read, &sql::begin_write, &sql::begin_guarded, &sql::begin_relaxed, &sql::own_xid, &sql::commit, &sql::rollback})
    JX_CHECK(prepared(*query));
  state_ = State::pending;
  return {};
}

const Query& PostgresConnection::begin_of(Kind kind) {
  switch (kind) {
    case Kind::read: return sql::begin_read;
    case Kind::write: return sql::begin_write;
    case Kind::guarded: return sql::begin_guarded;
    case Kind::relaxed: return sql::begin_relaxed;
  }
  return sql::begin_write;
}

/// Sends BEGIN ahead of the first statement.
Result<> PostgresConnection::start() {
  const auto& query = begin_of(kind_);
  JX_TRY(statement, prepared(query));
  JX_CHECK(send(query, *statement, {}));
  state_ = State::sent;
  if (kind_ == Kind::read) return {};
  JX_TRY(own_xid, prepared(sql::own_xid));
  return send(sql::own_xid, *own_xid, {});
}

Result<> PostgresConnection::execute_later(const Query& query, std::span<const Param> params) {
  count_turn(query);
  drop_ahead();
  JX_CHECK(check_params(query, params));
  JX_TRY(statement, prepared(query));
  if (state_ == State::pending) JX_CHECK(start());
  JX_CHECK(send(query, *statement, params));
  ahead_.push_back({query.name, {}});
  return ahead_.size() < ahead_max ? Result<>() : settle();
}

Result<> PostgresConnection::ask_ahead(const Query& query, std::span<const Param> params) {
  if (kind_ == Kind::relaxed || kept_.size() >= ahead_max) return {};
  JX_CHECK(check_params(query, params));
  JX_TRY(statement, prepared(query));
  if (state_ == State::pending) JX_CHECK(start());
  JX_CHECK(send(query, *statement, params));
  ahead_.push_back({query.name, question(query, params)});
  return ahead_.size() < ahead_max ? Result<>() : settle();
}

/// What is written may change what was asked.
void PostgresConnection::drop_ahead() {
  kept_.clear();
  for (auto& sent : ahead_) sent.key.clear();
}

/// The rows of a question that was asked ahead, once; nothing for any other.
Result<std::optional<std::vector<Row>>> PostgresConnection::answered_ahead(const Query& query, std::span<const Param> params) {
  const bool none = kept_.empty() && std::ranges::all_of(ahead_, [](const Ahead& sent) { return sent.key.empty(); });
  if (none) return std::nullopt;
  const auto key = question(query, params);
  if (std::ranges::find(ahead_, key, &Ahead::key) != ahead_.end()) JX_CHECK(settle());
  auto found = kept_.extract(key);
  return found.empty() ? std::nullopt : std::optional(std::move(found.mapped()));
}

/// Reads the answers to all that was sent ahead of the statement that is to be answered. The first error is the one to tell.
Result<> PostgresConnection::answers_ahead() {
  if (state_ == State::sent) JX_CHECK(begun());
  for (auto& sent : std::exchange(ahead_, {})) {
    if (sent.key.empty()) {
      JX_CHECK(answers(sent.name, nullptr));
      continue;
    }
    std::vector<Row> rows;
    const std::function<Result<>(Row&&)> keep = [&](Row&& row) -> Result<> { return rows.push_back(std::move(row)), Result<>(); };
    JX_CHECK(answers(sent.name, &keep));
    kept_.insert_or_assign(std::move(sent.key), std::move(rows));
  }
  return {};
}

/// Waits for all that was sent.
Result<> PostgresConnection::settle() {
  if (state_ != State::sent && ahead_.empty()) return {};
  JX_CHECK(sync());
  auto answered = answers_ahead();
  if (lost_) return answered;
  auto drained = drain();
  return answered ? std::move(drained) : std::move(answered);
}

/// Reads the answers to start().
Result<> PostgresConnection::begun() {
  state_ = State::open;
  JX_CHECK(answers("begin", nullptr));
  if (kind_ == Kind::read) return {};
  const std::function<Result<>(Row&&)> take = [&](Row&& row) -> Result<> { return xid_ = row.text(0), Result<>(); };
  JX_CHECK(answers(sql::own_xid.name, &take));
  return {};
}

/// The answers to one statement, up to the NULL that ends them.
Result<std::int64_t> PostgresConnection::answers(std::string_view name, const std::function<Result<>(Row&&)>* take) {
  if (take != nullptr) PQsetSingleRowMode(connection_.get());
  std::int64_t count = 0;
  Result<> taken;
  std::optional<Error> failed;
  for (;;) {
    JX_TRY(answer, next());
    if (!answer) break;
    const PGresult* result = answer.get();
    switch (PQresultStatus(result)) {
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
      case PGRES_COMMAND_OK: break;
      default:
        if (!failed) failed = error(result, name);
        if (lost_) return std::unexpected(std::move(*failed));
        continue;
    }
    for (int row = 0; take != nullptr && taken && row < PQntuples(result); ++row) {
      std::vector<Row::Cell> cells;
      cells.reserve(static_cast<std::size_t>(PQnfields(result)));
      for (int column = 0; column < PQnfields(result) && taken; ++column) {
        auto cell = decode(name, result, row, column);
        if (cell)
          cells.push_back(std::move(*cell));
        else
          taken = std::unexpected(std::move(cell).error());
      }
      if (taken) taken = (*take)(Row(std::move(cells)));
    }
    const std::string_view tuples = PQcmdTuples(answer.get());
    std::from_chars(tuples.data(), tuples.data() + tuples.size(), count);
  }
  if (failed) return std::unexpected(std::move(*failed));
  if (!taken) return std::unexpected(std::move(taken).error());
  return count;
}

Result<std::int64_t> PostgresConnection::execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take) {
  count_turn(query);
  JX_CHECK(check_params(query, params));
  if (query.postgres.starts_with("SELECT")) {
    JX_TRY(kept, answered_ahead(query, params));
    if (kept) {
      for (auto& row : *kept) {
        if (take != nullptr) JX_CHECK((*take)(std::move(row)));
      }
      return static_cast<std::int64_t>(kept->size());
    }
  } else {
    drop_ahead();
  }
  JX_TRY(statement, prepared(query));
  if (state_ == State::pending) JX_CHECK(start());
  auto sent = send(query, *statement, params);
  if (!sent && lost_) return std::unexpected(std::move(sent).error());
  JX_CHECK(sync());  // also where the parameters were refused: BEGIN is under way
  if (auto ahead = answers_ahead(); !ahead) {
    if (!lost_) (void)drain();
    return std::unexpected(std::move(ahead).error());
  }
  auto count = sent ? answers(query.name, take) : Result<std::int64_t>(std::unexpected(std::move(sent).error()));
  if (!lost_) JX_CHECK(drain());
  return count;
}

Result<const PostgresConnection::Prepared*> PostgresConnection::prepared(const Query& query) {
  if (auto found = statements_.find(query.postgres.data()); found != statements_.end() && found->second.sql == query.postgres) return &found->second;
  if (query.postgres.empty()) return fail(ErrorCode::internal, "the query " + std::string(query.name) + " is not for PostgreSQL");
  JX_CHECK(settle());  // what follows reads all answers
  Prepared statement{std::string(query.postgres), "q" + std::to_string(++names_), {}};
  if (PQsendPrepare(connection_.get(), statement.name.c_str(), statement.sql.c_str(), 0, nullptr) != 1 ||
      PQsendDescribePrepared(connection_.get(), statement.name.c_str()) != 1) {
    return std::unexpected(broken("send"));
  }
  JX_CHECK(sync());
  std::optional<Error> failed;
  for (;;) {
    JX_TRY(answer, next());
    if (!answer) continue;
    const auto status = PQresultStatus(answer.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_FATAL_ERROR && !failed) failed = error(answer.get(), query.name);
    if (lost_) return std::unexpected(failed ? std::move(*failed) : broken("receive"));
    for (int i = 0; i < PQnparams(answer.get()); ++i) statement.types.push_back(PQparamtype(answer.get(), i));
  }
  if (failed) return std::unexpected(std::move(*failed));
  return &(statements_[query.postgres.data()] = std::move(statement));
}

Result<> PostgresConnection::prepare(const Query& query) {
  JX_CHECK(prepared(query));
  return {};
}

Result<> PostgresConnection::script(std::string_view sql) {
  if (state_ == State::pending) JX_CHECK(start());
  JX_CHECK(settle());
  PGconn* raw = plain();
  const Answer answer(PQexec(raw, std::string(sql).c_str()));
  const auto status = PQresultStatus(answer.get());
  std::optional<Error> failed;
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) failed = error(answer.get(), "script");
  if (!lost_ && (PQenterPipelineMode(raw) != 1 || PQsetnonblocking(raw, 1) != 0)) failed = broken("pipeline");
  if (failed) return std::unexpected(std::move(*failed));
  return {};
}

Outcome PostgresConnection::commit(std::optional<Error>& why) {
  if (state_ == State::idle || state_ == State::pending) {  // nothing was run
    state_ = State::idle;
    return Outcome::committed;
  }
  if (deadline_ != no_deadline) deadline_ = std::max(deadline_, SystemClock().now()) + commit_grace;
  const auto unknown = [&](Error below) {
    lost_ = true;
    why = std::move(below);
    return Outcome::unknown;
  };
  const auto statement = prepared(sql::commit);
  if (!statement) return unknown(statement.error());
  if (auto sent = send(sql::commit, **statement, {}); !sent) return unknown(std::move(sent).error());
  if (auto sent = sync(); !sent) return unknown(std::move(sent).error());
  if (auto ahead = answers_ahead(); !ahead) {  // the COMMIT behind it was passed over
    why = std::move(ahead).error();
    if (lost_) return Outcome::unknown;
    (void)drain();
    roll_back();
    return Outcome::refused;
  }
  state_ = State::idle;
  auto answer = next();
  if (!answer) return unknown(std::move(answer).error());
  Outcome outcome = Outcome::committed;
  if (PQresultStatus(answer->get()) != PGRES_COMMAND_OK) {
    why = error(answer->get(), "commit");
    if (lost_) return Outcome::unknown;
    outcome = Outcome::refused;
  } else if (std::string_view(PQcmdStatus(answer->get())) != "COMMIT") {
    why = Error{ErrorCode::internal, "the act's transaction had failed and was rolled back", {}, nullptr};
    outcome = Outcome::refused;
  }
  (void)drain();  // the answer is in; if the connection is lost now, it is only not used again
  return outcome;
}

void PostgresConnection::roll_back() {
  const auto state = std::exchange(state_, State::idle);
  if (state == State::idle || state == State::pending || lost_) return;
  if (!ahead_.empty() || state == State::sent) {
    state_ = state;
    (void)settle();
    state_ = State::idle;
    if (lost_) return;
  }
  const auto statement = prepared(sql::rollback);
  if (!statement || !send(sql::rollback, **statement, {}) || !sync() || !drain()) lost_ = true;
}

}  // namespace jx::db
