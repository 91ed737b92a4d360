// file_reader.hpp - one file from the disk, read in pieces on worker threads; Range and conditional requests (RFC 9110 sections 13 and 14).
#pragma once
#include <jx/core.hpp>
#include <jx/http/range.hpp>
#include <jx/http/request.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace jx::http {

class FileReader {
 public:
  static constexpr std::size_t piece_bytes = 256 * 1024;

  /// Errors: not_found (not a regular file), unavailable.
  [[nodiscard]] static Result<FileReader> open(const std::filesystem::path& path);
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&& other) noexcept;
  ~FileReader();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Strong: of inode, size and time of change.
  [[nodiscard]] const std::string& etag() const { return etag_; }
  void select(ByteRange range) { left_ = range; }
  [[nodiscard]] std::uint64_t left() const { return left_.size; }
  /// The next piece; false if the file has become shorter or cannot be read.
  [[nodiscard]] bool read(std::string& into);

 private:
  FileReader() = default;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  ByteRange left_;
  std::string etag_;
};

}  // namespace jx::http
