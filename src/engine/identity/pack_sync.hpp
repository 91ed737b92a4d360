// pack_sync.hpp - makes the database hold what a pack's files say; private to the module.
#pragma once
#include "pack_contents.hpp"

#include <jx/crypto/password.hpp>

namespace jx::identity {

[[nodiscard]] Result<std::vector<pack::Change>> plan_contents(db::Tx& tx, const Context& ctx, const pack::Pack& pack, const Contents& contents);
/// Errors: conflict (a code is somebody else's; a person would hold two powers); forbidden (accounts of a pack that is no demo, in a county that has
///   accounts; the actor's own rights would grow); those of the database.
[[nodiscard]] Result<> apply_contents(db::Tx& tx, const Context& ctx, const pack::Pack& pack, const Contents& contents,
                                      crypto::PasswordHasher& hasher);

}  // namespace jx::identity
