// grammar_terms.cpp - what operators stand between: literals, names, paths, filters, calls, ranges, lists and contexts.
#include "grammar.hpp"

namespace jx::rules {

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
  if (is_too_deep_) return nullptr;
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

}  // namespace jx::rules
