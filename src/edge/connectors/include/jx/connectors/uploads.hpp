// uploads.hpp - files that officers hand over as sources, kept below the data folder by the hash of their octets.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/core.hpp>

#include <filesystem>

namespace jx::connectors {

inline constexpr std::size_t upload_bytes_max = 8U << 20U;  // of one file

struct Upload {
  std::string path;      // below the data folder: uploads/<source>/<table>-<16 hexadecimal digits>.csv or .xlsx
  std::string encoding;  // csv: as recognised, where it was not said
};

/// Whether the octets begin as a workbook's (a ZIP archive) do.
[[nodiscard]] bool is_workbook(ByteView octets);

/// Keeps a file, which must be what `kind` says. CSV in its encoding: utf-8, else gb18030 where it decodes to Chinese, else windows-1252; and as `table`
/// says that it is written. XLSX: a workbook whose tables can be read. The same octets are the same file, so doing it twice is doing it once; what no
/// source names any more is removed by nobody.
/// Errors: invalid (empty; not such a file, with the line of a CSV; not in the encoding), too_large, unavailable (the disk).
[[nodiscard]] Result<Upload> keep_file(const std::filesystem::path& data_folder, const SourceId& source, catalogue::SourceKind kind,
                                       const catalogue::SourceTable& table, const std::optional<std::string>& encoding, ByteView octets);

}  // namespace jx::connectors
