// signer.hpp - the keys of a node's ledger and what it last signed with them: a folder of its own, mode 0700.
//   ed25519.pem     PKCS #8, 0600
//   sm2.pem         PKCS #8, 0600; only where national algorithms are asked for
//   checkpoint-<n>  the newest checkpoint signed for log n, on the disk before anybody else sees it
//   lock            held while signing
// A node that signs two trees which contradict each other is worse than one that signs nothing, so sign() refuses whatever does not continue the
// last checkpoint. The folder is kept apart from the database and from its backups: a database that was set back is found out by it.
#pragma once
#include <jx/core/result.hpp>
#include <jx/crypto/sign.hpp>
#include <jx/ledger/note.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace jx::ledger {

/// Thread-safe; several programs may use one folder.
class Signer {
 public:
  /// Makes the folder with new keys. Errors: conflict (it holds keys already); unavailable.
  [[nodiscard]] static Result<Signer> create(const std::filesystem::path& folder, bool with_sm2);
  /// Errors: not_found; forbidden (others may read a key); invalid (not a key); unavailable.
  [[nodiscard]] static Result<Signer> open(const std::filesystem::path& folder);

  /// The public keys under which notes of `origin` are verified.
  [[nodiscard]] std::vector<NoteKey> keys(const std::string& origin) const { return as(origin).keys(); }

  /// Answers the root of the tree of now at an earlier size.
  using RootAt = std::function<Result<Hash>(std::uint64_t size)>;

  /// Whether the tree of log `log` continues what was signed last. Errors: corrupt (behind it, or different: recovery is in docs/ledger.md); those of
  /// `root_at`.
  [[nodiscard]] Result<> check(std::int64_t log, std::uint64_t size, const RootAt& root_at) const;
  /// Signs the checkpoint and keeps it, or refuses as check() does. Errors: also stale (a larger one was signed already); unavailable.
  [[nodiscard]] Result<std::string> sign(std::int64_t log, const Checkpoint& checkpoint, const RootAt& root_at) const;
  /// Signs a text that is no checkpoint.
  [[nodiscard]] std::string sign_text(const std::string& origin, std::string text) const { return as(origin).sign(std::move(text)).encode(); }

 private:
  Signer(std::filesystem::path folder, crypto::Ed25519Key ed25519, std::optional<crypto::Sm2Key> sm2)
      : folder_(std::move(folder)), ed25519_(std::move(ed25519)), sm2_(std::move(sm2)) {}
  [[nodiscard]] NoteSigner as(const std::string& origin) const { return {origin, ed25519_, sm2_}; }
  [[nodiscard]] std::filesystem::path checkpoint_path(std::int64_t log) const;
  [[nodiscard]] Result<std::optional<Checkpoint>> last_signed(std::int64_t log) const;
  [[nodiscard]] Result<> check_newest(std::int64_t log) const;

  std::filesystem::path folder_;
  crypto::Ed25519Key ed25519_;
  std::optional<crypto::Sm2Key> sm2_;
};

}  // namespace jx::ledger
