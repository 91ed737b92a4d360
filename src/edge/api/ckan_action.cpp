// ckan_action.cpp - GET and POST /api/3/action/{action} (operations getCkanAction, postCkanAction): the read side of CKAN's Action API.
#include "open_views.hpp"

namespace jx::api {

namespace {

Call::Answer act(const Call& call, const boost::json::object& parameters) {
  JX_TRY(found, call.deps.database.read(call.ctx.deadline, [&](db::Tx& tx) { return open_catalogue(call, tx); }));
  const auto rows = [&](const catalogue::Resource& resource, const auto& take) { return each_open_row(call, resource, take); };
  const open_data::CkanSite site{found.site, found.entries, [&](std::string_view words) { return found.find(words); }, rows, call.ctx.language};
  JX_TRY(answer, open_data::ckan(site, call.request.param("action"), parameters));
  auto response = http::json(std::move(answer.body));
  response.status = answer.status;
  response.with("Access-Control-Allow-Origin", "*");
  return response;
}

Result<boost::json::object> of_pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  boost::json::object out;
  for (const auto& [name, value] : pairs) out[name] = value;
  return out;
}

http::Response bad_body(std::string_view why) {
  auto answer = open_data::ckan_bad_body(why);
  auto response = http::json(std::move(answer.body));
  response.status = answer.status;
  return response;
}

}  // namespace

Call::Answer get_ckan_action(Call& call) {
  JX_TRY(pairs, call.request.query_pairs());
  JX_TRY(parameters, of_pairs(pairs));
  return act(call, parameters);
}

/// Clients send JSON under any content type, and some a form.
Call::Answer post_ckan_action(Call& call) {
  const auto body = call.request.body();
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return act(call, {});
  auto json = wire::parse(body);
  if (json && json->is_object()) return act(call, json->get_object());
  if (call.request.header("Content-Type").value_or("").starts_with("application/x-www-form-urlencoded") && body.front() != '{') {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t at = 0; at <= body.size() && pairs.size() < 64;) {
      const auto end = std::min(body.find('&', at), body.size());
      const auto part = body.substr(at, end - at);
      const auto equals = std::min(part.find('='), part.size());
      JX_TRY(name, http::percent_decode(part.substr(0, equals), true));
      JX_TRY(value, http::percent_decode(part.substr(std::min(equals + 1, part.size())), true));
      if (!name.empty()) pairs.emplace_back(std::move(name), std::move(value));
      at = end + 1;
    }
    JX_TRY(parameters, of_pairs(pairs));
    return act(call, parameters);
  }
  return bad_body(json ? "Request data JSON decoded to something that is no object" : json.error().message.en);
}

}  // namespace jx::api
