// law.hpp - citations of laws as people write them in a table: 食品安全法第三十五条、第三十六条; 《消防法》第十五条第二款; Food Safety Law, art. 35.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace jx::decisions {

struct Citation {
  std::string law;      // as plain_law gives it
  std::string article;  // digits, such as `109` or `120-1` (第一百二十条之一); empty: the law as a whole
  std::string clause;   // digits, or empty

  friend bool operator==(const Citation&, const Citation&) = default;
};

/// The name without 《》, without 中华人民共和国 before it and without space around it.
[[nodiscard]] std::string plain_law(std::string_view name);
/// `第三十五条`, `三十五`, `35`: 35. What is no number stays as it is.
[[nodiscard]] std::string plain_article(std::string_view article);
/// Every citation in a text, in order. A part without an article is taken as the name of a law.
[[nodiscard]] std::vector<Citation> citations(std::string_view text);
/// Whether `cited` is what is asked for: the same law (letters of either case), and the same article where one is asked for.
[[nodiscard]] bool cites(const Citation& cited, std::string_view law, std::string_view article);

}  // namespace jx::decisions
