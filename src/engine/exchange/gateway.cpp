// The gateway. A call is checked, the source is read outside of any transaction, and the call is checked again in the act that records it:
// what was revoked or changed meanwhile is not answered.
#include "exchange_sql.hpp"
#include "reading.hpp"

#include <jx/catalogue/texts.hpp>
#include <jx/db/ahead.hpp>
#include <jx/db/remembered.hpp>
#include <jx/exchange/receipts.hpp>

#include <jx/ledger/row_hash.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <set>

namespace jx::exchange {
namespace json = boost::json;

namespace {

using Permit = Gateway::Permit;

constexpr std::size_t fields_recorded_max = 200;  // of a call that was refused

Result<> check_programme(db::Tx& tx, Gateway::Cache& cache, const Grant& grant, const Call& call, LocalDate today) {
  if (!call.programme)
    return fail(ErrorCode::invalid, {"this grant is bound to a programme: name it in `programme`", "该授权限于专项工作，请在 programme 中注明"},
                "/programme");
  if (call.programme != grant.programme) return refuse({"the grant is for another programme", "该授权用于另一项工作，用途不符"});
  JX_TRY(held, cache.programme(tx, *grant.programme));
  return check_period(held->value, today);
}

Result<Matter> check_matter(db::Tx& tx, const Context& ctx, Facts& facts, const Grant& grant, const Call& call) {
  if (!call.matter)
    return fail(ErrorCode::invalid, {"this grant is bound to cases: name the case in `case`", "该授权限于办件使用，请在 case 中注明办件"}, "/case");
  JX_TRY(matter, facts.matter(tx, *call.matter));
  if (!matter.open) return refuse({"the case is closed: its data may not be read any more", "该办件已办结，不得再读取数据"});
  if (!grant.items || std::ranges::find(*grant.items, matter.item) == grant.items->end()) {
    return refuse({"the grant is not for cases of this item", "该授权不适用于此事项的办件"});
  }
  if (call.by_applicant) {
    const bool at_counter = !matter.counter.nil() && ctx.actor.account == matter.counter;
    if (!matter.draft || (!at_counter && ctx.actor.person != matter.person))
      return refuse({"only the applicant can authorise this read", "只有申请人本人可以授权读取"});
  } else if (matter.draft || std::ranges::find(matter.units, ctx.actor.unit) == matter.units.end()) {
    return refuse({"the case is not handled by your unit", "该办件不由本单位办理"});
  }
  return matter;
}

Result<std::vector<std::string>> granted_fields(const Grant& grant, const Call& call) {
  std::vector<std::string> fields = call.fields;
  if (fields.empty() && !call.count) {
    for (const auto& field : grant.fields) fields.push_back(field.id);
  }
  std::set<std::string> seen;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto at = "/fields/" + std::to_string(i);
    if (grant.field(fields[i]) == nullptr) return fail(ErrorCode::forbidden, {"the grant does not cover this field", "该授权不含此字段"}, at);
    if (!seen.insert(fields[i]).second) return fail(ErrorCode::invalid, {"this field is asked for twice", "字段重复"}, at);
  }
  return fields;
}

Result<> check_orders(const Grant& grant, const Call& call) {
  if (call.order.empty()) return {};
  if (grant.verify || call.count) return fail(ErrorCode::invalid, {"such an answer has no order", "此类结果不能排序"}, "/order");
  if (call.order.size() > orders_max) return fail(ErrorCode::too_large, {"at most 3 fields to order by", "排序字段最多3个"}, "/order");
  for (std::size_t i = 0; i < call.order.size(); ++i) {
    const auto at = "/order/" + std::to_string(i) + "/field";
    const auto* granted = grant.field(call.order[i].field);
    if (granted == nullptr) return fail(ErrorCode::forbidden, {"the grant does not cover this field", "该授权不含此字段"}, at);
    if (granted->mask) return fail(ErrorCode::forbidden, {"this field is masked, so rows cannot be ordered by it", "该字段已脱敏，不能用于排序"}, at);
  }
  return {};
}

/// A grant that counts answers numbers and nothing else; any other may be asked for numbers, too.
Result<> check_count_asked(const Grant& grant, const Call& call) {
  if (!grant.count_minimum || call.count) return {};
  return fail(ErrorCode::forbidden, {"this grant only answers how many there are: ask with `count`", "该授权仅供统计数量，请使用 count 查询"},
              "/count");
}

Result<> check_count(const Grant& grant, const catalogue::Resource& resource, const Call& call) {
  if (grant.verify) return fail(ErrorCode::forbidden, {"a grant that only verifies counts nothing", "仅供核验的授权不能统计数量"}, "/count");
  // A number about one person is not a number: nobody is counted under her own code, for it would be on nobody's record.
  if (const auto& subject = resource.subject) {
    const auto ours = [&](const std::string& field) { return field == subject->field; };
    const auto named = std::ranges::find_if(call.where, ours, &Lookup::field);
    bool filtered = false;
    if (call.filter) call.filter->each_field("", [&](const std::string& field, const std::string&) { filtered = filtered || ours(field); });
    if (named != call.where.end() || filtered || std::ranges::any_of(call.fields, ours))
      return fail(
          ErrorCode::forbidden,
          {"numbers are not asked by the code of a person or firm: look the record up instead", "统计数量不得按个人或单位的代码查询，请改为查询记录"},
          named != call.where.end() ? "/where"
          : filtered                ? "/filter"
                                    : "/fields");
  }
  if (call.fields.size() > 2) return fail(ErrorCode::too_large, {"count by at most two fields", "最多按两个字段统计"}, "/fields");
  for (std::size_t i = 0; i < call.fields.size(); ++i) {
    const auto* granted = grant.field(call.fields[i]);
    if (granted != nullptr && granted->mask)
      return fail(ErrorCode::forbidden, {"this field is masked, so it cannot be counted by", "该字段已脱敏，不能用于统计"},
                  "/fields/" + std::to_string(i));
  }
  return {};
}

Result<> check_lookups(const Grant& grant, const Call& call) {
  if (call.where.size() > conditions_max) return fail(ErrorCode::too_large, {"a call has at most 10 conditions", "查询条件最多10项"}, "/where");
  if (grant.binding == Binding::programme && call.where.empty() && !call.count) {
    return fail(ErrorCode::invalid, {"say whom or what you look up: at least one condition is needed", "请至少填写一项查询条件"}, "/where");
  }
  for (std::size_t i = 0; i < call.where.size(); ++i) {
    const auto& lookup = call.where[i];
    const auto at = "/where/" + std::to_string(i);
    if (std::ranges::find(grant.lookup, lookup.field) == grant.lookup.end()) {
      return fail(ErrorCode::forbidden, {"the grant does not allow to look up by this field", "该授权不允许按此字段查询"}, at + "/field");
    }
    if (grant.verify && lookup.op != Op::eq) {
      return fail(ErrorCode::forbidden, {"a grant that only verifies looks up by whole values", "仅供核验的授权只能按完整的值查询"}, at + "/op");
    }
    // A value that may not be seen is not found out letter by letter.
    const auto* granted = grant.field(lookup.field);
    if (lookup.op != Op::eq && (granted == nullptr || granted->mask)) {
      return fail(ErrorCode::forbidden,
                  {"this field is not shown, so it is looked up by its whole value", "该字段不可见或已脱敏，只能按完整的值查询"}, at + "/op");
    }
    if (lookup.value.empty() || lookup.value.size() > value_bytes_max)
      return fail(ErrorCode::invalid, {"a value has 1 to 200 bytes", "查询值应为1至200字节"}, at + "/value");
    if (lookup.op != Op::eq &&
        static_cast<std::size_t>(std::ranges::count_if(lookup.value, [](char c) { return (c & 0xc0) != 0x80; })) < prefix_chars_min) {
      return fail(ErrorCode::invalid, {"give at least two characters of what you look for", "请至少输入两个字符"}, at + "/value");
    }
  }
  return {};
}

Instant a_minute_ago(const Context& ctx) { return ctx.now() - Micros{60'000'000}; }

std::unexpected<Error> too_often(const Grant& grant) {
  return fail(ErrorCode::limited, {"the grant allows " + std::to_string(grant.calls_per_minute) + " calls a minute; wait a moment",
                                   "该授权每分钟最多调用" + std::to_string(grant.calls_per_minute) + "次，请稍候"});
}

/// Only calls that were answered count: what was refused read nothing, and may have been asked by somebody else.
Result<CallsBySecond> answered_since(db::Tx& tx, const GrantId& grant, Instant since) {
  CallsBySecond calls;
  JX_CHECK(
      tx.each(sql::calls_since, [&](db::Row&& row) -> Result<> { return calls.emplace(row.integer(0), row.integer(1)), Result<>(); }, grant, since));
  return calls;
}

/// What is granted is still there: a later version of the resource may lack a field.
Result<> check_columns(const catalogue::Resource& resource, const std::vector<std::string>& fields, const Call& call) {
  const auto there = [&](const std::string& field) { return resource.field(field) != nullptr; };
  const bool all = std::ranges::all_of(fields, there) && std::ranges::all_of(call.where, there, &Lookup::field);
  return all ? Result<>() : refuse({"the resource no longer has a field that the grant names", "该数据资源已不含授权中的字段，请申请变更授权"});
}

/// A code as people write it: a source may keep one of digits as a number.
std::string code_in(const json::value& cell) {
  if (const auto* text = cell.if_string()) return std::string(*text);
  if (const auto* number = cell.if_int64()) return std::to_string(*number);
  return {};
}

/// The codes that a filter names.
void add_named(const Filter& filter, const std::string& field, std::set<std::string>& codes) {
  if (filter.field == field) {
    for (const auto& value : filter.values) codes.insert(code_in(value));
  }
  for (const auto& part : filter.parts) add_named(part, field, codes);
}

/// The codes of people and firms that a call names, in whatever comparison. That nothing is found tells of them, too.
std::set<std::string> named_by(const Call& call, const std::string& field) {
  std::set<std::string> codes;
  for (const auto& lookup : call.where) {
    if (lookup.field == field) codes.insert(lookup.value);
  }
  if (call.filter) add_named(*call.filter, field, codes);
  codes.erase("");
  return codes;
}

Result<Permit> authorise(db::Tx& tx, const Context& ctx, Facts& facts, Gateway::Cache& cache, const Call& call) {
  Permit permit;
  JX_TRY(row, cache.grant(tx, call.grant));
  permit.terms = row.terms;
  const auto& grant = permit.grant();
  if (grant.resource != call.resource) return refuse({"the grant is for another resource", "该授权对应的是另一项数据资源"});
  if (!call.by_applicant && grant.consumer != ctx.actor.unit) return refuse({"the grant was not given to your unit", "该授权不属于本单位"});
  const auto today = facts.today();
  JX_CHECK(check_active({grant, row.ended, row.suspended}, today));
  if (grant.binding == Binding::programme) {
    JX_CHECK(check_programme(tx, cache, grant, call, today));
  } else {
    JX_TRY(matter, check_matter(tx, ctx, facts, grant, call));
    permit.matter = std::move(matter);
  }
  JX_TRY(fields, granted_fields(grant, call));
  JX_CHECK(check_count_asked(grant, call));
  JX_CHECK(check_lookups(grant, call));
  if (call.filter) JX_CHECK(check_filter(grant, *call.filter));
  JX_CHECK(check_orders(grant, call));
  if (!call.cursor.empty() && (grant.verify || call.count))
    return fail(ErrorCode::invalid, {"such an answer has one page", "此类结果不分页"}, "/cursor");
  JX_CHECK(check_volume(tx, ctx, grant, 1));
  auto resource = cache.resource(tx, grant.resource);
  if (!resource && resource.error().code == ErrorCode::not_found)
    return refuse({"the resource has been withdrawn from the catalogue", "该数据资源已从目录撤下"});
  if (!resource) return std::unexpected(std::move(resource).error());
  permit.resource_held = std::move(*resource);
  JX_CHECK(check_columns(permit.resource(), fields, call));
  if (call.count) JX_CHECK(check_count(grant, permit.resource(), call));
  if (call.filter && permit.resource().subject && named_by(call, permit.resource().subject->field).size() > rows_max)
    return fail(ErrorCode::too_large, {"a filter names at most 200 people or firms", "筛选条件中的个人或单位代码最多200个"}, "/filter");
  JX_TRY(source, cache.source(tx, permit.resource().source));
  JX_TRY(masks, cache.masks_of(tx, permit.terms, permit.resource_held));
  permit.masks = std::move(masks);
  permit.source_held = std::move(source);
  permit.fields = std::move(fields);
  return permit;
}

// ---- what is shown ------------------------------------------------------------------------------------------------------------

catalogue::Field verdict_shown() {
  catalogue::Field field;
  field.id = verdict_field;
  field.name = LocalizedText({{"en", "Verdict"}, {"zh-CN", "核验结果"}});
  return field;
}

catalogue::Field count_shown() {
  catalogue::Field field;
  field.id = count_field;
  field.name = LocalizedText({{"en", "Number"}, {"zh-CN", "数量"}});
  field.type = catalogue::FieldType::integer;
  return field;
}

// ---- recording ---------------------------------------------------------------------------------------------------------------

struct Record {
  UsageId usage;
  ledger::EntryId entry;
  Instant at;
};

/// Whose use it is. A refused call is its caller's, whoever holds the grant; an applicant has no unit and asks on behalf of the one that holds it.
const UnitId& consumer_of(const Context& ctx, const Permit& permit, const Call& call, const Error* refused) {
  return refused == nullptr || call.by_applicant ? permit.grant().consumer : ctx.actor.unit;
}

/// What is recorded of an answer.
struct Answered {
  std::int64_t records = 0;
  std::string digest;  // receipts.hpp; empty: nothing was answered
};

/// Who applies acts in no post; who fills in for her at a counter does.
OnWord on_word(const Context& ctx, const Call& call) {
  if (!call.by_applicant) return OnWord::official;
  return ctx.actor.post.empty() ? OnWord::applicant : OnWord::at_counter;
}

json::object record_body(const Context& ctx, const UnitId& consumer, const Permit& permit, const Call& call, const Answered& answered,
                         const Error* refused) {
  json::array fields;
  for (const auto& field : permit.fields) fields.emplace_back(field);
  json::object body{{"grant", permit.grant().id.text()}, {"resource", permit.grant().resource.text()},
                    {"consumer", consumer.text()},       {"provider", permit.resource().provider.text()},
                    {"fields", std::move(fields)},       {"records", answered.records},
                    {"by_applicant", call.by_applicant}};
  if (on_word(ctx, call) == OnWord::at_counter) body["counter"] = ctx.actor.unit.text();
  if (call.matter) body["matter"] = call.matter->text();
  if (call.programme) body["programme"] = call.programme->text();
  if (!answered.digest.empty()) body["answer"] = answered.digest;
  if (permit.grant().verify) body["verify"] = true;
  if (call.count) body["count"] = true;
  if (refused != nullptr) body["refused"] = refused->message.en;
  return body;
}

/// Whom a use is about. The ids of persons and of firms are of one kind, so that both stand in one list.
struct Subjects {
  std::vector<PersonId> ids;  // in order
  std::set<PersonId> firms;   // those of them that are firms
};

Result<Record> record(db::Tx& tx, const Context& ctx, const Permit& permit, const Call& call, const Answered& answered, const Subjects& about,
                      const Error* refused) {
  const auto id = UsageId::make(ctx.clock, ctx.random);
  const auto at = ctx.now();
  const auto& consumer = consumer_of(ctx, permit, call, refused);
  std::optional<ByteView> matter;
  if (call.matter) matter = call.matter->bytes();
  const auto fields = wire::encode(permit.fields);
  const auto number = permit.matter ? permit.matter->number : std::string();
  const auto item = permit.matter ? permit.matter->item : ItemId();
  const auto programme = call.programme.value_or(ProgrammeId());
  const auto why = refused != nullptr ? wire::encode(refused->message) : std::string();
  const auto persons = persons_hash(about.ids);
  const auto word = static_cast<std::int64_t>(on_word(ctx, call));
  const std::array<db::Param, 16> row{id,
                                      at,
                                      consumer,
                                      permit.resource().provider,
                                      permit.grant().resource,
                                      permit.grant().id,
                                      fields,
                                      answered.records,
                                      matter,
                                      number,
                                      item,
                                      programme,
                                      word,
                                      ctx.actor.account,
                                      why,
                                      ByteView(persons)};
  std::vector<std::string> subjects{ledger::subject("usage", id), ledger::subject("grant", permit.grant().id)};
  if (call.matter) subjects.push_back(ledger::subject("matter", *call.matter));
  for (const auto& one : about.ids) {
    if (subjects.size() < ledger::subjects_max) subjects.push_back(ledger::subject(about.firms.contains(one) ? "firm" : "person", one));
  }
  JX_TRY(entry, ledger::append(tx, ctx,
                               {refused == nullptr ? "exchange.read" : "exchange.refused",
                                std::move(subjects),
                                record_body(ctx, consumer, permit, call, answered, refused),
                                {ledger::state_from(state_tables()[2], row)}}));
  JX_CHECK(tx.later(sql::insert_usage, id, at, consumer, permit.resource().provider, permit.grant().resource, permit.grant().id, fields,
                    answered.records, matter, number, item, programme, word, ctx.actor.account, why, entry, ByteView(persons)));
  for (const auto& one : about.ids) JX_CHECK(tx.later(sql::insert_usage_person_new, id, one));
  return Record{id, entry, at};
}

/// The records that an answer counts for: where it says of somebody who was named that there is none, that is one.
std::int64_t records_of(const Permit& permit, const Call& call, const Found& found) {
  const auto& subject = permit.resource().subject;
  const bool told = found.rows.empty() && !permit.matter && subject && !named_by(call, subject->field).empty();
  return told ? 1 : static_cast<std::int64_t>(found.rows.size());
}

/// Whom the answer is about: the applicant, and the firm for which she applies where the resource is about firms; else whoever bears the code of a
/// row or is named by the call.
Result<Subjects> subjects_in(db::Tx& tx, Facts& facts, const Permit& permit, const Call& call, const Columns& columns, const Found& found) {
  std::set<PersonId> people, firms;
  const auto& subject = permit.resource().subject;
  const auto add_firm = [&](const Code& code) -> Result<bool> {
    JX_TRY(firm, facts.firm(tx, code));
    if (firm) firms.insert(PersonId(firm->uuid()));
    return firm.has_value();
  };
  if (permit.matter) {
    people.insert(permit.matter->person);
    for (const auto& code : permit.matter->codes) {
      if (subject && code.scheme == subject->scheme && !found.rows.empty()) JX_CHECK(add_firm(code));
    }
  } else if (subject) {
    const auto slot = std::ranges::find(columns.fields, subject->field) - columns.fields.begin();
    auto codes = named_by(call, subject->field);
    for (const auto& row : found.rows) {
      if (auto code = code_in(row[static_cast<std::size_t>(slot)]); !code.empty()) codes.insert(std::move(code));
    }
    for (const auto& value : codes) {
      const Code code{subject->scheme, value};
      JX_TRY(of_firm, add_firm(code));
      if (of_firm) continue;
      JX_TRY(person, facts.person(tx, code));
      if (person) people.insert(*person);
    }
  }
  people.insert(firms.begin(), firms.end());
  return Subjects{std::vector<PersonId>(people.begin(), people.end()), std::move(firms)};
}

/// What authorise() will ask.
Result<> ask_ahead(db::Tx& tx, const Permit& permit, const Call& call) {
  JX_CHECK(db::ask_ahead(tx, sql::grant_one, call.grant));
  if (call.programme) JX_CHECK(db::ask_ahead(tx, sql::programme_one, *call.programme));
  return catalogue::ask_texts_ahead(tx, permit.resource().id, permit.resource().source);
}

/// What makes two refused calls one: who asked under which grant, for what, and why not.
std::string asked_alike(const Context& ctx, const Call& call, const Error& error) {
  auto text =
      call.grant.text() + "\n" + ctx.actor.account.text() + "\n" + ctx.actor.unit.text() + "\n" + error.message.en + "\n" + error.field + "\n";
  if (call.matter) text += call.matter->text();
  if (call.programme) text += call.programme->text();
  for (const auto& field : call.fields) text += "\n" + field;
  return to_hex(crypto::sha256(bytes_of(text)));
}

/// A refusal under a grant that exists is on record too; what cannot even be attributed to a grant is not. The same refusal of the same caller is on
/// record once a minute, and so is that a grant's rate is used up: a caller that does not wait must not fill the record.
void record_refusal(db::Database& database, Gateway::Cache& cache, const Context& ctx, const Call& call, const Error& error) {
  if (error.code != ErrorCode::forbidden && error.code != ErrorCode::limited) return;
  if (error.code == ErrorCode::forbidden && !cache.refusals.first(asked_alike(ctx, call, error), ctx.now())) return;
  const auto recorded = database.write(ctx.deadline, [&](db::Tx& tx) -> Result<> {
    Permit permit;
    JX_TRY(row, cache.grant(tx, call.grant));
    permit.terms = std::move(row.terms);
    if (error.code == ErrorCode::limited) {
      JX_TRY(before, tx.one(sql::refusals_since, permit.grant().id, a_minute_ago(ctx), wire::encode(error.message)));
      if (before->integer(0) > 0) return {};
    }
    JX_TRY(resource, catalogue::resource_as_it_was(tx, permit.grant().resource));
    permit.resource_held = std::make_shared<const Decoded<catalogue::Resource>::Entry>("", std::move(resource));
    for (const auto& field : call.fields) {  // the record keeps names of fields, and no text of the caller's
      if (permit.fields.size() < fields_recorded_max && std::ranges::find(permit.fields, field) == permit.fields.end() &&
          (permit.grant().field(field) != nullptr || permit.resource().field(field) != nullptr))
        permit.fields.push_back(field);
    }
    if (call.fields.empty()) {
      for (const auto& field : permit.grant().fields) permit.fields.push_back(field.id);
    }
    JX_CHECK(record(tx, ctx, permit, call, {}, {}, &error));
    return {};
  });
  (void)recorded;  // the refusal stands whether or not it could be recorded
}

}  // namespace

Result<Answer> Gateway::call(const Context& ctx, const Call& call, const std::function<Result<>(db::Tx&)>& may) {
  if (call.limit < 1 || call.limit > rows_max) return fail(ErrorCode::invalid, {"the limit is 1 to 200", "每页条数应为1至200"}, "/limit");
  bool caller = true;
  auto permit = database_.read(ctx.deadline, [&](db::Tx& tx) -> Result<Permit> {
    if (may) {
      auto asked = may(tx);
      caller = asked.has_value();
      if (!asked) return std::unexpected(std::move(asked).error());
    }
    JX_TRY(allowed, authorise(tx, ctx, facts_, *cache_, call));
    const auto& grant = allowed.grant();
    JX_TRY(free, cache_->meter.take(grant.id, ctx.now(), grant.calls_per_minute, [&](Instant since) { return answered_since(tx, grant.id, since); }));
    return free ? Result<Permit>(std::move(allowed)) : Result<Permit>(too_often(grant));
  });
  if (!permit) {
    if (caller) record_refusal(database_, *cache_, ctx, call, permit.error());
    return std::unexpected(std::move(permit).error());
  }
  auto answered = answer(ctx, call, *permit, may);
  cache_->meter.done(permit->grant().id, answered.has_value());
  return answered;
}

Result<Answer> Gateway::answer(const Context& ctx, const Call& call, const Permit& permit, const May& may) {
  const auto begun = ctx.now();
  JX_TRY(plan, plan_of(permit, call));
  Found found;  // nobody's rows, where they are only counted
  Rows rows;
  if (call.count) {
    JX_TRY(numbers, counted(sources_, ctx, permit, call, plan));
    rows = std::move(numbers);
  } else {
    JX_TRY(read, read_rows(sources_, ctx, permit, call, plan));
    found = std::move(read);
    JX_TRY(seen, plan.verify ? verdict(permit, plan, found) : masked(permit, found.rows));
    rows = std::move(seen);
  }
  Answer answer{.fields = {}, .rows = std::move(rows), .next = plan.verify ? "" : std::move(found.next)};
  if (plan.verify) answer.fields.push_back(verdict_shown());
  for (const auto& field : permit.fields) answer.fields.push_back(*permit.resource().field(field));
  if (call.count) answer.fields.push_back(count_shown());
  std::vector<std::string> shown;
  for (const auto& field : answer.fields) shown.push_back(field.id);
  answer.nonce.resize(16);
  ctx.random.fill(answer.nonce);
  JX_TRY(digest, answer_digest(shown, answer.nonce, answer.rows));
  const Answered answered{records_of(permit, call, found), to_hex(digest)};

  const bool ask_again = may && ctx.now() - begun >= db::remembered_for;
  bool caller = true;
  const auto act = [&](db::Tx& tx) -> Result<Record> {
    if (ask_again) {
      auto asked = may(tx);
      caller = asked.has_value();
      if (!asked) return std::unexpected(std::move(asked).error());
    }
    JX_CHECK(ask_ahead(tx, permit, call));
    JX_TRY(about, subjects_in(tx, facts_, permit, call, plan.columns, found));  // of the same read, or of none
    JX_TRY(again, authorise(tx, ctx, facts_, *cache_, call));
    if (!permit.same_read(again)) {
      return fail(ErrorCode::conflict,
                  {"the grant or the resource was changed while its data was read; ask again", "读取期间该授权或数据资源已有变更，请重新查询"});
    }
    JX_CHECK(check_volume(tx, ctx, again.grant(), answered.records));
    return record(tx, ctx, again, call, answered, about, nullptr);
  };
  // Nothing that another act may change at the same time is changed here: the rows of a use are its own. Records that are counted in all uses of a
  // day are another matter: of two calls side by side the second must see the first.
  auto recorded = permit.grant().records_per_day ? database_.write(ctx.deadline, act) : database_.write_guarded(ctx.deadline, act);
  if (!recorded) {
    if (caller) record_refusal(database_, *cache_, ctx, call, recorded.error());
    return std::unexpected(std::move(recorded).error());
  }

  answer.usage = recorded->usage;
  answer.entry = recorded->entry;
  answer.at = recorded->at;
  return answer;
}

}  // namespace jx::exchange
