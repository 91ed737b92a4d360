// texts.hpp - what people may write, and what a row holds.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto.hpp>

#include <string>
#include <string_view>

namespace jx::cases {

/// Errors: invalid at `field` (over `chars_max` characters, a U+0000, or nothing though it is needed).
[[nodiscard]] Result<> check_text(std::string_view text, std::size_t chars_max, std::string field, bool needed);

/// Of a column of 32 octets; zeros if it holds another number of them.
[[nodiscard]] crypto::Digest digest_of(ByteView octets);

}  // namespace jx::cases
