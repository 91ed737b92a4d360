// get_ledger.cpp - GET /api/v1/ledger (operation getLedger).
#include "handlers.hpp"

#include <jx/ledger/log.hpp>

namespace jx::api {

namespace {

enum class Algorithm { ed25519, sm2 };
BOOST_DESCRIBE_ENUM(Algorithm, ed25519, sm2)

struct LedgerKey {
  std::string name;
  Algorithm algorithm = Algorithm::ed25519;
  std::string verifier;
};
BOOST_DESCRIBE_STRUCT(LedgerKey, (), (name, algorithm, verifier))

struct LedgerHead {
  std::string origin;
  std::uint64_t size = 0;
  Bytes root;
  std::string checkpoint;
  std::vector<LedgerKey> keys;
};
BOOST_DESCRIBE_STRUCT(LedgerHead, (), (origin, size, root, checkpoint, keys))

}  // namespace

Call::Answer get_ledger(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(log, ledger::newest_log(tx));
    if (!log.checkpoint) return fail(ErrorCode::unavailable, {"No checkpoint is signed yet; ask again in a second.", "尚未签发检查点，请稍后再试。"});
    JX_TRY(note, ledger::Note::parse(*log.checkpoint));
    JX_TRY(checkpoint, ledger::Checkpoint::parse(note.text));
    LedgerHead head{checkpoint.origin, checkpoint.size, Bytes(checkpoint.root.begin(), checkpoint.root.end()), *log.checkpoint, {}};
    for (const ledger::NoteKey& key : call.deps.ledger_keys(checkpoint.origin)) {
      const bool ed25519 = std::holds_alternative<crypto::Ed25519PublicKey>(key.key());
      head.keys.push_back({key.name(), ed25519 ? Algorithm::ed25519 : Algorithm::sm2, key.text()});
    }
    return ok(head);
  });
}

}  // namespace jx::api
