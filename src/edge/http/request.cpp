#include <jx/http/request.hpp>

#include <jx/wire/utf8.hpp>

#include "request_maker.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace jx::http {
namespace {

constexpr std::size_t query_pairs_max = 64;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Words bad_encoding() { return {"This part of the address is not valid percent-encoded UTF-8.", "地址中的这一部分不是有效的百分号编码 UTF-8 文本。"}; }

/// `q=0.5` of one element, in thousandths.
int weight_of(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const std::string_view text = parameters.substr(at + 2);
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  int weight = (text[0] - '0') * 1000;
  int unit = 100;
  for (std::size_t i = 2; i < text.size() && i < 5 && text[1] == '.' && text[i] >= '0' && text[i] <= '9'; ++i, unit /= 10)
    weight += (text[i] - '0') * unit;
  return weight > 1000 ? 1000 : weight;
}

}  // namespace

std::string_view name(Method method) {
  static constexpr std::array<std::string_view, 7> names{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return names[static_cast<std::size_t>(method)];
}

std::string_view language_of(std::string_view accept_language) {
  int zh = 0;
  int en = 0;
  each_element(accept_language, [&](std::string_view element) {
    const std::size_t semicolon = element.find(';');
    const std::string_view range = element.substr(0, semicolon);
    const int weight = semicolon == std::string_view::npos ? 1000 : weight_of(element.substr(semicolon));
    const std::string_view primary = range.substr(0, range.find('-'));
    if (same_name(primary, "zh") && weight > zh) zh = weight;
    if (same_name(primary, "en") && weight > en) en = weight;
  });
  return en > zh ? "en" : "zh-CN";
}

Result<std::string> percent_decode(std::string_view text, bool plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return fail(ErrorCode::invalid, bad_encoding());
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  if (wire::find_invalid_utf8(out)) return fail(ErrorCode::invalid, bad_encoding());
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(hex[octet >> 4U]);
      out.push_back(hex[octet & 15U]);
    }
  }
  return out;
}

Request RequestMaker::make(std::string_view text, const Head& head, RequestId id) {
  Request request;
  request.head_ = std::make_unique_for_overwrite<char[]>(text.size());  // NOLINT(*-c-arrays)
  std::memcpy(request.head_.get(), text.data(), text.size());
  const auto moved = [&](std::string_view part) {
    return part.empty() ? std::string_view() : std::string_view(request.head_.get() + (part.data() - text.data()), part.size());
  };
  request.method_ = head.method;
  request.path_ = moved(head.path);
  request.query_ = moved(head.query);
  request.host_ = moved(head.host);
  request.fields_.reserve(head.fields.size());
  for (const Field& field : head.fields) request.fields_.push_back({moved(field.name), moved(field.value)});
  if (const auto languages = head.field("accept-language")) request.language_ = language_of(*languages);
  request.id_ = id;
  return request;
}

Result<Request> Request::parse(std::string head, std::string body) {
  const HeadEnd end = find_head_end(head, 0);
  Head parsed;
  const Fault* fault = &faults::syntax;
  if (end.state == HeadEnd::State::complete && end.size == head.size()) fault = parse_head(head, HeadLimits{}, parsed);
  if (fault != nullptr) return fail(ErrorCode::invalid, {fault->en, fault->zh});
  RequestId id;
  if (const auto sent = parsed.field("x-request-id")) {
    if (auto uuid = RequestId::parse(*sent)) id = *uuid;
  }
  Request request = RequestMaker::make(head, parsed, id);
  request.body_ = std::move(body);
  return request;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  for (const Field& field : fields_) {
    if (same_name(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (const Field& field : fields_) {
    if (!same_name(field.name, "cookie")) continue;
    std::string_view rest = field.value;  // RFC 6265 section 4.2.1: pairs joined by "; "
    while (!rest.empty()) {
      const std::size_t end = rest.find(';');
      std::string_view pair = rest.substr(0, end);
      while (pair.starts_with(' ')) pair.remove_prefix(1);
      if (pair.size() > name.size() && pair[name.size()] == '=' && pair.starts_with(name)) return pair.substr(name.size() + 1);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
  }
  return std::nullopt;
}

std::string_view Request::param(std::string_view name) const {
  for (const auto& [key, value] : params_) {
    if (key == name) return value;
  }
  return {};
}

Result<std::vector<std::pair<std::string, std::string>>> Request::query_pairs() const {
  std::vector<std::pair<std::string, std::string>> out;
  std::string_view rest = query_;
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (pair.empty()) continue;
    if (out.size() >= query_pairs_max) return fail(ErrorCode::invalid, {"The query has too many parameters.", "查询参数过多。"});
    const std::size_t equals = pair.find('=');
    JX_TRY(key, percent_decode(pair.substr(0, equals), true));
    JX_TRY(value, percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true));
    out.emplace_back(std::move(key), std::move(value));
  }
  return out;
}

Result<std::optional<std::string>> Request::query(std::string_view name) const {
  JX_TRY(pairs, query_pairs());
  std::optional<std::string> found;
  for (auto& [key, value] : pairs) {
    if (key != name) continue;
    if (found) return fail(ErrorCode::invalid, {"This parameter was given twice.", "该参数重复。"}, "/" + std::string(name));
    found = std::move(value);
  }
  return found;
}

}  // namespace jx::http
