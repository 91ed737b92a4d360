#include "solr.hpp"

#include <jx/text.hpp>

#include <algorithm>

namespace jx::open_data {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Solr> whole() {
    JX_TRY(tree, any(0));
    blanks();
    if (at_ < text_.size()) return wrong("nothing more was expected");
    return tree;
  }

 private:
  [[nodiscard]] std::unexpected<Error> wrong(const std::string& what) const {
    return fail(ErrorCode::invalid, {"Cannot parse the query at character " + std::to_string(at_ + 1) + ": " + what});
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(std::string_view token) {
    blanks();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  /// A word of the language, not the beginning of another one.
  bool keyword(std::string_view word) {
    blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    const auto after = at_ + word.size();
    if (after < text_.size() && std::string_view(" \t\n\r()").find(text_[after]) == std::string_view::npos) return false;
    at_ = after;
    return true;
  }

  Result<Solr> any(std::size_t depth) {
    if (depth > solr_depth_max) return wrong("the brackets are too deep");
    Solr either{Solr::Kind::any, {}, {}, {}, {}};
    do {
      JX_TRY(part, all(depth));
      either.parts.push_back(std::move(part));
    } while (keyword("OR") || take("||"));
    return either.parts.size() == 1 ? std::move(either.parts.front()) : std::move(either);
  }

  Result<Solr> all(std::size_t depth) {
    Solr both{Solr::Kind::all, {}, {}, {}, {}};
    while (true) {
      blanks();
      if (at_ >= text_.size() || text_[at_] == ')') break;
      const auto before = at_;
      if (keyword("OR") || take("||")) {
        if (both.parts.empty()) return wrong("a term was expected before OR");
        at_ = before;
        break;
      }
      if (!both.parts.empty()) (void)(keyword("AND") || take("&&"));
      JX_TRY(part, one(depth));
      both.parts.push_back(std::move(part));
    }
    if (both.parts.empty()) return wrong("a term was expected");
    return both.parts.size() == 1 ? std::move(both.parts.front()) : std::move(both);
  }

  Result<Solr> one(std::size_t depth) {
    if (++nodes_ > solr_nodes_max) return fail(ErrorCode::too_large, {"A query has at most 100 terms"});
    if (keyword("NOT") || take("-") || take("!")) {
      if (depth > solr_depth_max) return wrong("the brackets are too deep");
      JX_TRY(part, one(depth + 1));
      Solr none{Solr::Kind::none, {}, {}, {}, {}};
      none.parts.push_back(std::move(part));
      return none;
    }
    (void)take("+");
    if (take("(")) return bracket(depth, {});
    std::string field;
    if (const auto colon = field_end(); colon != std::string_view::npos) {
      field = text_.substr(at_, colon - at_);
      at_ = colon + 1;
      if (take("(")) return bracket(depth, field);
      blanks();
    }
    if (at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '{')) return range(std::move(field));
    return words(std::move(field));
  }

  Result<Solr> bracket(std::size_t depth, const std::string& field) {
    JX_TRY(inner, any(depth + 1));
    if (!take(")")) return wrong("a closing bracket is missing");
    if (!field.empty()) name(inner, field);
    return inner;
  }
  static void name(Solr& tree, const std::string& field) {
    if (tree.field.empty()) tree.field = field;
    for (auto& part : tree.parts) name(part, field);
  }

  /// Where the colon of `field:` stands, if that is what comes.
  std::size_t field_end() {
    blanks();
    auto end = at_;
    while (end < text_.size() && ((text_[end] >= 'a' && text_[end] <= 'z') || (text_[end] >= 'A' && text_[end] <= 'Z') ||
                                  (text_[end] >= '0' && text_[end] <= '9') || text_[end] == '_' || text_[end] == '.' || text_[end] == '*'))
      ++end;
    return end > at_ && end < text_.size() && text_[end] == ':' ? end : std::string_view::npos;
  }

  Result<Solr> range(std::string field) {
    Solr out{Solr::Kind::range, {}, std::move(field), {}, {}};
    out.open_low = text_[at_++] == '{';
    blanks();
    out.value = bare("]} ");
    if (!keyword("TO")) return wrong("TO was expected in a range");
    blanks();
    out.to = bare("]} ");
    blanks();
    if (out.value.empty() || out.to.empty() || at_ >= text_.size() || (text_[at_] != ']' && text_[at_] != '}'))
      return wrong("a range is [from TO to]");
    out.open_high = text_[at_++] == '}';
    return out;
  }

  std::string bare(std::string_view end) {
    std::string out;
    while (at_ < text_.size() && end.find(text_[at_]) == std::string_view::npos) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_++];
    }
    return out;
  }

  Result<Solr> words(std::string field) {
    Solr out{Solr::Kind::words, {}, std::move(field), {}, {}};
    if (at_ < text_.size() && text_[at_] == '"') {
      ++at_;
      out.phrase = true;
      out.value = bare("\"");
      if (at_ >= text_.size()) return wrong("a closing quotation mark is missing");
      ++at_;
    } else {
      out.value = bare(" \t\r\n()\"");
    }
    if (const auto boost = out.value.rfind('^'); !out.phrase && boost != std::string::npos && boost > 0) out.value.resize(boost);
    if (out.value.empty()) return wrong("a value was expected");
    if (out.value == "*" && !out.phrase && (out.field.empty() || out.field == "*")) out.kind = Solr::Kind::everything;
    return out;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
};

bool wild(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool Solr::holds(const std::function<bool(const Solr&)>& leaf) const {
  switch (kind) {
    case Kind::everything: return true;
    case Kind::all: return std::ranges::all_of(parts, [&](const Solr& part) { return part.holds(leaf); });
    case Kind::any: return std::ranges::any_of(parts, [&](const Solr& part) { return part.holds(leaf); });
    case Kind::none: return !parts.front().holds(leaf);
    case Kind::words:
    case Kind::range: return leaf(*this);
  }
  return false;
}

void Solr::each_words(const std::function<void(const Solr&)>& take) const {
  if (kind == Kind::words) take(*this);
  if (kind == Kind::none) return;
  for (const auto& part : parts) part.each_words(take);
}

Result<Solr> parse_solr(std::string_view text) {
  if (text.size() > solr_bytes_max) return fail(ErrorCode::too_large, {"A query has at most 2,000 octets"});
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Solr();
  return Parser(text).whole();
}

bool solr_alike(const Solr& words, std::string_view value) {
  const auto wanted = text::case_fold(words.value);
  const auto folded = text::case_fold(value);
  return words.phrase ? wanted == folded : wild(wanted, folded);
}

}  // namespace jx::open_data
