// tokens.hpp - tokens of sessions and devices, and how long failures are remembered; private to the module.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace jx::identity {

inline constexpr Micros failure_memory = std::chrono::hours(24);

/// The token that a form must carry, from the octets of the session's token.
[[nodiscard]] std::string csrf_of(ByteView token);
/// Errors: unauthenticated (not the base64url of token_bytes octets).
[[nodiscard]] Result<Bytes> token_octets(std::string_view token);

}  // namespace jx::identity
