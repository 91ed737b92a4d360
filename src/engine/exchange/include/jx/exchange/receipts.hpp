// receipts.hpp - proof, for whoever got an answer, that the record of its use holds exactly this answer; checked offline.
//
// The ledger entry of a use has `answer`: SHA-256, in hexadecimal, of the RFC 8785 form of {"fields": [ids], "nonce": "hex", "rows": [...]}. The
// nonce is in the answer alone, so that whoever may read the entry cannot find a short answer by trying. A receipt is that entry (leaf, salt, body)
// with its proof of inclusion in a signed checkpoint: answers are signed in batches, by the tree's head (Ed25519 and SM2).
#pragma once
#include <jx/exchange.hpp>
#include <jx/ledger/note.hpp>

#include <span>
#include <string>
#include <vector>

namespace jx::exchange {

struct Receipt {
  UsageId usage;
  ledger::EntryId entry;
  Bytes leaf, salt;
  std::string body;
  std::uint64_t index = 0, tree_size = 0;
  std::vector<Bytes> proof;
  std::string checkpoint;
};
BOOST_DESCRIBE_STRUCT(Receipt, (), (usage, entry, leaf, salt, body, index, tree_size, proof, checkpoint))

/// Errors: internal (a number that is not finite).
[[nodiscard]] Result<crypto::Digest> answer_digest(std::span<const std::string> fields, ByteView nonce,
                                                   const std::vector<std::vector<boost::json::value>>& rows);

/// Errors: not_found; conflict (a refused call has no answer; the entry was erased); unavailable (not under a checkpoint yet: ask again in a second).
[[nodiscard]] Result<Receipt> receipt(db::Tx& tx, const Usage& usage);
/// Errors: not_found.
[[nodiscard]] Result<Usage> usage(db::Tx& tx, const UsageId& id);

/// What a receipt proves.
struct Proven {
  Instant at;
  std::string grant, resource, consumer, provider;
  std::int64_t records = 0;
  std::string log;                   // origin of the checkpoint
  std::vector<std::string> signers;  // of `keys`, that signed it
};
/// Holds an answer (the JSON that queryData gave) against its receipt. Errors: invalid (says what does not fit; Error::field is /answer or /receipt).
[[nodiscard]] Result<Proven> verify(const Receipt& receipt, const boost::json::value& answer, std::span<const ledger::NoteKey> keys);

}  // namespace jx::exchange
