#include "form_formats.hpp"

#include "form_pattern.hpp"

#include <jx/text.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <unicode/uidna.h>

#include <algorithm>
#include <array>

namespace jx::cases {
namespace {

namespace urls = boost::urls;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alnum(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The number of exactly `count` digits at `at`, or -1.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (!is_digit(c)) return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

bool is_date(std::string_view text) { return LocalDate::parse(text).has_value(); }

struct Clock {
  int hour = -1, minute = -1, second = 0;
  std::string_view rest;  // after the seconds and their fraction
};
bool read_clock(std::string_view text, Clock& clock) {
  clock.hour = digits_at(text, 0, 2);
  clock.minute = digits_at(text, 3, 2);
  clock.second = digits_at(text, 6, 2);
  if (clock.hour < 0 || clock.hour > 23 || clock.minute < 0 || clock.minute > 59 || clock.second < 0 || clock.second > 60) return false;
  if (text[2] != ':' || text[5] != ':') return false;
  text.remove_prefix(8);
  if (text.starts_with('.')) {
    const auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (end == 1) return false;
    text.remove_prefix(end);
  }
  clock.rest = text;
  return true;
}

/// RFC 3339, full-time: a leap second is one only at the end of a day of UTC.
bool is_time(std::string_view text) {
  Clock clock;
  if (!read_clock(text, clock)) return false;
  int offset = 0;  // minutes east
  if (clock.rest != "Z" && clock.rest != "z") {
    const int hours = digits_at(clock.rest, 1, 2);
    const int minutes = digits_at(clock.rest, 4, 2);
    if (clock.rest.size() != 6 || clock.rest[3] != ':' || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
    if (clock.rest[0] != '+' && clock.rest[0] != '-') return false;
    offset = (clock.rest[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  if (clock.second < 60) return true;
  const int utc = (clock.hour * 60 + clock.minute - offset + 2 * 1440) % 1440;
  return utc == 1439;
}
bool is_date_time(std::string_view text) {
  return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && is_date(text.substr(0, 10)) && is_time(text.substr(11));
}
/// What `<input type="time">` gives: hours and minutes, perhaps seconds.
bool is_local_time(std::string_view text) {
  const int hour = digits_at(text, 0, 2);
  const int minute = digits_at(text, 3, 2);
  if (text.size() < 5 || text[2] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59) return false;
  if (text.size() == 5) return true;
  const int second = digits_at(text, 6, 2);
  return text.size() == 8 && text[5] == ':' && second >= 0 && second <= 59;
}

bool is_ipv4(std::string_view text) {
  for (int part = 0; part < 4; ++part) {
    const auto end = std::min(text.find('.'), text.size());
    const auto piece = text.substr(0, end);
    if (piece.empty() || piece.size() > 3 || (piece.size() > 1 && piece[0] == '0')) return false;
    const int value = digits_at(piece, 0, piece.size());
    if (value < 0 || value > 255) return false;
    if (part == 3) return end == text.size();
    if (end == text.size()) return false;
    text.remove_prefix(end + 1);
  }
  return false;
}

/// RFC 4291, section 2.2: eight groups, one run of zeros as `::`, the last two perhaps as IPv4. No zone.
bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool gap = false;
  if (text.starts_with("::")) {
    gap = true;
    text.remove_prefix(2);
  } else if (text.starts_with(':')) {
    return false;
  }
  while (!text.empty()) {
    const auto end = text.find(':');
    const auto piece = text.substr(0, end);
    if (end == std::string_view::npos && piece.find('.') != std::string_view::npos) {
      if (!is_ipv4(piece)) return false;
      groups += 2;
      break;
    }
    if (piece.empty() || piece.size() > 4 || !std::ranges::all_of(piece, is_hex)) return false;
    ++groups;
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (text.starts_with(':')) {
      if (gap) return false;
      gap = true;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return false;
    }
  }
  return gap ? groups < 8 : groups == 8;
}

bool idna(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UIDNA, decltype(&uidna_close)> rules(
      uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_CHECK_CONTEXTO | UIDNA_NONTRANSITIONAL_TO_ASCII,
                      &status),
      &uidna_close);
  if (U_FAILURE(status) || text.size() > 1'000) return false;
  std::array<char, 1'024> out{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  const auto size = uidna_nameToASCII_UTF8(rules.get(), text.data(), static_cast<int32_t>(text.size()), out.data(), out.size(), &info, &status);
  return U_SUCCESS(status) != 0 && info.errors == 0 && size > 0 && size <= 253;
}

/// RFC 1123, section 2.1; a label that says it is Punycode must be.
bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  bool encoded = false;
  for (std::string_view left = text;;) {
    const auto end = std::min(left.find('.'), left.size());
    const auto label = left.substr(0, end);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; })) return false;
    encoded = encoded || (label.size() > 3 && label[2] == '-' && label[3] == '-');
    if (end == left.size()) break;
    left.remove_prefix(end + 1);
  }
  return !encoded || idna(text);
}
bool is_idn_hostname(std::string_view text) { return !text.empty() && (is_ascii(text) ? is_hostname(text) : idna(text)); }

/// RFC 5321, section 4.1.2: Mailbox. `wide` (RFC 6531) takes letters beyond ASCII.
bool is_mailbox(std::string_view text, bool wide) {
  const auto beyond = [&](char c) { return wide && static_cast<unsigned char>(c) >= 0x80; };
  std::size_t at = 0;
  if (text.starts_with('"')) {
    for (at = 1; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\') ++at;
      if (at >= text.size() || (!beyond(text[at]) && (text[at] < 32 || text[at] > 126))) return false;
    }
    ++at;
  } else {
    constexpr std::string_view atext = "!#$%&'*+-/=?^_`{|}~.";
    at = std::min(text.find('@'), text.size());
    const auto local = text.substr(0, at);
    if (local.empty() || local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
    if (!std::ranges::all_of(local, [&](char c) { return is_alnum(c) || atext.find(c) != std::string_view::npos || beyond(c); })) return false;
  }
  if (at > 64 || at >= text.size() || text[at] != '@') return false;
  auto domain = text.substr(at + 1);
  if (domain.size() > 255) return false;
  if (!domain.starts_with('[')) return wide ? is_idn_hostname(domain) : is_hostname(domain);
  if (!domain.ends_with(']')) return false;
  domain = domain.substr(1, domain.size() - 2);
  return domain.starts_with("IPv6:") ? is_ipv6(domain.substr(5)) : is_ipv4(domain);
}
bool is_email(std::string_view text) { return is_mailbox(text, false); }
bool is_idn_email(std::string_view text) { return is_mailbox(text, true); }

/// RFC 3987 to RFC 3986: what lies beyond ASCII is percent-encoded, and nothing else.
std::string uri_of(std::string_view iri) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : iri) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80)
      out += c;
    else
      (out += '%') += {hex[octet >> 4U], hex[octet & 15U]};
  }
  return out;
}
/// RFC 3986, section 3: the path after an authority is empty or begins with a slash. Boost reads `//2001:0db8:85a3` as a port and a path.
bool has_right_path(urls::url_view_base const& uri) {
  const std::string_view path = uri.encoded_path();
  return !uri.has_authority() || path.empty() || path.starts_with('/');
}
bool is_uri(std::string_view text) {
  const auto uri = urls::parse_uri(text);
  return uri && has_right_path(*uri);
}
bool is_uri_reference(std::string_view text) {
  const auto uri = urls::parse_uri_reference(text);
  return uri && has_right_path(*uri);
}
bool is_iri(std::string_view text) { return is_uri(uri_of(text)); }
bool is_iri_reference(std::string_view text) { return is_uri_reference(uri_of(text)); }

/// RFC 6570, section 2.
bool is_expression(std::string_view text) {
  if (!text.empty() && std::string_view("+#./;?&").find(text.front()) != std::string_view::npos) text.remove_prefix(1);
  for (;;) {
    const auto end = std::min(text.find(','), text.size());
    auto variable = text.substr(0, end);
    if (variable.ends_with('*')) {
      variable.remove_suffix(1);
    } else if (const auto colon = variable.find(':'); colon != std::string_view::npos) {
      const auto length = variable.substr(colon + 1);
      if (length.empty() || length.size() > 4 || length.front() == '0' || !std::ranges::all_of(length, is_digit)) return false;
      variable = variable.substr(0, colon);
    }
    if (variable.empty() || variable.front() == '.' || variable.back() == '.') return false;
    for (std::size_t i = 0; i < variable.size(); ++i) {
      if (variable[i] == '%' && i + 2 < variable.size() && is_hex(variable[i + 1]) && is_hex(variable[i + 2])) {
        i += 2;
      } else if (!is_alnum(variable[i]) && variable[i] != '_' && variable[i] != '.') {
        return false;
      }
    }
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}
bool is_uri_template(std::string_view text) {
  constexpr std::string_view never = " \"'<>\\^`|";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') {
      const auto end = text.find('}', i);
      if (end == std::string_view::npos || !is_expression(text.substr(i + 1, end - i - 1))) return false;
      i = end;
    } else if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
    } else if (text[i] == '}' || (static_cast<unsigned char>(text[i]) < 0x80 && (text[i] < 33 || text[i] == 127)) ||
               never.find(text[i]) != std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 >= text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}
bool is_relative_json_pointer(std::string_view text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0 || (end > 1 && text.front() == '0')) return false;
  return text.substr(end) == "#" || is_json_pointer(text.substr(end));
}

bool is_regex(std::string_view text) { return FormPattern::compile(text).has_value(); }
bool is_uuid(std::string_view text) { return Uuid::parse(text).has_value(); }
bool is_citizen_id(std::string_view text) { return text::check_citizen_id(text).has_value(); }
bool is_credit_code(std::string_view text) { return text::check_credit_code(text).has_value(); }
bool is_division(std::string_view text) { return text::check_division(text).has_value(); }

const std::array formats{
    FormFormat{"date", is_date, {"a date of the form yyyy-mm-dd that exists", "有效日期（yyyy-mm-dd）"}},
    FormFormat{"date-time", is_date_time, {"a date and time with its zone, such as 2026-11-21T09:03:00+08:00", "带时区的日期时间"}},
    FormFormat{"time", is_time, {"a time with its zone, such as 09:03:00+08:00", "带时区的时间"}},
    FormFormat{"local-time", is_local_time, {"a time of day, such as 09:03", "时刻（如 09:03）"}},
    FormFormat{"email", is_email, {"an e-mail address", "有效的电子邮箱"}},
    FormFormat{"idn-email", is_idn_email, {"an e-mail address", "有效的电子邮箱"}},
    FormFormat{"hostname", is_hostname, {"the name of a host", "有效的主机名"}},
    FormFormat{"idn-hostname", is_idn_hostname, {"the name of a host", "有效的主机名"}},
    FormFormat{"ipv4", is_ipv4, {"an IPv4 address", "有效的 IPv4 地址"}},
    FormFormat{"ipv6", is_ipv6, {"an IPv6 address", "有效的 IPv6 地址"}},
    FormFormat{"uri", is_uri, {"a URI", "有效的 URI"}},
    FormFormat{"uri-reference", is_uri_reference, {"a URI reference", "有效的 URI 引用"}},
    FormFormat{"iri", is_iri, {"an IRI", "有效的 IRI"}},
    FormFormat{"iri-reference", is_iri_reference, {"an IRI reference", "有效的 IRI 引用"}},
    FormFormat{"uri-template", is_uri_template, {"a URI template", "有效的 URI 模板"}},
    FormFormat{"json-pointer", is_json_pointer, {"a JSON Pointer", "有效的 JSON Pointer"}},
    FormFormat{"relative-json-pointer", is_relative_json_pointer, {"a relative JSON Pointer", "有效的相对 JSON Pointer"}},
    FormFormat{"regex", is_regex, {"a regular expression", "有效的正则表达式"}},
    FormFormat{"uuid", is_uuid, {"a UUID", "有效的 UUID"}},
    FormFormat{"cn.citizen-id", is_citizen_id, {"a citizen id: check its 18 characters", "有效的公民身份号码，请核对18位号码"}},
    FormFormat{"cn.credit-code", is_credit_code, {"a unified social credit code: check its 18 characters", "有效的统一社会信用代码，请核对18位代码"}},
    FormFormat{"cn.division", is_division, {"a division code of 6, 9 or 12 digits", "有效的行政区划代码（6、9或12位）"}},
};

}  // namespace

const FormFormat* find_format(std::string_view name) {
  const auto* found = std::ranges::find(formats, name, &FormFormat::name);
  return found == formats.end() ? nullptr : found;
}

std::string format_names() {
  std::string names;
  for (const auto& format : formats) names += (names.empty() ? "" : ", ") + std::string(format.name);
  return names;
}

Result<Target> resolve_reference(std::string_view base, std::string_view reference) {
  const auto no_uri = [] { return fail(ErrorCode::invalid, {"this is no URI reference", "不是有效的 URI 引用"}); };
  const auto base_uri = uri_of(base);
  const auto reference_uri = uri_of(reference);
  const auto from = urls::parse_uri(base_uri);
  const auto to = urls::parse_uri_reference(reference_uri);
  if (!from || !to) return no_uri();
  urls::url whole;
  if (!urls::resolve(*from, *to, whole)) return no_uri();
  Target target;
  target.fragment = whole.fragment();
  whole.remove_fragment();
  target.document = whole.buffer();
  return target;
}

}  // namespace jx::cases
