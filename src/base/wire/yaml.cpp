// yaml.cpp - yaml-cpp reads the syntax and reports events; which of it is allowed, and what a scalar means, is said here.
#include <jx/wire/yaml.hpp>

#include <jx/wire/utf8.hpp>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

namespace jx::wire {
namespace {

namespace json = boost::json;

// Leaves yaml-cpp from within an event; caught in parse_yaml().
struct Stop {
  int line;
  ErrorCode code;
  Words message;
  std::string pointer;
};

// ---- the core schema of YAML 1.2.2, 10.3.2 ------------------------------------------------------------------------------------------

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && digits(text, 0) == text.size();
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_real(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t whole = digits(text, 0);
  std::size_t at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits(text, at + 1);
    if (whole == 0 && fraction == 0) return false;
    at += 1 + fraction;
  } else if (whole == 0) {
    return false;
  }
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  return at < text.size() && digits(text, at) == text.size() - at;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

template <class N>
std::optional<json::value> number(std::string_view text, int base) {
  N value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return json::value(value);
}

// Nothing: a number that JSON cannot hold.
std::optional<json::value> plain(std::string_view text) {
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return json::value(nullptr);
  if (is_one_of(text, {"true", "True", "TRUE"})) return json::value(true);
  if (is_one_of(text, {"false", "False", "FALSE"})) return json::value(false);
  if (text.starts_with("0x") && text.size() > 2 && text.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos) {
    return number<std::int64_t>(text.substr(2), 16);
  }
  if (text.starts_with("0o") && text.size() > 2 && text.find_first_not_of("01234567", 2) == std::string_view::npos)
    return number<std::int64_t>(text.substr(2), 8);
  const std::string_view unsigned_text = text.starts_with('+') ? text.substr(1) : text;
  if (is_integer(text)) return number<std::int64_t>(unsigned_text, 10);
  if (is_real(text)) {
    double value = 0;
    const auto ec = std::from_chars(unsigned_text.data(), unsigned_text.data() + unsigned_text.size(), value).ec;
    if (ec != std::errc() || !std::isfinite(value)) return std::nullopt;
    return json::value(value);
  }
  const std::string_view magnitude = text.starts_with('-') ? text.substr(1) : unsigned_text;
  if (is_one_of(magnitude, {".inf", ".Inf", ".INF"}) || is_one_of(text, {".nan", ".NaN", ".NAN"})) return std::nullopt;
  return json::value(json::string(text));
}

// ---- events to a value ----------------------------------------------------------------------------------------------------------------

class Reader final : public YAML::EventHandler {
 public:
  explicit Reader(const Limits& limits) : limits_(limits) {}

  [[nodiscard]] Document take() { return {std::move(root_), std::move(lines_)}; }
  [[nodiscard]] bool empty() const { return lines_.empty(); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse(mark, {"anchors (&) are not allowed", "不允许使用锚点（&）"}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse(mark, {"aliases (*) are not allowed", "不允许使用别名（*）"}); }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    begin(mark, "");
    if (wants_key()) refuse(mark, {"a key is empty", "键为空"});
    put(nullptr);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& text) override {
    begin(mark, tag);
    if (text.size() > limits_.string_bytes) refuse(mark, {"a text is too long", "文本过长"}, ErrorCode::too_large);
    // yaml-cpp makes single octets of these two, which are not UTF-8.
    if (find_invalid_utf8(text))
      refuse(mark, {"the escapes \\N and \\_ are not supported: write the character itself", "不支持转义 \\N 与 \\_：请直接写该字符"});
    if (wants_key()) {
      take_key(mark, text);
    } else if (tag == "!") {
      put(json::string(text));
    } else if (auto value = plain(text)) {
      put(std::move(*value));
    } else {
      refuse(mark, {"a number that cannot be kept exactly: put it in quotes", "数字无法准确表示：请加引号"});
    }
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, tag, json::array());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(mark, tag, json::object());
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    json::value container;
    std::string pointer;
    std::string key;
    bool has_key = false;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, Words message, ErrorCode code = ErrorCode::invalid) const {
    throw Stop{mark.line + 1, code, std::move(message), frames_.empty() ? std::string() : frames_.back().pointer};
  }
  [[nodiscard]] bool wants_key() const { return !frames_.empty() && frames_.back().container.is_object() && !frames_.back().has_key; }
  [[nodiscard]] std::string pointer() const {
    if (frames_.empty()) return {};
    const Frame& frame = frames_.back();
    if (const auto* array = frame.container.if_array()) return frame.pointer + "/" + std::to_string(array->size());
    return frame.pointer + pointer_step(frame.key);
  }
  void begin(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, {"tags (!) are not allowed", "不允许使用标签（!）"});
    if (++values_ > limits_.values) refuse(mark, {"too many values", "数据过多"}, ErrorCode::too_large);
    if (!wants_key()) lines_.try_emplace(pointer(), mark.line + 1);
  }
  void take_key(const YAML::Mark& mark, const std::string& text) {
    Frame& frame = frames_.back();
    if (text.empty()) refuse(mark, {"a key is empty", "键为空"});
    if (frame.container.get_object().contains(text)) refuse(mark, {"this key is there twice in one mapping", "同一映射中此键重复"});
    frame.key = text;
    frame.has_key = true;
    lines_.try_emplace(pointer(), mark.line + 1);
  }
  void open(const YAML::Mark& mark, const std::string& tag, json::value container) {
    begin(mark, tag);
    if (wants_key()) refuse(mark, {"a key must be a plain word, not a list or a mapping", "键须为单个词，不能是列表或映射"});
    if (frames_.size() >= limits_.depth) refuse(mark, {"too many levels within one another", "嵌套过深"}, ErrorCode::too_large);
    frames_.push_back({std::move(container), pointer(), {}, false});
  }
  void close() {
    json::value done = std::move(frames_.back().container);
    frames_.pop_back();
    put(std::move(done));
  }
  void put(json::value value) {
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (auto* array = frames_.back().container.if_array()) {
      array->push_back(std::move(value));
    } else {
      frames_.back().container.get_object().emplace(frames_.back().key, std::move(value));
      frames_.back().has_key = false;
    }
  }

  const Limits& limits_;
  std::vector<Frame> frames_;
  json::value root_;
  std::map<std::string, int, std::less<>> lines_;
  std::size_t values_ = 0;
};

Result<Document> refused(const Stop& stop, int* fault_line) {
  if (fault_line != nullptr) *fault_line = stop.line;
  const std::string line = std::to_string(stop.line);
  return fail(stop.code, {"line " + line + ": " + stop.message.en, "第 " + line + " 行：" + stop.message.zh}, stop.pointer);
}

// What yaml-cpp would guess about (encodings by their marks) or take for the end of the text (its own end mark, U+0004).
std::optional<Stop> octets_refused(std::string_view text, const Limits& limits) {
  const auto line_at = [&](std::size_t offset) {
    return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
  };
  if (text.size() > limits.bytes) {
    const std::string max = std::to_string(limits.bytes);
    return Stop{1, ErrorCode::too_large, {"more than " + max + " bytes", "超过 " + max + " 字节"}, {}};
  }
  if (text.starts_with("\xEF\xBB\xBF"))
    return Stop{1, ErrorCode::invalid, {"begins with a byte order mark: save it without", "开头有字节顺序标记：请保存为无 BOM 的 UTF-8"}, {}};
  if (const auto at = find_invalid_utf8(text)) return Stop{line_at(*at), ErrorCode::invalid, {"not UTF-8", "不是 UTF-8"}, {}};
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; };
  if (const auto at = std::find_if(text.begin(), text.end(), is_control); at != text.end()) {
    return Stop{line_at(static_cast<std::size_t>(at - text.begin())), ErrorCode::invalid, {"a control character", "含有控制字符"}, {}};
  }
  return std::nullopt;
}

}  // namespace

int Document::line_of(std::string_view pointer) const {
  while (true) {
    if (const auto found = lines_.find(pointer); found != lines_.end()) return found->second;
    if (pointer.empty()) return 1;
    const std::size_t slash = pointer.rfind('/');
    pointer = pointer.substr(0, slash == std::string_view::npos ? 0 : slash);
  }
}

Result<Document> parse_yaml(std::string_view text, const Limits& limits, int* fault_line) {
  if (fault_line != nullptr) *fault_line = 1;
  if (const auto stop = octets_refused(text, limits)) return refused(*stop, fault_line);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Reader reader(limits);
    if (!parser.HandleNextDocument(reader) || reader.empty())
      return refused({1, ErrorCode::invalid, {"the file is empty", "文件为空"}, {}}, fault_line);
    Reader second(limits);
    if (parser.HandleNextDocument(second))
      return refused({1, ErrorCode::invalid, {"more than one document (---)", "含有多个文档（---）"}, {}}, fault_line);
    return reader.take();
  } catch (const Stop& stop) {
    return refused(stop, fault_line);
  } catch (const YAML::Exception& fault) {
    return refused({std::max(fault.mark.line, 0) + 1, ErrorCode::invalid, {"not YAML (" + fault.msg + ")", "不是合法的 YAML"}, {}}, fault_line);
  }
}

}  // namespace jx::wire
