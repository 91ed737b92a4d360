#include <jx/crypto/hash.hpp>
#include <jx/crypto/password.hpp>

#include <argon2.h>

#include <array>
#include <charconv>

namespace jx::crypto {
namespace {

constexpr std::uint32_t passes = 2;
constexpr std::uint32_t memory_kib = 19 * 1024;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr std::string_view todays_prefix = "$argon2id$v=19$m=19456,t=2,p=1$";
constexpr std::size_t phc_bytes_max = 256;

// A string from the database decides how much memory and time verify takes; nobody may make it take the machine.
constexpr std::uint32_t memory_kib_max = 64 * 1024;
constexpr std::uint32_t passes_max = 10;
constexpr std::uint32_t lanes_max = 4;

bool take(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

bool take_number(std::string_view& text, std::uint32_t max) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value == 0 || value > max) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool acceptable(std::string_view phc) {
  if (phc.size() > phc_bytes_max) return false;
  return take(phc, "$argon2id$v=19$m=") && take_number(phc, memory_kib_max) && take(phc, ",t=") && take_number(phc, passes_max) && take(phc, ",p=") &&
         take_number(phc, lanes_max) && take(phc, "$");
}

Result<> check_length(std::string_view password) {
  if (password.size() <= password_bytes_max) return {};
  return fail(ErrorCode::too_large, {"a password has at most 1,024 bytes", "密码不得超过1024字节"});
}

std::unexpected<Error> no_memory() {
  return fail(ErrorCode::unavailable, {"there is not enough memory to check a password; try again", "内存不足，暂时无法校验密码，请稍后再试"});
}

}  // namespace

// A place among those that run: taken in the constructor, given back in the destructor.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    if (hasher_.running_ >= hasher_.limits_.running_max) {
      if (hasher_.waiting_ >= hasher_.limits_.waiting_max) return;
      ++hasher_.waiting_;
      const bool free = hasher_.free_.wait_for(lock, hasher_.limits_.wait_ms_max, [&] { return hasher_.running_ < hasher_.limits_.running_max; });
      --hasher_.waiting_;
      if (!free) return;
    }
    ++hasher_.running_;
    taken_ = true;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!taken_) return;
    {
      const std::lock_guard lock(hasher_.mutex_);
      --hasher_.running_;
    }
    hasher_.free_.notify_one();
  }
  [[nodiscard]] Result<> check() const {
    if (taken_) return {};
    return fail(ErrorCode::limited,
                {"too many people are signing in at this moment; try again in a few seconds", "当前登录人数过多，请稍等几秒再试"});
  }

 private:
  PasswordHasher& hasher_;
  bool taken_ = false;
};

Result<std::string> PasswordHasher::hash(std::string_view password) {
  JX_CHECK(check_length(password));
  const Turn turn(*this);
  JX_CHECK(turn.check());
  const auto salt = random_bytes(salt_bytes);
  std::array<char, phc_bytes_max> phc{};
  const int done = argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(), salt.data(), salt.size(), hash_bytes,
                                         phc.data(), phc.size());
  if (done != ARGON2_OK) return no_memory();
  return std::string(phc.data());
}

Result<bool> PasswordHasher::verify(std::string_view password, std::string_view phc) {
  JX_CHECK(check_length(password));
  if (!acceptable(phc)) return fail(ErrorCode::corrupt, {"a stored password hash cannot be read", "已保存的密码摘要无法读取"});
  const Turn turn(*this);
  JX_CHECK(turn.check());
  switch (argon2id_verify(std::string(phc).c_str(), password.data(), password.size())) {
    case ARGON2_OK: return true;
    case ARGON2_VERIFY_MISMATCH: return false;
    case ARGON2_MEMORY_ALLOCATION_ERROR: return no_memory();
    default: return fail(ErrorCode::corrupt, {"a stored password hash cannot be read", "已保存的密码摘要无法读取"});
  }
}

Result<bool> PasswordHasher::verify_nobody(std::string_view password) {
  JX_CHECK(check_length(password));
  const Turn turn(*this);
  JX_CHECK(turn.check());
  const std::array<std::uint8_t, salt_bytes> salt{};
  std::array<std::uint8_t, hash_bytes> hash{};
  if (argon2id_hash_raw(passes, memory_kib, lanes, password.data(), password.size(), salt.data(), salt.size(), hash.data(), hash.size()) != ARGON2_OK)
    return no_memory();
  return false;
}

bool PasswordHasher::outdated(std::string_view phc) { return !phc.starts_with(todays_prefix); }

}  // namespace jx::crypto
