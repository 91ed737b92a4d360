// followups.hpp - what has to be done about a grant after it is given: its data is handed over in time, and disposed of when it is over. Each is a
// case of a process of the pack, whose terms and escalations are the pack's. Facts: Order 809 art. 22 (delivery within 20 working days), 27
// (disposal).
#pragma once
#include <jx/sharing.hpp>

namespace jx::sharing {

inline constexpr std::string_view delivery_process = "data-delivery";
inline constexpr std::string_view disposal_process = "data-disposal";
inline constexpr std::string_view disposed_message = "grant-disposed";  // its correlation: the grant

enum class Followup { delivery, disposal };
BOOST_DESCRIBE_ENUM(Followup, delivery, disposal)

/// Opens the case, once for each grant. False: there is one, or the pack has no such process. Errors: not_found (the grant); those of Engine::open().
[[nodiscard]] Result<bool> follow(db::Tx& tx, const Context& ctx, cases::Engine& engine, LocalDate today, Followup kind, const GrantId& grant);
/// Opens the cases of disposal of the grants that are over and not disposed of. Answers how many. Errors: those of follow().
[[nodiscard]] Result<int> follow_ended(db::Tx& tx, const Context& ctx, cases::Engine& engine, LocalDate today);
/// The consumer confirmed the disposal otherwise than by the task: the case is told, if one is open. Errors: those of Engine::message().
[[nodiscard]] Result<> disposed(db::Tx& tx, const Context& ctx, cases::Engine& engine, const GrantId& grant);

/// The service task sharing.confirm-disposal: its parameter `words` says how. `today` is the jurisdiction's.
void register_followup_handlers(cases::Registry& registry, std::function<LocalDate()> today);

/// The rows that ledger entries vouch for.
extern const ledger::StateTable followup_table;

}  // namespace jx::sharing
