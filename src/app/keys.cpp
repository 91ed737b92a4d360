#include "keys.hpp"

#include <jx/crypto/secret.hpp>

#include <sys/stat.h>

namespace jx::app {
namespace {

std::filesystem::path certificates_path(const std::filesystem::path& folder) { return folder / "certificates.pem"; }
std::filesystem::path masks_path(const std::filesystem::path& folder) { return folder / "masks.keys"; }
std::filesystem::path attachments_path(const std::filesystem::path& folder) { return folder / "attachments.keys"; }

}  // namespace

Result<bool> make_keys(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed || ::chmod(folder.c_str(), 0700) != 0) {
    return fail(ErrorCode::unavailable, {"the key folder " + folder.string() + " cannot be made: look at the owner of the folder above it",
                                         "无法创建密钥目录 " + folder.string() + "，请检查上级目录的权限"});
  }
  bool made = false;
  if (!std::filesystem::exists(folder / "ledger")) {
    JX_CHECK(ledger::Signer::create(folder / "ledger", true));
    made = true;
  }
  if (!std::filesystem::exists(certificates_path(folder))) {
    const auto pem = crypto::Ed25519Key::generate().pem();
    JX_CHECK(crypto::write_secret_file(certificates_path(folder), pem.view()));
    made = true;
  }
  if (!std::filesystem::exists(attachments_path(folder))) {
    JX_CHECK(crypto::KeyRing::create(attachments_path(folder)));
    made = true;
  }
  if (!std::filesystem::exists(masks_path(folder))) {
    JX_CHECK(crypto::KeyRing::create(masks_path(folder)));
    made = true;
  }
  return made;
}

Result<Keys> load_keys(const std::filesystem::path& folder) {
  JX_TRY(signer, ledger::Signer::open(folder / "ledger"));
  JX_TRY(pem, crypto::read_secret_file(certificates_path(folder)));
  JX_TRY(key, crypto::Ed25519Key::from_pem(pem.text()));
  auto attachments = crypto::KeyRing::load(attachments_path(folder));
  if (!attachments) {
    if (attachments.error().code != ErrorCode::not_found) return std::unexpected(std::move(attachments).error());
    return fail_because(std::move(attachments).error(), ErrorCode::not_found,
                        {"the key folder " + folder.string() +
                             " lacks attachments.keys: restore it from where keys are kept, or where there never was one, "
                             "make it with `junxian init`",
                         "密钥目录 " + folder.string() + " 缺少 attachments.keys：请从密钥备份恢复；从未有过的，用 junxian init 生成"});
  }
  // A node of before there were such masks has none, and none is made here: where it was lost, other pseudonyms must not take the place of the old
  // ones.
  std::optional<crypto::KeyRing> masks;
  if (std::filesystem::exists(masks_path(folder))) {
    JX_TRY(ring, crypto::KeyRing::load(masks_path(folder)));
    masks = std::move(ring);
  }
  return Keys{std::move(signer), std::move(key), std::move(*attachments), std::move(masks)};
}

}  // namespace jx::app
