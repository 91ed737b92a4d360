// files.hpp - files that are surely on the disk, with the hash of what was written.
#pragma once
#include <jx/core.hpp>
#include <jx/crypto.hpp>

#include <filesystem>
#include <functional>

namespace jx::db {

struct Part {
  std::string path;  // in the folder of the backup
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// A new file for its owner alone. Errors: conflict (it exists); unavailable (disk full, no permission).
class NewFile {
 public:
  NewFile() = default;
  ~NewFile();
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;

  static Result<NewFile> make(const std::filesystem::path& path);
  Result<> write(ByteView bytes);
  /// Waits until it is on the disk.
  Result<Part> finish();

 private:
  int file_ = -1;
  std::filesystem::path path_;
  std::uint64_t bytes_ = 0;
  crypto::Sha256 hash_;
};

/// Hands a file over in pieces of at most 1 MiB. Errors: not_found, unavailable, those of `take`.
[[nodiscard]] Result<> read_pieces(const std::filesystem::path& path, const std::function<Result<>(ByteView)>& take);
/// At most `max` octets. Errors: not_found, too_large, unavailable.
[[nodiscard]] Result<std::string> read_small(const std::filesystem::path& path, std::size_t max);
/// Waits until this file, or the names in this folder, are on the disk.
[[nodiscard]] Result<> sync_path(const std::filesystem::path& folder);
[[nodiscard]] Result<> make_folder(const std::filesystem::path& folder);
/// The failure that errno tells of. Errors: not_found, conflict (exists), unavailable.
[[nodiscard]] std::unexpected<Error> file_error(const std::filesystem::path& path, int code);

}  // namespace jx::db
