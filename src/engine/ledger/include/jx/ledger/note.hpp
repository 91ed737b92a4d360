// note.hpp - signed notes (c2sp.org/signed-note) and checkpoints (c2sp.org/tlog-checkpoint).
//
// A note is text that ends in a newline, an empty line, and signature lines:  — <key name> base64(4-octet key id || signature)
// Signature types here: 01 Ed25519 over the text; ff followed by the 18 octets "junxian-sm2-sm3-v1": SM2 over SM3 (GB/T 32918) of the text under the
// user id 1234567812345678, 64 octets r || s; its public key is the 65 octets 04 || x || y. A key id is the first four octets of
// SHA-256(key name || 0a || type (with identifier) || public key).
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/crypto/sign.hpp>
#include <jx/ledger/merkle.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace jx::ledger {

inline constexpr std::size_t note_bytes_max = 64 * 1024;
inline constexpr std::size_t note_signatures_max = 64;
inline constexpr std::string_view sm2_identifier = "junxian-sm2-sm3-v1";

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // ends in a newline
  std::vector<NoteSignature> signatures;

  [[nodiscard]] std::string encode() const;
  /// Errors: invalid (not a signed note, says why); too_large.
  [[nodiscard]] static Result<Note> parse(std::string_view note);
  friend bool operator==(const Note&, const Note&) = default;
};

/// A public key that may sign notes, under its name.
class NoteKey {
 public:
  using Key = std::variant<crypto::Ed25519PublicKey, crypto::Sm2PublicKey>;

  /// Errors: invalid (a name that is empty or holds a space or plus).
  [[nodiscard]] static Result<NoteKey> make(std::string name, Key key);
  /// `<name>+<key id in hex>+<base64(type || public key)>`, as other tools write it. Errors: invalid.
  [[nodiscard]] static Result<NoteKey> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint32_t id() const { return id_; }
  [[nodiscard]] const Key& key() const { return key_; }
  [[nodiscard]] bool verify(std::string_view text, ByteView signature) const;

 private:
  NoteKey(std::string name, Key key);
  std::string name_;
  Key key_;
  std::uint32_t id_ = 0;
};

/// The keys of one name that sign a log's notes: Ed25519, and SM2 where national algorithms are asked for.
struct NoteSigner {
  std::string name;
  crypto::Ed25519Key ed25519;
  std::optional<crypto::Sm2Key> sm2;

  [[nodiscard]] std::vector<NoteKey> keys() const;
  /// `text` must end in a newline.
  [[nodiscard]] Note sign(std::string text) const;
};

/// Whether every signature by one of `keys` is right and there is at least one; signatures of others are passed over.
/// Errors: invalid (a wrong signature: says whose; or none of `keys` signed).
[[nodiscard]] Result<> verify_note(const Note& note, std::span<const NoteKey> keys);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};

  [[nodiscard]] std::string text() const;
  /// Reads the text of a note; lines after the third are passed over. Errors: invalid.
  [[nodiscard]] static Result<Checkpoint> parse(std::string_view text);
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

}  // namespace jx::ledger
