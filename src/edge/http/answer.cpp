#include "answer.hpp"

#include <jx/http/problem.hpp>

#include <algorithm>
#include <charconv>

namespace jx::http {
namespace {

constexpr std::string_view api_headers =
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
constexpr std::string_view page_headers =
    "X-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\nX-Frame-Options: DENY\r\nCross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\nPermissions-Policy: camera=(), microphone=(), geolocation=()\r\n";
constexpr std::string_view strict_transport = "Strict-Transport-Security: max-age=31536000\r\n";

void line(std::string& out, std::string_view name, std::string_view value) { out.append(name).append(": ").append(value).append("\r\n"); }

void number_line(std::string& out, std::string_view name, std::uint64_t value) {
  std::array<char, 24> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  line(out, name, {text.data(), static_cast<std::size_t>(end - text.data())});
}

void begin_head(std::string& out, int status, bool secure, const RequestId& id) {
  out.reserve(640);
  out.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason(status)).append("\r\n");
  line(out, "X-Request-Id", id.text());
  if (secure) out.append(strict_transport);
}

bool no_body(int status) { return status == 204 || status == 304; }

/// Turns a file body into its first piece and a reader of the rest, or into the empty answer that it is.
Result<std::optional<FileReader>> open_file(const Request& request, Response& response, std::uint64_t& length) {
  JX_TRY(reader, FileReader::open(std::get<FileBody>(response.body).path));
  response.with("ETag", reader.etag());
  response.with("Accept-Ranges", "bytes");
  response.body = std::string();
  if (const auto known = request.header("if-none-match"); known && etag_matches(*known, reader.etag())) {
    response.status = 304;
    return std::nullopt;
  }
  const auto if_range = request.header("if-range");
  const auto range_field = if_range && *if_range != reader.etag() ? std::nullopt : request.header("range");
  ByteRange range{0, reader.size()};
  const RangeKind kind = range_field && request.method() == Method::get ? parse_range(*range_field, reader.size(), range) : RangeKind::whole;
  if (kind == RangeKind::unsatisfiable) {
    response.status = 416;
    response.with("Content-Range", "bytes */" + std::to_string(reader.size()));
    return std::nullopt;
  }
  if (kind == RangeKind::part) {
    response.status = 206;
    response.with("Content-Range",
                  "bytes " + std::to_string(range.first) + "-" + std::to_string(range.first + range.size - 1) + "/" + std::to_string(reader.size()));
  }
  reader.select(range);
  length = range.size;
  if (request.method() != Method::get) return std::nullopt;
  if (!reader.read(std::get<std::string>(response.body))) return fail(ErrorCode::unavailable, {"The file cannot be read now.", "文件暂时无法读取。"});
  if (reader.left() == 0) return std::nullopt;
  return std::optional<FileReader>(std::move(reader));
}

}  // namespace

void render_error(const Site& site, const Request& request, Response& response) {
  if (!response.error) return;
  const Error& error = *response.error;
  if ((error.code == ErrorCode::internal || error.code == ErrorCode::corrupt) && site.options.log != nullptr) {
    site.options.log->error("http.fault", {{"error", error}, {"request", request.id()}});
  }
  response.body = problem_json(error, response.status, request.language(), request.id(), response.faults);
  response.with("Content-Type", "application/problem+json").with("Content-Language", request.language());
  if (response.header("retry-after")) return;
  if (error.code == ErrorCode::unavailable) response.with("Retry-After", "2");
  if (error.code == ErrorCode::limited) response.with("Retry-After", "1");
}

Answer make_answer(const Site& site, const Request& request, Response&& response) {
  Answer answer;
  std::optional<std::uint64_t> file_length;
  if (std::holds_alternative<FileBody>(response.body)) {
    auto opened = open_file(request, response, file_length.emplace(0));
    if (opened) {
      answer.file = std::move(*opened);
    } else {
      file_length.reset();
      response = problem(std::move(opened).error());
      render_error(site, request, response);
    }
  }
  answer.status = response.status;
  answer.hold = std::clamp(response.hold, std::chrono::milliseconds(0), std::chrono::milliseconds(60'000));
  begin_head(answer.head, answer.status, request.peer().secure, request.id());
  bool cache = false;
  for (const auto& [name, value] : response.headers) {
    line(answer.head, name, value);
    cache = cache || same_name(name, "cache-control");
  }
  if (!cache) line(answer.head, "Cache-Control", "no-store");
  answer.head.append(api_headers);
  if (auto* text = std::get_if<std::string>(&response.body)) answer.body = std::move(*text);
  answer.length = file_length.value_or(answer.body.size());
  if (no_body(answer.status))
    answer.body.clear();
  else if (!std::holds_alternative<Subscribe>(response.body))
    number_line(answer.head, "Content-Length", answer.length);
  return answer;
}

Answer make_page(const StaticFiles::Found& page, const Head& head, bool secure, const RequestId& id) {
  const StaticFile& file = *page.file;
  const StaticFile::Variant& variant = StaticFiles::choose(file, head.field("accept-encoding").value_or(""));
  const auto known = head.field("if-none-match");
  Answer answer;
  answer.status = page.status == 200 && known && etag_matches(*known, variant.etag) ? 304 : page.status;
  begin_head(answer.head, answer.status, secure, id);
  if (answer.status == 308) {
    line(answer.head, "Location", file.mount->prefix);
    answer.head.append(page_headers);
    number_line(answer.head, "Content-Length", 0);
    return answer;
  }
  line(answer.head, "ETag", variant.etag);
  line(answer.head, "Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file.variants.size() > 1) line(answer.head, "Vary", "Accept-Encoding");
  if (answer.status == 304) return answer;
  line(answer.head, "Content-Type", file.type);
  if (!variant.coding.empty()) line(answer.head, "Content-Encoding", variant.coding);
  answer.head.append(page_headers);
  line(answer.head, "Content-Security-Policy", file.mount->content_security_policy);
  answer.page = variant.body;
  answer.length = variant.body.size();
  number_line(answer.head, "Content-Length", answer.length);
  return answer;
}

Answer make_refusal(const Fault& fault, std::string_view language, bool secure, const RequestId& id, std::string_view allow) {
  const auto code = [&] {
    switch (fault.status) {
      case 404: return ErrorCode::not_found;
      case 408: return ErrorCode::timeout;
      case 413:
      case 414:
      case 431: return ErrorCode::too_large;
      case 503: return ErrorCode::unavailable;
      default: return ErrorCode::invalid;
    }
  }();
  Answer answer;
  answer.status = fault.status;
  begin_head(answer.head, fault.status, secure, id);
  answer.body = problem_json(Error{code, {fault.en, fault.zh}, {}, nullptr}, fault.status, language, id);
  answer.length = answer.body.size();
  line(answer.head, "Content-Type", "application/problem+json");
  line(answer.head, "Content-Language", language);
  if (!allow.empty()) line(answer.head, "Allow", allow);
  if (fault.status == 503) line(answer.head, "Retry-After", "1");
  line(answer.head, "Cache-Control", "no-store");
  answer.head.append(api_headers);
  number_line(answer.head, "Content-Length", answer.length);
  return answer;
}

}  // namespace jx::http
