#include "says.hpp"

#include <algorithm>

namespace jx::connectors {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_letter(char a, char b) { return lower(a) == lower(b); }

}  // namespace

std::unexpected<Error> broken(const LocalizedText& source, std::string why) {
  return fail_because(
      {ErrorCode::unavailable, {std::move(why)}, {}, nullptr}, ErrorCode::unavailable,
      {"the data source cannot be read now: " + std::string(source.in("en")), "数据源暂时无法读取：" + std::string(source.in("zh-CN"))});
}

std::unexpected<Error> late(const LocalizedText& source) {
  return fail(ErrorCode::timeout,
              {"the data source did not answer in time: " + std::string(source.in("en")), "数据源响应超时：" + std::string(source.in("zh-CN"))});
}

std::unexpected<Error> no_table(const std::string& table) {
  return fail(ErrorCode::unavailable, {"the data source has no table " + table, "数据源中没有表 " + table});
}

std::unexpected<Error> no_column(const std::string& column) {
  return fail(ErrorCode::unavailable, {"the data source has changed: it has no column " + column, "数据源结构已变更：缺少 " + column});
}

bool holds(const exchange::Condition& condition, std::string_view cell) {
  switch (condition.op) {
    case exchange::Op::eq: return cell == condition.value;
    case exchange::Op::starts_with:
      return cell.size() >= condition.value.size() && std::ranges::equal(cell.substr(0, condition.value.size()), condition.value, same_letter);
    case exchange::Op::contains: return !std::ranges::search(cell, condition.value, same_letter).empty();
  }
  return false;
}

std::string like_pattern(const exchange::Condition& condition, char escape) {
  std::string out = condition.op == exchange::Op::contains ? "%" : "";
  for (const char c : condition.value) {
    if (c == '%' || c == '_' || c == escape) out.push_back(escape);
    out.push_back(c);
  }
  return out + '%';
}

}  // namespace jx::connectors
