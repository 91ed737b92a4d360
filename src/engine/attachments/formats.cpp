#include "formats.hpp"

#include <jx/wire/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace jx::attachments {
namespace {

Words too_many_pixels() { return {"the picture has more than 200 million pixels: save it smaller and add that", "图片超过2亿像素，请缩小后再上传"}; }

Fault size_fault(std::uint64_t width, std::uint64_t height) {
  if (width == 0 || height == 0) return cut_off();
  if (width > pixels_max || height > pixels_max || width * height > pixels_max) return too_many_pixels();
  return std::nullopt;
}

std::string_view part(ByteView octets, std::size_t from, std::size_t count) { return text_of(octets).substr(std::min(from, octets.size()), count); }

}  // namespace

std::optional<std::uint64_t> Reader::big(std::size_t count) {
  const auto octets = take(count);
  if (!octets) return std::nullopt;
  std::uint64_t value = 0;
  for (const auto octet : *octets) value = value << 8U | octet;
  return value;
}

std::optional<std::uint64_t> Reader::little(std::size_t count) {
  const auto octets = take(count);
  if (!octets) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8U | (*octets)[i];
  return value;
}

Fault png_fault(ByteView octets) {
  Reader in(octets);
  if (!in.skip(8)) return cut_off();
  bool first = true;
  bool picture = false;
  while (true) {
    const auto length = in.big(4);
    const auto kind = in.take(4);
    if (!length || !kind || *length > 0x7FFFFFFFU) return cut_off();
    const auto name = text_of(*kind);
    if (first != (name == "IHDR")) return cut_off();
    if (first) {
      if (*length != 13) return cut_off();
      const auto width = in.big(4);
      const auto height = in.big(4);
      if (!width || !height || !in.skip(5)) return cut_off();
      if (auto fault = size_fault(*width, *height)) return fault;
      first = false;
    } else if (!in.skip(*length)) {
      return cut_off();
    }
    picture = picture || name == "IDAT";
    if (!in.skip(4)) return cut_off();  // the checksum
    if (name == "IEND") return picture && in.left() == 0 ? Fault() : cut_off();
  }
}

Fault jpeg_fault(ByteView octets) {
  Reader in(octets);
  if (!in.skip(2)) return cut_off();
  bool frame = false;
  while (true) {
    auto mark = in.big(1);
    if (!mark || *mark != 0xFF) return cut_off();
    std::optional<std::uint64_t> code;
    do code = in.big(1);
    while (code && *code == 0xFF);  // fill octets
    if (!code || *code < 0xC0 || (*code >= 0xD0 && *code <= 0xD9)) return cut_off();
    const auto length = in.big(2);
    if (!length || *length < 2) return cut_off();
    const auto segment = in.take(*length - 2);
    if (!segment) return cut_off();
    const bool is_frame = *code >= 0xC0 && *code <= 0xCF && *code != 0xC4 && *code != 0xC8 && *code != 0xCC;
    if (is_frame) {
      Reader header(*segment);
      const auto precision = header.big(1);
      const auto height = header.big(2);
      const auto width = header.big(2);
      if (!precision || !height || !width) return cut_off();
      if (auto fault = size_fault(*width, *height)) return fault;
      frame = true;
    }
    if (*code == 0xDA) break;
  }
  // Cameras write more behind the picture (a second one, a sound), so its end need not be that of the file.
  const auto rest = octets.subspan(in.at());
  constexpr std::array<std::uint8_t, 2> end{0xFF, 0xD9};
  return frame && !std::ranges::search(rest, end).empty() ? Fault() : cut_off();
}

Fault webp_fault(ByteView octets) {
  Reader in(octets);
  if (!in.skip(4)) return cut_off();
  const auto size = in.little(4);
  if (!size || *size + 8 != octets.size() || !in.skip(4)) return cut_off();
  bool picture = false;
  while (in.left() > 0) {
    const auto kind = in.take(4);
    const auto length = in.little(4);
    if (!kind || !length) return cut_off();
    const auto body = in.take(*length);
    if (!body || (*length % 2 == 1 && !in.skip(1))) return cut_off();
    const auto name = text_of(*kind);
    if (name == "VP8X") {
      Reader header(*body);
      if (!header.skip(4)) return cut_off();
      const auto width = header.little(3);
      const auto height = header.little(3);
      if (!width || !height) return cut_off();
      if (auto fault = size_fault(*width + 1, *height + 1)) return fault;
    }
    picture = picture || name == "VP8 " || name == "VP8L" || name == "ANMF";
  }
  return picture ? Fault() : cut_off();
}

Fault heic_fault(ByteView octets) {
  Reader in(octets);
  bool first = true;
  bool meta = false;
  while (in.left() > 0) {
    auto length = in.big(4);
    const auto kind = in.take(4);
    if (!length || !kind) return cut_off();
    std::uint64_t head = 8;
    if (*length == 1) {
      length = in.big(8);
      head = 16;
      if (!length) return cut_off();
    } else if (*length == 0) {  // to the end
      length = in.left() + head;
    }
    if (*length < head || !in.skip(*length - head)) return cut_off();
    if (first && text_of(*kind) != "ftyp") return cut_off();
    first = false;
    meta = meta || text_of(*kind) == "meta";
  }
  return meta ? Fault() : cut_off();
}

Fault pdf_fault(ByteView octets) {
  constexpr std::size_t window = 1024;
  const auto head = part(octets, 0, window);
  const auto at = head.find("%PDF-");
  const auto version = at == std::string_view::npos ? std::string_view() : head.substr(at + 5, 3);
  if (version.size() < 3 || (version[0] != '1' && version[0] != '2') || version[1] != '.' || version[2] < '0' || version[2] > '9') return cut_off();
  const auto tail = part(octets, octets.size() < window ? 0 : octets.size() - window, window);
  const auto end = tail.rfind("%%EOF");
  const auto start = tail.rfind("startxref", end == std::string_view::npos ? 0 : end);
  if (end == std::string_view::npos || start == std::string_view::npos) return cut_off();
  auto number = tail.substr(start + 9, end - start - 9);
  while (!number.empty() && (number.front() == '\r' || number.front() == '\n' || number.front() == ' ')) number.remove_prefix(1);
  std::uint64_t offset = 0;
  const auto [last, error] = std::from_chars(number.data(), number.data() + number.size(), offset);
  if (error != std::errc() || last == number.data() || offset >= octets.size()) return cut_off();
  return std::nullopt;
}

Fault text_fault(ByteView octets) {
  auto text = text_of(octets);
  if (wire::find_invalid_utf8(text)) {
    return Words{"this is none of the kinds of files that can be added; a plain text must be saved as UTF-8",
                 "不支持该类型的文件；纯文本请以UTF-8编码保存"};
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F; };
  if (std::ranges::any_of(text, control)) return Words{"this is none of the kinds of files that can be added", "不支持该类型的文件"};
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Words{"the file is empty", "文件为空"};
  if (text[first] == '<') {
    return Words{"HTML, SVG and XML cannot be added: save the page or picture as PDF, PNG or JPEG",
                 "不能上传HTML、SVG、XML文件，请另存为PDF、PNG或JPEG"};
  }
  return std::nullopt;
}

}  // namespace jx::attachments
