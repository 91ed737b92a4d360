#include <jx/http/response.hpp>

#include <jx/http/problem.hpp>
#include <jx/http/request.hpp>

#include "head.hpp"

#include <algorithm>

namespace jx::http {
namespace {

std::string printable(std::string_view value) {
  std::string out(value);
  std::erase_if(out, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
  return out;
}

Response typed(int status, std::string_view type, std::string body) {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(body);
  return response;
}

}  // namespace

Response& Response::with(std::string_view name, std::string_view value) & {
  std::erase_if(headers, [&](const auto& header) { return same_name(header.first, name); });
  return add(name, value);
}
Response&& Response::with(std::string_view name, std::string_view value) && { return std::move(with(name, value)); }

Response& Response::add(std::string_view name, std::string_view value) {
  headers.emplace_back(printable(name), printable(value));
  return *this;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

std::string_view Response::text() const {
  const auto* text = std::get_if<std::string>(&body);
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

Response content(std::string_view type, std::string body) { return typed(200, type, std::move(body)); }
Response json(std::string body) { return typed(200, "application/json", std::move(body)); }
Response created(std::string_view location, std::string body) { return typed(201, "application/json", std::move(body)).with("Location", location); }
Response accepted(std::string_view location, std::string body) { return typed(202, "application/json", std::move(body)).with("Location", location); }

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response not_modified(std::string_view etag) {
  Response response;
  response.status = 304;
  return std::move(response).with("ETag", etag);
}

Response file(std::filesystem::path path, std::string_view type, std::string_view download_name) {
  Response response;
  response.headers.emplace_back("Content-Type", type);
  if (!download_name.empty()) response.with("Content-Disposition", "attachment; filename*=UTF-8''" + percent_encode(download_name));
  response.body = FileBody{std::move(path)};
  return response;
}

Response events(Subscribe subscribe) {
  Response response;
  response.headers.emplace_back("Content-Type", "text/event-stream");
  response.body = std::move(subscribe);
  return response;
}

Response problem(Error error) {
  Response response;
  response.status = status_of(error.code);
  response.error = std::move(error);
  return response;
}

}  // namespace jx::http
