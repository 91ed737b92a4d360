// delivery_files.hpp - what a delivery is on the disk; private to the module. A folder <deliveries>/<id>/<attempt>/ holds
//   part-000001 ...   whole lines, about part_bytes octets each; joined in their order they are the delivery
//   index             where rows have to be known again: 8 octets "JXDIDX1\n", then per row, in the octet order of the keys:
//                     u32 octets of the key (of this machine's byte order), 16 octets of the SHA-256 of its line, the key
//   run-000001 ...    while it is made: sorted runs of the index
#pragma once
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/exchange/deliveries.hpp>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace jx::exchange {

using RowHash = std::array<std::uint8_t, 16>;
[[nodiscard]] RowHash row_hash(std::string_view line);

inline constexpr std::size_t key_bytes_of_row_max = 4'096;
inline constexpr std::size_t runs_max = 500;  // of an index: about 8 GiB of lines

/// Closes the file.
struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

[[nodiscard]] std::filesystem::path part_file(const std::filesystem::path& folder, std::int64_t part);

/// Cuts lines into parts; a part goes to the disk on a thread of its own while the next one is filled. Errors: unavailable (the disk); too_large
/// (parts_max).
class PartWriter {
 public:
  explicit PartWriter(std::filesystem::path folder);
  /// Lines are written into this, and line_ended() is told of each.
  [[nodiscard]] std::string& buffer() { return buffer_; }
  [[nodiscard]] Result<> line_ended();
  /// What is not a row: the header of CSV.
  void begin(std::string_view header) { buffer_.append(header); }
  /// The last part. All of it is on the disk when this returns.
  [[nodiscard]] Result<> finish();

  [[nodiscard]] const std::vector<DeliveryPart>& parts() const { return parts_; }
  [[nodiscard]] std::int64_t records() const { return records_; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }

 private:
  [[nodiscard]] Result<> flush();
  [[nodiscard]] Result<> settled();

  std::filesystem::path folder_;
  std::string buffer_;
  std::string leaving_;                     // what `part_` writes
  std::future<Result<DeliveryPart>> part_;  // on its way; the last member that uses the others
  std::int64_t in_buffer_ = 0;              // records
  std::int64_t records_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t numbered_ = 0;
  std::vector<DeliveryPart> parts_;
};

/// Rows by key, sorted in bounded memory: runs on the disk, merged. With lines where they have to come out in that order.
class RowSorter {
 public:
  explicit RowSorter(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Errors: unavailable (the disk); too_large (runs_max; a key over key_bytes_of_row_max).
  [[nodiscard]] Result<> add(std::string_view key, const RowHash& hash, std::string_view line);
  using Take = std::function<Result<>(std::string_view key, const RowHash& hash, std::string_view line)>;
  /// Hands out every row in the octet order of the keys, once. Errors: unavailable; conflict (two rows of one key); those of `take`.
  [[nodiscard]] Result<> merge(const Take& take);

 private:
  [[nodiscard]] Result<> write_run();

  std::filesystem::path folder_;
  std::string held_;                  // records, as in a run
  std::vector<std::size_t> records_;  // where each begins
  std::size_t runs_ = 0;
};

/// Writes an index in the order in which it is given.
class IndexWriter {
 public:
  [[nodiscard]] static Result<IndexWriter> open(const std::filesystem::path& file);
  [[nodiscard]] Result<> add(std::string_view key, const RowHash& hash);
  [[nodiscard]] Result<> finish();

 private:
  explicit IndexWriter(File file) : file_(std::move(file)) {}
  File file_;
};

/// Reads an index from its beginning.
class IndexReader {
 public:
  /// Errors: not_found (no such file); corrupt.
  [[nodiscard]] static Result<IndexReader> open(const std::filesystem::path& file);
  /// False at the end. Errors: corrupt.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const RowHash& hash() const { return hash_; }

 private:
  explicit IndexReader(File file) : file_(std::move(file)) {}
  File file_;
  std::string key_;
  RowHash hash_{};
};

}  // namespace jx::exchange
