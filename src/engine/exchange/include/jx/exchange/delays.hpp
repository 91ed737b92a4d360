// delays.hpp - uses that are told to the person later, for an investigation that would fail otherwise: asked by the unit that reads, approved by the
// data authority, until a day. Every step is on record; provider and authority see the uses at once, and the person sees them after it, with the law.
#pragma once
#include <jx/exchange.hpp>

namespace jx::exchange {

struct DelayTag;
using DelayId = Id<DelayTag>;

inline constexpr int delay_days_max = 180;  // a longer one is asked for anew

struct Delay {
  DelayId id;
  GrantId grant;
  std::optional<Uuid> matter;  // only uses for this case; nothing: all under the grant
  UnitId unit;                 // that asked
  Instant until;
  std::vector<LawReference> law;
  std::string reason;
  Instant asked_at;  // uses before are told
  AccountId asked_by;
  std::optional<bool> approved;  // nothing: not decided
  std::optional<Instant> decided_at;
  std::string decision;
  std::optional<Instant> ended_at;  // before its time

  [[nodiscard]] bool hides(const Usage& usage, Instant now) const;
  /// It once kept the use from the person, and does no more.
  [[nodiscard]] bool hid(const Usage& usage, Instant now) const;
};

/// What is asked for.
struct DelayWish {
  GrantId grant;
  std::optional<Uuid> matter;
  Instant until;
  std::vector<LawReference> law;
  std::string reason;
};

/// Asks, as the grant's consumer. Errors: not_found; forbidden (another unit's grant); invalid (/until, /law, /reason).
[[nodiscard]] Result<DelayId> ask_delay(db::Tx& tx, const Context& ctx, const DelayWish& wish);
/// Decides, as another unit and another person than who asked; `asker` is the person of Delay::asked_by, who may have several accounts. Errors:
/// not_found; forbidden; conflict (decided before; its time is over); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> decide_delay(db::Tx& tx, const Context& ctx, const DelayId& id, const PersonId& asker, bool approve,
                                                   std::string_view reason);
/// Ends it before its time. Errors: not_found; conflict (not in force); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> end_delay(db::Tx& tx, const Context& ctx, const DelayId& id, std::string_view reason);

/// Errors: not_found.
[[nodiscard]] Result<Delay> delay(db::Tx& tx, const DelayId& id);
/// Newest first; at most 1,000.
[[nodiscard]] Result<std::vector<Delay>> delays(db::Tx& tx);
/// Those of a grant, oldest first.
[[nodiscard]] Result<std::vector<Delay>> delays_of(db::Tx& tx, const GrantId& grant);

/// usage_about() without what is told later.
[[nodiscard]] Result<UsagePage> usage_shown_to(db::Tx& tx, const PersonId& person, Instant now, std::size_t limit, std::string_view cursor);

/// How often offices read what is about each person and firm, by their ids, from an instant until before another; without what they asked for
/// themselves and what an investigation still keeps from them.
[[nodiscard]] Result<std::map<Uuid, std::int64_t>> reads_between(db::Tx& tx, Instant from, Instant until, Instant now);

}  // namespace jx::exchange
