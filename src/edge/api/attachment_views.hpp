// attachment_views.hpp - attachments as the API answers them, and who may see or change those of a draft or case.
#pragma once
#include "views.hpp"

#include <jx/attachments.hpp>

namespace jx::api {

struct AttachmentView {
  attachments::AttachmentId id;
  std::optional<CaseId> case_;
  std::optional<DraftId> draft;
  std::string name;
  attachments::FileType type = attachments::FileType::text;
  std::string media_type;
  std::uint64_t size = 0;
  std::optional<std::string> sha256;
  std::optional<std::string> material;
  Instant added_at;
  std::optional<UnitName> unit;
  bool mine = false;
  bool readable = true;
  std::optional<Instant> removed_at;
  std::optional<std::string> removed_reason;
};
BOOST_DESCRIBE_STRUCT(AttachmentView, (),
                      (id, case_, draft, name, type, media_type, size, sha256, material, added_at, unit, mine, readable, removed_at, removed_reason))

struct AttachmentList {
  std::vector<AttachmentView> items;
};
BOOST_DESCRIBE_STRUCT(AttachmentList, (), (items))

struct UploadView {
  attachments::AttachmentId id;
  std::uint64_t size = 0, offset = 0;
  std::uint64_t piece_bytes_max = attachments::piece_bytes_max;
  std::optional<Instant> expires_at;
  std::optional<AttachmentView> attachment;
};
BOOST_DESCRIBE_STRUCT(UploadView, (), (id, size, offset, piece_bytes_max, expires_at, attachment))

/// Whose files: the query's `case` or `draft`. Errors: invalid (neither, or both).
[[nodiscard]] Result<attachments::Owner> owner_of(const Call& call);
enum class Reach { see, change };
/// The draft is the caller's own; or she sees the case, and changes it as its applicant or as who handles it. Errors: not_found; forbidden.
[[nodiscard]] Result<> require_files(const Call& call, db::Tx& tx, const attachments::Owner& owner, Reach reach);

[[nodiscard]] Result<AttachmentView> attachment_view(const Call& call, db::Tx& tx, const attachments::Attachment& attachment);
[[nodiscard]] Result<UploadView> upload_view(const Call& call, db::Tx& tx, const attachments::Progress& progress);
[[nodiscard]] http::Response upload_answer(int status, const UploadView& view);

}  // namespace jx::api
