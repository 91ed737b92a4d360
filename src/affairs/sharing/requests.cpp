// requests.cpp - from a request to a grant, and from a draft to a published resource.
#include <jx/identity.hpp>
#include <jx/ledger.hpp>
#include <jx/sharing.hpp>
#include <jx/sharing/followups.hpp>
#include <jx/sharing/matters.hpp>
#include <jx/wire.hpp>

#include "sharing_sql.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace jx::sharing {
namespace {

namespace json = boost::json;

constexpr std::array tables{ledger::StateTable{"sharing.request", 1, 1, &sql::request_state, &sql::request_states}};
constexpr std::size_t page_max = 200;

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::grant: return "grant";
    case Kind::change: return "change";
    case Kind::publication: break;
  }
  return "publication";
}

Result<> check_text(std::string_view text, const char* pointer) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return fail(ErrorCode::invalid, {"this must be filled in (Order 809, art. 20)", "此项必填（国务院令第809号第二十条）"}, pointer);
  if (text.size() > text_bytes_max) return fail(ErrorCode::invalid, {"at most 2,000 octets", "不超过2000字节"}, pointer);
  return {};
}

/// The grant that a request would become. Its purpose is told in the language that it was written in.
exchange::Grant grant_of(const Request& request, const UnitId& consumer, GrantId id) {
  exchange::Grant grant;
  grant.id = std::move(id);
  grant.resource = request.resource;
  grant.consumer = consumer;
  grant.binding = request.binding;
  grant.items = request.items;
  grant.programme = request.programme;
  grant.purpose = LocalizedText({{"zh-CN", request.purpose}, {"en", request.purpose}});
  grant.legal_basis = request.legal_basis;
  grant.fields = request.fields;
  grant.lookup = request.lookup;
  grant.rows = request.rows;
  grant.calls_per_minute = request.calls_per_minute;
  grant.valid_from = request.valid_from;
  grant.valid_to = request.valid_to;
  grant.records_per_day = request.records_per_day;
  grant.verify = request.verify;
  grant.count_minimum = request.count_minimum;
  grant.delivery = request.delivery;
  if (request.method == catalogue::ShareMethod::file && !grant.delivery)
    grant.delivery = exchange::DeliveryTerms{.format = exchange::DeliveryFormat::csv, .changes = false, .key = {}, .every = {}, .push = {}};
  return grant;
}

Result<> check(db::Tx& tx, const Context& ctx, const Request& request, const catalogue::Resource& resource) {
  if (resource.provider == ctx.actor.unit) return fail(ErrorCode::forbidden, {"it is your unit's own", "这是本单位自己的数据资源"}, "/resource");
  JX_CHECK(check_text(request.purpose, "/purpose"));
  JX_CHECK(check_text(request.scenario, "/scenario"));
  if (request.method == catalogue::ShareMethod::file && (request.binding != exchange::Binding::programme || request.verify || request.count_minimum))
    return fail(ErrorCode::invalid,
                {"files are handed over for a programme, and not to verify or to count", "以文件方式提供的，须绑定专项工作，且不能仅供核验或统计"},
                "/method");
  if (request.delivery && request.method != catalogue::ShareMethod::file)
    return fail(ErrorCode::invalid, {"deliveries are for the method file", "提供方式为文件的，方可约定交付"}, "/delivery");
  const auto faults = exchange::faults_of(grant_of(request, ctx.actor.unit, GrantId::trusted("asked")), resource);
  if (!faults.empty()) return fail(ErrorCode::invalid, faults.front().words, faults.front().pointer);
  if (!request.grant) return {};
  JX_TRY(before, exchange::grant_record(tx, request.valid_from, *request.grant));
  if (before.view.grant.consumer != ctx.actor.unit)
    return fail(ErrorCode::forbidden, {"the grant is another unit's", "该授权属于其他单位"}, "/grant");
  if (!before.by_act) return fail(ErrorCode::conflict, {"this grant is the pack's: change it there", "该授权来自配置包，请在配置包中修改"}, "/grant");
  if (before.ended_at) return fail(ErrorCode::conflict, {"the grant is over: ask for a new one", "该授权已终止，请重新申请"}, "/grant");
  if (before.view.grant.resource != request.resource)
    return fail(ErrorCode::invalid, {"the grant is on another resource", "该授权对应另一项数据资源"}, "/resource");
  return {};
}

json::object what(const Context& ctx, const catalogue::Resource& resource, std::string_view kind) {
  return {{"kind", kind},
          {"consumer", ctx.actor.unit.text()},
          {"provider", resource.provider.text()},
          {"resource", resource.id.text()},
          {"conditional", resource.share_class != catalogue::ShareClass::unconditional}};
}

Result<cases::Receipt> open(db::Tx& tx, const Context& ctx, cases::Engine& engine, std::string_view process, const catalogue::Resource& resource,
                            Kind kind, json::object form, std::string_view body, const GrantId& grant) {
  cases::Opening opening;
  opening.process = ProcessId::trusted(std::string(process));
  opening.title = std::string(resource.name.in(ctx.language));
  opening.number_prefix = "DS";
  opening.form = std::move(form);
  JX_TRY(receipt, engine.open(tx, ctx, opening));
  JX_CHECK(tx.run(sql::request_insert, receipt.id, kind_name(kind), ctx.actor.unit, resource.provider, resource.id, grant, body, ctx.now()));
  JX_TRY(state, ledger::state_of(tx, tables[0], receipt.id));
  ledger::Entry entry{kind == Kind::publication ? "resource.publication-asked" : "grant.asked",
                      {ledger::subject("case", receipt.id), "resource:" + resource.id.text()},
                      {{"number", receipt.number}},
                      {std::move(state)}};
  if (kind == Kind::publication) {
    JX_TRY(draft, catalogue::set_review(tx, resource.id, receipt.id));
    entry.state.push_back(std::move(draft));
  }
  JX_CHECK(ledger::append(tx, ctx, entry));
  return receipt;
}

Result<Asked> decode_row(const db::Row& row) {
  Asked asked;
  asked.case_id = row.id<CaseId>(0);
  const auto kind = wire::enum_of<Kind>(row.text(1));
  if (!kind) return fail(ErrorCode::corrupt, "the kind of a request is unknown: " + row.text(1));
  asked.kind = *kind;
  asked.unit = row.key<UnitId>(2);
  asked.provider = row.key<UnitId>(3);
  asked.resource = row.key<ResourceId>(4);
  asked.grant = row.key<GrantId>(5);
  if (asked.kind != Kind::publication) {
    JX_TRY(request, wire::decode<Request>(row.text(6)));
    asked.request = std::move(request);
  }
  asked.asked_at = row.instant(7);
  return asked;
}

/// `DS-20261128-7F3K9QXM` as a key.
std::string lower(std::string_view number) {
  std::string key(number);
  std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return key;
}

Result<cases::Answer> give_grant(db::Tx& tx, const Context& ctx, const cases::Call& call, cases::Engine& engine, LocalDate today) {
  JX_TRY(what_was_asked, asked(tx, call.case_id));
  if (!what_was_asked.request) return fail(ErrorCode::invalid, {"this case asks for no grant", "该办件未申请授权"});
  JX_TRY(id, what_was_asked.request->grant ? Result<GrantId>(*what_was_asked.request->grant) : GrantId::parse(lower(call.number)));
  const auto grant = grant_of(*what_was_asked.request, what_was_asked.unit, id);
  if (what_was_asked.request->grant) {
    JX_CHECK(exchange::change(tx, ctx, grant, call.case_id));
  } else {
    JX_CHECK(exchange::give(tx, ctx, grant, call.case_id));
    JX_CHECK(tx.run(sql::request_grant, call.case_id, id));
    JX_TRY(state, ledger::state_of(tx, tables[0], call.case_id));
    JX_CHECK(
        ledger::append(tx, ctx, {"grant.answered", {ledger::subject("case", call.case_id), ledger::subject("grant", id)}, {}, {std::move(state)}}));
    JX_CHECK(follow(tx, ctx, engine, today, Followup::delivery, id));
  }
  return cases::Answer{{{"grant", id.text()}}, ""};
}

/// What the unit's head has signed off: the result `assessed` of a user task of the process, if it has one.
Result<std::optional<catalogue::Assessment>> assessment_of(db::Tx& tx, const cases::Call& call) {
  const auto* assessed = call.variables.if_contains("assessed");
  if (assessed == nullptr || !assessed->is_object()) return std::nullopt;
  const auto text = [&](std::string_view name) {
    const auto* value = assessed->get_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const auto* day = assessed->get_object().if_contains("on");  // {"@date": "2026-11-28"}
  const auto* tagged = day != nullptr && day->is_object() ? day->get_object().if_contains("@date") : nullptr;
  if (tagged == nullptr || !tagged->is_string()) return std::nullopt;
  const auto on = LocalDate::parse(std::string_view(tagged->get_string()));
  const auto id = PostId::parse(text("post"));
  if (!on || !id) return std::nullopt;
  JX_TRY(post, identity::post(tx, *id));
  catalogue::Assessment out{post.name, *on, std::nullopt};
  if (auto opinion = text("opinion"); !opinion.empty()) out.note = std::move(opinion);
  return std::optional(std::move(out));
}

}  // namespace

std::span<const ledger::StateTable> state_tables() {
  static const std::array all{tables[0], matter_table, followup_table};
  return all;
}

Result<cases::Receipt> request(db::Tx& tx, const Context& ctx, cases::Engine& engine, const Request& request) {
  auto resource = catalogue::resource(tx, request.resource);
  if (!resource) return fail_because(resource.error(), resource.error().code, resource.error().message, "/resource");
  JX_CHECK(check(tx, ctx, request, *resource));
  auto form = what(ctx, *resource, request.grant ? "change" : "grant");
  form["purpose"] = request.purpose;
  form["scenario"] = request.scenario;
  return open(tx, ctx, engine, request_process, *resource, request.grant ? Kind::change : Kind::grant, std::move(form), wire::encode(request),
              request.grant.value_or(GrantId()));
}

Result<cases::Receipt> request_publication(db::Tx& tx, const Context& ctx, cases::Engine& engine, const ResourceId& id) {
  JX_TRY(draft, catalogue::draft(tx, id));
  if (draft.resource.provider != ctx.actor.unit) return fail(ErrorCode::forbidden, {"the draft is another unit's", "该草稿属于其他单位"});
  if (draft.review) return fail(ErrorCode::conflict, {"it is being examined", "该草稿正在审核"});
  return open(tx, ctx, engine, publication_process, draft.resource, Kind::publication, what(ctx, draft.resource, "publication"), "{}", GrantId());
}

Result<Asked> asked(db::Tx& tx, const CaseId& id) {
  JX_TRY(row, tx.one(sql::request_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no such request", "没有该申请"});
  return decode_row(*row);
}

Result<AskedPage> asked_of(db::Tx& tx, const UnitId& unit, std::size_t limit, std::string_view cursor) {
  if (limit < 1 || limit > page_max) return fail(ErrorCode::invalid, {"the limit is 1 to 200", "每页条数应为1至200"}, "/limit");
  Bytes before(16, 0xff);
  if (!cursor.empty()) {
    const auto id = CaseId::parse(cursor);
    if (!id) return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
    before.assign(id->bytes().begin(), id->bytes().end());
  }
  JX_TRY(rows, tx.all(sql::requests_of, unit, before, limit + 1));
  AskedPage page;
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

void register_handlers(cases::Registry& registry, std::function<LocalDate()> today, std::function<cases::Engine&()> engine) {
  register_matter_handlers(registry);
  register_followup_handlers(registry, today);
  registry.inside("sharing.give-grant", [today, engine = std::move(engine)](db::Tx& tx, const Context& ctx, const cases::Call& call) {
    return give_grant(tx, ctx, call, engine(), today());
  });
  registry.inside("sharing.publish", [today = std::move(today)](db::Tx& tx, const Context& ctx, const cases::Call& call) -> Result<cases::Answer> {
    JX_TRY(what_was_asked, asked(tx, call.case_id));
    JX_TRY(assessed, assessment_of(tx, call));
    JX_CHECK(catalogue::publish(tx, ctx, what_was_asked.resource, call.case_id, today(), assessed));
    return cases::Answer{{{"resource", what_was_asked.resource.text()}}, ""};
  });
  registry.inside("sharing.return-draft", [](db::Tx& tx, const Context& ctx, const cases::Call& call) -> Result<cases::Answer> {
    JX_TRY(what_was_asked, asked(tx, call.case_id));
    JX_TRY(state, catalogue::set_review(tx, what_was_asked.resource, std::nullopt));
    JX_CHECK(ledger::append(
        tx, ctx,
        {"resource.draft-returned", {ledger::subject("case", call.case_id), "resource:" + what_was_asked.resource.text()}, {}, {std::move(state)}}));
    return cases::Answer{};
  });
}

}  // namespace jx::sharing
