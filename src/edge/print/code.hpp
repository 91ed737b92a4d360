// code.hpp - a QR code as rows of black runs.
#pragma once
#include <jx/core.hpp>

#include <string_view>
#include <vector>

namespace jx::print {

struct Run {
  int x = 0, y = 0, width = 0;  // in modules
};
struct Code {
  int modules = 0;  // on a side
  std::vector<Run> runs;
};

inline constexpr int quiet_modules = 4;  // ISO/IEC 18004 asks for them on each side

/// Level L: what is signed needs no more, and larger modules are read more easily. Errors: too_large.
[[nodiscard]] Result<Code> encode_code(std::string_view text);

}  // namespace jx::print
