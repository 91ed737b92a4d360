// grants.hpp - grants that a request gives, beside those of the pack; and what is done to a grant afterwards.
// Facts: Order 809 art. 20 (request), 22 (delivery), 25 and 27 (no use beyond the purpose; suspend, then end; dispose afterwards).
#pragma once
#include <jx/catalogue/resources.hpp>
#include <jx/exchange.hpp>

namespace jx::exchange {

inline constexpr std::size_t note_bytes_max = 2'000;  // of a reason or note

/// What is wrong with a grant on a resource, by the rules that hold for packs and for people.
[[nodiscard]] std::vector<catalogue::Fault> faults_of(const Grant& grant, const catalogue::Resource& resource);

/// A grant as its record has it. Wider than GrantView: it is there for what has ended, too.
struct GrantRecord {
  GrantView view;
  bool by_act = false;              // a request gave it; else it is the pack's
  std::optional<CaseId> by_case;    // the request
  std::string suspended_reason;     // empty: not suspended
  std::optional<Instant> ended_at;  // by an act or by a pack that no longer lists it
  std::string ended_reason;
  std::optional<Instant> disposed_at;
  std::string disposed_note;
};
/// Errors: not_found.
[[nodiscard]] Result<GrantRecord> grant_record(db::Tx& tx, LocalDate today, const GrantId& id);
/// Those that a unit holds or that rest on its resources, ended ones too, by id; all of them where there is no `unit`.
[[nodiscard]] Result<std::vector<GrantRecord>> grant_records(db::Tx& tx, LocalDate today, const std::optional<UnitId>& unit);

/// The programmes that a unit carries out, by id.
[[nodiscard]] Result<std::vector<Programme>> programmes_of(db::Tx& tx, const UnitId& unit);

/// What a request has asked for is given. Errors: invalid (pointer into the grant); not_found (resource, programme); conflict (the name is taken).
[[nodiscard]] Result<ledger::EntryId> give(db::Tx& tx, const Context& ctx, const Grant& grant, const CaseId& by_case);
/// A grant that a request gave is replaced by another of the same name, resource and consumer; what was granted before stays as a version.
/// Errors: as give(); conflict (ended; the pack's; another resource or consumer).
[[nodiscard]] Result<ledger::EntryId> change(db::Tx& tx, const Context& ctx, const Grant& grant, const CaseId& by_case);
/// Lifts a suspension. Errors: not_found; conflict (not suspended); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> resume(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason);
/// Ends a grant for good: the next call is refused, and what was read is to be disposed of. A pack that is applied does not bring it back.
/// Errors: not_found; conflict (ended); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> end(db::Tx& tx, const Context& ctx, const GrantId& id, std::string_view reason);
/// The consumer has disposed of what it read. Errors: not_found; conflict (not over; confirmed before); invalid (/note).
[[nodiscard]] Result<ledger::EntryId> confirm_disposal(db::Tx& tx, const Context& ctx, LocalDate today, const GrantId& id, std::string_view note);

}  // namespace jx::exchange
