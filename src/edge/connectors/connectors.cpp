#include "makers.hpp"
#include "says.hpp"

#include <algorithm>
#include <type_traits>

namespace jx::connectors {

Result<> Connector::scan_columns(const std::string& table, std::span<const std::string> columns, Instant deadline, const exchange::TakeRow& take) {
  JX_TRY(shapes, shape(deadline));
  const auto shaped = std::ranges::find(shapes, table, &exchange::TableShape::name);
  if (shaped == shapes.end()) return no_table(table);
  std::vector<std::size_t> picked;
  for (const auto& column : columns) {
    const auto at = std::ranges::find(shaped->columns, column);
    if (at == shaped->columns.end()) return no_column(column);
    picked.push_back(static_cast<std::size_t>(at - shaped->columns.begin()));
  }
  std::vector<exchange::Cell> cells(picked.size());
  return scan(table, deadline, [&](std::span<const exchange::Cell> row) -> Result<> {
    for (std::size_t i = 0; i < picked.size(); ++i) cells[i] = row[picked[i]];
    return take(cells);
  });
}

LocalSources::~LocalSources() = default;

std::unique_ptr<Connector> LocalSources::make(const catalogue::Source& source) const {
  switch (source.kind) {
    case catalogue::SourceKind::sqlite: return sqlite_connector(source, data_folder_);
    case catalogue::SourceKind::csv: return csv_connector(source, data_folder_);
    case catalogue::SourceKind::xlsx: return xlsx_connector(source, data_folder_);
    case catalogue::SourceKind::postgresql: return postgresql_connector(source, data_folder_, secrets_);
    case catalogue::SourceKind::mariadb: return mariadb_connector(source, data_folder_, secrets_);
    case catalogue::SourceKind::http: return http_connector(source, data_folder_, secrets_);
  }
  return nullptr;
}

std::shared_ptr<LocalSources::Open> LocalSources::open(const catalogue::Source& source) {
  auto text = wire::encode(source);
  const std::lock_guard lock(mutex_);
  auto& open = open_[source.id];
  if (!open || open->text != text)  // a source that is changed is opened anew, and what was read of it before is let go
    open = std::make_shared<Open>(std::move(text), make(source), exchange::SourceState());
  return open;
}

void LocalSources::forget(const SourceId& source) {
  std::shared_ptr<Open> last;  // closed without the lock
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(source);
  if (found == open_.end()) return;
  last = std::move(found->second);
  open_.erase(found);
}

std::size_t LocalSources::open_count() {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

Result<> LocalSources::check(Open& open, const catalogue::Source& source) {
  const std::lock_guard lock(mutex_);
  auto& state = open.state;
  if (!state.open) return {};
  const auto now = clock_.now();
  if (now >= *state.retry_at) {  // this call tries; the others go on resting
    state.retry_at = now + rest_after_open;
    return {};
  }
  return fail_because({ErrorCode::unavailable, state.why.value_or(Words{}), {}, nullptr}, ErrorCode::unavailable,
                      {"the data source is not answering and is left alone for a few seconds: " + std::string(source.name.in("en")),
                       "数据源持续无响应，已暂停访问，稍后自动重试：" + std::string(source.name.in("zh-CN"))});
}

/// Only that a source is down counts (such an error has what the source said as its cause), not that it lacks what it was asked for.
void LocalSources::learn(Open& open, const Error* failed) {
  const std::lock_guard lock(mutex_);
  auto& state = open.state;
  const bool down = failed != nullptr && (failed->code == ErrorCode::timeout || (failed->code == ErrorCode::unavailable && failed->cause != nullptr));
  if (!down) {
    state = {};
    return;
  }
  ++state.failures;
  state.failed_at = clock_.now();
  state.why = failed->message;
  if (state.failures < failures_until_open) return;
  state.open = true;
  state.retry_at = *state.failed_at + rest_after_open;
}

template <class F>
auto LocalSources::ask(const catalogue::Source& source, F&& f) -> std::invoke_result_t<F, Connector&> {
  const auto opened = open(source);
  JX_CHECK(check(*opened, source));
  auto answer = f(*opened->connector);
  learn(*opened, answer ? nullptr : &answer.error());
  return answer;
}

Result<exchange::ReadRows> LocalSources::read(const exchange::Read& read, Instant deadline) {
  return ask(read.source, [&](Connector& connector) { return connector.read(read, deadline); });
}

Result<std::vector<exchange::TableShape>> LocalSources::shape(const catalogue::Source& source, Instant deadline) {
  return ask(source, [&](Connector& connector) { return connector.shape(deadline); });
}

Result<> LocalSources::scan(const catalogue::Source& source, const std::string& table, Instant deadline, const exchange::TakeRow& take) {
  return ask(source, [&](Connector& connector) { return connector.scan(table, deadline, take); });
}

Result<std::optional<crypto::SecureBytes>> secret_of(const catalogue::Source& source, const catalogue::Secrets& secrets) {
  if (!source.secret) return std::optional<crypto::SecureBytes>();
  if (!secrets) return fail(ErrorCode::unavailable, {"the passwords of sources are not kept here", "此处未保存数据源密码"});
  JX_TRY(found, secrets(source));
  return std::optional(std::move(found));
}

std::string authorities(const catalogue::Source& source, const std::filesystem::path& data_folder) {
  return source.tls_ca ? (data_folder / *source.tls_ca).string() : "/etc/ssl/certs/ca-certificates.crt";
}

Result<> LocalSources::scan_columns(const catalogue::Source& source, const std::string& table, std::span<const std::string> columns, Instant deadline,
                                    const exchange::TakeRow& take) {
  return ask(source, [&](Connector& connector) { return connector.scan_columns(table, columns, deadline, take); });
}

exchange::SourceState LocalSources::state(const catalogue::Source& source) {
  const auto opened = open(source);
  const std::lock_guard lock(mutex_);
  return opened->state;
}

}  // namespace jx::connectors
