#include <jx/connectors/uploads.hpp>
#include <jx/crypto/hash.hpp>

#include "decode.hpp"
#include "files.hpp"
#include "workbook.hpp"

#include <fstream>

namespace jx::connectors {
namespace {

/// Whether most of what is beyond ASCII are Chinese characters of daily use (U+4E00 to U+9FFF) or their punctuation.
bool mostly_chinese(std::string_view utf8) {
  std::size_t chinese = 0;
  std::size_t beyond = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if ((lead & 0xC0U) != 0xC0U) continue;
    ++beyond;
    chinese += (lead >= 0xE4 && lead <= 0xE9) || lead == 0xE3 || lead == 0xEF;
  }
  return beyond > 0 && chinese * 10 >= beyond * 9;
}

Result<std::string> recognised(const std::string& octets) {
  if (to_utf8(octets, "utf-8")) return "utf-8";
  if (const auto chinese = to_utf8(octets, "gb18030"); chinese && mostly_chinese(*chinese)) return "gb18030";
  return "windows-1252";
}

Result<> write_whole(const std::filesystem::path& path, ByteView octets) {
  const auto failed = [&] { return fail(ErrorCode::unavailable, {"the file could not be kept: is the disk full?", "文件无法保存，请检查磁盘空间"}); };
  std::error_code error;
  if (std::filesystem::exists(path, error)) return {};
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return failed();
  std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all, error);
  auto half = path;
  half += ".new";
  {
    std::ofstream out(half, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));  // NOLINT(*-reinterpret-cast)
    if (!out.flush()) return failed();
  }
  std::filesystem::rename(half, path, error);
  return error ? failed() : Result<>();
}

}  // namespace

bool is_workbook(ByteView octets) { return text_of(octets).starts_with("PK\x03\x04"); }

Result<Upload> keep_file(const std::filesystem::path& data_folder, const SourceId& source, catalogue::SourceKind kind,
                         const catalogue::SourceTable& table, const std::optional<std::string>& encoding, ByteView octets) {
  if (octets.empty()) return fail(ErrorCode::invalid, {"the file is empty", "文件为空"});
  if (octets.size() > upload_bytes_max) return fail(ErrorCode::too_large, {"a file has at most 8 MiB here", "上传文件不得超过8MiB"});
  JX_CHECK(check_key(table.name));
  const std::string bytes(text_of(octets));
  const bool workbook = kind == catalogue::SourceKind::xlsx;
  std::string known;
  if (workbook) {
    auto sheets = sheet_names(bytes);
    if (!sheets) return fail(sheets.error().code, sheets.error().message);
  } else {
    JX_TRY(found, encoding ? Result<std::string>(*encoding) : recognised(bytes));
    known = found;
    auto csv = read_csv(bytes, known, &table);
    if (!csv) return fail(csv.error().code == ErrorCode::too_large ? ErrorCode::too_large : ErrorCode::invalid, csv.error().message);
  }
  auto name = table.name;
  std::ranges::replace(name, '/', '-');
  auto folder = source.text();
  std::ranges::replace(folder, '/', '-');
  Upload kept{"uploads/" + folder + "/" + name + "-" + to_hex(ByteView(crypto::sha256(octets)).first(8)) + (workbook ? ".xlsx" : ".csv"), known};
  JX_CHECK(write_whole(data_folder / kept.path, octets));
  return kept;
}

}  // namespace jx::connectors
