#include "code.hpp"

#include <jx/print.hpp>

#include <qrencode.h>

#include <memory>

namespace jx::print {

Result<Code> encode_code(std::string_view text) {
  if (text.empty() || text.size() > code_bytes_max)
    return fail(ErrorCode::too_large, {"a code holds at most 2,900 octets", "二维码最多容纳2900字节"});
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> made(
      QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0,
                        QR_ECLEVEL_L),  // NOLINT(*-reinterpret-cast)
      &QRcode_free);
  if (!made) return fail(ErrorCode::internal, {"the code could not be made", "无法生成二维码"});
  Code code;
  code.modules = made->width;
  for (int y = 0; y < made->width; ++y) {
    for (int x = 0; x < made->width; ++x) {
      const auto black = [&](int at) { return at < made->width && (made->data[y * made->width + at] & 1U) != 0; };  // NOLINT(*-pointer-arithmetic)
      if (!black(x)) continue;
      int width = 1;
      while (black(x + width)) ++width;
      code.runs.push_back({x, y, width});
      x += width;
    }
  }
  return code;
}

Result<std::string> code_svg(std::string_view text) {
  JX_TRY(code, encode_code(text));
  const auto side = std::to_string(code.modules + 2 * quiet_modules);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + side + "v" + side + "H0z\"/><path d=\"";
  for (const auto& run : code.runs) {
    out += "M" + std::to_string(run.x + quiet_modules) + " " + std::to_string(run.y + quiet_modules) + "h" + std::to_string(run.width) + "v1h-" +
           std::to_string(run.width) + "z";
  }
  return out + "\"/></svg>";
}

}  // namespace jx::print
