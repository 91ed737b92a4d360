// create_attachment.cpp - POST /api/v1/attachments (operation createAttachment): begins an upload, or takes a small file at once.
#include "attachment_views.hpp"
#include "handlers.hpp"

namespace jx::api {

namespace {

struct NewAttachment {
  std::optional<CaseId> case_;
  std::optional<DraftId> draft;
  std::string name;
  std::optional<std::uint64_t> size;
  std::optional<std::string> sha256;
  std::optional<std::string> material;
  std::optional<Bytes> octets;
};
BOOST_DESCRIBE_STRUCT(NewAttachment, (), (case_, draft, name, size, sha256, material, octets))

constexpr std::size_t small_file_json = 1'500'000;  // 1 MiB in base64, with the rest

Result<std::optional<crypto::Digest>> digest_of(const std::optional<std::string>& hex) {
  if (!hex) return std::optional<crypto::Digest>();
  const auto octets = from_hex(*hex);
  crypto::Digest digest{};
  if (!octets || octets->size() != digest.size())
    return fail(ErrorCode::invalid, {"a SHA-256 has 64 hexadecimal digits", "SHA-256 应为64位十六进制数字"}, "/sha256");
  std::ranges::copy(*octets, digest.begin());
  return std::optional(digest);
}

/// The item of a draft or case; nothing where a case is of none.
Result<std::optional<services::Item>> item_of(const Call& call, db::Tx& tx, const attachments::Owner& owner) {
  ItemId id;
  if (owner.kind == attachments::Owner::Kind::draft) {
    JX_TRY(draft, services::hold_draft(tx, call.ctx, DraftId(owner.id), call.today()));
    id = draft.item;
  } else {
    JX_TRY(summary, call.deps.cases.summary(tx, CaseId(owner.id)));
    if (summary.closed_at)
      return fail(ErrorCode::conflict, {"the case is concluded: nothing can be added or taken away", "该办件已办结，不能再增减材料"});
    id = summary.item;
  }
  if (id.empty()) return std::optional<services::Item>();
  JX_TRY(item, services::item(tx, id));
  return std::optional(std::move(item));
}

}  // namespace

Call::Answer create_attachment(Call& call) {
  JX_TRY(wanted, call.body<NewAttachment>({.bytes = small_file_json, .string_bytes = small_file_json}));
  if (wanted.case_.has_value() == wanted.draft.has_value())
    return fail(ErrorCode::invalid, {"say whose file it is: a case or a draft", "请指明附件所属的办件或草稿"}, "/case");
  if (wanted.size.has_value() == wanted.octets.has_value())
    return fail(ErrorCode::invalid, {"say the size of what will come, or give all octets at once", "请给出文件大小，或一次给出全部内容"}, "/size");
  JX_TRY(sha256, digest_of(wanted.sha256));
  attachments::NewFile file{wanted.case_ ? attachments::Owner(*wanted.case_) : attachments::Owner(*wanted.draft),
                            wanted.name,
                            wanted.size.value_or(0),
                            sha256,
                            wanted.material.value_or(""),
                            {}};
  return call.act_guarded([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_files(call, tx, file.owner, Reach::change));
    JX_TRY(item, item_of(call, tx, file.owner));
    if (item) {
      JX_TRY(rule, services::file_rule(*item, file.material));
      file.rule = rule;
    } else if (!file.material.empty()) {
      return fail(ErrorCode::invalid, {"the case has no item that asks for materials", "该办件没有对应的材料要求"}, "/material");
    }
    attachments::Progress progress;
    if (wanted.octets) {
      JX_TRY(made, call.deps.attachments.put(tx, call.ctx, file, *wanted.octets));
      progress = {{made.id, made.owner, made.size, made.size, {}}, std::move(made)};
    } else {
      JX_TRY(begun, call.deps.attachments.begin(tx, call.ctx, file));
      progress.upload = begun;
    }
    JX_TRY(view, upload_view(call, tx, progress));
    return upload_answer(201, view);
  });
}

}  // namespace jx::api
