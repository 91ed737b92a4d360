// acts.hpp - the act that the writer does and the driver looks for: one state row, one ledger entry, one outbox row, together.
#pragma once
#include <jx/db.hpp>
#include <jx/db/sql.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/sql.hpp>

#include <array>

namespace jx::fault {

inline constexpr std::string_view origin = "fault.example/ledger";
inline constexpr std::string_view entry_kind = "fault.done";
inline constexpr const char* keys_folder = "keys";

// No table is unique by act: an act that was done twice would be seen.
inline constexpr db::Migration tables{9001, "fault",
                                      "CREATE TABLE fault_state (id BLOB PRIMARY KEY, act INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
                                      "CREATE TABLE fault_outbox (id BLOB PRIMARY KEY, act INTEGER NOT NULL) STRICT;",
                                      R"(CREATE TABLE fault_state (id bytea PRIMARY KEY, act bigint NOT NULL, body text COLLATE "C" NOT NULL);
                                      CREATE TABLE fault_outbox (id bytea PRIMARY KEY, act bigint NOT NULL);)"};
inline constexpr db::SqlBundle bundle{"fault", {}, {&tables, 1}};

inline constexpr db::Query put_state{"fault.put_state", "INSERT INTO fault_state (id, act, body) VALUES (?1, ?2, ?3)",
                                     "INSERT INTO fault_state (id, act, body) VALUES ($1, $2, $3)"};
inline constexpr db::Query put_outbox{"fault.put_outbox", "INSERT INTO fault_outbox (id, act) VALUES (?1, ?2)",
                                      "INSERT INTO fault_outbox (id, act) VALUES ($1, $2)"};
inline constexpr db::Query states{"fault.states", "SELECT act FROM fault_state", "SELECT act FROM fault_state"};
inline constexpr db::Query outbox{"fault.outbox", "SELECT act FROM fault_outbox", "SELECT act FROM fault_outbox"};
inline constexpr db::Query state_row{"fault.state_row", "SELECT id, act, body FROM fault_state WHERE id = ?1",
                                     "SELECT id, act, body FROM fault_state WHERE id = $1"};
inline constexpr db::Query state_rows{"fault.state_rows", "SELECT id, act, body FROM fault_state", "SELECT id, act, body FROM fault_state"};
inline const ledger::StateTable state_table{"fault.state", 1, 1, &state_row, &state_rows};

inline std::array<const db::SqlBundle*, 3> bundles() { return {&db::sql_bundle(), &ledger::sql_bundle(), &bundle}; }

/// The key under which an act is done, where it has one: its number, eight octets.
inline db::ActKey key_of(std::int64_t act) {
  db::ActKey key;
  for (int shift = 56; shift >= 0; shift -= 8) key.octets.push_back(static_cast<std::uint8_t>(act >> shift));
  return key;
}
inline bool is_keyed(std::int64_t act) { return act % 2 == 0; }
inline bool is_refused(std::int64_t act) { return act % 7 == 3; }  // by itself, after it has written

inline Result<> do_act(db::Tx& tx, const Context& ctx, std::int64_t act) {
  const auto id = CaseId::make(ctx.clock, ctx.random);
  JX_CHECK(tx.run(put_state, id, act, std::string(1500, 's')));
  JX_TRY(state, ledger::state_of(tx, state_table, id));
  JX_CHECK(ledger::append(tx, ctx, {std::string(entry_kind), {ledger::subject("case", id)}, {{"act", act}}, {state}}));
  JX_CHECK(tx.run(put_outbox, CaseId::make(ctx.clock, ctx.random), act));
  if (is_refused(act)) return fail(ErrorCode::conflict, "refused on purpose");
  return {};
}

}  // namespace jx::fault
