// A department's HTTP interface that answers JSON. What it cannot be asked is applied to the rows that it answers.
#include "makers.hpp"
#include "pool.hpp"
#include "says.hpp"

#include <jx/http/client.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace jx::connectors {
namespace {

namespace json = boost::json;

constexpr std::size_t answer_bytes_max = 8U << 20U;
constexpr std::size_t rows_max = 200'000;  // of one answer
constexpr Micros call_time_max{30'000'000};

/// RFC 3986 section 2.3: all but the unreserved signs are encoded, so that a value is never a path, a query or a host.
std::string encoded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '~' || c == '.';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// A value as one step of a path: a `.` or `..` would be taken for a direction, encoded or not.
bool is_step(std::string_view value) { return !value.empty() && value != "." && value != ".."; }

/// A member by its name, or what a JSON Pointer (RFC 6901) leads to. Null where there is none.
const json::value* at(const json::value& value, std::string_view where) {
  if (where.empty()) return &value;
  if (!where.starts_with('/')) {
    const auto* object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(where);
  }
  boost::system::error_code failed;
  const auto* found = value.find_pointer(where, failed);
  return failed ? nullptr : found;
}

/// A cell: a part that is itself an object or an array is no datum of a catalogue field, and is handed on as its text.
json::value cell(const json::value* found) {
  if (found == nullptr) return nullptr;
  if (found->is_object() || found->is_array()) return json::string(wire::to_text(*found));
  if (found->is_uint64()) return json::string(std::to_string(found->get_uint64()));
  return *found;
}

/// As text, for conditions.
std::string text_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string: return std::string(value.get_string());
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    case json::kind::int64: return std::to_string(value.get_int64());
    case json::kind::double_: return fmt::format("{}", value.get_double());
    default: return {};
  }
}

struct Borrowed {
  const json::value& value;
  [[nodiscard]] exchange::Cell get() const {
    switch (value.kind()) {
      case json::kind::string: return std::string_view(value.get_string());
      case json::kind::bool_: return value.get_bool();
      case json::kind::int64: return value.get_int64();
      case json::kind::double_: return value.get_double();
      default: return std::monostate();
    }
  }
};

/// A client with its kept connection.
class Line {
 public:
  http::Client client;
  [[nodiscard]] static bool usable() { return true; }
  [[nodiscard]] static bool worth_retry() { return false; }  // the client does that itself
};

class HttpConnector final : public Connector {
 public:
  HttpConnector(catalogue::Source source, std::filesystem::path folder, catalogue::Secrets secrets)
      : source_(std::move(source)),
        folder_(std::move(folder)),
        secrets_(std::move(secrets)),
        pool_([](Instant) -> Result<std::unique_ptr<Line>> { return std::make_unique<Line>(); }) {}

  Result<exchange::ReadRows> read(const exchange::Read& read, Instant deadline) override {
    JX_TRY(table, described(read.table));
    for (const auto& column : read.columns) {
      if (!table->columns->contains(column)) return no_column(read.table + "." + column);
    }
    for (const auto& condition : read.where) {
      if (!table->columns->contains(condition.column)) return no_column(read.table + "." + condition.column);
    }
    JX_TRY(target, target_of(*table, read.where));
    if (!target) return exchange::ReadRows();
    JX_TRY(body, ask(*target, deadline));
    JX_TRY(rows, rows_of(*table, body));
    exchange::ReadRows found;
    std::size_t matched = 0;
    for (const auto* row : rows) {
      const bool all = std::ranges::all_of(read.where, [&](const exchange::Condition& condition) {
        const auto value = cell(at(*row, table->columns->at(condition.column)));
        return !value.is_null() && holds(condition, text_of(value));
      });
      if (!all || matched++ < read.offset) continue;
      if (found.rows.size() == read.limit) {
        found.more = true;
        break;
      }
      std::vector<json::value> cells;
      cells.reserve(read.columns.size());
      for (const auto& column : read.columns) cells.push_back(cell(at(*row, table->columns->at(column))));
      found.rows.push_back(std::move(cells));
    }
    return found;
  }

  /// What the source is said to have; of a table that can be asked for whole, only what some row has.
  Result<std::vector<exchange::TableShape>> shape(Instant deadline) override {
    std::vector<exchange::TableShape> list;
    if (std::ranges::none_of(*source_.tables, whole)) JX_CHECK(reach(deadline));
    for (const auto& table : *source_.tables) {
      if (!whole(table)) {
        list.push_back({table.name, columns_of(table, {})});
        continue;
      }
      JX_TRY(body, ask(*table.path, deadline));
      JX_TRY(rows, rows_of(table, body));
      list.push_back({table.name, columns_of(table, rows)});
    }
    return list;
  }

  Result<> scan(const std::string& name, Instant deadline, const exchange::TakeRow& take) override {
    JX_TRY(table, described(name));
    if (!whole(*table)) return {};  // it can only be looked up in
    JX_TRY(body, ask(*table->path, deadline));
    JX_TRY(rows, rows_of(*table, body));
    const auto columns = columns_of(*table, rows);
    for (const auto* row : rows) {
      std::vector<json::value> values;
      values.reserve(columns.size());
      for (const auto& column : columns) values.push_back(cell(at(*row, table->columns->at(column))));
      std::vector<exchange::Cell> cells;
      cells.reserve(columns.size());
      for (const auto& value : values) cells.push_back(Borrowed{value}.get());
      JX_CHECK(take(cells));
    }
    return {};
  }

 private:
  static bool whole(const catalogue::SourceTable& table) {
    return table.path->find('{') == std::string::npos && (!table.lookup || table.lookup->empty());
  }

  /// Those that some row has; all where there is no row.
  static std::vector<std::string> columns_of(const catalogue::SourceTable& table, std::span<const json::value* const> rows) {
    std::vector<std::string> columns;
    for (const auto& [column, where] : *table.columns) {
      const auto has = [&](const json::value* row) { return at(*row, where) != nullptr; };
      if (rows.empty() || std::ranges::any_of(rows, has)) columns.push_back(column);
    }
    return columns;
  }

  Result<const catalogue::SourceTable*> described(const std::string& name) const {
    const auto found = std::ranges::find(*source_.tables, name, &catalogue::SourceTable::name);
    if (found == source_.tables->end()) return no_table(name);
    return &*found;
  }

  /// The path with what the look-up gives; nothing where a value is in no path. Errors: invalid (a column of the path was not looked up).
  Result<std::optional<std::string>> target_of(const catalogue::SourceTable& table, std::span<const exchange::Condition> where) const {
    const auto given = [&](std::string_view column) -> const std::string* {
      for (const auto& condition : where) {
        if (condition.op == exchange::Op::eq && condition.column == column) return &condition.value;
      }
      return nullptr;
    };
    std::string target;
    const std::string_view path = *table.path;
    for (std::size_t i = 0; i < path.size();) {
      if (path[i] != '{') {
        target.push_back(path[i++]);
        continue;
      }
      const auto close = path.find('}', i);
      const auto column = path.substr(i + 1, close - i - 1);
      const auto* value = given(column);
      if (value == nullptr) {
        return fail(ErrorCode::invalid,
                    {"this interface can only be asked by " + std::string(column), "该接口须按 " + std::string(column) + " 查询"});
      }
      if (!is_step(*value)) return std::optional<std::string>();
      target += encoded(*value);
      i = close + 1;
    }
    if (table.lookup) {
      for (const auto& [column, parameter] : *table.lookup) {
        if (const auto* value = given(column))
          target += (target.find('?') == std::string::npos ? "?" : "&") + encoded(parameter) + "=" + encoded(*value);
      }
    }
    return std::optional(std::move(target));
  }

  Result<http::Answered> get(const std::string& target, Instant deadline) {
    http::Asked asked;
    asked.url = *source_.url + (source_.url->ends_with('/') || target.starts_with('/') || target.empty() ? "" : "/");
    if (asked.url.ends_with('/') && target.starts_with('/')) asked.url.pop_back();
    asked.url += target;
    asked.accept = "application/json";
    if (source_.tls_ca) asked.authorities = authorities(source_, folder_);
    asked.deadline = std::min(deadline, SystemClock().now() + call_time_max);
    asked.bytes_max = answer_bytes_max;
    JX_TRY(secret, secret_of(source_, secrets_));
    if (secret) asked.authorization = "Bearer " + std::string(secret->text());
    auto answer = pool_.with(deadline, [&](Line& line) { return line.client.get(asked); });
    crypto::wipe(asked.authorization);
    if (!answer && answer.error().code == ErrorCode::timeout) return late(source_.name);
    if (!answer)
      return broken(source_.name, answer.error().code == ErrorCode::too_large ? "an answer of more than 8 MiB" : "no connection, or no HTTP answer");
    return answer;
  }

  /// Whether anybody answers, whatever.
  Result<> reach(Instant deadline) {
    JX_CHECK(get("", deadline));
    return {};
  }

  Result<json::value> ask(const std::string& target, Instant deadline) {
    JX_TRY(answer, get(target, deadline));
    if (answer.status == 404) return json::value(json::array());                                            // nobody of that key
    if (answer.status != 200) return broken(source_.name, "it answered " + std::to_string(answer.status));  // a redirect is not followed
    auto body = wire::parse(answer.body, {.bytes = answer_bytes_max, .string_bytes = answer_bytes_max});
    if (!body) return broken(source_.name, "it answered no JSON");
    return std::move(*body);
  }

  /// The rows of an answer: an array, or one object.
  Result<std::vector<const json::value*>> rows_of(const catalogue::SourceTable& table, const json::value& body) const {
    std::vector<const json::value*> rows;
    const auto* found = body.is_array() && body.get_array().empty() ? &body : at(body, table.rows.value_or(""));
    if (found == nullptr || found->is_null()) return rows;
    if (const auto* array = found->if_array()) {
      if (array->size() > rows_max) return broken(source_.name, "an answer of more than 200,000 rows");
      for (const auto& row : *array) {
        if (row.is_object()) rows.push_back(&row);
      }
      return rows;
    }
    if (!found->is_object()) return broken(source_.name, "its rows are neither an array nor an object");
    rows.push_back(found);
    return rows;
  }

  catalogue::Source source_;
  std::filesystem::path folder_;
  catalogue::Secrets secrets_;
  Pool<Line> pool_;
};

}  // namespace

std::unique_ptr<Connector> http_connector(const catalogue::Source& source, const std::filesystem::path& data_folder,
                                          const catalogue::Secrets& secrets) {
  return std::make_unique<HttpConnector>(source, data_folder, secrets);
}

}  // namespace jx::connectors
