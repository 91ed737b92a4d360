// write.cpp - JSON out: compact text, RFC 8785, and values built by a Sink.
#include <jx/wire.hpp>
#include <jx/wire/canonical.hpp>
#include <jx/wire/utf8.hpp>

#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace jx::wire {
namespace {

namespace json = boost::json;

constexpr std::int64_t safe_integer_max = std::int64_t{1} << 53;

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }

constexpr std::size_t block = 16;

/// Whether one of `block` octets stands for more than itself. Without a branch in the loop, which the compiler then does for all of them at once.
bool needs_escape(const char* octets) {
  unsigned found = 0;
  for (std::size_t i = 0; i < block; ++i) {
    const auto c = static_cast<unsigned char>(octets[i]);
    found |= static_cast<unsigned>(c < 0x20) | static_cast<unsigned>(c == '"') | static_cast<unsigned>(c == '\\');
  }
  return found != 0;
}

void put_text(std::string& out, std::string_view text) {
  static constexpr char hex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    while (i + block <= text.size() && !needs_escape(text.data() + i)) i += block;
    if (i == text.size()) break;
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"': out.append("\\\""); break;
      case '\\': out.append("\\\\"); break;
      case '\b': out.append("\\b"); break;
      case '\t': out.append("\\t"); break;
      case '\n': out.append("\\n"); break;
      case '\f': out.append("\\f"); break;
      case '\r': out.append("\\r"); break;
      default: out.append({'\\', 'u', '0', '0', hex[c >> 4U], hex[c & 15U]});
    }
  }
  out.append(text, from, text.size() - from);
  out.push_back('"');
}

template <class N>
void put_integer(std::string& out, N number) {
  std::array<char, 24> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  out.append(buffer.data(), end);
}

// ECMAScript, Number::toString(x, 10): the shortest digits that give the same double, laid out by their exponent.
void put_real(std::string& out, double number) {
  if (number == 0) {
    out.push_back('0');
    return;
  }
  std::array<char, 32> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(number), std::chars_format::scientific).ptr;
  const char* begin = buffer.data();
  const char* mark = std::find(begin, end, 'e');
  std::string digits(1, *begin);
  if (mark > begin + 2) digits.append(begin + 2, mark);
  int exponent = 0;
  const char* from = mark + 1;
  if (*from == '+') ++from;
  std::from_chars(from, end, exponent);

  if (number < 0) out.push_back('-');
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // digits before the point
  if (point > 21 || point <= -6) {
    out.push_back(digits[0]);
    if (count > 1) out.append(1, '.').append(digits, 1);
    out.append(exponent < 0 ? "e" : "e+");
    put_integer(out, exponent);
  } else if (point <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-point), '0').append(digits);
  } else if (count <= point) {
    out.append(digits).append(static_cast<std::size_t>(point - count), '0');
  } else {
    out.append(digits, 0, static_cast<std::size_t>(point)).append(1, '.').append(digits, static_cast<std::size_t>(point));
  }
}

void put_value(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: out.append("null"); return;
    case json::kind::bool_: out.append(value.get_bool() ? "true" : "false"); return;
    case json::kind::int64: put_integer(out, value.get_int64()); return;
    case json::kind::uint64: put_integer(out, value.get_uint64()); return;
    case json::kind::double_: std::isfinite(value.get_double()) ? put_real(out, value.get_double()) : void(out.append("null")); return;
    case json::kind::string: put_text(out, view(value.get_string())); return;
    case json::kind::array: {
      char before = '[';
      for (const json::value& item : value.get_array()) {
        out.push_back(std::exchange(before, ','));
        put_value(out, item);
      }
      out.append(before == '[' ? "[]" : "]");
      return;
    }
    case json::kind::object: {
      char before = '{';
      for (const auto& [key, item] : value.get_object()) {
        out.push_back(std::exchange(before, ','));
        put_text(out, view(key));
        out.push_back(':');
        put_value(out, item);
      }
      out.append(before == '{' ? "{}" : "}");
      return;
    }
  }
}

// UTF-16 code units sort as UTF-8 octets do, but that what is above U+FFFF (surrogates there, F0.. here) comes before U+E000 to U+FFFF (EE, EF).
bool before_in_utf16(std::string_view a, std::string_view b) {
  const auto [left, right] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (left == a.end() || right == b.end()) return right != b.end();
  const auto x = static_cast<unsigned char>(*left);
  const auto y = static_cast<unsigned char>(*right);
  if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0)) return x >= 0xF0;
  return x < y;
}

class Canonical {
 public:
  explicit Canonical(std::string& out) : out_(out) {}

  bool put(const json::value& value) {
    switch (value.kind()) {
      case json::kind::int64: {
        const std::int64_t number = value.get_int64();
        if (number >= -safe_integer_max && number <= safe_integer_max)
          put_integer(out_, number);
        else
          put_real(out_, static_cast<double>(number));
        return true;
      }
      case json::kind::uint64: {
        const std::uint64_t number = value.get_uint64();
        if (number <= std::uint64_t{safe_integer_max})
          put_integer(out_, number);
        else
          put_real(out_, static_cast<double>(number));
        return true;
      }
      case json::kind::double_:
        if (!std::isfinite(value.get_double())) return false;
        put_real(out_, value.get_double());
        return true;
      case json::kind::string: return text(view(value.get_string()));
      case json::kind::array: return array(value.get_array());
      case json::kind::object: return object(value.get_object());
      default: put_value(out_, value); return true;
    }
  }

  bool object(const json::object& members) {
    // One stack for all objects: the members of this one are its end.
    const std::size_t from = sorted_.size();
    for (const auto& member : members) sorted_.emplace_back(view(member.key()), &member.value());
    std::sort(sorted_.begin() + static_cast<std::ptrdiff_t>(from), sorted_.end(),
              [](const Member& a, const Member& b) { return before_in_utf16(a.first, b.first); });
    out_.push_back('{');
    for (std::size_t i = from; i < from + members.size(); ++i) {
      const Member member = sorted_[i];
      if (i > from) out_.push_back(',');
      if (!text(member.first)) return false;
      out_.push_back(':');
      if (!put(*member.second)) return false;
    }
    out_.push_back('}');
    sorted_.resize(from);
    return true;
  }

 private:
  bool text(std::string_view words) { return append_canonical_text(out_, words); }
  bool array(const json::array& items) {
    out_.push_back('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_.push_back(',');
      if (!put(items[i])) return false;
    }
    out_.push_back(']');
    return true;
  }
  using Member = std::pair<std::string_view, const json::value*>;
  std::string& out_;
  std::vector<Member> sorted_;
};

class ValueSink final : public Sink {
 public:
  void null() override { put(nullptr); }
  void boolean(bool value) override { put(value); }
  void integer(std::int64_t value) override { put(value); }
  void natural(std::uint64_t value) override { put(value); }
  void real(double value) override { std::isfinite(value) ? put(value) : put(nullptr); }
  void text(std::string_view value) override { put(json::string(value)); }
  void value(const json::value& value) override { put(value); }
  void begin_array() override { open_.emplace_back(json::array(), std::string()); }
  void end_array() override { close(); }
  void begin_object() override { open_.emplace_back(json::object(), std::string()); }
  void key(std::string_view name) override { open_.back().second = name; }
  void end_object() override { close(); }
  [[nodiscard]] json::value take() && { return std::move(root_); }

 private:
  void close() {
    json::value done = std::move(open_.back().first);
    open_.pop_back();
    put(std::move(done));
  }
  void put(json::value value) {
    if (open_.empty())
      root_ = std::move(value);
    else if (auto* array = open_.back().first.if_array())
      array->push_back(std::move(value));
    else
      open_.back().first.as_object().insert_or_assign(open_.back().second, std::move(value));
  }

  std::vector<std::pair<json::value, std::string>> open_;
  json::value root_;
};

}  // namespace

bool append_canonical(std::string& out, const json::value& value) { return Canonical(out).put(value); }
bool append_canonical(std::string& out, const json::object& object) { return Canonical(out).object(object); }

bool append_canonical_text(std::string& out, std::string_view text) {
  if (find_invalid_utf8(text)) return false;
  put_text(out, text);
  return true;
}

Result<std::string> canonical(const json::value& value) {
  std::string out;
  if (!append_canonical(out, value)) {
    return fail(ErrorCode::invalid,
                {"a number that is not finite, or a text that is not UTF-8, has no canonical JSON", "含有非有限数或非 UTF-8 文本，无法规范化"});
  }
  return out;
}

std::string to_text(const json::value& value) {
  std::string out;
  put_value(out, value);
  return out;
}

void TextSink::separate() {
  if (std::exchange(follows_, true)) out_.push_back(',');
}
void TextSink::null() {
  separate();
  out_.append("null");
}
void TextSink::boolean(bool value) {
  separate();
  out_.append(value ? "true" : "false");
}
void TextSink::integer(std::int64_t value) {
  separate();
  put_integer(out_, value);
}
void TextSink::natural(std::uint64_t value) {
  separate();
  put_integer(out_, value);
}
void TextSink::real(double value) {
  separate();
  std::isfinite(value) ? put_real(out_, value) : void(out_.append("null"));
}
void TextSink::text(std::string_view value) {
  separate();
  put_text(out_, value);
}
void TextSink::value(const json::value& value) {
  separate();
  put_value(out_, value);
}
void TextSink::begin_array() {
  separate();
  out_.push_back('[');
  follows_ = false;
}
void TextSink::end_array() {
  out_.push_back(']');
  follows_ = true;
}
void TextSink::begin_object() {
  separate();
  out_.push_back('{');
  follows_ = false;
}
void TextSink::key(std::string_view name) {
  separate();
  put_text(out_, name);
  out_.push_back(':');
  follows_ = false;
}
void TextSink::end_object() {
  out_.push_back('}');
  follows_ = true;
}

json::value detail::build(void (*write)(Sink&, const void*), const void* object) {
  ValueSink sink;
  write(sink, object);
  return std::move(sink).take();
}

}  // namespace jx::wire
