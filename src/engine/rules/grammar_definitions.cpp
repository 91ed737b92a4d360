// grammar_definitions.cpp - if, for, some, every, function definitions, and the names and types that they declare.
#include "grammar.hpp"

namespace jx::rules {

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

}  // namespace jx::rules
