#include "breaks.hpp"

#include <jx/text.hpp>

#include <algorithm>
#include <array>

namespace jx::text {
namespace {

constexpr auto two_character_surnames =
    std::to_array<std::string_view>({"欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "长孙",
                                     "宇文", "端木", "南宫", "西门", "独孤", "钟离", "闻人", "公羊", "澹台", "濮阳", "淳于", "单于", "申屠", "轩辕"});

std::string show(std::string_view text, const std::vector<std::size_t>& ends, std::size_t head, std::size_t tail) {
  const std::size_t count = ends.size();
  const std::size_t head_end = head == 0 ? 0 : ends[head - 1];
  const std::size_t tail_begin = tail == 0 ? text.size() : ends[count - tail - 1];
  return std::string(text.substr(0, head_end)) + std::string(count - head - tail, '*') + std::string(text.substr(tail_begin));
}

std::string masked_part(std::string_view part) {
  const auto ends = grapheme_ends(part);
  const bool two =
      ends.size() > 2 && std::ranges::any_of(two_character_surnames, [&](std::string_view surname) { return part.starts_with(surname); });
  return show(part, ends, two ? 2 : ends.size() > 1 ? 1 : 0, 0);
}

}  // namespace

std::string masked(std::string_view text, std::size_t head, std::size_t tail) {
  const auto ends = grapheme_ends(text.substr(0, bytes_max));
  const bool enough = head <= ends.size() && tail <= ends.size() && (head + tail) * 2 <= ends.size();
  return enough ? show(text, ends, head, tail) : std::string(ends.size(), '*');
}

std::string masked(const Code& code) { return grapheme_ends(code.value).size() >= 12 ? masked(code.value, 3, 2) : masked(code.value, 1, 1); }

std::string masked_name(std::string_view name) {
  std::string out;
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find(' ', begin), name.size());
    if (begin > 0) out.push_back(' ');
    out += masked_part(name.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace jx::text
