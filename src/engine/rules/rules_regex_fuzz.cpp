// Flags on the first line, a pattern on the second, and the text behind them: matched, replaced by itself and split.
#include "names.hpp"
#include "regex.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx::rules;
  const std::string_view all(reinterpret_cast<const char*>(data), size);  // NOLINT(*-reinterpret-cast)
  const auto first = all.find('\n'), second = all.find('\n', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos || size > 4'096 || !is_utf8(all)) return 0;
  const auto flags = all.substr(0, first), pattern = all.substr(first + 1, second - first - 1), text = all.substr(second + 1);
  const auto regex = Regex::compile(pattern, flags);
  if (!regex) return 0;
  const auto found = (*regex)->matches(text);
  const auto same = (*regex)->replace(text, "$0", 100'000);
  const auto parts = (*regex)->split(text);
  if (same && flags.find('q') == std::string_view::npos && *same != text) std::abort();
  if (same && found && !*found && *same != text) std::abort();
  if (parts && found && (parts->size() > 1) != *found) std::abort();
  return 0;
}
