// matters.cpp - corrections, what persons ask about their data, disputes.
#include <jx/ledger.hpp>
#include <jx/sharing/matters.hpp>
#include <jx/wire.hpp>

#include "sharing_sql.hpp"

#include <algorithm>

namespace jx::sharing {
namespace {

namespace json = boost::json;

constexpr std::size_t page_max = 200;

std::string_view process_of(MatterKind kind) {
  if (kind == MatterKind::correction) return correction_process;
  if (kind == MatterKind::update) return update_process;
  return kind == MatterKind::dispute ? dispute_process : personal_process;
}

Words title_of(MatterKind kind) {
  switch (kind) {
    case MatterKind::correction: return {"Correction: ", "数据校核："};
    case MatterKind::access: return {"Access to my data: ", "查阅本人数据："};
    case MatterKind::objection: return {"Objection to a use: ", "对数据使用的异议："};
    case MatterKind::deletion: return {"Deletion of my data: ", "删除本人数据："};
    case MatterKind::update: return {"Update of the catalogue: ", "数据目录更新："};
    case MatterKind::dispute: break;
  }
  return {"Dispute: ", "共享争议："};
}

std::string_view kind_name(MatterKind kind) {
  switch (kind) {
    case MatterKind::correction: return "correction";
    case MatterKind::access: return "access";
    case MatterKind::objection: return "objection";
    case MatterKind::deletion: return "deletion";
    case MatterKind::update: return "update";
    case MatterKind::dispute: break;
  }
  return "dispute";
}

Result<> check_text(const std::optional<std::string>& text, bool needed, const char* pointer) {
  const bool blank = !text || text->find_first_not_of(" \t\r\n") == std::string::npos;
  if (blank && (needed || text)) return fail(ErrorCode::invalid, {"this must be filled in", "此项必填"}, pointer);
  if (text && text->size() > text_bytes_max) return fail(ErrorCode::invalid, {"at most 2,000 octets", "不超过2000字节"}, pointer);
  return {};
}

/// What is only for some kinds is refused with the others: nothing that somebody states is lost in silence.
Result<> check_shape(const Matter& matter, bool person) {
  const bool of_units = matter.kind == MatterKind::dispute || matter.kind == MatterKind::update;
  const bool allowed = person ? !of_units : of_units || matter.kind == MatterKind::correction;
  if (!allowed)
    return fail(ErrorCode::forbidden,
                person ? Words{"this is between units", "此类事项由单位提出"} : Words{"only the person concerned asks this", "仅由本人提出"},
                "/kind");
  JX_CHECK(check_text(matter.what, true, "/what"));
  JX_CHECK(check_text(matter.evidence, false, "/evidence"));
  const bool correction = matter.kind == MatterKind::correction;
  JX_CHECK(check_text(matter.field, correction, "/field"));
  JX_CHECK(check_text(matter.record, correction && !person, "/record"));
  const Words not_here{"this is not for a matter of this kind", "此类事项不填此项"};
  if (matter.field && !correction) return fail(ErrorCode::invalid, not_here, "/field");
  if (matter.record && (!correction || person)) return fail(ErrorCode::invalid, not_here, "/record");
  if (matter.usage && matter.kind != MatterKind::objection) return fail(ErrorCode::invalid, not_here, "/usage");
  if (matter.grant && matter.kind != MatterKind::dispute) return fail(ErrorCode::invalid, not_here, "/grant");
  return {};
}

/// The use of her data that a person objects to: the newest one that is not newer than its id.
Result<> check_usage(db::Tx& tx, const PersonId& person, const ResourceId& resource, const UsageId& id) {
  Bytes next(id.bytes().begin(), id.bytes().end());
  for (auto byte = next.rbegin(); byte != next.rend() && ++*byte == 0;) ++byte;
  JX_TRY(before, UsageId::from_bytes(next));
  JX_TRY(page, exchange::usage_about(tx, person, 1, before.text()));
  if (page.items.empty() || page.items.front().id != id)
    return fail(ErrorCode::not_found, {"there is no such use of your data", "没有该次数据使用记录"}, "/usage");
  if (page.items.front().resource != resource)
    return fail(ErrorCode::invalid, {"that use was of another resource", "该次使用的是另一项数据资源"}, "/resource");
  return {};
}

/// Who has to answer.
Result<UnitId> respondent_of(db::Tx& tx, const Context& ctx, LocalDate today, const Matter& matter, const catalogue::Resource& resource) {
  const auto& unit = ctx.actor.unit;
  if (matter.grant) {
    auto found = exchange::grant_record(tx, today, *matter.grant);
    const auto none = [] { return fail(ErrorCode::not_found, {"there is no grant of this name", "没有该项共享授权"}, "/grant"); };
    if (!found) {
      if (found.error().code == ErrorCode::not_found) return none();
      return std::unexpected(found.error());
    }
    const auto& grant = found->view.grant;
    if (grant.resource != matter.resource)
      return fail(ErrorCode::invalid, {"the grant is on another resource", "该授权对应另一项数据资源"}, "/resource");
    if (unit == grant.consumer) return resource.provider;
    if (unit == resource.provider) return grant.consumer;
    return none();
  }
  if (!unit.empty() && resource.provider == unit && matter.kind != MatterKind::update)  // its own duties may have changed
    return fail(ErrorCode::forbidden, {"it is your unit's own", "这是本单位自己的数据资源"}, "/resource");
  return resource.provider;
}

json::object form_of(const Matter& matter, const UnitId& asker, const UnitId& respondent) {
  json::object form{{"kind", kind_name(matter.kind)},     {"asker", asker.text()}, {"by_person", asker.empty()}, {"respondent", respondent.text()},
                    {"resource", matter.resource.text()}, {"what", matter.what}};
  const auto put = [&](const char* key, const std::optional<std::string>& value) {
    if (value) form[key] = *value;
  };
  put("field", matter.field);
  put("record", matter.record);
  put("evidence", matter.evidence);
  if (matter.usage) form["usage"] = matter.usage->text();
  if (matter.grant) form["grant"] = matter.grant->text();
  return form;
}

Result<MatterRecord> decode_row(const db::Row& row) {
  MatterRecord record;
  record.case_id = row.id<CaseId>(0);
  const auto kind = wire::enum_of<MatterKind>(row.text(1));
  if (!kind) return fail(ErrorCode::corrupt, "the kind of a matter is unknown: " + row.text(1));
  record.kind = *kind;
  record.unit = row.key<UnitId>(2);
  if (!row.null(3)) record.person = row.id<PersonId>(3);
  record.respondent = row.key<UnitId>(4);
  record.resource = row.key<ResourceId>(5);
  record.answer = row.text(6);
  record.asked_at = row.instant(7);
  return record;
}

Result<cases::Answer> answer(db::Tx& tx, const Context& ctx, const cases::Call& call) {
  const auto* words = call.parameters.if_contains("words");
  if (words == nullptr || !words->is_string() || words->get_string().empty())
    return fail(ErrorCode::invalid, {"the answer has no words: give the task's opinion", "答复没有内容：请填写办理意见"});
  JX_TRY(record, matter(tx, call.case_id));
  JX_CHECK(tx.run(sql::matter_answer, call.case_id, std::string_view(words->get_string())));
  JX_TRY(state, ledger::state_of(tx, matter_table, call.case_id));
  JX_CHECK(ledger::append(
      tx, ctx, {"matter.answered", {ledger::subject("case", call.case_id), "resource:" + record.resource.text()}, {}, {std::move(state)}}));
  return cases::Answer{};
}

}  // namespace

const ledger::StateTable matter_table{"sharing.matter", 1, 1, &sql::matter_state, &sql::matter_states};

Result<cases::Receipt> open_matter(db::Tx& tx, const Context& ctx, cases::Engine& engine, LocalDate today, const Matter& matter) {
  const auto& unit = ctx.actor.unit;
  const bool person = unit.empty();
  if (person && ctx.actor.person.nil()) return fail(ErrorCode::forbidden, {"this is for persons and units", "仅供个人和单位提出"});
  JX_CHECK(check_shape(matter, person));
  auto resource = catalogue::resource_as_it_was(tx, matter.resource);
  if (!resource) return fail_because(resource.error(), resource.error().code, resource.error().message, "/resource");
  if (matter.field && resource->field(*matter.field) == nullptr)
    return fail(ErrorCode::invalid, {"the resource has no such field", "该数据资源没有此数据项"}, "/field");
  if (matter.usage) JX_CHECK(check_usage(tx, ctx.actor.person, matter.resource, *matter.usage));
  JX_TRY(respondent, respondent_of(tx, ctx, today, matter, *resource));

  cases::Opening opening;
  opening.process = ProcessId::trusted(std::string(process_of(matter.kind)));
  if (person) opening.applicant = cases::Party(ctx.actor.person);
  const auto title = title_of(matter.kind);
  opening.title = (ctx.language.starts_with("zh") ? title.zh : title.en) + std::string(resource->name.in(ctx.language));
  opening.number_prefix = "DM";
  opening.form = form_of(matter, unit, respondent);
  JX_TRY(receipt, engine.open(tx, ctx, opening));
  const auto asker = person ? std::optional(ctx.actor.person) : std::nullopt;
  JX_CHECK(tx.run(sql::matter_insert, receipt.id, kind_name(matter.kind), unit, asker, respondent, matter.resource, ctx.now()));
  JX_TRY(state, ledger::state_of(tx, matter_table, receipt.id));
  JX_CHECK(ledger::append(tx, ctx,
                          {"matter.asked",
                           {ledger::subject("case", receipt.id), "resource:" + matter.resource.text()},
                           {{"kind", kind_name(matter.kind)}, {"number", receipt.number}},
                           {std::move(state)}}));
  return receipt;
}

Result<MatterRecord> matter(db::Tx& tx, const CaseId& id) {
  JX_TRY(row, tx.one(sql::matter_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such matter", "没有该事项"});
  return decode_row(*row);
}

Result<MatterPage> matters_of(db::Tx& tx, const Actor& actor, std::size_t limit, std::string_view cursor) {
  if (limit < 1 || limit > page_max) return fail(ErrorCode::invalid, {"the limit is 1 to 200", "每页条数应为1至200"}, "/limit");
  Bytes before(16, 0xff);
  if (!cursor.empty()) {
    const auto id = CaseId::parse(cursor);
    if (!id) return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
    before.assign(id->bytes().begin(), id->bytes().end());
  }
  JX_TRY(rows, actor.unit.empty() ? tx.all(sql::matters_of_person, actor.person, before, limit + 1)
                                  : tx.all(sql::matters_of_unit, actor.unit, before, limit + 1));
  MatterPage page;
  for (const auto& row : rows) {
    if (page.items.size() == limit) {
      page.next = page.items.back().case_id.text();
      break;
    }
    JX_TRY(one, decode_row(row));
    page.items.push_back(std::move(one));
  }
  return page;
}

void register_matter_handlers(cases::Registry& registry) { registry.inside("sharing.answer", answer); }

}  // namespace jx::sharing
