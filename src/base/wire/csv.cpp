#include <jx/wire/csv.hpp>

#include <jx/wire/utf8.hpp>

#include <algorithm>
#include <array>

namespace jx::wire {
namespace {

std::unexpected<Error> fault(int line, ErrorCode code, const std::string& en, const std::string& zh) {
  const std::string number = std::to_string(line);
  return fail(code, {"line " + number + ": " + en, "第 " + number + " 行：" + zh});
}

}  // namespace

Result<CsvReader> CsvReader::open(std::string_view text, const CsvLimits& limits, const CsvForm& form) {
  if (text.size() > limits.bytes) {
    const std::string max = std::to_string(limits.bytes);
    return fail(ErrorCode::too_large, {"more than " + max + " bytes", "超过 " + max + " 字节"});
  }
  if (text.starts_with("\xEF\xBB\xBF"))
    return fault(1, ErrorCode::invalid, "begins with a byte order mark: save it without", "开头有字节顺序标记：请保存为无 BOM 的 UTF-8");
  if (const auto at = find_invalid_utf8(text)) {
    const auto before = text.substr(0, *at);
    return fault(1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')), ErrorCode::invalid, "not UTF-8", "不是 UTF-8");
  }
  CsvReader reader(text, limits, form.delimiter);
  for (int row = 1; row < form.head_row; ++row) JX_CHECK(reader.record());
  JX_TRY(any, reader.record());
  if (!any) return fault(reader.line_, ErrorCode::invalid, "there is no head row", "缺少表头");
  for (const std::string_view name : reader.fields_) {
    if (name.empty()) return fault(reader.line_, ErrorCode::invalid, "a column has no name", "有一列没有列名");
    if (std::find(reader.columns_.begin(), reader.columns_.end(), name) != reader.columns_.end()) {
      return fault(reader.line_, ErrorCode::invalid, "the column `" + std::string(name) + "` is there twice",
                   "列名 `" + std::string(name) + "` 重复");
    }
    reader.columns_.emplace_back(name);
  }
  reader.fields_.clear();
  return reader;
}

Result<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
  std::string known;
  for (const std::string& column : columns_) known.append(known.empty() ? "" : ", ").append(column);
  return fail(ErrorCode::not_found,
              {"there is no column `" + std::string(name) + "`; there are: " + known, "没有列 `" + std::string(name) + "`；现有：" + known});
}

Result<std::optional<std::span<const std::string_view>>> CsvReader::next() {
  JX_TRY(any, record());
  if (!any) return std::nullopt;
  if (++rows_ > limits_.rows) return fault(line_, ErrorCode::too_large, "too many rows", "行数过多");
  if (fields_.size() != columns_.size()) {
    const std::string found = std::to_string(fields_.size()), wanted = std::to_string(columns_.size());
    return fault(line_, ErrorCode::invalid, found + " fields where the head has " + wanted, "有 " + found + " 个字段，表头有 " + wanted + " 个");
  }
  return std::span<const std::string_view>(fields_);
}

// Reads one record into fields_; false at the end of the text.
Result<bool> CsvReader::record() {
  fields_.clear();
  unquoted_.clear();
  line_ = next_line_;
  if (at_ >= text_.size()) return false;
  while (true) {
    if (fields_.size() >= limits_.columns) return fault(next_line_, ErrorCode::too_large, "too many fields", "字段过多");
    JX_CHECK(at_ < text_.size() && text_[at_] == '"' ? quoted() : bare());
    if (fields_.back().size() > limits_.field_bytes) return fault(next_line_, ErrorCode::too_large, "a field is too long", "字段过长");
    if (at_ >= text_.size()) return true;
    if (text_[at_] == delimiter_) {
      ++at_;
      continue;
    }
    if (text_.substr(at_).starts_with("\r\n")) ++at_;
    if (text_[at_] != '\n') return fault(next_line_, ErrorCode::invalid, "a carriage return that ends no line", "回车符之后没有换行");
    ++at_;
    ++next_line_;
    return true;
  }
}

Result<> CsvReader::bare() {
  const std::size_t end = std::min(text_.find_first_of(std::array{delimiter_, '"', '\r', '\n', '\0'}.data(), at_), text_.size());
  if (end < text_.size() && text_[end] == '"')
    return fault(next_line_, ErrorCode::invalid, "a quote inside a field that is not quoted", "未加引号的字段中有引号");
  fields_.push_back(text_.substr(at_, end - at_));
  at_ = end;
  return {};
}

Result<> CsvReader::quoted() {
  const int from_line = next_line_;
  std::size_t from = at_ + 1;
  std::string* joined = nullptr;
  while (true) {
    const std::size_t quote = text_.find('"', from);
    if (quote == std::string_view::npos) return fault(from_line, ErrorCode::invalid, "a quoted field has no end", "引号没有结束");
    const std::string_view part = text_.substr(from, quote - from);
    next_line_ += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
    const bool doubled = quote + 1 < text_.size() && text_[quote + 1] == '"';
    if (joined == nullptr && doubled) joined = &unquoted_.emplace_back();
    if (joined != nullptr) joined->append(part);
    if (!doubled) {
      fields_.push_back(joined != nullptr ? std::string_view(*joined) : part);
      at_ = quote + 1;
      break;
    }
    joined->push_back('"');
    from = quote + 2;
  }
  if (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n' && text_[at_] != '\r') {
    return fault(next_line_, ErrorCode::invalid, "something follows a closing quote", "引号结束后还有内容");
  }
  return {};
}

std::string csv_field(std::string_view text, char delimiter) {
  if (text.find_first_of("\"\r\n") == std::string_view::npos && text.find(delimiter) == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out.append("\"");
}

std::string csv_text(std::string_view text, char delimiter) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  return csv_field(formula ? "'" + std::string(text) : std::string(text), delimiter);
}

}  // namespace jx::wire
