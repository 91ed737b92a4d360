// solr.hpp - the part of Solr's query language that clients of CKAN write: words, phrases, field:value, [a TO b], + - AND OR NOT, brackets.
// Private to the module.
#pragma once
#include <jx/core.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::open_data {

inline constexpr std::size_t solr_bytes_max = 2'000;
inline constexpr std::size_t solr_depth_max = 16;
inline constexpr std::size_t solr_nodes_max = 100;

struct Solr {
  enum class Kind { all, any, none, everything, words, range };
  Kind kind = Kind::everything;
  std::vector<Solr> parts;                   // all, any; none: the one that must not hold
  std::string field;                         // words, range: empty for the whole document
  std::string value;                         // words; the lower end of a range, `*`: none
  std::string to;                            // range
  bool phrase = false;                       // words in quotation marks
  bool open_low = false, open_high = false;  // range: its end is not in it

  /// Whether a document is one of those asked for; `leaf` answers it for words and ranges.
  [[nodiscard]] bool holds(const std::function<bool(const Solr&)>& leaf) const;
  void each_words(const std::function<void(const Solr&)>& take) const;
};

/// Terms that stand beside each other must all hold. Errors: invalid (says what was expected, and where); too_large.
[[nodiscard]] Result<Solr> parse_solr(std::string_view text);

/// Whether a value is that of a term: alike without regard to case and width; with `*` and `?` as wild cards where it is no phrase.
[[nodiscard]] bool solr_alike(const Solr& words, std::string_view value);

}  // namespace jx::open_data
