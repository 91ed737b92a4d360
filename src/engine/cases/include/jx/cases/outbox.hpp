// outbox.hpp - what an act wants to leave the program: written in the act, carried out by a worker after the commit, at least once.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::cases {

struct Outgoing {
  Uuid id;  // the same at every attempt: what receives it can tell a repetition
  Instant at;
  std::string type;     // such as `message.mail.v1`
  std::string subject;  // what it is about
  boost::json::object body;
  int attempts = 0;  // with this one
};

/// Puts it out, to be carried out at once.
[[nodiscard]] Result<> put_out(db::Tx& tx, const Context& ctx, std::string_view type, std::string_view subject, const boost::json::object& body);

/// Takes up to `limit` that are due, in their order; nobody else gets them before `until`.
[[nodiscard]] Result<std::vector<Outgoing>> take_out(db::Tx& tx, Instant now, Instant until, std::size_t limit);
/// It failed and is due again at `when`.
[[nodiscard]] Result<> put_back(db::Tx& tx, const Uuid& id, Instant when);
/// How it ended; its body is forgotten. Again: nothing.
enum class Sending { sent, given_up, not_wanted };
[[nodiscard]] std::string_view name(Sending became);
[[nodiscard]] Result<> end_out(db::Tx& tx, const Uuid& id, Instant now, Sending became);

/// When the next is due; nothing if there is none.
[[nodiscard]] Result<std::optional<Instant>> next_out(db::Tx& tx);
/// How many by their ending; under an empty name those that still wait.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> count_out(db::Tx& tx);

}  // namespace jx::cases
