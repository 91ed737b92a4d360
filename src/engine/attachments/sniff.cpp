#include <jx/attachments/sniff.hpp>

#include "formats.hpp"

#include <jx/text.hpp>

#include <algorithm>
#include <array>

namespace jx::attachments {
namespace {

struct Kind {
  FileType type;
  std::string_view media;
  Words words;
  std::array<std::string_view, 4> endings;  // of a name; the rest empty
};

const std::array kinds{
    Kind{FileType::pdf, "application/pdf", {"PDF", "PDF"}, {"pdf"}},
    Kind{FileType::ofd, "application/ofd", {"OFD", "OFD"}, {"ofd"}},
    Kind{FileType::jpeg, "image/jpeg", {"JPEG picture", "JPEG图片"}, {"jpg", "jpeg", "jpe", "jfif"}},
    Kind{FileType::png, "image/png", {"PNG picture", "PNG图片"}, {"png"}},
    Kind{FileType::webp, "image/webp", {"WebP picture", "WebP图片"}, {"webp"}},
    Kind{FileType::heic, "image/heic", {"HEIC picture", "HEIC图片"}, {"heic", "heif"}},
    Kind{FileType::docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", {"DOCX document", "DOCX文档"}, {"docx", "wps"}},
    Kind{FileType::xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {"XLSX sheet", "XLSX表格"}, {"xlsx", "et"}},
    Kind{FileType::text, "text/plain; charset=utf-8", {"plain text", "纯文本"}, {"txt", "csv"}},
    Kind{FileType::zip, "application/zip", {"ZIP archive", "ZIP压缩包"}, {"zip"}},
};

const Kind& kind_of(FileType type) { return *std::ranges::find(kinds, type, &Kind::type); }

bool begins(ByteView octets, std::string_view with, std::size_t at = 0) {
  return octets.size() >= at && text_of(octets.subspan(at)).starts_with(with);
}

bool is_heic(ByteView octets) {
  if (!begins(octets, "ftyp", 4)) return false;
  const auto brand = text_of(octets.subspan(8, std::min<std::size_t>(4, octets.size() - 8)));
  constexpr std::array<std::string_view, 7> brands{"heic", "heix", "heim", "heis", "mif1", "msf1", "hevc"};
  return std::ranges::find(brands, brand) != brands.end();
}

std::string ending_of(std::string_view name) {
  const auto dot = name.rfind('.');
  std::string ending(dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot + 1));
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return ending;
}

bool has_ending(const Kind& kind, std::string_view ending) {
  return !ending.empty() && std::ranges::find(kind.endings, ending) != kind.endings.end();
}

/// What the file must be, once its first octets have said what it wants to be.
struct Claim {
  FileType type = FileType::text;
  Fault fault;
};
Claim claim_of(ByteView octets) {
  if (begins(octets, "\x89PNG\r\n\x1A\n")) return {FileType::png, png_fault(octets)};
  if (begins(octets, "\xFF\xD8\xFF")) return {FileType::jpeg, jpeg_fault(octets)};
  if (begins(octets, "RIFF") && begins(octets, "WEBP", 8)) return {FileType::webp, webp_fault(octets)};
  if (is_heic(octets)) return {FileType::heic, heic_fault(octets)};
  if (text_of(octets).substr(0, 1024).find("%PDF-") != std::string_view::npos) return {FileType::pdf, pdf_fault(octets)};
  if (begins(octets, "PK\x03\x04")) {
    auto archive = read_archive(octets);
    return {archive.type, std::move(archive.fault)};
  }
  return {FileType::text, text_fault(octets)};
}

}  // namespace

Result<FileType> sniff(ByteView octets) {
  if (octets.empty()) return fail(ErrorCode::invalid, {"the file is empty", "文件为空"}, "/octets");
  auto claim = claim_of(octets);
  if (claim.fault) return fail(ErrorCode::invalid, std::move(*claim.fault), "/octets");
  return claim.type;
}

Result<std::string> check_name(std::string_view name) {
  auto clean = text::clean_line(name, name_bytes_max);
  if (!clean) return std::unexpected(under("/name", std::move(clean).error()));
  if (clean->find_first_of("/\\:*?\"<>|") != std::string::npos)
    return fail(ErrorCode::invalid, {"the name of a file has none of / \\ : * ? \" < > |", "文件名不得包含 / \\ : * ? \" < > |"}, "/name");
  const auto ending = ending_of(*clean);
  if (std::ranges::none_of(kinds, [&](const Kind& kind) { return has_ending(kind, ending); })) {
    return fail(ErrorCode::invalid,
                {"this kind of file cannot be added: take PDF, OFD, JPEG, PNG, WebP, HEIC, DOCX, XLSX or plain text (.txt, .csv)",
                 "不支持该类型的文件，请使用PDF、OFD、JPEG、PNG、WebP、HEIC、DOCX、XLSX或纯文本（.txt、.csv）"},
                "/name");
  }
  return clean;
}

Result<std::string> check_name(std::string_view name, FileType type) {
  JX_TRY(clean, check_name(name));
  if (has_ending(kind_of(type), ending_of(clean))) return clean;
  const auto& is = words(type);
  return fail(ErrorCode::invalid,
              {"the name says ." + ending_of(clean) + ", but the file is a " + is.en + ": give it its right ending",
               "文件名的扩展名是 ." + ending_of(clean) + "，但内容是" + is.zh + "，请改正扩展名"},
              "/name");
}

std::string_view media_type(FileType type) { return kind_of(type).media; }
const Words& words(FileType type) { return kind_of(type).words; }

Words list_words(std::span<const FileType> types) {
  Words list;
  for (const auto type : types) {
    list.en += (list.en.empty() ? "" : ", ") + words(type).en;
    list.zh += (list.zh.empty() ? "" : "、") + words(type).zh;
  }
  return list;
}

}  // namespace jx::attachments
