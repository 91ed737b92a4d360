// search.hpp - short texts (items, resources, guides) found as people type: Chinese in words and in pinyin, English, with typing errors.
// In memory: some thousand documents of some hundred characters each. What changes is indexed anew.
#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::search {

inline constexpr std::size_t query_bytes_max = 400;  // beyond, the rest is not looked at

/// A part of a document. The weight says what a find in it counts: a title more than a summary.
struct Part {
  std::string_view text;
  double weight = 1;
};

struct Hit {
  std::size_t document;
  double score;
};

/// Words that mean the same to people: {"饭店", "餐馆", "restaurant"}.
using Synonyms = std::vector<std::vector<std::string>>;

/// Thread-safe once it is built.
class Index {
 public:
  Index() = default;
  explicit Index(const Synonyms& synonyms);

  /// Adds the document of the next number, from 0.
  void add(std::span<const Part> parts);

  /// The documents that have most of what is asked, best first; of equal ones that which was added first. Nothing for a query without words.
  [[nodiscard]] std::vector<Hit> find(std::string_view query) const;

  [[nodiscard]] std::size_t size() const { return documents_; }

 private:
  struct Posting {
    std::size_t document;
    double weight;
  };
  using Postings = std::map<std::string, std::vector<Posting>, std::less<>>;
  using Scores = std::map<std::size_t, double>;

  void put(Postings& postings, std::string term, double weight) const;
  [[nodiscard]] double rarity(std::size_t documents) const;
  void take(Scores& scores, const std::vector<Posting>& postings, double factor) const;
  [[nodiscard]] Scores latin(std::string_view word) const;
  [[nodiscard]] Scores chinese(std::string_view word) const;
  [[nodiscard]] Scores term(std::string_view word) const;

  Postings words_;   // words, and pairs of neighbouring Chinese characters
  Postings sounds_;  // pinyin from each character of a run on, and the initials of it
  std::map<std::string, std::vector<std::string>, std::less<>> synonyms_;
  std::size_t documents_ = 0;
};

}  // namespace jx::search
