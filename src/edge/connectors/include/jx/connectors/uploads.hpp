// uploads.hpp - files that officers hand over as sources, kept below the data folder by the hash of their octets.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/core.hpp>

#include <filesystem>

namespace jx::connectors {

inline constexpr std::size_t upload_bytes_max = 8U << 20U;  // of one file

struct Upload {
  std::string path;      // below the data folder: uploads/<source>/<table>-<16 hexadecimal digits>.csv
  std::string encoding;  // as recognised, where it was not said
};

/// Keeps a CSV file, which must be one in its encoding: utf-8, else gb18030 where it decodes to Chinese, else windows-1252. The same octets are the
/// same file, so doing it twice is doing it once; what no source names any more is removed by nobody.
/// Errors: invalid (/tables/n/octets: empty; not CSV, with the line; not in the encoding), too_large, unavailable (the disk).
[[nodiscard]] Result<Upload> keep_csv(const std::filesystem::path& data_folder, const SourceId& source, const std::string& table,
                                      const std::optional<std::string>& encoding, ByteView octets);

}  // namespace jx::connectors
