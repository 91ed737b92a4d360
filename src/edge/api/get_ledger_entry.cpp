// get_ledger_entry.cpp - GET /api/v1/ledger/entries/{entry} (operation getLedgerEntry). The proof is everybody's; salt and body are for those whom
// the entry is about and for auditors.
#include "handlers.hpp"
#include "views_cases.hpp"

#include <jx/ledger/log.hpp>
#include <jx/ledger/tiles.hpp>

#include <boost/json/array.hpp>

namespace jx::api {

namespace {

struct LedgerEntryView {
  ledger::EntryId id;
  Instant at;
  Bytes leaf;
  std::uint64_t index = 0, tree_size = 0;
  std::vector<Bytes> proof;
  std::string checkpoint;
  std::optional<Bytes> salt;
  std::optional<std::string> body;
};
BOOST_DESCRIBE_STRUCT(LedgerEntryView, (), (id, at, leaf, index, tree_size, proof, checkpoint, salt, body))

/// Whether one of the entry's subjects is the caller, or a case that she may see.
Result<bool> concerns_caller(const Call& call, db::Tx& tx, const std::string& body) {
  JX_TRY(entry, wire::parse(body));
  const auto* subjects = entry.is_object() ? entry.get_object().if_contains("subjects") : nullptr;
  if (subjects == nullptr || !subjects->is_array()) return false;
  for (const auto& each : subjects->get_array()) {
    if (!each.is_string()) continue;
    const std::string_view subject = each.get_string();
    if (!call.ctx.actor.person.nil() && subject == ledger::subject("person", call.ctx.actor.person)) return true;
    if (!subject.starts_with("case:")) continue;
    const auto id = CaseId::parse(subject.substr(5));
    if (!id) continue;
    auto seen = sight(call, tx, *id);
    if (seen) return true;
    if (seen.error().code != ErrorCode::not_found) return std::unexpected(std::move(seen).error());
  }
  return false;
}

enum class Reads { nothing, own, as_auditor };

Result<Reads> reads(const Call& call, db::Tx& tx, const ledger::EntryProof& proof) {
  if (!proof.body) return Reads::nothing;
  JX_TRY(audits, call.deps.access.allows(tx, call.ctx.actor, "audit.read"));
  if (audits) return Reads::as_auditor;
  JX_TRY(own, concerns_caller(call, tx, *proof.body));
  return own ? Reads::own : Reads::nothing;
}

/// An auditor sees what is about others: that she did is on record, before she sees it.
Result<> record_reading(const Call& call, const ledger::EntryId& id) {
  return call.deps.database.write(call.ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_CHECK(ledger::append(tx, call.ctx,
                            {"audit.entry_read", {ledger::subject("account", call.ctx.actor.account), ledger::subject("entry", id)}, {}, {}}));
    return {};
  });
}

}  // namespace

Call::Answer get_ledger_entry(Call& call) {
  JX_TRY(id, call.path<ledger::EntryId>("entry"));
  JX_TRY(part, call.query("part"));
  if (part && *part != "proof") return fail(ErrorCode::invalid, {"the part is proof", "part 应为 proof"}, "/part");
  bool as_auditor = false;
  auto answer = call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(proof, ledger::prove(tx, id));
    JX_TRY(leaf, ledger::Leaf::parse(bytes_of(proof.leaf)));
    LedgerEntryView view{.id = id,
                         .at = leaf.time,
                         .leaf = {},
                         .index = proof.place.index,
                         .tree_size = proof.size,
                         .proof = {},
                         .checkpoint = proof.checkpoint,
                         .salt = {},
                         .body = {}};
    view.leaf.assign(bytes_of(proof.leaf).begin(), bytes_of(proof.leaf).end());
    for (const ledger::Hash& hash : proof.hashes) view.proof.emplace_back(hash.begin(), hash.end());
    if (part) return ok(view);
    JX_TRY(how, reads(call, tx, proof));
    as_auditor = how == Reads::as_auditor;
    if (how != Reads::nothing) {
      view.salt = proof.salt;
      view.body = proof.body;
    }
    return ok(view);
  });
  if (answer && as_auditor) {
    JX_CHECK(record_reading(call, id));
    call.deps.wake();
  }
  return answer;
}

}  // namespace jx::api
