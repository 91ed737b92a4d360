// grammar_operators.cpp - logic, comparisons, arithmetic and unary tests, from the loosest to the tightest.
#include "grammar.hpp"

namespace jx::rules {

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

}  // namespace jx::rules
