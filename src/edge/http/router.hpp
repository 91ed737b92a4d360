// router.hpp - the route table: path templates to routes. Built once, then read by all threads.
// A literal part goes before `{name}`, that before `{rest+}`. What no template names is 404; a template without the method is 405.
#pragma once
#include <jx/http/server.hpp>

#include "request_maker.hpp"

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::http {

class Router {
 public:
  enum class Outcome { found, no_path, no_method, bad_encoding };
  struct Match {
    Outcome outcome = Outcome::no_path;
    std::size_t index = 0;  // of the route in routes()
    std::string allow;      // for no_method: `GET, HEAD, POST`
    RequestMaker::Params params;
  };

  /// Errors: invalid (a bad template; the same method and path twice; two names for one part).
  [[nodiscard]] Result<> add(Route route);
  [[nodiscard]] Match match(Method method, std::string_view path) const;
  /// True if routes lie under the first part of the path, so that no web page may stand below it: `/api/v1/typo` is 404, not the portal. A page may
  /// stand at the part itself, `/api`.
  [[nodiscard]] bool owns(std::string_view path) const;
  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  static constexpr std::size_t parts_max = 32;
  static constexpr std::size_t none = SIZE_MAX;
  using ByMethod = std::array<std::size_t, 7>;
  static constexpr ByMethod nothing{none, none, none, none, none, none, none};

  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> any;  // `{name}`
    std::string name;           // of `any` or of the rest
    ByMethod here = nothing;
    ByMethod rest = nothing;  // `{name+}`
  };

  static const ByMethod* find(const Node& node, std::string_view path, std::vector<std::pair<std::string_view, std::string_view>>& raw);
  static bool empty(const ByMethod& methods) { return methods == nothing; }

  Node root_;
  std::vector<Route> routes_;
};

}  // namespace jx::http
