#include "head.hpp"

#include <array>
#include <charconv>
#include <cstring>

namespace jx::http {
namespace {

enum Class : std::uint8_t { token = 1, value = 2, target = 4, host = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> out{};
  const auto mark = [&](std::string_view set, Class kind) {
    for (const char c : set) out[static_cast<unsigned char>(c)] |= kind;
  };
  constexpr std::string_view alnum = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  mark(alnum, token);
  mark("!#$%&'*+-.^_`|~", token);                                              // RFC 9110 section 5.6.2
  for (int c = 0x20; c < 256; ++c) out[static_cast<std::size_t>(c)] |= value;  // section 5.5: VCHAR, obs-text, SP; HTAB below
  out[0x7f] &= static_cast<std::uint8_t>(~value);
  out['\t'] |= value;
  mark(alnum, target);
  mark("-._~:/?[]@!$&'()*+,;=%", target);  // RFC 3986 section 3.3
  mark("|{}^`", target);                   // what browsers leave as it is (WHATWG URL)
  mark(alnum, host);
  mark("-._~:[]!$&'()*+,;=%", host);
  return out;
}
constexpr auto classes = make_classes();

bool all(std::string_view text, Class kind) {
  for (const char c : text) {
    if ((classes[static_cast<unsigned char>(c)] & kind) == 0) return false;
  }
  return true;
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::optional<Method> method_of(std::string_view text) {
  switch (text.size()) {
    case 3:
      if (text == "GET") return Method::get;
      if (text == "PUT") return Method::put;
      break;
    case 4:
      if (text == "POST") return Method::post;
      if (text == "HEAD") return Method::head;
      break;
    case 5:
      if (text == "PATCH") return Method::patch;
      break;
    case 6:
      if (text == "DELETE") return Method::del;
      break;
    case 7:
      if (text == "OPTIONS") return Method::options;
      break;
    default: break;
  }
  return std::nullopt;
}

bool digits(std::string_view text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

/// `host` or `host:port` of RFC 3986 section 3.2.2, without userinfo.
bool is_authority(std::string_view text) {
  if (text.empty() || !all(text, host)) return false;
  if (text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || text.find('[', 1) != std::string_view::npos) return false;
    if (close + 1 == text.size()) return true;
    return text[close + 1] == ':' && digits(text, close + 2, text.size());
  }
  if (text.find_first_of("[]") != std::string_view::npos) return false;
  const std::size_t colon = text.find(':');
  return colon == std::string_view::npos || (colon > 0 && digits(text, colon + 1, text.size()));
}

const Fault* parse_target(std::string_view text, Head& head, std::string_view& authority) {
  if (!all(text, target)) return &faults::target;
  if (text.front() != '/') {  // absolute-form, RFC 9112 section 3.2.2: its authority stands in place of Host
    const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
    if (scheme == 0) return &faults::target;
    const std::size_t slash = text.find_first_of("/?", scheme);
    authority = text.substr(scheme, slash == std::string_view::npos ? slash : slash - scheme);
    if (!is_authority(authority)) return &faults::host;
    if (slash == std::string_view::npos || text[slash] != '/') return &faults::target;
    text.remove_prefix(slash);
  }
  const std::size_t mark = text.find('?');
  head.path = text.substr(0, mark);
  head.query = mark == std::string_view::npos ? std::string_view() : text.substr(mark + 1);
  return nullptr;
}

/// Takes one line off `text` (without CRLF). find_head_end() has seen that every LF follows a CR; a CR elsewhere is caught by the classes.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end - 1);
  text.remove_prefix(end + 1);
  return line;
}

const Fault* parse_request_line(std::string_view line, const HeadLimits& limits, Head& head, std::string_view& authority, bool& old) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos || first == 0) return &faults::syntax;
  const std::size_t second = line.find(' ', first + 1);
  if (second == std::string_view::npos || second == first + 1) return &faults::syntax;
  const std::string_view version = line.substr(second + 1);
  if (!version.starts_with("HTTP/")) return &faults::syntax;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return &faults::version;
  old = version == "HTTP/1.0";
  if (!is_token(line.substr(0, first))) return &faults::syntax;
  const auto method = method_of(line.substr(0, first));
  if (!method) return &faults::method;
  head.method = *method;
  const std::string_view target_text = line.substr(first + 1, second - first - 1);
  if (target_text.size() > limits.target_bytes_max) return &faults::target_long;
  return parse_target(target_text, head, authority);
}

const Fault* take_length(std::string_view text, Head& head) {
  if (head.content_length || head.chunked) return &faults::length_and_coding;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return &faults::length;
  head.content_length = length;
  return nullptr;
}

const Fault* take_coding(std::string_view text, bool old, Head& head) {
  if (head.content_length || head.chunked || old) return &faults::length_and_coding;
  if (!same_name(text, "chunked")) return &faults::coding;
  head.chunked = true;
  return nullptr;
}

/// What the server itself must understand; everything else is the handler's.
const Fault* interpret(const Field& field, bool old, bool& host_seen, Head& head) {
  switch (field.name.size()) {
    case 4:
      if (!same_name(field.name, "host")) break;
      if (host_seen || !is_authority(field.value)) return &faults::host;
      host_seen = true;
      head.host = field.value;
      break;
    case 6:
      if (!same_name(field.name, "expect")) break;
      if (!same_name(field.value, "100-continue")) return &faults::expectation;
      head.expect_continue = !old;
      break;
    case 10:
      if (!same_name(field.name, "connection")) break;
      each_element(field.value, [&](std::string_view option) {
        if (same_name(option, "close")) head.keep_alive = false;
      });
      break;
    case 14:
      if (same_name(field.name, "content-length")) return take_length(field.value, head);
      break;
    case 17:
      if (same_name(field.name, "transfer-encoding")) return take_coding(field.value, old, head);
      break;
    default: break;
  }
  return nullptr;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool is_token(std::string_view text) { return !text.empty() && all(text, token); }
bool is_field_value(std::string_view text) { return all(text, value); }

std::optional<std::string_view> Head::field(std::string_view name) const {
  for (const Field& each : fields) {
    if (same_name(each.name, name)) return each.value;
  }
  return std::nullopt;
}

HeadEnd find_head_end(std::string_view octets, std::size_t seen) {
  using State = HeadEnd::State;
  std::size_t begin = 0;
  if (octets.starts_with("\r\n")) begin = 2;  // RFC 9112 section 2.2: one empty line before a request is let pass
  if (octets.size() > begin && octets[begin] != '\r' && (classes[static_cast<unsigned char>(octets[begin])] & token) == 0) return {State::bad, 0};
  if (octets.size() > begin && octets[begin] == '\r' && begin == 2) return {State::bad, 0};
  std::size_t at = seen > begin ? seen : begin;
  while (at < octets.size()) {
    const void* found = std::memchr(octets.data() + at, '\n', octets.size() - at);
    if (found == nullptr) return {State::more, 0};
    const auto lf = static_cast<std::size_t>(static_cast<const char*>(found) - octets.data());
    if (lf == 0 || octets[lf - 1] != '\r') return {State::bad, 0};
    if (lf >= begin + 3 && octets[lf - 2] == '\n') return {State::complete, lf + 1};
    at = lf + 1;
  }
  return {State::more, 0};
}

const Fault* parse_head(std::string_view text, const HeadLimits& limits, Head& head) {
  auto fields = std::move(head.fields);  // its capacity serves again
  fields.clear();
  head = Head{};
  head.fields = std::move(fields);
  if (text.starts_with("\r\n")) text.remove_prefix(2);

  bool old = false;
  bool host_seen = false;
  std::string_view authority;
  if (const Fault* fault = parse_request_line(take_line(text), limits, head, authority, old)) return fault;
  head.keep_alive = !old;
  while (true) {
    const std::string_view line = take_line(text);
    if (line.empty()) break;
    if (line.front() == ' ' || line.front() == '\t') return &faults::folded;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return &faults::field_name;
    const Field field{line.substr(0, colon), trimmed(line.substr(colon + 1))};
    if (!is_field_value(field.value)) return &faults::field_value;
    if (head.fields.size() >= limits.fields_max) return &faults::fields_many;
    head.fields.push_back(field);
    if (const Fault* fault = interpret(field, old, host_seen, head)) return fault;
  }
  if (!host_seen && !old) return &faults::host;
  if (!authority.empty()) head.host = authority;
  return nullptr;
}

}  // namespace jx::http
