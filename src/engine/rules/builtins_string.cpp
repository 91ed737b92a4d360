// builtins_string.cpp - string functions (DMN 1.5, table 73). Positions count characters (code points).
#include "builtins.hpp"
#include "names.hpp"
#include "regex.hpp"
#include "run.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <array>

namespace jx::rules {
namespace {

/// Octet at which the character `index` (from 0) begins.
std::size_t octet_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  for (; index > 0 && at < text.size(); --index) static_cast<void>(next_character(text, at));
  return at;
}

Value call_substring(const Call& call) {
  const Value* value = call.want(0, Kind::string);
  const auto position = value ? call.integer(1) : std::nullopt;
  if (!position) return {};
  const auto text = value->string();
  const auto size = static_cast<std::int64_t>(character_count(text));
  const std::int64_t start = *position > 0 ? *position - 1 : size + *position;
  if (*position == 0 || start < 0 || start >= size) return call.refuse_value();
  std::int64_t length = size - start;
  if (call.given > 2 && call.has(2)) {
    const auto wanted = call.integer(2);
    if (!wanted) return {};
    if (*wanted < 1) return call.refuse_value();
    length = std::min(length, *wanted);
  }
  const auto from = octet_of(text, static_cast<std::size_t>(start));
  const auto rest = text.substr(from);
  return Value(rest.substr(0, octet_of(rest, static_cast<std::size_t>(length))));
}

Value call_length(const Call& call) {
  const Value* value = call.want(0, Kind::string);
  return value ? Value(static_cast<std::int64_t>(character_count(value->string()))) : Value();
}

template <bool upper>
Value call_case(const Call& call) {
  const Value* value = call.want(0, Kind::string);
  if (!value) return {};
  auto text = icu::UnicodeString::fromUTF8(icu::StringPiece(value->string().data(), static_cast<std::int32_t>(value->string().size())));
  upper ? text.toUpper(icu::Locale::getRoot()) : text.toLower(icu::Locale::getRoot());
  std::string out;
  text.toUTF8String(out);
  return call.run.string(out, call.at);
}

/// Both texts of a function with two; nullopt, and reported, if one is none.
std::optional<std::pair<std::string_view, std::string_view>> two(const Call& call) {
  const Value *a = call.want(0, Kind::string), *b = a ? call.want(1, Kind::string) : nullptr;
  if (!b) return std::nullopt;
  return std::pair{a->string(), b->string()};
}

Value call_substring_before(const Call& call) {
  const auto texts = two(call);
  if (!texts) return {};
  const auto at = texts->first.find(texts->second);
  return at == std::string_view::npos ? Value("") : Value(texts->first.substr(0, at));
}

Value call_substring_after(const Call& call) {
  const auto texts = two(call);
  if (!texts) return {};
  const auto at = texts->first.find(texts->second);
  return at == std::string_view::npos ? Value("") : Value(texts->first.substr(at + texts->second.size()));
}

Value call_contains(const Call& call) {
  const auto texts = two(call);
  return texts ? Value(texts->first.find(texts->second) != std::string_view::npos) : Value();
}

Value call_starts_with(const Call& call) {
  const auto texts = two(call);
  return texts ? Value(texts->first.starts_with(texts->second)) : Value();
}

Value call_ends_with(const Call& call) {
  const auto texts = two(call);
  return texts ? Value(texts->first.ends_with(texts->second)) : Value();
}

Value refuse(const Call& call, const Error& error) {
  const bool limit = error.code == ErrorCode::timeout || error.code == ErrorCode::too_large;
  return call.refuse(limit ? DiagnosticCode::limit : DiagnosticCode::value, error.message);
}

/// Patterns are mostly the same few constants: each thread keeps the last ones.
Result<std::shared_ptr<const Regex>> regex(std::string_view pattern, std::string_view flags) {
  struct Kept {
    std::string pattern, flags;
    std::shared_ptr<const Regex> regex;  // shared: may be dropped from here while it runs
  };
  thread_local std::array<Kept, 8> kept;
  thread_local std::size_t next = 0;
  for (const auto& entry : kept)
    if (entry.regex && entry.pattern == pattern && entry.flags == flags) return entry.regex;
  JX_TRY(made, Regex::compile(pattern, flags));
  kept[next] = {std::string(pattern), std::string(flags), made};
  next = (next + 1) % kept.size();
  return made;
}

/// The pattern of argument 1 and the flags of `flags_at`.
std::shared_ptr<const Regex> pattern(const Call& call, std::size_t flags_at) {
  const Value* text = call.want(1, Kind::string);
  if (!text) return nullptr;
  const Value* flags = call.given > flags_at && call.has(flags_at) ? call.want(flags_at, Kind::string) : nullptr;
  if (!flags && call.given > flags_at && call.has(flags_at)) return nullptr;
  if (!call.run.check_time()) return nullptr;
  auto made = regex(text->string(), flags ? flags->string() : std::string_view());
  if (made) return *made;
  refuse(call, made.error());
  return nullptr;
}

Value call_matches(const Call& call) {
  const Value* input = call.want(0, Kind::string);
  const auto compiled = input ? pattern(call, 2) : nullptr;
  if (!compiled) return {};
  const auto found = compiled->matches(input->string());
  return found ? Value(*found) : refuse(call, found.error());
}

Value call_replace(const Call& call) {
  const Value* input = call.want(0, Kind::string);
  const auto compiled = input ? pattern(call, 3) : nullptr;
  const Value* replacement = compiled ? call.want(2, Kind::string) : nullptr;
  if (!replacement) return {};
  const auto text = compiled->replace(input->string(), replacement->string(), call.run.options.limits.string_bytes);
  return text ? call.run.string(*text, call.at) : refuse(call, text.error());
}

Value call_split(const Call& call) {
  const Value* input = call.want(0, Kind::string);
  const auto compiled = input ? pattern(call, 2) : nullptr;
  if (!compiled) return {};
  const auto parts = compiled->split(input->string());
  if (!parts) return refuse(call, parts.error());
  std::vector<Value> list(parts->begin(), parts->end());
  return call.run.list(std::move(list), call.at);
}

Value call_join(const Call& call) {
  const auto items = call.list(0);
  if (!items) return {};
  std::string_view delimiter;
  if (call.given > 1 && call.has(1)) {
    const Value* given = call.want(1, Kind::string);
    if (!given) return {};
    delimiter = given->string();
  }
  std::string text;
  bool first = true;
  for (const auto& item : *items) {
    if (item.is_null()) continue;
    if (!item.is(Kind::string)) return call.refuse(DiagnosticCode::type, {"an item is no text", "列表中有非文本项"});
    if (!first) text += delimiter;
    first = false;
    text += item.string();
    if (text.size() > call.run.options.limits.string_bytes) break;  // reported below
  }
  return call.run.string(text, call.at);
}

}  // namespace

void add_string_builtins(std::vector<Builtin>& table) {
  const auto string = TypeKind::string, boolean = TypeKind::boolean;
  table.push_back({"substring", call_substring, {{{"string", "start position", "length"}, 2}}, false, string});
  table.push_back({"string length", call_length, {{{"string"}, 1}}, false, TypeKind::number});
  table.push_back({"upper case", call_case<true>, {{{"string"}, 1}}, false, string});
  table.push_back({"lower case", call_case<false>, {{{"string"}, 1}}, false, string});
  table.push_back({"substring before", call_substring_before, {{{"string", "match"}, 2}}, false, string});
  table.push_back({"substring after", call_substring_after, {{{"string", "match"}, 2}}, false, string});
  table.push_back({"contains", call_contains, {{{"string", "match"}, 2}}, false, boolean});
  table.push_back({"starts with", call_starts_with, {{{"string", "match"}, 2}}, false, boolean});
  table.push_back({"ends with", call_ends_with, {{{"string", "match"}, 2}}, false, boolean});
  // Patterns may take long: not computed while compiling.
  table.push_back({"matches", call_matches, {{{"input", "pattern", "flags"}, 2}}, false, boolean, false});
  table.push_back({"replace", call_replace, {{{"input", "pattern", "replacement", "flags"}, 3}}, false, string, false});
  table.push_back({"split", call_split, {{{"string", "delimiter"}, 2}}, false, TypeKind::list, false});
  table.push_back({"string join", call_join, {{{"list", "delimiter"}, 1}}, false, string});
}

}  // namespace jx::rules
