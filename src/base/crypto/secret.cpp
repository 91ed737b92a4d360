#include <jx/crypto/hash.hpp>
#include <jx/crypto/secret.hpp>

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace jx::crypto {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

std::unexpected<Error> cannot(std::string_view verb, const std::filesystem::path& path) {
  const auto reason = std::generic_category().message(errno);
  return fail(ErrorCode::unavailable,
              {"cannot " + std::string(verb) + " " + path.string() + ": " + reason, "无法访问文件 " + path.string() + "：" + reason});
}

Result<> write_all(int fd, ByteView octets, const std::filesystem::path& path) {
  while (!octets.empty()) {
    const auto count = ::write(fd, octets.data(), octets.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("write", path);
    octets = octets.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<> write_new(const std::filesystem::path& path, ByteView octets, mode_t mode) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file.open()) return cannot("create", path);
  JX_CHECK(write_all(file.fd(), octets, path));
  if (::fsync(file.fd()) != 0) return cannot("flush", path);
  return {};
}

Result<> flush_folder(const std::filesystem::path& folder) {
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || ::fsync(directory.fd()) != 0) return cannot("flush the folder", folder);
  return {};
}

// Written beside the old file under a name of its own, so that neither a crash nor a second writer leaves half a file.
Result<> replace(const std::filesystem::path& path, ByteView octets, mode_t mode) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  auto draft = path;
  draft += ".new-" + to_hex(random_bytes(6));
  auto written = write_new(draft, octets, mode);
  if (written && ::rename(draft.c_str(), path.c_str()) != 0) written = cannot("replace", path);
  if (!written) {
    ::unlink(draft.c_str());
    return written;
  }
  return flush_folder(folder);
}

}  // namespace

SecureBytes& SecureBytes::operator=(SecureBytes&& other) noexcept {
  if (this != &other) {
    wipe();
    octets_ = std::exchange(other.octets_, {});
  }
  return *this;
}

void SecureBytes::wipe() {
  if (!octets_.empty()) OPENSSL_cleanse(octets_.data(), octets_.size());
  octets_.clear();
}

void wipe(std::string& text) {
  if (!text.empty()) OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

Result<> write_secret_file(const std::filesystem::path& path, ByteView octets) { return replace(path, octets, 0600); }
Result<> write_file_durably(const std::filesystem::path& path, ByteView octets) { return replace(path, octets, 0644); }

Result<SecureBytes> read_secret_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) return fail(ErrorCode::not_found, {"there is no file " + path.string(), "没有文件 " + path.string()});
    return cannot("read", path);
  }
  struct stat status{};
  if (::fstat(file.fd(), &status) != 0) return cannot("read", path);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::invalid, {path.string() + " is not a file", path.string() + " 不是文件"});
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return fail(ErrorCode::forbidden, {"others than its owner may use " + path.string() + ", which holds a secret; run: chmod 600 " + path.string(),
                                       path.string() + " 存有密钥，但其他用户也可访问；请执行：chmod 600 " + path.string()});
  }
  if (status.st_size > static_cast<off_t>(secret_file_bytes_max)) {
    return fail(ErrorCode::too_large, {path.string() + " is larger than a file of secrets can be", path.string() + " 过大，不是密钥文件"});
  }
  SecureBytes octets(static_cast<std::size_t>(status.st_size));
  for (std::size_t at = 0; at < octets.size();) {
    const auto count = ::read(file.fd(), octets.data() + at, octets.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("read", path);
    if (count == 0) return fail(ErrorCode::unavailable, {path.string() + " became shorter while it was read", path.string() + " 在读取时被改短"});
    at += static_cast<std::size_t>(count);
  }
  return octets;
}

}  // namespace jx::crypto
