// get_integrity.cpp - GET /api/v1/audit/integrity (operation getIntegrity): how far the record is under checkpoints, and when it was last compared
// with the rows that it vouches for (`junxian db check --record`).
#include "handlers.hpp"

#include <jx/ledger/log.hpp>
#include <jx/ledger/search.hpp>

namespace jx::api {

namespace {

struct LastCheck {
  Instant at;
  bool sound = false;
  std::int64_t findings = 0;
  ledger::EntryId entry;
};
BOOST_DESCRIBE_STRUCT(LastCheck, (), (at, sound, findings, entry))

struct Integrity {
  std::uint64_t size = 0;             // leaves in the tree
  std::uint64_t checkpoint_size = 0;  // of those, under the newest signed checkpoint
  std::optional<Instant> newest_at;   // of the newest entry
  std::optional<LastCheck> last_check;
};
BOOST_DESCRIBE_STRUCT(Integrity, (), (size, checkpoint_size, newest_at, last_check))

Result<std::optional<LastCheck>> last_check(db::Tx& tx) {
  ledger::Search wanted;
  wanted.kind = "ledger.checked";
  JX_TRY(page, ledger::search(tx, wanted, 0, 1));
  if (page.entries.empty() || !page.entries.front().entry.body) return std::optional<LastCheck>();
  const auto& entry = page.entries.front().entry;
  JX_TRY(whole, wire::parse(*entry.body));
  const auto* body = whole.is_object() ? whole.get_object().if_contains("body") : nullptr;
  const auto* findings = body != nullptr && body->is_object() ? body->get_object().if_contains("findings") : nullptr;
  const std::int64_t count = findings != nullptr && findings->is_int64() ? findings->get_int64() : 0;
  return std::optional(LastCheck{entry.at, count == 0, count, entry.id});
}

}  // namespace

Call::Answer get_integrity(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "audit.read"));
    JX_TRY(log, ledger::newest_log(tx));
    Integrity view{log.size, log.checkpoint_size, {}, {}};
    JX_TRY(newest, ledger::search(tx, {}, 0, 1));
    if (!newest.entries.empty()) view.newest_at = newest.entries.front().entry.at;
    JX_TRY(checked, last_check(tx));
    view.last_check = std::move(checked);
    return ok(view);
  });
}

}  // namespace jx::api
