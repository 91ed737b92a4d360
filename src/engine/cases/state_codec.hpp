// state_codec.hpp - the state of a case as octets, for its row.
//
//   offset 0   format version (1)
//   offset 1   SHA-256 of the definition, 32 octets
//   offset 33  1: the rest is the state; 2: the rest is the SHA-256 of the state, which lies beside because it is over state_bytes_max
// Integers are LEB128 (signed ones zigzag), texts and lists begin with their length, values with their kind. A variable over
// spill_bytes_min lies beside, and its place holds the kind `beside` and its SHA-256. Every format that was released stays readable.
#pragma once
#include "state.hpp"

#include <functional>
#include <vector>

namespace jx::cases {

inline constexpr std::uint8_t state_format = 1;
inline constexpr std::size_t spill_bytes_min = 1'024;
inline constexpr std::size_t spilled_bytes_max = 4 << 20;

/// What lies beside the row, by its hash.
struct Spilled {
  crypto::Digest sha256{};
  Bytes octets;
};
struct EncodedState {
  Bytes octets;  // at most state_bytes_max
  std::vector<Spilled> beside;
};
/// Errors: too_large (a value beyond spilled_bytes_max).
[[nodiscard]] Result<EncodedState> encode_state(const State& state);

using Fetch = std::function<Result<Bytes>(const crypto::Digest& sha256)>;
/// Errors: corrupt (not such a state; or it names nodes that the definition has not, if one is given); those of `fetch`.
[[nodiscard]] Result<State> decode_state(ByteView octets, const Fetch& fetch, const Definition* definition);
/// The definition that a stored state belongs to. Errors: corrupt.
[[nodiscard]] Result<crypto::Digest> definition_of(ByteView octets);

}  // namespace jx::cases
