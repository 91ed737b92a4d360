#include <jx/api.hpp>
#include <jx/wire.hpp>

#include <fstream>
#include <map>
#include <mutex>

namespace jx::api {

namespace {

struct RecordedRequest {
  std::string method, path, query;
  std::map<std::string, std::string> headers;
  std::string body;
  bool binary = false;  // `body` is base64
};
BOOST_DESCRIBE_STRUCT(RecordedRequest, (), (method, path, query, headers, body, binary))

struct RecordedResponse {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  bool binary = false;  // `body` is base64
};
BOOST_DESCRIBE_STRUCT(RecordedResponse, (), (status, headers, body, binary))

struct Recorded {
  std::string route;  // the path of the contract
  RecordedRequest request;
  RecordedResponse response;
};
BOOST_DESCRIBE_STRUCT(Recorded, (), (route, request, response))

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

bool secret(std::string_view name) { return name == "cookie" || name == "set-cookie" || name == "authorization" || name == "x-csrf-token"; }

bool is_text(std::string_view type) { return type.starts_with("text/") || type.ends_with("json") || type.ends_with("xml"); }

Recorded record(const http::Exchange& exchange) {
  const auto& [request, response] = exchange;
  Recorded out;
  out.route = request.route();
  if (const auto rest = out.route.find("+}"); rest != std::string::npos) out.route.erase(rest, 1);  // OpenAPI has no such parameter
  out.request = {
      std::string(http::name(request.method())), std::string(request.path()), std::string(request.query()), {}, std::string(request.body()), false};
  for (const http::Field& field : request.fields()) {
    const std::string name = lower(field.name);
    if (!secret(name)) out.request.headers[name] = field.value;
  }
  if (request.header("Content-Type").value_or("") == "application/octet-stream") {
    out.request.binary = true;
    out.request.body = to_base64(bytes_of(request.body()));
  }
  if (out.request.body.find("\"password\"") != std::string::npos) out.request.body.clear();
  out.response.status = response.status;
  for (const auto& [name, value] : response.headers) {
    if (!secret(lower(name))) out.response.headers[lower(name)] = value;
  }
  out.response.binary = !is_text(response.header("Content-Type").value_or("text/plain"));
  out.response.body = out.response.binary ? to_base64(bytes_of(response.text())) : std::string(response.text());
  return out;
}

}  // namespace

Result<std::function<void(const http::Exchange&)>> recorder(const std::filesystem::path& file) {
  struct State {
    std::mutex mutex;
    std::ofstream out;  // guarded by mutex
  };
  const auto state = std::make_shared<State>();  // shared because std::function copies what it holds
  state->out.open(file, std::ios::app | std::ios::binary);
  if (!state->out) return fail(ErrorCode::unavailable, "the file " + file.string() + " cannot be opened for recording");
  return [state](const http::Exchange& exchange) {
    const std::string line = wire::encode(record(exchange)) + "\n";
    const std::lock_guard lock(state->mutex);
    state->out << line << std::flush;
  };
}

}  // namespace jx::api
