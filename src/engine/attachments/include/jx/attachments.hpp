// attachments.hpp - the files of drafts and cases: checked by their octets, kept once a case, sealed under a key of the case.
#pragma once
#include <jx/attachments/sniff.hpp>
#include <jx/cases.hpp>
#include <jx/core.hpp>
#include <jx/crypto/hash.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/db.hpp>
#include <jx/ledger.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::attachments {

using AttachmentId = Id<struct AttachmentTag>;

inline constexpr std::size_t chunk_bytes = 64 * 1024;      // what is sealed and opened at once
inline constexpr std::size_t piece_bytes_max = 1U << 20U;  // of one call
inline constexpr std::size_t reason_chars_max = 500;
inline constexpr std::size_t shown_max = 200;  // attachments that one task is shown

struct Limits {
  std::uint64_t file_bytes_max = 20U << 20U;
  std::int64_t files_max = 50;  // of one draft or case, uploads under way among them
  std::uint64_t folder_bytes_max = 200U << 20U;
  Micros upload_kept{std::chrono::hours(24)};  // after its last piece
};

/// Whose the files are. When a draft is submitted they become the case's.
struct Owner {
  enum class Kind : std::uint8_t { draft = 0, case_ = 1 };
  Kind kind = Kind::draft;
  Uuid id;

  Owner() = default;
  explicit Owner(DraftId draft) : kind(Kind::draft), id(draft.uuid()) {}
  explicit Owner(CaseId case_id) : kind(Kind::case_), id(case_id.uuid()) {}
  friend bool operator==(const Owner&, const Owner&) = default;
};

/// What a material of the item takes.
struct Rule {
  std::vector<FileType> types;  // empty: every type but zip
  std::uint64_t bytes_max = 0;  // of one file; 0: Limits::file_bytes_max
  std::int64_t files_max = 0;   // of this material; 0: Limits::files_max
};

struct NewFile {
  Owner owner;
  std::string name;  // what the person calls it
  std::uint64_t size = 0;
  std::optional<crypto::Digest> sha256;  // held against what comes
  std::string material;                  // id of a material of the item; empty: none in particular
  Rule rule;
};

struct Upload {
  AttachmentId id;
  Owner owner;
  std::uint64_t size = 0, offset = 0;
  std::optional<Instant> expires_at;  // none: it is complete
};

struct Attachment {
  AttachmentId id;
  Owner owner;
  std::string name;  // empty once erased
  FileType type = FileType::text;
  std::uint64_t size = 0;
  std::optional<crypto::Digest> sha256;  // none once erased
  std::string material;
  AccountId added_by;
  UnitId unit;  // empty for a citizen
  Instant added_at;
  std::optional<Instant> removed_at;
  std::string removed_reason;
  bool readable = true;  // false: removed, or erased
};

/// Where an upload stands after a piece; with the last one, what it became.
struct Progress {
  Upload upload;
  std::optional<Attachment> attachment;
};

/// Keeps attachments in the database. Immutable, thread-safe. Who may see or change the files of a draft or case is asked by the caller.
class Store {
 public:
  /// All of them outlive it.
  Store(const crypto::KeyRing& keys, cases::Engine& engine, Limits limits) : keys_(keys), engine_(engine), limits_(limits) {}

  [[nodiscard]] const Limits& limits() const { return limits_; }

  /// Begins an upload. The owner's row that guards the act is this module's folder; for a draft the caller writes the draft's own row too.
  /// Errors: invalid (/name, /size, /material); too_large (/size: a limit; says which and what to do); conflict (erased).
  [[nodiscard]] Result<Upload> begin(db::Tx& tx, const Context& ctx, const NewFile& file) const;
  /// Takes octets at `offset`, at most piece_bytes_max; a multiple of chunk_bytes, but at the end. The last piece is answered once the hash was
  /// compared, the file was looked at and it is part of its owner: in one act. A file that is refused is gone. In transactions of its own. Errors:
  /// not_found (none that this account began); conflict (another offset: upload() says which); invalid (/octets; what sniff() and check_name()
  /// refuse; another hash); too_large.
  [[nodiscard]] Result<Progress> receive(db::Database& database, const Context& ctx, AttachmentId id, std::uint64_t offset, ByteView octets) const;
  /// A whole file of at most piece_bytes_max at once. Errors: as begin and receive.
  [[nodiscard]] Result<Attachment> put(db::Tx& tx, const Context& ctx, const NewFile& file, ByteView octets) const;
  /// Of the account that began it. Errors: not_found.
  [[nodiscard]] Result<Progress> upload(db::Tx& tx, const Context& ctx, AttachmentId id) const;

  /// Of one owner, the oldest first, with those that were removed.
  [[nodiscard]] Result<std::vector<Attachment>> list(db::Tx& tx, const Owner& owner) const;
  /// Errors: not_found.
  [[nodiscard]] Result<Attachment> attachment(db::Tx& tx, AttachmentId id) const;
  /// `count` octets from `from`, cut at the end of the file; opens the chunks that hold them. Errors: not_found; conflict (removed or erased);
  /// corrupt.
  [[nodiscard]] Result<std::string> read(db::Tx& tx, AttachmentId id, std::uint64_t from, std::uint64_t count) const;

  /// Takes an attachment away, or gives an upload up. Of a draft: without a trace. Of a case: by who added it, while the case is open and nobody has
  /// decided since; it stays in the list with the reason.
  /// Errors: not_found; forbidden; conflict; invalid (/reason).
  [[nodiscard]] Result<> remove(db::Tx& tx, const Context& ctx, AttachmentId id, std::string_view reason) const;
  /// Makes the files of a draft those of the case that it became; uploads under way go on. Records them in the timeline and ledger, if there are any.
  [[nodiscard]] Result<> file(db::Tx& tx, const Context& ctx, DraftId draft, CaseId case_id) const;
  /// Shows attachments to who does a task and sees nothing else of the case. Recorded with the files. Errors: not_found (/attachments: not of the case,
  /// or taken away); too_large (shown_max); conflict (the case is concluded).
  [[nodiscard]] Result<> show(db::Tx& tx, const Context& ctx, TaskId task, CaseId case_id, std::span<const AttachmentId> attachments) const;
  /// Destroys the key of a case's files: nothing of them can be read from this moment, and their octets go soon. Recorded with law and reason.
  /// Errors: not_found (the case has none); conflict (erased before); invalid (/law, /reason).
  [[nodiscard]] Result<ledger::EntryId> erase(db::Tx& tx, const Context& ctx, CaseId case_id, std::string_view law, std::string_view reason) const;

 private:
  friend struct Files;
  const crypto::KeyRing& keys_;
  cases::Engine& engine_;
  Limits limits_;
};

/// Throws the files of a draft away. Their key is gone at once, their octets soon.
[[nodiscard]] Result<> discard(db::Tx& tx, DraftId draft);
/// How many files a draft or case has of each material.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> by_material(db::Tx& tx, const Owner& owner);

/// What was shown to who does a task.
[[nodiscard]] Result<std::vector<AttachmentId>> shown(db::Tx& tx, TaskId task);

/// Gives up uploads that have expired and removes octets that belong to nothing, a little at a time: call again while it answers true.
[[nodiscard]] Result<bool> sweep(db::Tx& tx, Instant now);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();

/// Something that was changed by hand, and where.
struct Unsound {
  std::string where;
  Words message;
};
/// Every stored chunk against the hash that its content has; with `keys` also opened and held against the file's address.
[[nodiscard]] Result<std::vector<Unsound>> check_soundness(db::Database& database, const crypto::KeyRing* keys);

}  // namespace jx::attachments
