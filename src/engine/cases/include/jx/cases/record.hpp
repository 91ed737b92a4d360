// record.hpp - how a module beside the engine has its part of a case in the one timeline and in the ledger, in the act that did it.
#pragma once
#include <jx/cases.hpp>
#include <jx/ledger.hpp>

namespace jx::cases {

/// What was done. Stored in the timeline: numbers never change, and their words are in timeline.cpp.
enum class Beside : std::uint8_t {
  attachment_added = 70,    // detail: media type, line feed, octets
  attachment_removed = 71,  // detail: the reason
  attachments_filed = 72,   // detail: how many came with the application
  attachments_erased = 73,  // detail: the law
  attachments_shown = 74,   // detail: how many were shown to who contributes
  posted = 90,              // detail: the carrier in English, in Chinese, the number: a line each
  handed_out = 91,
  fee_due = 92,  // detail: the amount as people write it
  result_ready = 94,
  fee_paid = 93,  // detail: the amount, the number of the receipt: a line each
};

struct Record {
  Beside what = Beside::attachment_added;
  std::string detail;
  std::string kind;                      // of the ledger entry: `case.attachment-added`
  boost::json::object body;              // of the ledger entry, beside number and state of the case
  std::vector<ledger::StateHash> state;  // of the rows that the act left
};

enum class Closed : std::uint8_t { refused, allowed };

/// Writes the event and the ledger entry; the case's row is written too and so guards the act (db::Database::write_guarded).
/// Errors: not_found; conflict (the case is concluded, unless that is allowed); those of ledger::append.
[[nodiscard]] Result<ledger::EntryId> record(Engine& engine, db::Tx& tx, const Context& ctx, CaseId id, Record record,
                                             Closed closed = Closed::refused);

/// Whether a task of the case was done at `since` or later. Errors: those of the database.
[[nodiscard]] Result<bool> decided_since(db::Tx& tx, CaseId id, Instant since);

}  // namespace jx::cases
