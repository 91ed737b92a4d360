// words.hpp - words for people: what the program says (two languages) and what a pack says (any languages).
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace jx {

/// A sentence of the program itself, in both of its languages. `zh` may be empty for what only an operator sees.
struct Words {
  std::string en;
  std::string zh;

  Words() = default;
  Words(std::string english, std::string chinese = {}) : en(std::move(english)), zh(std::move(chinese)) {}  // NOLINT(*-explicit-*)
  Words(const char* english) : en(english) {}                                                               // NOLINT(*-explicit-*)

  /// The sentence for a BCP 47 language: Chinese for `zh` and `zh-*` where there is one, else English.
  [[nodiscard]] const std::string& in(std::string_view language) const { return language.starts_with("zh") && !zh.empty() ? zh : en; }

  friend bool operator==(const Words&, const Words&) = default;
};

/// A text that a pack or a person gives in several languages: BCP 47 tag -> text in NFC.
class LocalizedText {
 public:
  LocalizedText() = default;
  explicit LocalizedText(std::map<std::string, std::string> by_language) : by_language_(std::move(by_language)) {}

  /// The text for `language`; else for its primary subtag, else English, else Chinese, else the first there is, else "".
  [[nodiscard]] std::string_view in(std::string_view language) const;
  [[nodiscard]] const std::map<std::string, std::string>& by_language() const { return by_language_; }
  [[nodiscard]] bool empty() const { return by_language_.empty(); }

  friend bool operator==(const LocalizedText&, const LocalizedText&) = default;

 private:
  std::map<std::string, std::string> by_language_;
};

}  // namespace jx
