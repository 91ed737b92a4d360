// head.hpp - the strict parser of a request's head: request line and fields, of RFC 9112 and RFC 9110 section 5.
// Invariant: a head that it accepts has one meaning only; what two servers could read in two ways is refused (request smuggling).
#pragma once
#include <jx/http/request.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace jx::http {

/// A refusal of the protocol itself: status and the sentence of its problem document. The texts are literals.
struct Fault {
  int status = 400;
  const char* en = "";
  const char* zh = "";
};

/// A parsed head. Views point into the octets that were parsed.
struct Head {
  Method method = Method::get;
  std::string_view path;   // begins with `/`
  std::string_view query;  // without `?`
  std::string_view host;
  std::vector<Field> fields;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expect_continue = false;

  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const;
};

struct HeadLimits {
  std::size_t target_bytes_max = 8 * 1024;
  std::size_t fields_max = 64;
};

/// Looks for the end of a head in octets that arrive bit by bit. `seen` octets were looked at before.
struct HeadEnd {
  enum class State { more, complete, bad } state = State::more;
  std::size_t size = 0;  // of the head with its empty line, when complete
};
/// Bad as soon as a line ends with LF alone, or the first octet cannot begin a request: such a client is not waited for.
[[nodiscard]] HeadEnd find_head_end(std::string_view octets, std::size_t seen);

/// Parses a whole head, `text` ending with its empty line. Keeps the capacity of `head.fields`. The fault, if there is one.
/// Refused beside what the grammar forbids: Content-Length with Transfer-Encoding; either of them or Host twice; a list in
/// Content-Length; a coding other than one `chunked`; folded lines; a blank before the colon; a version other than 1.0 and 1.1.
[[nodiscard]] const Fault* parse_head(std::string_view text, const HeadLimits& limits, Head& head);

/// Any case of ASCII letters.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);
[[nodiscard]] bool is_token(std::string_view text);
[[nodiscard]] bool is_field_value(std::string_view text);
/// Calls `take(element)` for each element of a comma-separated list, blanks trimmed, empty ones left out.
template <class F>
void each_element(std::string_view list, F&& take) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view element = list.substr(0, comma);
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t')) element.remove_prefix(1);
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t')) element.remove_suffix(1);
    if (!element.empty()) take(element);
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

namespace faults {
inline constexpr Fault syntax{400, "The request is not well-formed HTTP/1.1.", "请求不符合 HTTP/1.1 的格式。"};
inline constexpr Fault bare_line_feed{400, "A line of the request head does not end with CRLF.", "请求头有一行没有以回车换行结尾。"};
inline constexpr Fault field_name{400, "A header name is not a token, or a blank stands before its colon.", "请求头字段名不合规，或冒号前有空白。"};
inline constexpr Fault field_value{400, "A header value holds a control character.", "请求头字段值含有控制字符。"};
inline constexpr Fault folded{400, "A header is folded over lines; send it on one line.", "请求头字段折行，请写在一行内。"};
inline constexpr Fault host{400, "Send exactly one valid Host header.", "请发送且只发送一个有效的 Host 字段。"};
inline constexpr Fault length{400, "Content-Length must be one decimal number.", "Content-Length 必须是一个十进制数。"};
inline constexpr Fault length_and_coding{400, "Send Content-Length or Transfer-Encoding, once, and not both.",
                                         "Content-Length 与 Transfer-Encoding 只能发送其中一个，且只发送一次。"};
inline constexpr Fault coding{501, "The only transfer coding is chunked.", "传输编码只支持 chunked。"};
inline constexpr Fault expectation{417, "The only expectation is 100-continue.", "Expect 只支持 100-continue。"};
inline constexpr Fault method{501, "This method is not known here.", "不支持该请求方法。"};
inline constexpr Fault version{505, "Send HTTP/1.1.", "请使用 HTTP/1.1。"};
inline constexpr Fault target{400, "The request target must be a path that begins with a slash.", "请求目标必须是以斜杠开头的路径。"};
inline constexpr Fault target_long{414, "The request target is too long.", "请求目标过长。"};
inline constexpr Fault fields_many{431, "The request has too many headers.", "请求头字段过多。"};
inline constexpr Fault head_large{431, "The request head is too large.", "请求头过大。"};
inline constexpr Fault chunk{400, "The chunked body is not well-formed.", "分块请求体格式有误。"};
inline constexpr Fault body_large{413, "The request body is larger than this operation takes.", "请求体超过本操作允许的大小。"};
inline constexpr Fault ended{400, "The connection ended before the request was complete.", "请求尚未发送完整，连接已结束。"};
inline constexpr Fault slow{408, "The request did not arrive in time; send it again.", "请求未在规定时间内送达，请重新发送。"};
inline constexpr Fault busy{503, "The program has too much to do now; try again in a moment.", "系统繁忙，请稍后再试。"};
inline constexpr Fault not_allowed{405, "This method is not allowed here; see the Allow header.", "此处不允许该请求方法，允许的方法见 Allow 字段。"};
inline constexpr Fault no_such_page{404, "There is nothing at this address.", "该地址不存在。"};
}  // namespace faults

}  // namespace jx::http
