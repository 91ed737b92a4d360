// parse.cpp - JSON text to boost::json::value, over Boost's own push parser, which knows the grammar and UTF-8.
// Boost's DOM parser keeps the last of two equal keys and rounds doubles carelessly; the handler here refuses the first and redoes the second.
#include <jx/wire.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace jx::wire {
namespace {

namespace json = boost::json;

struct Position {
  int line = 1;
  int column = 1;
};

Position position_of(std::string_view text, std::size_t offset) {
  Position at;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
  return at;
}

enum class Fault { none, doubled_key, number, values, string_bytes };

// Builds the value; called by basic_parser. Every function answers whether to go on.
class Builder {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  explicit Builder(const Limits& limits) : limits_(limits) {}

  [[nodiscard]] Fault fault() const { return fault_; }
  [[nodiscard]] json::value take() { return std::move(root_); }
  [[nodiscard]] std::string pointer() const {
    std::string out;
    for (const Frame& frame : frames_) {
      if (const auto* array = frame.container.if_array())
        out.append("/").append(std::to_string(array->size()));
      else if (frame.has_key)
        out.append(pointer_step(frame.key));
    }
    return out;
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& ec) { return open(json::object(), ec); }
  bool on_object_end(std::size_t, json::error_code& ec) { return close(ec); }
  bool on_array_begin(json::error_code& ec) { return open(json::array(), ec); }
  bool on_array_end(std::size_t, json::error_code& ec) { return close(ec); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code& ec) { return part_of_text(part, ec); }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    if (!part_of_text(part, ec)) return false;
    Frame& frame = frames_.back();
    frame.key = std::exchange(text_, {});
    frame.has_key = true;
    return frame.container.as_object().contains(frame.key) ? stop(Fault::doubled_key, ec) : true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code& ec) { return part_of_text(part, ec); }
  bool on_string(json::string_view part, std::size_t, json::error_code& ec) {
    if (!text_.empty()) return part_of_text(part, ec) && add(json::value(json::string(std::exchange(text_, {}))), ec);
    if (part.size() > limits_.string_bytes) return stop(Fault::string_bytes, ec);
    return add(json::value(json::string(part)), ec);  // nearly every text comes in one part
  }
  bool on_number_part(json::string_view part, json::error_code&) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t number, json::string_view, json::error_code& ec) {
    text_.clear();
    return add(json::value(number), ec);
  }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code& ec) {
    text_.clear();
    return add(json::value(number), ec);
  }
  bool on_double(double number, json::string_view part, json::error_code& ec) {
    text_.append(part.data(), part.size());
    double exact = number;  // stays where the number is too small or too large for from_chars
    std::from_chars(text_.data(), text_.data() + text_.size(), exact);
    text_.clear();
    return std::isfinite(exact) ? add(json::value(exact), ec) : stop(Fault::number, ec);
  }
  bool on_bool(bool value, json::error_code& ec) { return add(json::value(value), ec); }
  bool on_null(json::error_code& ec) { return add(json::value(nullptr), ec); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Frame {
    json::value container;
    std::string key;  // of the member that is being read
    bool has_key = false;
  };

  bool stop(Fault fault, json::error_code& ec) {
    fault_ = fault;
    ec = json::error::incomplete;  // any error: the caller looks at fault()
    return false;
  }
  bool part_of_text(json::string_view part, json::error_code& ec) {
    if (text_.size() + part.size() > limits_.string_bytes) return stop(Fault::string_bytes, ec);
    text_.append(part.data(), part.size());
    return true;
  }
  bool count(json::error_code& ec) { return ++values_ <= limits_.values ? true : stop(Fault::values, ec); }
  bool open(json::value container, json::error_code& ec) {
    if (!count(ec)) return false;
    frames_.push_back({std::move(container), {}, false});
    return true;
  }
  bool close(json::error_code&) {
    json::value done = std::move(frames_.back().container);
    frames_.pop_back();
    put(std::move(done));
    return true;
  }
  bool add(json::value value, json::error_code& ec) {
    if (!count(ec)) return false;
    put(std::move(value));
    return true;
  }
  void put(json::value value) {
    if (frames_.empty()) {
      root_ = std::move(value);
    } else if (auto* array = frames_.back().container.if_array()) {
      array->push_back(std::move(value));
    } else {
      Frame& frame = frames_.back();
      frame.container.as_object().emplace(frame.key, std::move(value));
      frame.has_key = false;
    }
  }

  const Limits& limits_;
  std::vector<Frame> frames_;
  std::string text_;
  json::value root_;
  std::size_t values_ = 0;
  Fault fault_ = Fault::none;
};

Error fault_at(Position at, ErrorCode code, const std::string& en, const std::string& zh, std::string pointer) {
  const std::string line = std::to_string(at.line);
  const std::string column = std::to_string(at.column);
  return {code, {"line " + line + ", column " + column + ": " + en, "第 " + line + " 行第 " + column + " 列：" + zh}, std::move(pointer), nullptr};
}

Error error_of(Fault fault, const json::error_code& ec, Position at, std::string pointer, const Limits& limits) {
  switch (fault) {
    case Fault::doubled_key:
      return fault_at(at, ErrorCode::invalid, "this key is there twice in one object", "同一对象中此键重复", std::move(pointer));
    case Fault::number: return fault_at(at, ErrorCode::invalid, "the number is too large", "数字过大", std::move(pointer));
    case Fault::values: {
      const std::string max = std::to_string(limits.values);
      return fault_at(at, ErrorCode::too_large, "more than " + max + " values", "数据超过 " + max + " 项", std::move(pointer));
    }
    case Fault::string_bytes: {
      const std::string max = std::to_string(limits.string_bytes);
      return fault_at(at, ErrorCode::too_large, "a text of more than " + max + " bytes", "文本超过 " + max + " 字节", std::move(pointer));
    }
    case Fault::none: break;
  }
  if (ec == json::error::too_deep) {
    const std::string max = std::to_string(limits.depth);
    return fault_at(at, ErrorCode::too_large, "more than " + max + " levels within one another", "嵌套超过 " + max + " 层", std::move(pointer));
  }
  if (ec == json::error::extra_data)
    return fault_at(at, ErrorCode::invalid, "something follows after the end of the JSON text", "JSON 结束后还有多余内容", {});
  if (ec == json::error::incomplete) return fault_at(at, ErrorCode::invalid, "the JSON text ends too early", "JSON 不完整", std::move(pointer));
  return fault_at(at, ErrorCode::invalid, "not JSON (" + ec.message() + ")", "不是合法的 JSON", std::move(pointer));
}

}  // namespace

Result<json::value> parse(std::string_view text, const Limits& limits, int* fault_line) {
  if (fault_line != nullptr) *fault_line = 1;
  if (text.size() > limits.bytes) {
    const std::string max = std::to_string(limits.bytes);
    return fail(ErrorCode::too_large, {"more than " + max + " bytes", "超过 " + max + " 字节"});
  }
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<Builder> parser(options, limits);
  json::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && read < text.size()) ec = json::error::extra_data;
  if (!ec) return parser.handler().take();
  const Position at = position_of(text, std::min(read, text.size()));
  if (fault_line != nullptr) *fault_line = at.line;
  return std::unexpected(error_of(parser.handler().fault(), ec, at, parser.handler().pointer(), limits));
}

}  // namespace jx::wire
