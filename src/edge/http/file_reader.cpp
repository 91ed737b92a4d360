#include "file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace jx::http {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

RangeKind parse_range(std::string_view field, std::uint64_t size, ByteRange& range) {
  if (!field.starts_with("bytes=")) return RangeKind::whole;
  field.remove_prefix(6);
  const std::size_t dash = field.find('-');
  if (dash == std::string_view::npos || field.find(',') != std::string_view::npos) return RangeKind::whole;
  const auto first = number(field.substr(0, dash));
  const auto last = number(field.substr(dash + 1));
  if (dash == 0) {  // the last n octets
    if (!last) return RangeKind::whole;
    if (*last == 0 || size == 0) return RangeKind::unsatisfiable;
    range.size = std::min(*last, size);
    range.first = size - range.size;
    return RangeKind::part;
  }
  const bool open_end = dash + 1 == field.size();
  if (!first || (!last && !open_end) || (last && *last < *first)) return RangeKind::whole;
  if (*first >= size) return RangeKind::unsatisfiable;
  range.first = *first;
  range.size = (last ? std::min(*last, size - 1) : size - 1) - *first + 1;
  return RangeKind::part;
}

Result<FileReader> FileReader::open(const std::filesystem::path& path) {
  FileReader reader;
  reader.descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // NOLINT(*-vararg): no device may hold a worker up
  struct stat about{};
  if (reader.descriptor_ < 0 || ::fstat(reader.descriptor_, &about) != 0 || !S_ISREG(about.st_mode)) {
    return fail(ErrorCode::not_found, {"This file is not there.", "没有这个文件。"});
  }
  reader.size_ = static_cast<std::uint64_t>(about.st_size);
  reader.left_ = {0, reader.size_};
  std::array<char, 80> tag{};
  const int length =
      std::snprintf(tag.data(), tag.size(), "\"%llx-%llx-%llx.%09lx\"", static_cast<unsigned long long>(about.st_ino),  // NOLINT(*-vararg)
                    static_cast<unsigned long long>(reader.size_), static_cast<unsigned long long>(about.st_mtim.tv_sec),
                    static_cast<unsigned long>(about.st_mtim.tv_nsec));
  reader.etag_.assign(tag.data(), static_cast<std::size_t>(length));
  return reader;
}

FileReader::FileReader(FileReader&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_), left_(other.left_), etag_(std::move(other.etag_)) {}

FileReader& FileReader::operator=(FileReader&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  size_ = other.size_;
  left_ = other.left_;
  etag_ = std::move(other.etag_);
  return *this;
}

FileReader::~FileReader() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool FileReader::read(std::string& into) {
  into.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left_.size, piece_bytes)));
  std::size_t have = 0;
  while (have < into.size()) {
    const ssize_t n = ::pread(descriptor_, into.data() + have, into.size() - have, static_cast<off_t>(left_.first));
    if (n <= 0) return false;
    have += static_cast<std::size_t>(n);
    left_.first += static_cast<std::uint64_t>(n);
    left_.size -= static_cast<std::uint64_t>(n);
  }
  return true;
}

}  // namespace jx::http
