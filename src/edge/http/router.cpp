#include "router.hpp"

#include <algorithm>

namespace jx::http {
namespace {

std::unexpected<Error> bad(const Route& route, std::string_view why) {
  return fail(ErrorCode::invalid, "the route " + std::string(name(route.method)) + " " + route.path + " " + std::string(why));
}

/// Splits `/a/b` into `a` and `/b`.
std::string_view take_part(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view part = path.substr(0, end);
  path.remove_prefix(end);
  return part;
}

}  // namespace

Result<> Router::add(Route route) {
  if (!route.path.starts_with('/')) return bad(route, "does not begin with a slash");
  if (!route.handler) return bad(route, "has no handler");
  Node* node = &root_;
  std::string_view path = route.path;
  ByMethod* slot = nullptr;
  for (std::size_t parts = 0; !path.empty(); ++parts) {
    const std::string_view part = take_part(path);
    if (part.empty() && !(parts == 0 && path.empty())) return bad(route, "has an empty part");
    if (parts >= parts_max) return bad(route, "has too many parts");
    if (!part.starts_with('{')) {
      auto& next = node->literals[std::string(part)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
      continue;
    }
    if (!part.ends_with('}') || part.size() < 3) return bad(route, "has a part that begins with { and does not end with }");
    std::string_view param = part.substr(1, part.size() - 2);
    const bool rest = param.ends_with('+');
    if (rest) param.remove_suffix(1);
    if (!node->name.empty() && node->name != param)
      return bad(route, "names a part {" + std::string(param) + "} that another route names {" + node->name + "}");
    node->name = param;
    if (rest) {
      if (!path.empty()) return bad(route, "has something after {" + std::string(param) + "+}");
      slot = &node->rest;
      break;
    }
    if (!node->any) node->any = std::make_unique<Node>();
    node = node->any.get();
  }
  if (slot == nullptr) slot = &node->here;
  std::size_t& index = (*slot)[static_cast<std::size_t>(route.method)];
  if (index != none) return bad(route, "is there twice");
  index = routes_.size();
  routes_.push_back(std::move(route));
  return {};
}

const Router::ByMethod* Router::find(const Node& node, std::string_view path, std::vector<std::pair<std::string_view, std::string_view>>& raw) {
  if (path.empty()) return empty(node.here) ? nullptr : &node.here;
  std::string_view after = path;
  const std::string_view part = take_part(after);
  if (const auto literal = node.literals.find(part); literal != node.literals.end()) {
    if (const ByMethod* found = find(*literal->second, after, raw)) return found;
  }
  if (part.empty()) return nullptr;
  if (node.any) {
    raw.emplace_back(node.name, part);
    if (const ByMethod* found = find(*node.any, after, raw)) return found;
    raw.pop_back();
  }
  if (empty(node.rest)) return nullptr;
  raw.emplace_back(node.name, path.substr(1));
  return &node.rest;
}

bool Router::owns(std::string_view path) const {
  const auto literal = root_.literals.find(take_part(path));
  return literal != root_.literals.end() && !path.empty() && path != "/";  // a page may stand at `/api` itself
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (static_cast<std::size_t>(std::ranges::count(path, '/')) > parts_max) return match;
  std::vector<std::pair<std::string_view, std::string_view>> raw;
  const ByMethod* found = find(root_, path, raw);
  if (found == nullptr) return match;
  const auto at = [&](Method wanted) { return (*found)[static_cast<std::size_t>(wanted)]; };
  match.index = method == Method::head ? at(Method::get) : at(method);
  if (match.index == none) {
    match.outcome = Outcome::no_method;
    for (const Method each : {Method::get, Method::post, Method::put, Method::patch, Method::del}) {
      if (at(each) == none) continue;
      if (!match.allow.empty()) match.allow += ", ";
      match.allow += name(each);
      if (each == Method::get) match.allow += ", HEAD";
    }
    return match;
  }
  match.outcome = Outcome::found;
  for (const auto& [key, value] : raw) {
    auto decoded = percent_decode(value);
    if (!decoded) {
      match.outcome = Outcome::bad_encoding;
      return match;
    }
    match.params.emplace_back(key, std::move(*decoded));
  }
  return match;
}

}  // namespace jx::http
