#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace jx::db {
namespace {

constexpr std::size_t piece_bytes = 1U << 20U;

struct File {
  int fd;
  explicit File(int descriptor) : fd(descriptor) {}
  ~File() {
    if (fd >= 0) ::close(fd);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

}  // namespace

std::unexpected<Error> file_error(const std::filesystem::path& path, int code) {
  const auto name = path.string();
  if (code == ENOENT) return fail(ErrorCode::not_found, {name + " does not exist", name + " 不存在"});
  if (code == EEXIST) return fail(ErrorCode::conflict, {name + " exists already; name another place", name + " 已存在，请指定其他位置"});
  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    return fail(ErrorCode::unavailable, {"the disk of " + name + " is full", name + " 所在磁盘空间已满"});
  return fail(ErrorCode::unavailable, {name + ": " + std::strerror(code), name + "：" + std::strerror(code)});
}

NewFile::NewFile(NewFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)), bytes_(other.bytes_), hash_(other.hash_) {}

NewFile::~NewFile() {
  if (file_ >= 0) ::close(file_);
}

Result<NewFile> NewFile::make(const std::filesystem::path& path) {
  NewFile made;
  made.path_ = path;
  made.file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made.file_ < 0) return file_error(path, errno);
  return made;
}

Result<> NewFile::write(ByteView bytes) {
  hash_.update(bytes);
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t done = ::write(file_, bytes.data(), bytes.size());
    if (done < 0 && errno != EINTR) return file_error(path_, errno);
    if (done > 0) bytes = bytes.subspan(static_cast<std::size_t>(done));
  }
  return {};
}

Result<Part> NewFile::finish() {
  if (::fsync(file_) != 0 || ::close(std::exchange(file_, -1)) != 0) return file_error(path_, errno);
  return Part{path_.string(), bytes_, to_hex(hash_.finish())};
}

Result<> read_pieces(const std::filesystem::path& path, const std::function<Result<>(ByteView)>& take) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.fd < 0) return file_error(path, errno);
  Bytes piece(piece_bytes);
  for (;;) {
    const ssize_t got = ::read(file.fd, piece.data(), piece.size());
    if (got == 0) return {};
    if (got < 0 && errno != EINTR) return file_error(path, errno);
    if (got > 0) JX_CHECK(take(ByteView(piece).first(static_cast<std::size_t>(got))));
  }
}

Result<std::string> read_small(const std::filesystem::path& path, std::size_t max) {
  std::string text;
  JX_CHECK(read_pieces(path, [&](ByteView piece) -> Result<> {
    if (text.size() + piece.size() > max)
      return fail(ErrorCode::too_large, {path.string() + " is larger than it may be", path.string() + " 超出允许的大小"});
    text += text_of(piece);
    return {};
  }));
  return text;
}

Result<> sync_path(const std::filesystem::path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0 || ::fsync(file.fd) != 0) return file_error(path, errno);
  return {};
}

Result<> make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), S_IRWXU) != 0) return file_error(folder, errno);
  return {};
}

}  // namespace jx::db
