// get_consistency.cpp - GET /api/v1/ledger/consistency (operation getConsistency).
#include "handlers.hpp"

#include <jx/ledger/log.hpp>

#include <limits>

namespace jx::api {

namespace {

struct ConsistencyProof {
  std::uint64_t first = 0, second = 0;
  std::vector<Bytes> proof;
};
BOOST_DESCRIBE_STRUCT(ConsistencyProof, (), (first, second, proof))

Result<std::uint64_t> size_of(const Call& call, std::string_view name) {
  JX_TRY(size, call.query_integer(name, 1, std::numeric_limits<std::int64_t>::max()));
  if (!size) return fail(ErrorCode::invalid, {"This parameter is needed.", "缺少该参数。"}, "/" + std::string(name));
  return static_cast<std::uint64_t>(*size);
}

}  // namespace

Call::Answer get_consistency(Call& call) {
  JX_TRY(first, size_of(call, "first"));
  JX_TRY(second, size_of(call, "second"));
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(log, ledger::newest_log(tx));
    JX_TRY(hashes, ledger::prove_consistency(tx, log.log, first, second));
    ConsistencyProof view{first, second, {}};
    for (const ledger::Hash& hash : hashes) view.proof.emplace_back(hash.begin(), hash.end());
    return ok(view);
  });
}

}  // namespace jx::api
