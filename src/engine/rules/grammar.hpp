// grammar.hpp - the reader of FEEL text: one function for each rule of the grammar (DMN 1.5, 10.3.1.2), by recursive descent.
//
// Where two rules begin alike, one is attempted and taken back if it fails; attempts within attempts are bounded.
#pragma once
#include "infer.hpp"
#include "names.hpp"
#include "parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jx::rules {

inline constexpr std::array<std::string_view, 10> infix_words = {"and",  "or",   "in",     "between",   "instance",
                                                                 "then", "else", "return", "satisfies", "of"};
inline constexpr std::array<std::string_view, 8> opening_words = {"if", "for", "some", "every", "function", "true", "false", "null"};

inline constexpr std::size_t terms_per_token_max = 8;

inline bool is_any(std::string_view word, std::span<const std::string_view> words) { return std::ranges::find(words, word) != words.end(); }

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens, Names& names) : text_(text), tokens_(std::move(tokens)), names_(names) {}

  AstPtr whole_expression() { return ended(expression()); }
  AstPtr whole_tests(std::size_t input, const TypePtr& type);
  TypePtr whole_type() {
    auto t = type();
    if (peek().kind != TokenKind::end) refuse_token();
    return t;
  }
  [[nodiscard]] const std::optional<SyntaxError>& error() const { return error_; }

 private:
  // --- tokens -------------------------------------------------------------------------------------------------------------
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  [[nodiscard]] bool is(std::string_view text, std::size_t ahead = 0) const { return peek(ahead).is(text); }
  bool take(std::string_view text) { return is(text) ? (++at_, true) : false; }
  bool expect(std::string_view text) {
    if (take(text)) return true;
    const std::string found = peek().kind == TokenKind::end ? std::string("the end") : fmt::format("'{}'", peek().text.substr(0, 40));
    const std::string zh = peek().kind == TokenKind::end ? std::string("结尾") : fmt::format("“{}”", peek().text.substr(0, 40));
    refuse({fmt::format("expected '{}' but found {}", text, found), fmt::format("此处应为“{}”，却是{}", text, zh)});
    return false;
  }
  std::nullptr_t refuse(Words message) {
    if (!error_) error_ = SyntaxError{peek().at, std::move(message)};
    return nullptr;
  }
  std::nullptr_t refuse_token() {
    if (peek().kind == TokenKind::end) return refuse({"the expression ends too early", "表达式不完整"});
    return refuse(
        {fmt::format("'{}' does not belong here", peek().text.substr(0, 40)), fmt::format("“{}”不应出现在此处", peek().text.substr(0, 40))});
  }
  AstPtr ended(AstPtr ast) {
    if (ast && peek().kind != TokenKind::end) return refuse_token();
    return error_ ? nullptr : std::move(ast);
  }

  // --- building -----------------------------------------------------------------------------------------------------------
  struct Nested {  // counts brackets within brackets
    Parser& parser;
    explicit Nested(Parser& p) : parser(p) { ++parser.nesting_; }
    ~Nested() { --parser.nesting_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    [[nodiscard]] bool too_deep() const { return parser.nesting_ > nesting_max; }
  };
  /// Final: no other reading of what lies within has fewer levels, and trying each at every level would double the work with every level.
  AstPtr too_deep() {
    is_too_deep_ = true;
    return refuse({fmt::format("more than {} levels of nesting", nesting_max), fmt::format("嵌套超过 {} 层", nesting_max)});
  }

  template <class... Kids>
  AstPtr node(Op op, std::uint32_t at, Kids... kids) {
    if ((... || !kids)) return nullptr;
    auto ast = std::make_unique<Ast>(op, at);
    ast->kids.reserve(sizeof...(kids));
    (ast->kids.push_back(std::move(kids)), ...);
    return finish(std::move(ast));
  }
  AstPtr finish(AstPtr ast) {
    if (!ast || error_) return nullptr;
    for (const auto& kid : ast->kids) ast->height = std::max(ast->height, kid->height + 1);
    if (ast->height > height_max)
      return refuse({"the expression is too long; give parts of it names of their own", "表达式过长，请把其中的部分单独命名"});
    ast->type = infer(*ast);
    return ast;
  }

  /// Tries `parse`; where it fails, or `accept` refuses what follows, everything is as before.
  template <class Parse, class Accept>
  AstPtr attempt(Parse parse, Accept accept) {
    const std::size_t start = at_;
    const auto before = error_;
    AstPtr ast = parse();
    if (ast && !error_ && accept()) return ast;
    if (is_too_deep_) return nullptr;
    at_ = start;
    error_ = before;
    return nullptr;
  }

  // --- expressions, from the loosest to the tightest -------------------------------------------------------------------------
  AstPtr expression();
  AstPtr disjunction();
  AstPtr conjunction();
  AstPtr comparison();
  AstPtr in_tests(AstPtr value, std::uint32_t at);
  AstPtr additive();
  AstPtr multiplicative();
  AstPtr exponent();
  AstPtr unary();
  AstPtr postfix();
  AstPtr primary();

  AstPtr conditional();
  AstPtr loop();
  AstPtr quantified(Op op);
  bool iterations(Ast& ast, bool ranges);
  AstPtr function_definition();
  AstPtr list_or_range();
  AstPtr positive_range();
  AstPtr parenthesized();
  AstPtr range_rest(AstPtr low, bool low_closed, std::uint32_t at);
  AstPtr context();
  AstPtr call(AstPtr callee, std::uint32_t at);
  AstPtr path(AstPtr of);
  AstPtr filter(AstPtr of);
  AstPtr name();
  AstPtr at_literal();
  AstPtr string_literal();

  // --- unary tests ------------------------------------------------------------------------------------------------------------
  AstPtr positive_test(bool whole);
  std::optional<Op> comparison_operator() const;

  // --- names and types --------------------------------------------------------------------------------------------------------
  [[nodiscard]] std::string key_of(std::size_t count) const {
    const auto& first = peek();
    const auto& last = peek(count - 1);
    return name_key(text_.substr(first.at, last.at + last.length - first.at));
  }
  [[nodiscard]] std::string source_of(std::size_t count) const {
    const auto& first = peek();
    const auto& last = peek(count - 1);
    return std::string(text_.substr(first.at, last.at + last.length - first.at));
  }
  [[nodiscard]] static bool name_token(const Token& token) {
    return token.kind == TokenKind::word || token.kind == TokenKind::number ||
           (token.kind == TokenKind::symbol && token.text.size() <= 2 && std::string_view("./-'+***").find(token.text) != std::string_view::npos);
  }
  /// How many tokens from here make the longest name that `look` knows; 0 if none.
  template <class Look>
  std::size_t longest_name(Look look) const {
    if (peek().kind != TokenKind::word) return 0;
    std::string key;
    std::size_t best = 0, end = peek().at;
    for (std::size_t count = 1; count <= name_tokens_max && name_token(peek(count - 1)); ++count) {
      const auto& token = peek(count - 1);
      const auto between = text_.substr(end, token.at - end);
      if (between.find('/') != std::string_view::npos) break;  // a comment parts names
      extend_key(key, token.text, !between.empty());
      end = token.at + token.length;
      const Names::Known known = look(std::as_const(key));
      if (known.whole) best = count;
      if (!known.more) break;
    }
    return best;
  }
  /// Adjacent words that no operator parts: a name of several words that nobody declared.
  [[nodiscard]] std::size_t plain_words() const {
    std::size_t count = 0;
    while (count < 12 && peek(count).kind == TokenKind::word && (count == 0 || !is_any(peek(count).text, infix_words))) ++count;
    return count;
  }
  /// The name of a variable, parameter or entry: everything up to one of `stops`; nullopt if it is no name.
  std::optional<std::string> new_name(std::initializer_list<std::string_view> stops);
  TypePtr type();
  std::optional<TypePtr> named_type();

  std::string_view text_;
  std::vector<Token> tokens_;
  Names& names_;
  std::size_t at_ = 0;
  unsigned nesting_ = 0;
  bool is_too_deep_ = false;          // nothing more is read
  std::size_t terms_ = 0;             // read so far, also in attempts that failed
  bool closing_range_ = false;        // `[` ends the range that is being read
  std::optional<std::size_t> input_;  // slot of `?`
  bool uses_input_ = false;
  std::optional<SyntaxError> error_;
};

}  // namespace jx::rules
