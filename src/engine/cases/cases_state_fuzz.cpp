// Any octets as the state of a case: it is refused as corrupt, or what was read is written and read again to the same octets.
#include "state_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx;
  const cases::Fetch nothing = [](const crypto::Digest&) -> Result<Bytes> { return fail(ErrorCode::corrupt, "nothing lies beside"); };
  const auto state = cases::decode_state({data, size}, nothing, nullptr);
  if (!state) return 0;
  const auto written = cases::encode_state(*state);
  if (!written) return 0;
  std::map<crypto::Digest, Bytes> beside;
  for (const auto& s : written->beside) beside[s.sha256] = s.octets;
  const cases::Fetch fetch = [&](const crypto::Digest& sha256) -> Result<Bytes> { return beside.at(sha256); };
  const auto again = cases::decode_state(written->octets, fetch, nullptr);
  if (!again) std::abort();
  const auto twice = cases::encode_state(*again);
  if (!twice || twice->octets != written->octets) std::abort();
  return 0;
}
