// folder.hpp - one owner's files: its row, its key, and what is kept under keys made from it (private).
#pragma once
#include <jx/attachments.hpp>
#include <jx/crypto/chunks.hpp>

namespace jx::attachments {

struct Folder {
  Uuid id;
  Owner owner;
  std::int64_t files = 0;
  std::uint64_t octets = 0;
  crypto::SecureBytes key;

  /// Of the octets of one content.
  [[nodiscard]] crypto::ChunkCipher octets_of(AttachmentId content) const;
  /// The name of a file's SHA-256 in this folder.
  [[nodiscard]] crypto::Digest address(const crypto::Digest& sha256) const;
};

/// The text by which a folder's key is bound to it.
[[nodiscard]] std::string key_place(const Uuid& folder);
/// From a row of folder_of or folder_one. Errors: conflict (erased); not_found, corrupt (of the key ring).
[[nodiscard]] Result<Folder> folder_from(const db::Row& row, const crypto::KeyRing& keys);

/// What is sealed beside the row of an upload or attachment.
struct Label {
  std::string name;
  std::optional<crypto::Digest> sha256;
};
enum class LabelOf : std::uint8_t { upload, attachment };
[[nodiscard]] Bytes seal_label(ByteView folder_key, LabelOf of, AttachmentId id, const Label& label);
/// Errors: corrupt.
[[nodiscard]] Result<Label> open_label(ByteView folder_key, LabelOf of, AttachmentId id, ByteView sealed);

/// A row of attachment_upload.
struct UploadRow {
  AttachmentId id;
  Uuid folder;
  std::uint64_t size = 0, received = 0;
  std::string material;
  std::vector<FileType> types;
  Bytes sealed;
  AccountId account;
  Instant expires_at;
};
/// Nothing where there is none.
[[nodiscard]] Result<std::optional<UploadRow>> upload_row(db::Tx& tx, AttachmentId id);

/// What the whole file turned out to be.
struct Seen {
  std::string name;
  FileType type = FileType::text;
  crypto::Digest sha256{};
};

[[nodiscard]] inline std::uint32_t chunks_in(std::uint64_t size) { return static_cast<std::uint32_t>((size + chunk_bytes - 1) / chunk_bytes); }
[[nodiscard]] inline crypto::Last last_of(std::uint32_t number, std::uint64_t size) {
  return number + 1 == chunks_in(size) ? crypto::Last::yes : crypto::Last::no;
}

/// SHA-256 over the hashes of all sealed chunks of a content.
[[nodiscard]] Result<crypto::Digest> stored_hash(db::Tx& tx, AttachmentId content);

/// What the members of Store do, in parts.
struct Files {
  const Store& store;
  db::Tx& tx;
  const Context& ctx;

  [[nodiscard]] Result<Folder> folder_for(const Owner& owner) const;
  [[nodiscard]] Result<Folder> folder(const Uuid& id) const;
  /// Makes room for one file. Errors: as Store::begin.
  [[nodiscard]] Result<Folder> reserve(const NewFile& file) const;
  /// Answers the SHA-256 of the hashes of these chunks.
  [[nodiscard]] Result<crypto::Digest> write_chunks(const Folder& folder, AttachmentId content, std::uint64_t size, std::uint64_t offset,
                                                    ByteView octets) const;
  /// The attachment's row, for a file whose chunks are there, or (`octets`) are to be written if the folder does not have it yet.
  [[nodiscard]] Result<Attachment> complete(const Folder& folder, const UploadRow& upload, const Seen& seen, std::optional<ByteView> octets) const;
  [[nodiscard]] Result<> record_added(const Attachment& attachment) const;
  [[nodiscard]] Result<> remove_from_case(const Attachment& attachment, std::string_view reason) const;
};

/// Looks at a whole file. Errors: invalid (another hash than was said; what sniff() refuses; a type that is not taken).
[[nodiscard]] Result<Seen> look_at(ByteView octets, const Label& label, std::span<const FileType> types);

/// Has the chunks of a content removed.
[[nodiscard]] Result<> waste(db::Tx& tx, AttachmentId content);

/// What the ledger may say of a file.
[[nodiscard]] boost::json::object body_of(const Attachment& attachment);

}  // namespace jx::attachments
