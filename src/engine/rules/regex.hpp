// regex.hpp - XPath regular expressions (XQuery and XPath Functions 3.1, section 5.6), as matches, replace and split use them.
//
// The pattern is read and checked here, and handed to ICU in ICU's own syntax. ICU backtracks, so each match has a limit of
// time and of stack: a pattern that runs away ends with an error, not with a stuck thread.
#pragma once
#include <jx/core/result.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::rules {

inline constexpr std::size_t pattern_bytes_max = 10'000;

class Regex {
 public:
  /// Flags: s, m, i, x, q. Errors: invalid (the pattern or a flag), too_large.
  [[nodiscard]] static Result<std::shared_ptr<const Regex>> compile(std::string_view pattern, std::string_view flags);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  /// Whether it matches anywhere. Errors: timeout.
  [[nodiscard]] Result<bool> matches(std::string_view input) const;
  /// Errors: invalid (the pattern matches the empty text; a bad `$` or `\` in the replacement), timeout, too_large.
  [[nodiscard]] Result<std::string> replace(std::string_view input, std::string_view replacement, std::size_t bytes_max) const;
  /// The parts between the matches. Errors: invalid (the pattern matches the empty text), timeout.
  [[nodiscard]] Result<std::vector<std::string>> split(std::string_view input) const;

 private:
  struct Data;
  explicit Regex(std::unique_ptr<Data> data);
  std::unique_ptr<Data> data_;
};

struct RegexFlags {
  bool dot_all = false, multiline = false, insensitive = false, spaced = false;  // s, m, i, x
};

/// The pattern in ICU's syntax, and how many groups it has. Errors: invalid; too_large (more character classes than are compiled in no time).
[[nodiscard]] Result<std::string> icu_pattern(std::string_view pattern, const RegexFlags& flags, int& groups);

}  // namespace jx::rules
