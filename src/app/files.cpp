#include "files.hpp"

#include <fstream>
#include <iostream>

namespace jx::app {
namespace {

Result<std::string> read_stream(std::istream& in, const std::string& name) {
  std::string text;
  for (char piece[1U << 16U]; in.read(piece, sizeof piece), in.gcount() > 0;) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > text_bytes_max) return fail(ErrorCode::too_large, {name + " is over 64 MiB", name + " 超过 64 MiB"});
  }
  return text;
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& path) {
  if (path == "-") return read_stream(std::cin, "the standard input");
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) {
    return fail(ErrorCode::not_found, {"there is no file " + path.string() + " that can be read", "没有可读的文件 " + path.string()});
  }
  return read_stream(in, path.string());
}

Result<> write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  if (out.write(text.data(), static_cast<std::streamsize>(text.size())) && out.flush()) return {};
  return fail(ErrorCode::unavailable, {path.string() + " cannot be written", "无法写入 " + path.string()});
}

}  // namespace jx::app
