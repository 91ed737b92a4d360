#include "delivery_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <queue>

namespace jx::exchange {
namespace {

constexpr std::size_t run_bytes = 16U << 20U;
constexpr std::size_t merge_bytes = 16U << 20U;  // of all runs' read buffers together
constexpr std::string_view magic = "JXDIDX1\n";

std::unexpected<Error> disk() {
  return fail(ErrorCode::unavailable, {"the files of the delivery cannot be written or read: is the disk full?", "交付文件无法读写，请检查磁盘空间"});
}

File open(const std::filesystem::path& path, const char* mode) { return File(std::fopen(path.c_str(), mode)); }

bool put(std::FILE* file, const void* octets, std::size_t size) { return std::fwrite(octets, 1, size, file) == size; }
bool get(std::FILE* file, void* octets, std::size_t size) { return std::fread(octets, 1, size, file) == size; }

/// On the disk itself.
Result<> settle(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return disk();
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done ? Result<>() : disk();
}

std::filesystem::path run_file(const std::filesystem::path& folder, std::size_t run) {
  char name[32];
  std::snprintf(name, sizeof name, "run-%06zu", run);
  return folder / name;
}

Result<DeliveryPart> write_part(const std::filesystem::path& path, const std::string& octets, std::int64_t number, std::int64_t records) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return disk();
  std::size_t done = 0;
  while (done < octets.size()) {
    const auto written = ::write(descriptor, octets.data() + done, octets.size() - done);
    if (written <= 0) break;
    done += static_cast<std::size_t>(written);
  }
  DeliveryPart part{number, records, static_cast<std::int64_t>(octets.size()), crypto::sha256(bytes_of(octets))};
  const bool settled = done == octets.size() && ::fdatasync(descriptor) == 0;
  ::close(descriptor);
  return settled ? Result<DeliveryPart>(part) : disk();
}

/// A record of a run: both sizes, the hash, the key, the line.
struct Head {
  std::uint32_t key_bytes;
  std::uint32_t line_bytes;
  RowHash hash;
};

std::string_view key_in(const std::string& held, std::size_t at) {
  Head head;
  std::memcpy(&head, held.data() + at, sizeof head);
  return {held.data() + at + sizeof head, head.key_bytes};
}

struct RunReader {
  File file;
  std::unique_ptr<char[]> buffer;
  Head head{};
  std::string key;
  std::string line;

  /// False at the end.
  Result<bool> next() {
    const auto read = std::fread(&head, 1, sizeof head, file.get());
    if (read == 0 && std::feof(file.get()) != 0) return false;
    if (read != sizeof head) return disk();
    key.resize(head.key_bytes);
    line.resize(head.line_bytes);
    if (!get(file.get(), key.data(), key.size()) || !get(file.get(), line.data(), line.size())) return disk();
    return true;
  }
};

}  // namespace

RowHash row_hash(std::string_view line) {
  const auto digest = crypto::sha256(bytes_of(line));
  RowHash hash;
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

std::filesystem::path part_file(const std::filesystem::path& folder, std::int64_t part) {
  char name[32];
  std::snprintf(name, sizeof name, "part-%06lld", static_cast<long long>(part));
  return folder / name;
}

PartWriter::PartWriter(std::filesystem::path folder) : folder_(std::move(folder)) {
  for (auto* buffer : {&buffer_, &leaving_}) buffer->reserve(part_bytes + (64U << 10U));
}

Result<> PartWriter::line_ended() {
  ++in_buffer_;
  return buffer_.size() >= part_bytes ? flush() : Result<>();
}

/// Waits for the part that is on its way.
Result<> PartWriter::settled() {
  if (!part_.valid()) return {};
  JX_TRY(part, part_.get());
  parts_.push_back(part);
  return {};
}

Result<> PartWriter::flush() {
  JX_CHECK(settled());
  if (parts_.size() >= parts_max) return fail(ErrorCode::too_large, {"the delivery is too large: ask for fewer rows", "交付文件过大，请缩小范围"});
  std::swap(buffer_, leaving_);
  buffer_.clear();
  records_ += in_buffer_;
  bytes_ += static_cast<std::int64_t>(leaving_.size());
  const auto records = std::exchange(in_buffer_, 0);
  part_ = std::async(std::launch::async,
                     [this, records, number = ++numbered_] { return write_part(part_file(folder_, number), leaving_, number, records); });
  return {};
}

Result<> PartWriter::finish() {
  if (!buffer_.empty() || numbered_ == 0) JX_CHECK(flush());
  JX_CHECK(settled());
  return settle(folder_);
}

Result<> RowSorter::add(std::string_view key, const RowHash& hash, std::string_view line) {
  if (key.size() > key_bytes_of_row_max)
    return fail(ErrorCode::too_large, {"a value of the key field has over 4,096 octets", "标识字段的值超过4096字节"});
  const Head head{static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(line.size()), hash};
  if (held_.capacity() < run_bytes) held_.reserve(run_bytes);
  if (!held_.empty() && held_.size() + sizeof head + key.size() + line.size() > run_bytes) JX_CHECK(write_run());
  records_.push_back(held_.size());
  held_.append(reinterpret_cast<const char*>(&head), sizeof head).append(key).append(line);  // NOLINT(*-reinterpret-cast)
  return {};
}

Result<> RowSorter::write_run() {
  if (runs_ >= runs_max) return fail(ErrorCode::too_large, {"too many rows for a delivery of changes", "记录过多，不能按变更交付"});
  std::ranges::sort(records_, [&](std::size_t a, std::size_t b) { return key_in(held_, a) < key_in(held_, b); });
  const auto file = open(run_file(folder_, ++runs_), "wb");
  if (!file) return disk();
  for (const auto at : records_) {
    Head head;
    std::memcpy(&head, held_.data() + at, sizeof head);
    if (!put(file.get(), held_.data() + at, sizeof head + head.key_bytes + head.line_bytes)) return disk();
  }
  if (std::fflush(file.get()) != 0) return disk();
  records_.clear();
  held_.clear();
  return {};
}

Result<> RowSorter::merge(const Take& take) {
  if (!records_.empty()) JX_CHECK(write_run());
  held_ = {};
  records_ = {};
  std::vector<RunReader> readers(runs_);
  const auto later = [&](std::size_t a, std::size_t b) { return readers[a].key > readers[b].key; };
  std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> first(later);
  const auto buffer_bytes = std::clamp<std::size_t>(merge_bytes / std::max<std::size_t>(runs_, 1), 16U << 10U, 1U << 20U);
  for (std::size_t run = 0; run < runs_; ++run) {
    auto& reader = readers[run];
    reader.file = open(run_file(folder_, run + 1), "rb");
    if (!reader.file) return disk();
    reader.buffer = std::make_unique<char[]>(buffer_bytes);
    std::setvbuf(reader.file.get(), reader.buffer.get(), _IOFBF, buffer_bytes);
    JX_TRY(more, reader.next());
    if (more) first.push(run);
  }
  std::optional<std::string> last;
  while (!first.empty()) {
    const auto run = first.top();
    first.pop();
    auto& reader = readers[run];
    if (last == reader.key)
      return fail(ErrorCode::conflict, {"two rows have the same value in the key field, so changes cannot be told: choose another key",
                                        "标识字段存在重复值，无法识别变更，请另选标识字段"});
    last = reader.key;
    JX_CHECK(take(reader.key, reader.head.hash, reader.line));
    JX_TRY(more, reader.next());
    if (more) first.push(run);
  }
  readers.clear();
  std::error_code ignored;
  for (std::size_t run = 1; run <= runs_; ++run) std::filesystem::remove(run_file(folder_, run), ignored);
  return {};
}

Result<IndexWriter> IndexWriter::open(const std::filesystem::path& path) {
  auto file = exchange::open(path, "wb");
  if (!file || !put(file.get(), magic.data(), magic.size())) return disk();
  return IndexWriter(std::move(file));
}

Result<> IndexWriter::add(std::string_view key, const RowHash& hash) {
  const auto size = static_cast<std::uint32_t>(key.size());
  const bool done = put(file_.get(), &size, sizeof size) && put(file_.get(), hash.data(), hash.size()) && put(file_.get(), key.data(), key.size());
  return done ? Result<>() : disk();
}

Result<> IndexWriter::finish() {
  if (std::fflush(file_.get()) != 0 || ::fsync(::fileno(file_.get())) != 0) return disk();
  file_.reset();
  return {};
}

Result<IndexReader> IndexReader::open(const std::filesystem::path& path) {
  auto file = exchange::open(path, "rb");
  if (!file)
    return fail(ErrorCode::not_found,
                {"what was delivered before is not known any more: order a snapshot", "上次交付的索引已不存在，请订购全量数据"});
  std::array<char, magic.size()> begins{};
  if (!get(file.get(), begins.data(), begins.size()) || std::string_view(begins.data(), begins.size()) != magic)
    return fail(ErrorCode::corrupt, {"the index of the delivery before is damaged: order a snapshot", "上次交付的索引已损坏，请订购全量数据"});
  return IndexReader(std::move(file));
}

Result<bool> IndexReader::next() {
  const auto damaged = [] {
    return fail(ErrorCode::corrupt, {"the index of the delivery before is damaged: order a snapshot", "上次交付的索引已损坏，请订购全量数据"});
  };
  std::uint32_t size = 0;
  const auto read = std::fread(&size, 1, sizeof size, file_.get());
  if (read == 0 && std::feof(file_.get()) != 0) return false;
  if (read != sizeof size || size > key_bytes_of_row_max) return damaged();
  key_.resize(size);
  if (!get(file_.get(), hash_.data(), hash_.size()) || !get(file_.get(), key_.data(), key_.size())) return damaged();
  return true;
}

}  // namespace jx::exchange
