#include <jx/crypto/secret.hpp>
#include <jx/ledger/signer.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>

namespace jx::ledger {
namespace {

constexpr std::string_view checkpoint_prefix = "checkpoint-";

std::unexpected<Error> unusable(const std::filesystem::path& path) {
  return fail(ErrorCode::unavailable, {"the folder of the ledger's keys cannot be used: " + path.string(), "账本密钥目录不可用：" + path.string()});
}

// One signature at a time, over all programs that use the folder.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder) : fd_(::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    locked_ = fd_ >= 0 && ::flock(fd_, LOCK_EX) == 0;
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool locked() const { return locked_; }

 private:
  int fd_;
  bool locked_ = false;
};

std::unexpected<Error> behind(std::uint64_t size, std::uint64_t signed_size) {
  return fail(ErrorCode::corrupt, {"the ledger has " + std::to_string(size) + " entries, but a checkpoint of " + std::to_string(signed_size) +
                                       " was signed: the database was set back. Nothing is signed until it is restored, or a successor log is opened",
                                   "账本现有" + std::to_string(size) + "条，但已签署过" + std::to_string(signed_size) +
                                       "条的检查点：数据库被回退。恢复数据库或开启后继账本之前不再签名"});
}

std::unexpected<Error> differs(std::uint64_t signed_size) {
  return fail(ErrorCode::corrupt, {"the first " + std::to_string(signed_size) +
                                       " entries of the ledger are not those of the checkpoint that was signed. Nothing is signed until the database "
                                       "is restored, or a successor log is opened",
                                   "账本前" + std::to_string(signed_size) + "条与已签署的检查点不符。恢复数据库或开启后继账本之前不再签名"});
}

Result<> check_against(const std::optional<Checkpoint>& last, std::uint64_t size, const Signer::RootAt& root_at) {
  if (!last) return {};
  if (size < last->size) return behind(size, last->size);
  JX_TRY(root, root_at(last->size));
  if (root != last->root) return differs(last->size);
  return {};
}

}  // namespace

Result<Signer> Signer::create(const std::filesystem::path& folder, bool with_sm2) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) return unusable(folder);
  const FolderLock lock(folder);
  if (!lock.locked()) return unusable(folder);
  if (std::filesystem::exists(folder / "ed25519.pem") || std::filesystem::exists(folder / "sm2.pem")) {
    return fail(ErrorCode::conflict, {"the folder holds keys already: " + folder.string(), "目录中已有密钥：" + folder.string()});
  }
  auto ed25519 = crypto::Ed25519Key::generate();
  std::optional<crypto::Sm2Key> sm2;
  if (with_sm2) {
    sm2 = crypto::Sm2Key::generate();
    JX_CHECK(crypto::write_secret_file(folder / "sm2.pem", sm2->pem().view()));
  }
  JX_CHECK(crypto::write_secret_file(folder / "ed25519.pem", ed25519.pem().view()));
  return Signer(folder, std::move(ed25519), std::move(sm2));
}

Result<Signer> Signer::open(const std::filesystem::path& folder) {
  JX_TRY(ed25519_pem, crypto::read_secret_file(folder / "ed25519.pem"));
  JX_TRY(ed25519, crypto::Ed25519Key::from_pem(ed25519_pem.text()));
  std::optional<crypto::Sm2Key> sm2;
  if (std::filesystem::exists(folder / "sm2.pem")) {
    JX_TRY(sm2_pem, crypto::read_secret_file(folder / "sm2.pem"));
    JX_TRY(key, crypto::Sm2Key::from_pem(sm2_pem.text()));
    sm2 = std::move(key);
  }
  return Signer(folder, std::move(ed25519), std::move(sm2));
}

std::filesystem::path Signer::checkpoint_path(std::int64_t log) const { return folder_ / (std::string(checkpoint_prefix) + std::to_string(log)); }

Result<std::optional<Checkpoint>> Signer::last_signed(std::int64_t log) const {
  const auto path = checkpoint_path(log);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::error_code error;
    if (!std::filesystem::exists(path, error) && !error) return std::optional<Checkpoint>();
    return unusable(path);
  }
  std::ostringstream text;
  text << file.rdbuf();
  const auto note = Note::parse(text.view());
  auto checkpoint = note ? Checkpoint::parse(note->text) : Result<Checkpoint>(std::unexpected(note.error()));
  if (!checkpoint || !verify_note(*note, keys(checkpoint->origin))) {
    return fail(ErrorCode::corrupt, {"the last signed checkpoint cannot be read: " + path.string() + "; restore it, or open a successor log",
                                     "最近签署的检查点无法读取：" + path.string() + "；请恢复该文件或开启后继账本"});
  }
  return std::optional(std::move(*checkpoint));
}

// A checkpoint of a later log means that the database was set back to before a succession.
Result<> Signer::check_newest(std::int64_t log) const {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_, error)) {
    const auto name = file.path().filename().string();
    if (!name.starts_with(checkpoint_prefix)) continue;
    std::int64_t number = 0;
    const auto* end = name.data() + name.size();
    const auto read = std::from_chars(name.data() + checkpoint_prefix.size(), end, number);
    if (read.ec == std::errc{} && read.ptr == end && number > log) {
      return fail(ErrorCode::corrupt,
                  {"a checkpoint of log " + std::to_string(number) + " was signed, but the newest log of the database is " + std::to_string(log),
                   "已签署过第" + std::to_string(number) + "号账本的检查点，而数据库中最新账本为第" + std::to_string(log) + "号"});
    }
  }
  if (error) return unusable(folder_);
  return {};
}

Result<> Signer::check(std::int64_t log, std::uint64_t size, const RootAt& root_at) const {
  JX_CHECK(check_newest(log));
  JX_TRY(last, last_signed(log));
  return check_against(last, size, root_at);
}

Result<std::string> Signer::sign(std::int64_t log, const Checkpoint& checkpoint, const RootAt& root_at) const {
  const FolderLock lock(folder_);
  if (!lock.locked()) return unusable(folder_);
  JX_CHECK(check_newest(log));
  JX_TRY(last, last_signed(log));
  if (last && last->size > checkpoint.size) {
    // Another program may have signed what this one has not seen yet; whether the tree was set back is for check() to say.
    return fail(ErrorCode::stale, {"a larger tree was signed meanwhile", "其间已签署更大的树"});
  }
  JX_CHECK(check_against(last, checkpoint.size, root_at));
  auto note = as(checkpoint.origin).sign(checkpoint.text()).encode();
  JX_CHECK(crypto::write_file_durably(checkpoint_path(log), bytes_of(note)));
  return note;
}

}  // namespace jx::ledger
