#include "parser.hpp"

#include "infer.hpp"
#include "names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jx::rules {
namespace {

constexpr std::array<std::string_view, 10> infix_words = {"and", "or", "in", "between", "instance", "then", "else", "return", "satisfies", "of"};
constexpr std::array<std::string_view, 8> opening_words = {"if", "for", "some", "every", "function", "true", "false", "null"};

constexpr std::size_t terms_per_token_max = 8;

bool is_any(std::string_view word, std::span<const std::string_view> words) { return std::ranges::find(words, word) != words.end(); }

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
  AstPtr too_deep() { return refuse({fmt::format("more than {} levels of nesting", nesting_max), fmt::format("嵌套超过 {} 层", nesting_max)}); }

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
  std::size_t terms_ = 0;             // read so far, also in attempts that failed
  bool closing_range_ = false;        // `[` ends the range that is being read
  std::optional<std::size_t> input_;  // slot of `?`
  bool uses_input_ = false;
  std::optional<SyntaxError> error_;
};

AstPtr Parser::expression() {
  const Nested nested(*this);
  if (nested.too_deep()) return too_deep();
  return disjunction();
}

AstPtr Parser::disjunction() {
  auto left = conjunction();
  if (!left || !is("or")) return left;
  auto ast = std::make_unique<Ast>(Op::disjunction, peek().at);
  ast->kids.push_back(std::move(left));
  while (take("or")) {
    ast->kids.push_back(conjunction());
    if (!ast->kids.back()) return nullptr;
  }
  return finish(std::move(ast));
}

AstPtr Parser::conjunction() {
  auto left = comparison();
  if (!left || !is("and")) return left;
  auto ast = std::make_unique<Ast>(Op::conjunction, peek().at);
  ast->kids.push_back(std::move(left));
  while (take("and")) {
    ast->kids.push_back(comparison());
    if (!ast->kids.back()) return nullptr;
  }
  return finish(std::move(ast));
}

std::optional<Op> Parser::comparison_operator() const {
  constexpr std::pair<std::string_view, Op> operators[] = {{"=", Op::equal},       {"!=", Op::not_equal}, {"<", Op::less},
                                                           {"<=", Op::less_equal}, {">", Op::greater},    {">=", Op::greater_equal}};
  if (peek().kind == TokenKind::symbol)
    for (const auto& [text, op] : operators)
      if (peek().text == text) return op;
  return std::nullopt;
}

AstPtr Parser::comparison() {
  auto left = additive();
  while (left) {
    const auto at = peek().at;
    if (const auto op = comparison_operator()) {
      ++at_;
      left = node(*op, at, std::move(left), additive());
    } else if (take("between")) {
      auto low = additive();
      if (!low || !expect("and")) return nullptr;
      left = node(Op::between, at, std::move(left), std::move(low), additive());
    } else if (take("in")) {
      left = in_tests(std::move(left), at);
    } else if (is("instance") && is("of", 1)) {
      at_ += 2;
      auto asked = type();
      left = node(Op::instance, at, std::move(left));
      if (left) left->asked = std::move(asked);
    } else {
      return left;
    }
  }
  return nullptr;
}

AstPtr Parser::in_tests(AstPtr value, std::uint32_t at) {
  auto ast = std::make_unique<Ast>(Op::in, at);
  ast->kids.push_back(std::move(value));
  if (is("(")) {
    // A list of tests in parentheses; unless it turns out to be a range or a larger expression that begins with one.
    std::vector<AstPtr> tests;
    const auto listed = [&]() -> AstPtr {
      ++at_;
      const Nested nested(*this);
      if (nested.too_deep()) return too_deep();
      do {
        tests.push_back(positive_test(false));
        if (!tests.back()) return nullptr;
      } while (take(","));
      if (!expect(")")) return nullptr;
      return std::make_unique<Ast>(Op::any_value);
    };
    const auto goes_on = [&] {
      static constexpr std::array<std::string_view, 8> operators = {"+", "-", "*", "/", "**", ".", "[", "("};
      return tests.size() > 1 || !(peek().kind == TokenKind::symbol && is_any(peek().text, operators));
    };
    if (attempt(listed, goes_on)) {
      for (auto& test : tests) ast->kids.push_back(std::move(test));
      return finish(std::move(ast));
    }
  }
  auto test = positive_test(false);
  if (!test) return nullptr;
  ast->kids.push_back(std::move(test));
  return finish(std::move(ast));
}

// `whole`: a cell of a table, where any expression may stand; after `in` only one that binds tighter than a comparison.
AstPtr Parser::positive_test(bool whole) {
  const auto at = peek().at;
  if (const auto op = comparison_operator()) {
    ++at_;
    auto ast = node(Op::test_compare, at, additive());
    if (ast) ast->comparison = *op;
    return ast;
  }
  const bool outer = uses_input_;
  uses_input_ = false;
  auto ast = node(Op::test_value, at, whole ? expression() : additive());
  if (ast) ast->uses_input = uses_input_ && input_.has_value();
  uses_input_ = outer || uses_input_;
  return ast;
}

AstPtr Parser::whole_tests(std::size_t input, const TypePtr& type) {
  input_ = input;
  static_cast<void>(type);
  auto ast = std::make_unique<Ast>(Op::unary_tests);
  if (is("-") && peek(1).kind == TokenKind::end) {
    ++at_;
    ast->kids.push_back(std::make_unique<Ast>(Op::any_value));
    return ended(finish(std::move(ast)));
  }
  const auto list = [&]() -> AstPtr {
    do {
      ast->kids.push_back(positive_test(true));
      if (!ast->kids.back()) return nullptr;
    } while (take(","));
    return std::make_unique<Ast>(Op::any_value);
  };
  // not(...) over tests; unless it is a call of the function within a larger expression.
  if (is("not") && is("(", 1)) {
    const auto negated = [&]() -> AstPtr {
      at_ += 2;
      return list() && expect(")") ? std::make_unique<Ast>(Op::any_value) : nullptr;
    };
    if (attempt(negated, [&] { return peek().kind == TokenKind::end; })) {
      ast->negated = true;
      return ended(finish(std::move(ast)));
    }
    ast->kids.clear();
  }
  if (!list()) return nullptr;
  return ended(finish(std::move(ast)));
}

AstPtr Parser::additive() {
  auto left = multiplicative();
  while (left && (is("+") || is("-"))) {
    const auto at = peek().at;
    const Op op = is("+") ? Op::add : Op::subtract;
    ++at_;
    left = node(op, at, std::move(left), multiplicative());
  }
  return left;
}

AstPtr Parser::multiplicative() {
  auto left = exponent();
  while (left && (is("*") || is("/"))) {
    const auto at = peek().at;
    const Op op = is("*") ? Op::multiply : Op::divide;
    ++at_;
    left = node(op, at, std::move(left), exponent());
  }
  return left;
}

AstPtr Parser::exponent() {
  auto left = unary();
  while (left && is("**")) {
    const auto at = peek().at;
    ++at_;
    left = node(Op::power, at, std::move(left), unary());
  }
  return left;
}

AstPtr Parser::unary() {
  if (!is("-")) return postfix();
  const Nested nested(*this);
  if (nested.too_deep()) return too_deep();
  const auto at = peek().at;
  ++at_;
  return node(Op::negate, at, unary());
}

AstPtr Parser::postfix() {
  auto left = primary();
  while (left) {
    if (is(".")) {
      left = path(std::move(left));
    } else if (is("[")) {
      if (closing_range_) return left;
      left = filter(std::move(left));
    } else if (is("(")) {
      const auto at = left->at;
      left = call(std::move(left), at);
    } else {
      return left;
    }
  }
  return nullptr;
}

AstPtr Parser::path(AstPtr of) {
  const auto at = peek().at;
  ++at_;
  if (peek().kind != TokenKind::word) return refuse({"a name must follow the point", "点号之后应为名称"});
  const TypePtr of_type = kind_of(of->type) == TypeKind::list ? of->type->element : of->type;
  std::string member;
  std::size_t count = 0;
  if (kind_of(of_type) == TypeKind::context) {
    count = longest_name([&](std::string_view key) {
      Names::Known known;
      for (const auto& field : of_type->fields) {
        const auto name = name_key(field.name);
        known.see(name, key);
        if (name == key) member = field.name;
      }
      return known;
    });
  }
  if (count == 0) {
    count = std::max<std::size_t>(plain_words(), 1);
    member = normal_name(source_of(count));
  }
  at_ += count;
  auto ast = node(Op::path, at, std::move(of));
  if (!ast) return nullptr;
  ast->text = std::move(member);
  ast->type = infer(*ast);
  return ast;
}

AstPtr Parser::filter(AstPtr of) {
  const auto at = peek().at;
  ++at_;
  const bool outer = std::exchange(closing_range_, false);
  const TypePtr item = kind_of(of->type) == TypeKind::list ? of->type->element : of->type;
  const std::size_t slot = names_.reserve();
  names_.push_item(slot, kind_of(item) == TypeKind::null ? nullptr : item);
  auto condition = expression();
  names_.pop();
  closing_range_ = outer;
  if (!condition || !expect("]")) return nullptr;
  auto ast = node(Op::filter, at, std::move(of), std::move(condition));
  if (ast) ast->index = slot;
  return ast;
}

AstPtr Parser::call(AstPtr callee, std::uint32_t at) {
  ++at_;
  auto ast = std::make_unique<Ast>(Op::call, at);
  ast->kids.push_back(std::move(callee));
  const bool outer = std::exchange(closing_range_, false);
  while (!is(")")) {
    std::size_t ahead = 0;
    while (name_token(peek(ahead)) && ahead < 24) ++ahead;
    const bool named = ahead > 0 && peek().kind == TokenKind::word && is(":", ahead);
    if (ast->kids.size() > 1 && named == ast->names.empty())
      return refuse({"arguments are given either all by name or all by position", "参数须全部按名称或全部按位置给出"});
    if (named) {
      ast->names.push_back(key_of(ahead));
      at_ += ahead + 1;
    }
    ast->kids.push_back(expression());
    if (!ast->kids.back()) return nullptr;
    if (!take(",")) break;
  }
  closing_range_ = outer;
  if (!expect(")")) return nullptr;
  return finish(std::move(ast));
}

AstPtr Parser::primary() {
  const Token& token = peek();
  // Attempts within attempts would take time without bound.
  if (++terms_ > terms_per_token_max * tokens_.size() + 1'000)
    return refuse({"the expression is too intricate; give parts of it names of their own", "表达式过于复杂，请把其中的部分单独命名"});
  switch (token.kind) {
    case TokenKind::number: {
      const auto number = Number::parse(token.text);
      if (!number) return refuse({"this number is too large", "这个数过大"});
      ++at_;
      auto ast = std::make_unique<Ast>(Op::literal, token.at, scalar_type(TypeKind::number));
      ast->literal = *number;
      return ast;
    }
    case TokenKind::string: return string_literal();
    case TokenKind::word: return name();
    case TokenKind::symbol:
      if (token.text == "(") return parenthesized();
      if (token.text == "[" || token.text == "]") return list_or_range();
      if (token.text == "{") return context();
      if (token.text == "@") return at_literal();
      return refuse_token();
    case TokenKind::end: return refuse_token();
  }
  return nullptr;
}

AstPtr Parser::string_literal() {
  auto text = unescape(peek());
  if (!text) {
    if (!error_) error_ = text.error();
    return nullptr;
  }
  auto ast = std::make_unique<Ast>(Op::literal, peek().at, scalar_type(TypeKind::string));
  ast->literal = Value(*text);
  ++at_;
  return ast;
}

AstPtr Parser::at_literal() {
  const auto at = peek().at;
  ++at_;
  if (peek().kind != TokenKind::string) return refuse({"a text in quotation marks must follow @", "@ 之后应为带引号的文本"});
  auto ast = string_literal();
  if (!ast) return nullptr;
  const std::string text(ast->literal.string());
  const auto give = [&](const auto& value, TypeKind kind) {
    if (!value) return false;
    ast->literal = Value(*value);
    ast->type = scalar_type(kind);
    ast->at = at;
    return true;
  };
  if (give(Date::parse(text), TypeKind::date) || give(DateTime::parse(text), TypeKind::date_time) || give(Time::parse(text), TypeKind::time) ||
      give(Months::parse(text), TypeKind::years_months_duration) || give(Span::parse(text), TypeKind::days_time_duration))
    return ast;
  // Not refused here: the standard gives null.
  ast->op = Op::unknown;
  ast->literal = Value();
  ast->text = "@\"" + text + "\"";
  ast->type = nullptr;
  return ast;
}

AstPtr Parser::name() {
  const Token token = peek();
  const std::size_t count = longest_name([&](std::string_view key) { return names_.look(key); });
  const bool keyword = is_any(token.text, opening_words);
  if (count > 1 || (count == 1 && !keyword)) {
    const auto key = key_of(count);
    if (const auto* import = names_.import_of(key); import && is(".", count)) {
      at_ += count + 1;
      const std::size_t length = longest_name([&](std::string_view k) {
        Names::Known known;
        for (const auto& member : import->members) known.see(member.key, k);
        return known;
      });
      if (length == 0) return refuse({fmt::format("'{}' has no such member", import->name), fmt::format("“{}”没有此成员", import->name)});
      auto member = names_.member_of(*import, key_of(length), token.at);
      at_ += length;
      return member;
    }
    if (auto ast = names_.resolve(key, token.at)) {
      at_ += count;
      if (key == "?") uses_input_ = true;
      return ast;
    }
  }
  if (token.text == "if") return conditional();
  if (token.text == "for") return loop();
  if (token.text == "some") return quantified(Op::some);
  if (token.text == "every") return quantified(Op::every);
  if (token.text == "function" && is("(", 1)) return function_definition();
  if (token.text == "true" || token.text == "false") {
    ++at_;
    auto ast = std::make_unique<Ast>(Op::literal, token.at, scalar_type(TypeKind::boolean));
    ast->literal = Value(token.text == "true");
    return ast;
  }
  if (token.text == "null") {
    ++at_;
    return std::make_unique<Ast>(Op::literal, token.at, scalar_type(TypeKind::null));
  }
  if (is_any(token.text, infix_words)) return refuse_token();
  const std::size_t words = plain_words();
  auto ast = names_.resolve_unknown(source_of(words), token.at);
  at_ += words;
  return ast;
}

AstPtr Parser::parenthesized() {
  const auto at = peek().at;
  ++at_;
  const bool outer = std::exchange(closing_range_, false);
  if (const auto op = comparison_operator()) {
    ++at_;
    auto ast = node(Op::compare_range, at, additive());
    closing_range_ = outer;
    if (!ast || !expect(")")) return nullptr;
    ast->comparison = *op;
    return ast;
  }
  auto inner = expression();
  closing_range_ = outer;
  if (!inner) return nullptr;
  if (is("..")) return range_rest(std::move(inner), false, at);
  return expect(")") ? std::move(inner) : nullptr;
}

AstPtr Parser::range_rest(AstPtr low, bool low_closed, std::uint32_t at) {
  ++at_;  // ..
  const auto closes = [&] { return is("]") || is(")") || is("["); };
  const bool outer = std::exchange(closing_range_, false);
  auto high = attempt([&] { return expression(); }, closes);
  if (!high) {  // `]1..5[`: the bracket is no filter
    closing_range_ = true;
    high = expression();
  }
  closing_range_ = outer;
  if (!high) return nullptr;
  if (!closes()) return refuse({"a range ends with ] or )", "区间须以 ] 或 ) 结束"});
  const bool high_closed = is("]");
  ++at_;
  auto ast = node(Op::range, at, std::move(low), std::move(high));
  if (!ast) return nullptr;
  ast->low_closed = low_closed;
  ast->high_closed = high_closed;
  return ast;
}

AstPtr Parser::list_or_range() {
  const auto at = peek().at;
  const bool outward = is("]");
  ++at_;
  auto ast = std::make_unique<Ast>(Op::list, at);
  const bool outer = std::exchange(closing_range_, false);
  while (!is("]") || outward) {
    ast->kids.push_back(comparison_operator() ? positive_range() : expression());
    if (!ast->kids.back()) return nullptr;
    if (ast->kids.size() == 1 && is("..")) {
      closing_range_ = outer;
      return range_rest(std::move(ast->kids[0]), !outward, at);
    }
    if (outward) return refuse_token();
    if (!take(",")) break;
  }
  closing_range_ = outer;
  if (!expect("]")) return nullptr;
  return finish(std::move(ast));
}

// `[< 5, > 10]`: comparisons as members of a list.
AstPtr Parser::positive_range() {
  const auto at = peek().at;
  const auto op = comparison_operator();
  ++at_;
  auto ast = node(Op::compare_range, at, additive());
  if (ast) ast->comparison = *op;
  return ast;
}

AstPtr Parser::context() {
  auto ast = std::make_unique<Ast>(Op::context, peek().at);
  ++at_;
  const bool outer = std::exchange(closing_range_, false);
  names_.push();
  while (!is("}")) {
    std::string key;
    if (peek().kind == TokenKind::string) {
      auto text = unescape(peek());
      if (!text) {
        if (!error_) error_ = text.error();
        return nullptr;
      }
      key = *text;
      ++at_;
    } else if (auto written = new_name({":"})) {
      key = *written;
    } else {
      return nullptr;
    }
    if (std::ranges::find(ast->names, key) != ast->names.end())
      return refuse({fmt::format("the entry '{}' is there twice", key), fmt::format("条目“{}”重复", key)});
    if (!expect(":")) return nullptr;
    auto value = expression();
    if (!value) return nullptr;
    ast->slots.push_back(names_.declare(key, value->type));
    ast->names.push_back(std::move(key));
    ast->kids.push_back(std::move(value));
    if (!take(",")) break;
  }
  names_.pop();
  closing_range_ = outer;
  if (!expect("}")) return nullptr;
  return finish(std::move(ast));
}

AstPtr Parser::conditional() {
  const auto at = peek().at;
  ++at_;
  auto condition = expression();
  if (!condition || !expect("then")) return nullptr;
  auto then = expression();
  if (!then || !expect("else")) return nullptr;
  return node(Op::conditional, at, std::move(condition), std::move(then), expression());
}

bool Parser::iterations(Ast& ast, bool ranges) {
  do {
    auto variable = new_name({"in"});
    if (!variable || !expect("in")) return false;
    const auto at = peek().at;
    auto domain = expression();
    if (!domain) return false;
    auto iteration = std::make_unique<Ast>(Op::iteration, at);
    iteration->kids.push_back(std::move(domain));
    if (ranges && take("..")) {
      iteration->kids.push_back(expression());
      if (!iteration->kids.back()) return false;
    }
    auto finished = finish(std::move(iteration));
    if (!finished) return false;
    ast.slots.push_back(names_.declare(*variable, finished->type));
    ast.names.push_back(std::move(*variable));
    ast.kids.push_back(std::move(finished));
  } while (take(","));
  return true;
}

AstPtr Parser::loop() {
  auto ast = std::make_unique<Ast>(Op::loop, peek().at);
  ++at_;
  names_.push();
  if (!iterations(*ast, true) || !expect("return")) return nullptr;
  ast->slots.push_back(names_.declare("partial", scalar_type(TypeKind::list)));
  ast->kids.push_back(expression());
  names_.pop();
  return ast->kids.back() ? finish(std::move(ast)) : nullptr;
}

AstPtr Parser::quantified(Op op) {
  auto ast = std::make_unique<Ast>(op, peek().at);
  ++at_;
  names_.push();
  if (!iterations(*ast, true) || !expect("satisfies")) return nullptr;
  ast->kids.push_back(expression());
  names_.pop();
  return ast->kids.back() ? finish(std::move(ast)) : nullptr;
}

AstPtr Parser::function_definition() {
  auto ast = std::make_unique<Ast>(Op::function, peek().at);
  ast->function = std::make_unique<FunctionAst>();
  auto& function = *ast->function;
  at_ += 2;
  const bool outer = std::exchange(closing_range_, false);
  names_.begin_function();
  names_.push();
  while (!is(")")) {
    auto parameter = new_name({":", ",", ")"});
    if (!parameter) return nullptr;
    TypePtr declared = take(":") ? type() : nullptr;
    if (error_) return nullptr;
    names_.declare(*parameter, declared);
    function.parameters.push_back({std::move(*parameter), std::move(declared)});
    if (!take(",")) break;
  }
  if (!expect(")")) return nullptr;
  if (take(":")) ast->asked = type();
  const bool external = take("external");
  function.body = expression();
  names_.pop();
  names_.end_function(function);
  closing_range_ = outer;
  if (!function.body) return nullptr;
  if (external) function.external = "external";
  ast->height = function.body->height + 1;
  return finish(std::move(ast));
}

std::optional<std::string> Parser::new_name(std::initializer_list<std::string_view> stops) {
  std::size_t count = 0;
  const auto stop = [&](const Token& token) { return std::ranges::any_of(stops, [&](std::string_view s) { return token.is(s); }); };
  while (count <= name_tokens_max && name_token(peek(count)) && !(count > 0 && stop(peek(count)))) ++count;
  if (count > name_tokens_max) {
    refuse({fmt::format("this name has more than {} words", name_tokens_max), fmt::format("名称超过 {} 个词", name_tokens_max)});
    return std::nullopt;
  }
  if (count == 0 || peek().kind != TokenKind::word || !stop(peek(count))) {
    refuse({"a name is expected here", "此处应为名称"});
    return std::nullopt;
  }
  auto name = normal_name(source_of(count));
  at_ += count;
  return name;
}

std::optional<TypePtr> Parser::named_type() {
  std::size_t best = 0;
  TypePtr found;
  for (std::size_t count = 1; count <= 24 && name_token(peek(count - 1)); ++count) {
    const auto source = normal_name(source_of(count));
    auto known = names_.environment().types ? names_.environment().types(source) : std::nullopt;
    if (!known) known = builtin_type(source);
    if (!known) continue;
    best = count;
    found = *known;
  }
  if (best == 0) return std::nullopt;
  at_ += best;
  return found;
}

TypePtr Parser::type() {
  const Nested nested(*this);
  if (nested.too_deep()) return too_deep(), nullptr;
  const bool generic = is("<", 1);
  if (generic && (is("list") || is("range"))) {
    const bool list = is("list");
    at_ += 2;
    auto element = type();
    if (error_ || !expect(">")) return nullptr;
    return list ? list_type(std::move(element)) : range_type(std::move(element));
  }
  if (generic && is("context")) {
    at_ += 2;
    std::vector<Type::Data::Field> fields;
    while (!is(">")) {
      auto field = new_name({":"});
      if (!field || !expect(":")) return nullptr;
      auto field_type = type();
      if (error_) return nullptr;
      fields.push_back({std::move(*field), std::move(field_type)});
      if (!take(",")) break;
    }
    return expect(">") ? context_type(std::move(fields)) : nullptr;
  }
  if (generic && is("function")) {
    at_ += 2;
    std::vector<TypePtr> parameters;
    while (!is(">")) {
      parameters.push_back(type());
      if (error_) return nullptr;
      if (!take(",")) break;
    }
    if (!expect(">") || !expect("->")) return nullptr;
    auto result = type();
    return error_ ? nullptr : function_type(std::move(parameters), std::move(result));
  }
  if (auto known = named_type()) return *known;
  refuse({fmt::format("'{}' is no type", peek().text.substr(0, 40)), fmt::format("“{}”不是类型", peek().text.substr(0, 40))});
  return nullptr;
}

template <class Parse>
auto with_tokens(std::string_view text, Names& names, Parse parse) -> std::expected<decltype(parse(std::declval<Parser&>())), SyntaxError> {
  if (text.size() > expression_bytes_max) return std::unexpected(SyntaxError{0, {"the expression is over 64 KiB", "表达式超过 64 KiB"}});
  if (!is_utf8(text)) return std::unexpected(SyntaxError{0, {"the text is not UTF-8", "文本不是 UTF-8 编码"}});
  auto tokens = lex(text);
  if (!tokens) return std::unexpected(tokens.error());
  Parser parser(text, std::move(*tokens), names);
  auto result = parse(parser);
  if (parser.error()) return std::unexpected(*parser.error());
  return result;
}

}  // namespace

std::expected<AstPtr, SyntaxError> parse_expression(std::string_view text, Names& names) {
  return with_tokens(text, names, [](Parser& parser) { return parser.whole_expression(); });
}

std::expected<AstPtr, SyntaxError> parse_unary_tests(std::string_view text, Names& names, std::size_t input, const TypePtr& input_type) {
  return with_tokens(text, names, [&](Parser& parser) { return parser.whole_tests(input, input_type); });
}

std::expected<TypePtr, SyntaxError> parse_type(std::string_view text, Environment& environment) {
  Names names(environment);
  return with_tokens(text, names, [](Parser& parser) { return parser.whole_type(); });
}

}  // namespace jx::rules
