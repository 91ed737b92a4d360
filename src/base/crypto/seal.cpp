#include <jx/crypto/hash.hpp>
#include <jx/crypto/seal.hpp>

#include "openssl.hpp"

#include <openssl/err.h>

#include <algorithm>

namespace jx::crypto {
namespace {

constexpr std::string_view file_header = "junxian-keys 1\n";
constexpr std::string_view sealed_prefix = "jxs1.";
constexpr std::size_t id_chars = 16;
constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

bool is_id(std::string_view text) {
  return text.size() == id_chars && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string prefix_of(std::string_view id) { return std::string(sealed_prefix) + std::string(id) + "."; }

const EVP_CIPHER* aes_gcm() {
  static const CipherAlgorithm algorithm(check(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr)));
  return algorithm.get();
}

enum class Direction : int { open = 0, seal = 1 };

// A cipher that has been given key, nonce and authenticated data.
CipherContext begin(Direction direction, ByteView key, ByteView nonce, std::string_view prefix, std::string_view associated) {
  CipherContext cipher(check(EVP_CIPHER_CTX_new()));
  check(EVP_CipherInit_ex2(cipher.get(), aes_gcm(), key.data(), nonce.data(), static_cast<int>(direction), nullptr));
  int size = 0;
  for (const auto part : {prefix, associated}) {
    const auto octets = bytes_of(part);
    if (!octets.empty()) check(EVP_CipherUpdate(cipher.get(), nullptr, &size, octets.data(), static_cast<int>(octets.size())));
  }
  return cipher;
}

std::unexpected<Error> not_sealed() {
  return fail(ErrorCode::corrupt, {"a stored secret was changed, or belongs to another place", "已保存的密文被改动，或不属于此处"});
}

std::unexpected<Error> bad_line(std::size_t number) {
  return fail(ErrorCode::corrupt, {"line " + std::to_string(number) + " of the key file cannot be read; restore the file from its backup",
                                   "密钥文件第" + std::to_string(number) + "行无法读取；请从备份恢复"});
}

}  // namespace

Result<std::string> sealing_key_id(std::string_view sealed) {
  if (!sealed.starts_with(sealed_prefix)) return not_sealed();
  const auto rest = sealed.substr(sealed_prefix.size());
  if (rest.size() <= id_chars || rest[id_chars] != '.' || !is_id(rest.substr(0, id_chars))) return not_sealed();
  return std::string(rest.substr(0, id_chars));
}

Result<KeyRing> KeyRing::create(const std::filesystem::path& path) {
  if (std::filesystem::exists(path))
    return fail(ErrorCode::conflict, {"there is already a key file " + path.string(), "密钥文件已存在：" + path.string()});
  KeyRing ring;
  ring.add_new_key();
  JX_CHECK(ring.save(path));
  return ring;
}

Result<KeyRing> KeyRing::load(const std::filesystem::path& path) {
  JX_TRY(file, read_secret_file(path));
  return parse(file.text());
}

Result<KeyRing> KeyRing::rotate(const std::filesystem::path& path) {
  JX_TRY(ring, load(path));
  if (ring.keys_.size() >= sealing_keys_max) {
    return fail(ErrorCode::too_large, {"the key file holds 64 keys; retire old ones first", "密钥文件已有64把密钥，请先停用旧密钥"});
  }
  ring.add_new_key();
  JX_CHECK(ring.save(path));
  return std::move(ring);
}

Result<KeyRing> KeyRing::retire(const std::filesystem::path& path, std::string_view key_id) {
  JX_TRY(ring, load(path));
  const auto found = std::ranges::find(ring.keys_, key_id, &KeyOfRing::id);
  if (found == ring.keys_.end()) return fail(ErrorCode::not_found, {"the key file has no such key", "密钥文件中没有这把密钥"});
  if (key_id == ring.current_id())
    return fail(ErrorCode::conflict, {"this key is in use; rotate first, then seal everything again", "这把密钥正在使用；请先轮换并重新加密"});
  ring.keys_.erase(found);
  JX_CHECK(ring.save(path));
  return std::move(ring);
}

Result<std::string> KeyRing::seal(ByteView plain, std::string_view associated) const {
  if (plain.size() > sealed_plain_bytes_max)
    return fail(ErrorCode::too_large, {"a sealed secret has at most 16 MiB", "加密保存的内容不得超过16 MiB"});
  const auto& key = keys_.back();
  const auto prefix = prefix_of(key.id);
  Bytes octets(nonce_bytes + plain.size() + tag_bytes);
  fill_random(std::span(octets).first(nonce_bytes));
  const auto cipher = begin(Direction::seal, key.key.view(), octets, prefix, associated);
  int size = 0;
  auto* out = octets.data() + nonce_bytes;
  if (!plain.empty()) check(EVP_CipherUpdate(cipher.get(), out, &size, plain.data(), static_cast<int>(plain.size())));
  check(EVP_CipherFinal_ex(cipher.get(), out + plain.size(), &size));
  check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_bytes, out + plain.size()));
  return prefix + to_base64url(octets);
}

Result<SecureBytes> KeyRing::open(std::string_view sealed, std::string_view associated) const {
  JX_TRY(id, sealing_key_id(sealed));
  const auto key = std::ranges::find(keys_, id, &KeyOfRing::id);
  if (key == keys_.end()) {
    return fail(ErrorCode::not_found,
                {"a stored secret was sealed with key " + id + ", which the key file does not hold", "密文所用密钥 " + id + " 不在密钥文件中"});
  }
  const auto prefix = prefix_of(id);
  auto octets = from_base64url(sealed.substr(prefix.size()));
  if (!octets || octets->size() < nonce_bytes + tag_bytes) return not_sealed();
  const auto nonce = ByteView(*octets).first(nonce_bytes);
  const auto text = ByteView(*octets).subspan(nonce_bytes, octets->size() - nonce_bytes - tag_bytes);
  auto* tag = octets->data() + octets->size() - tag_bytes;

  SecureBytes plain(text.size());
  const auto cipher = begin(Direction::open, key->key.view(), nonce, prefix, associated);
  int size = 0;
  if (!text.empty()) check(EVP_CipherUpdate(cipher.get(), plain.data(), &size, text.data(), static_cast<int>(text.size())));
  check(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag));
  std::array<std::uint8_t, tag_bytes> rest{};
  if (EVP_CipherFinal_ex(cipher.get(), rest.data(), &size) != 1) {
    ERR_clear_error();
    return not_sealed();
  }
  return plain;
}

Result<std::optional<std::string>> KeyRing::reseal(std::string_view sealed, std::string_view associated) const {
  JX_TRY(id, sealing_key_id(sealed));
  if (id == current_id()) return std::optional<std::string>();
  JX_TRY(plain, open(sealed, associated));
  JX_TRY(again, seal(plain.view(), associated));
  return std::optional(std::move(again));
}

std::vector<std::string> KeyRing::ids() const {
  std::vector<std::string> ids;
  for (const auto& key : keys_) ids.push_back(key.id);
  return ids;
}

SecureBytes KeyRing::derive(std::string_view purpose) const {
  using namespace std::literals;
  auto digest = hmac_sha256(keys_.back().key.view(), bytes_of("junxian derive 1\0"s.append(purpose)));
  SecureBytes key(digest);
  OPENSSL_cleanse(digest.data(), digest.size());
  return key;
}

Result<KeyRing> KeyRing::parse(std::string_view text) {
  if (!text.starts_with(file_header)) return bad_line(1);
  text.remove_prefix(file_header.size());
  KeyRing ring;
  for (std::size_t number = 2; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos || end <= id_chars || text[id_chars] != ' ' || ring.keys_.size() >= sealing_keys_max) return bad_line(number);
    const auto id = text.substr(0, id_chars);
    auto octets = from_base64(text.substr(id_chars + 1, end - id_chars - 1));
    if (!is_id(id) || !octets || octets->size() != key_bytes || std::ranges::count(ring.keys_, id, &KeyOfRing::id) > 0) return bad_line(number);
    ring.keys_.push_back({std::string(id), SecureBytes(*octets)});
    OPENSSL_cleanse(octets->data(), octets->size());
    text.remove_prefix(end + 1);
  }
  if (ring.keys_.empty()) return bad_line(2);
  return ring;
}

Result<> KeyRing::save(const std::filesystem::path& path) const {
  std::string text(file_header);
  text.reserve(text.size() + keys_.size() * 64);  // no copy of a key is left behind by growth
  for (const auto& key : keys_) {
    auto encoded = to_base64(key.key.view());
    text.append(key.id).append(" ").append(encoded).append("\n");
    wipe(encoded);
  }
  auto written = write_secret_file(path, bytes_of(text));
  wipe(text);
  return written;
}

void KeyRing::add_new_key() {
  SecureBytes key(key_bytes);
  fill_random({key.data(), key.size()});
  keys_.push_back({to_hex(random_bytes(id_chars / 2)), std::move(key)});
}

}  // namespace jx::crypto
