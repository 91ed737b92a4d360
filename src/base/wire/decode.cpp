// decode.cpp - what decode() asks of a boost::json::value, and where the answer is no.
#include <jx/wire.hpp>

#include <boost/json/value.hpp>

#include <algorithm>

namespace jx::wire {
namespace {

namespace json = boost::json;

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

Words kind_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return {"null", "空值"};
    case json::kind::bool_: return {"true or false", "布尔值"};
    case json::kind::int64:
    case json::kind::uint64: return {"a whole number", "整数"};
    case json::kind::double_: return {"a number", "数字"};
    case json::kind::string: return {"a text", "文本"};
    case json::kind::array: return {"a list", "列表"};
    case json::kind::object: return {"an object", "对象"};
  }
  return {"something else", "其他"};
}

std::unexpected<Error> expected(const Words& what, const json::value& value, const Place& at) {
  const Words found = kind_of(value);
  return fail(ErrorCode::invalid, {"expected " + what.en + ", found " + found.en, "应为" + what.zh + "，实为" + found.zh}, at.pointer());
}

// A number where a text was meant is nearly always a code without quotes, in YAML.
std::unexpected<Error> expected_text(const json::value& value, const Place& at) {
  if (!value.is_number()) return expected({"a text", "文本"}, value, at);
  return fail(ErrorCode::invalid, {"expected a text, found a number: put it in quotes", "应为文本，实为数字：请加引号"}, at.pointer());
}

std::unexpected<Error> out_of_range(std::string_view min, std::string_view max, const Place& at) {
  const std::string from(min), to(max);
  return fail(ErrorCode::invalid, {"must be from " + from + " to " + to, "须在 " + from + " 至 " + to + " 之间"}, at.pointer());
}

template <class Range, class Name>
std::string join(const Range& range, Name name) {
  std::string out;
  for (const auto& item : range) out.append(out.empty() ? "" : ", ").append(name(item));
  return out;
}

bool is_language_tag(std::string_view tag) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t from = 0, part = 0;; ++part) {
    const std::size_t end = std::min(tag.find('-', from), tag.size());
    const std::string_view subtag = tag.substr(from, end - from);
    if (subtag.empty() || subtag.size() > 8) return false;
    if (part == 0 && subtag.size() < 2) return false;
    for (const char c : subtag) {
      if (!letter(c) && !(part > 0 && digit(c))) return false;
    }
    if (end == tag.size()) return true;
    from = end + 1;
  }
}

}  // namespace

std::string pointer_step(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~')
      out.append("~0");
    else if (c == '/')
      out.append("~1");
    else
      out.push_back(c);
  }
  return out;
}

std::string Place::pointer() const {
  if (up_ == nullptr) return {};
  return up_->pointer() + (is_index_ ? "/" + std::to_string(index_) : pointer_step(key_));
}

namespace detail {

Error at_place(const Place& at, Error error) { return under(at.pointer(), std::move(error)); }

Result<bool> read_boolean(const Json& value, const Place& at) {
  if (const bool* found = value.if_bool()) return *found;
  return expected({"true or false", "布尔值"}, value, at);
}

Result<std::int64_t> read_integer(const Json& value, const Place& at, std::int64_t min, std::int64_t max) {
  if (!value.is_int64() && !value.is_uint64()) return expected({"a whole number", "整数"}, value, at);
  const std::int64_t* found = value.if_int64();
  if (found == nullptr || *found < min || *found > max) return out_of_range(std::to_string(min), std::to_string(max), at);
  return *found;
}

Result<std::uint64_t> read_natural(const Json& value, const Place& at, std::uint64_t max) {
  if (!value.is_int64() && !value.is_uint64()) return expected({"a whole number", "整数"}, value, at);
  const bool negative = value.is_int64() && value.get_int64() < 0;
  const std::uint64_t found = value.is_uint64() ? value.get_uint64() : static_cast<std::uint64_t>(value.get_int64());
  if (negative || found > max) return out_of_range("0", std::to_string(max), at);
  return found;
}

Result<double> read_real(const Json& value, const Place& at) {
  if (const double* found = value.if_double()) return *found;
  if (const std::int64_t* found = value.if_int64()) return static_cast<double>(*found);
  if (const std::uint64_t* found = value.if_uint64()) return static_cast<double>(*found);
  return expected({"a number", "数字"}, value, at);
}

Result<std::string_view> read_text(const Json& value, const Place& at) {
  if (const json::string* found = value.if_string()) return view(*found);
  return expected_text(value, at);
}

Result<std::size_t> read_name(const Json& value, const Place& at, std::span<const std::string_view> names) {
  JX_TRY(text, read_text(value, at));
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string known = join(names, [](std::string_view name) { return name; });
  return fail(ErrorCode::invalid, {"must be one of: " + known, "须为下列之一：" + known}, at.pointer());
}

Result<Bytes> read_bytes(const Json& value, const Place& at) {
  JX_TRY(text, read_text(value, at));
  auto bytes = from_base64(text);
  if (!bytes) return std::unexpected(at_place(at, std::move(bytes).error()));
  return std::move(*bytes);
}

Result<LocalizedText> read_localized(const Json& value, const Place& at) {
  const json::object* object = value.if_object();
  if (object == nullptr || object->empty()) {
    return fail(ErrorCode::invalid,
                {"expected a text by language, such as {\"zh-CN\": ..., \"en\": ...}", "应为按语言给出的文本，如 {\"zh-CN\": …, \"en\": …}"},
                at.pointer());
  }
  std::map<std::string, std::string> texts;
  for (const auto& [key, item] : *object) {
    const Place place(at, view(key));
    if (!is_language_tag(view(key))) {
      return fail(ErrorCode::invalid, {"not a language tag (BCP 47), such as zh-CN or en", "不是语言标签（BCP 47），如 zh-CN、en"}, place.pointer());
    }
    JX_TRY(text, read_text(item, place));
    if (text.empty()) return fail(ErrorCode::invalid, {"the text is empty", "文本为空"}, place.pointer());
    texts.emplace(view(key), text);
  }
  return LocalizedText(std::move(texts));
}

Result<> check_object(const Json& value, const Place& at, std::span<const Member> members) {
  const json::object* object = value.if_object();
  if (object == nullptr) return expected({"an object", "对象"}, value, at);
  std::size_t found = 0;
  for (const Member& member : members) {
    if (object->contains(member.name)) {
      ++found;
    } else if (!member.optional) {
      const std::string name(member.name);
      return fail(ErrorCode::invalid, {"`" + name + "` is missing", "缺少 `" + name + "`"}, Place(at, member.name).pointer());
    }
  }
  if (found == object->size()) return {};
  for (const auto& [key, item] : *object) {
    if (std::any_of(members.begin(), members.end(), [&](const Member& member) { return member.name == view(key); })) continue;
    const std::string known = join(members, [](const Member& member) { return member.name; });
    return fail(ErrorCode::invalid, {"unknown key; known are: " + known, "未知的键；可用的有：" + known}, Place(at, view(key)).pointer());
  }
  return {};
}

Result<std::size_t> object_size(const Json& value, const Place& at) {
  if (const json::object* object = value.if_object()) return object->size();
  return expected({"an object", "对象"}, value, at);
}

Result<std::size_t> array_size(const Json& value, const Place& at) {
  if (const json::array* array = value.if_array()) return array->size();
  return expected({"a list", "列表"}, value, at);
}

bool is_null(const Json& value) { return value.is_null(); }

const Json* member(const Json& object, std::string_view name) { return object.get_object().if_contains(name); }

std::pair<std::string_view, const Json*> member(const Json& object, std::size_t index) {
  const auto& pair = *(object.get_object().begin() + static_cast<std::ptrdiff_t>(index));
  return {view(pair.key()), &pair.value()};
}

const Json& element(const Json& array, std::size_t index) { return array.get_array()[index]; }

void copy(const Json& from, Json& to) { to = from; }

void Drop::operator()(const Json* value) const { delete value; }

Result<Owned> parse_owned(std::string_view text, const Limits& limits) {
  JX_TRY(value, parse(text, limits));
  return Owned(new Json(std::move(value)));
}

}  // namespace detail
}  // namespace jx::wire
