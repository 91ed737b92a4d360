// made_files.hpp - small files of each kind, made in code. For tests only.
#pragma once
#include <jx/core.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jx::attachments::made {

inline std::string big(std::uint64_t value, int count) {
  std::string out;
  for (int i = count; i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}
inline std::string little(std::uint64_t value, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

/// A PNG with `pixels` octets of picture (which no decoder could read: nobody here decodes).
inline std::string png(std::size_t pixels = 40, std::uint64_t width = 4, std::uint64_t height = 3) {
  const auto chunk = [](std::string_view kind, const std::string& body) { return big(body.size(), 4) + std::string(kind) + body + "sum!"; };
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", big(width, 4) + big(height, 4) + std::string("\x08\x02\0\0\0", 5)) +
         chunk("IDAT", std::string(pixels, 'p')) + chunk("IEND", "");
}

/// A JPEG whose picture has `pixels` octets.
inline std::string jpeg(std::size_t pixels = 40, std::uint64_t width = 4, std::uint64_t height = 3) {
  const auto segment = [](char code, const std::string& body) { return std::string("\xFF") + code + big(body.size() + 2, 2) + body; };
  return "\xFF\xD8" + segment('\xE0', std::string("JFIF\0\1\1\0\0\1\0\1\0\0", 14)) +
         segment('\xC0', "\x08" + big(height, 2) + big(width, 2) + std::string("\1\1\x11\0", 4)) + segment('\xDA', std::string("\1\1\0\0\x3F\0", 6)) +
         std::string(pixels, 'j') + "\xFF\xD9";
}

inline std::string webp() {
  const std::string picture = "VP8 " + little(4, 4) + "pixl";
  return "RIFF" + little(4 + picture.size(), 4) + "WEBP" + picture;
}

inline std::string heic() { return big(16, 4) + "ftypheic" + big(0, 4) + big(12, 4) + "metaxxxx" + big(8, 4) + "mdat"; }

inline std::string pdf() {
  const std::string body = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n";
  return body + "xref\n0 1\ntrailer\n<<>>\nstartxref\n" + std::to_string(body.size()) + "\n%%EOF\n";
}

struct ZipEntry {
  std::string name, octets;
  std::uint64_t unpacked = 0;  // 0: as long as the octets
  std::uint64_t flags = 0;
};
inline std::string zip(const std::vector<ZipEntry>& entries) {
  std::string out, directory;
  for (const auto& e : entries) {
    const auto fields = little(20, 2) + little(e.flags, 2) + little(0, 2) + little(0, 4) + little(0, 4) + little(e.octets.size(), 4) +
                        little(e.unpacked == 0 ? e.octets.size() : e.unpacked, 4) + little(e.name.size(), 2) + little(0, 2);
    directory += "PK\x01\x02" + little(20, 2) + fields + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(out.size(), 4) + e.name;
    out += "PK\x03\x04" + fields + e.name + e.octets;
  }
  return out + directory + "PK\x05\x06" + little(0, 4) + little(entries.size(), 2) + little(entries.size(), 2) + little(directory.size(), 4) +
         little(out.size(), 4) + little(0, 2);
}

}  // namespace jx::attachments::made
