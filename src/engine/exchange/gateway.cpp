// The gateway. A call is checked, the source is read outside of any transaction, and the call is checked again in the act that records it:
// what was revoked or changed meanwhile is not answered.
#include "exchange_sql.hpp"
#include "terms.hpp"

#include <jx/ledger/row_hash.hpp>
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace jx::exchange {
namespace json = boost::json;

/// A call that may be made: what it rests on.
struct Gateway::Permit {
  Decoded<GrantTerms>::Held terms;
  Decoded<catalogue::Resource>::Held resource_held;
  Decoded<catalogue::Source>::Held source_held;
  Decoded<Masks>::Held masks;
  std::optional<Matter> matter;
  std::vector<std::string> fields;  // asked for and granted

  [[nodiscard]] const Grant& grant() const { return terms->value.grant; }
  [[nodiscard]] const catalogue::Resource& resource() const { return resource_held->value; }
  [[nodiscard]] const catalogue::Source& source() const { return source_held->value; }

  /// Whether a read that this one allowed is the read that the other allows: the same columns, rows, masks and place, about the same person.
  [[nodiscard]] bool same_read(const Permit& other) const {
    return terms->text == other.terms->text && resource_held->text == other.resource_held->text && source_held->text == other.source_held->text &&
           matter.has_value() == other.matter.has_value() &&
           (!matter || (matter->person == other.matter->person && matter->codes == other.matter->codes));
  }
};

namespace {

using Permit = Gateway::Permit;

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
    if (!matter.draft || ctx.actor.person != matter.person)
      return refuse({"only the applicant can authorise this read", "只有申请人本人可以授权读取"});
  } else if (matter.draft || std::ranges::find(matter.units, ctx.actor.unit) == matter.units.end()) {
    return refuse({"the case is not handled by your unit", "该办件不由本单位办理"});
  }
  return matter;
}

Result<std::vector<std::string>> granted_fields(const Grant& grant, const Call& call) {
  std::vector<std::string> fields = call.fields;
  if (fields.empty()) {
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

Result<> check_lookups(const Grant& grant, const Call& call) {
  if (call.where.size() > conditions_max) return fail(ErrorCode::too_large, {"a call has at most 10 conditions", "查询条件最多10项"}, "/where");
  if (grant.binding == Binding::programme && call.where.empty()) {
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
Result<std::int64_t> answered_since(db::Tx& tx, const GrantId& grant, Instant since) {
  JX_TRY(row, tx.one(sql::calls_since, grant, since));
  return row->integer(0);
}

/// What is granted is still there: a later version of the resource may lack a field.
Result<> check_columns(const catalogue::Resource& resource, const std::vector<std::string>& fields, const Call& call) {
  const auto there = [&](const std::string& field) { return resource.field(field) != nullptr; };
  const bool all = std::ranges::all_of(fields, there) && std::ranges::all_of(call.where, there, &Lookup::field);
  return all ? Result<>() : refuse({"the resource no longer has a field that the grant names", "该数据资源已不含授权中的字段，请申请变更授权"});
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
  JX_CHECK(check_lookups(grant, call));
  if (call.filter) JX_CHECK(check_filter(grant, *call.filter));
  JX_CHECK(check_volume(tx, ctx, grant, 1));
  auto resource = cache.resource(tx, grant.resource);
  if (!resource && resource.error().code == ErrorCode::not_found)
    return refuse({"the resource has been withdrawn from the catalogue", "该数据资源已从目录撤下"});
  if (!resource) return std::unexpected(std::move(resource).error());
  permit.resource_held = std::move(*resource);
  JX_CHECK(check_columns(permit.resource(), fields, call));
  JX_TRY(source, cache.source(tx, permit.resource().source));
  JX_TRY(masks, cache.masks_of(*permit.terms, *permit.resource_held));
  permit.masks = std::move(masks);
  permit.source_held = std::move(source);
  permit.fields = std::move(fields);
  return permit;
}

// ---- reading -----------------------------------------------------------------------------------------------------------------

/// The columns that are asked of the source, by field id: the granted ones first, then those that only a rule needs.
struct Columns {
  std::vector<std::string> fields;
  std::vector<std::string> columns;

  std::size_t add(const catalogue::Resource& resource, std::string_view field) {
    const auto found = std::ranges::find(fields, field);
    if (found != fields.end()) return static_cast<std::size_t>(found - fields.begin());
    fields.emplace_back(field);
    columns.push_back(resource.field(field)->column);
    return fields.size() - 1;
  }
};

/// A FEEL condition of the grant on a row.
struct RowRule {
  const rules::Expression* expression;
  std::vector<std::size_t> slots;  // column of each of its inputs
};

Result<std::optional<RowRule>> row_rule(const Permit& permit, const std::optional<rules::Expression>& expression, Columns& columns) {
  if (!expression) return std::nullopt;
  RowRule rule{&*expression, {}};
  for (const auto& input : expression->inputs()) {
    if (permit.resource().field(input.name) == nullptr)
      return refuse({"the grant's row rule names a field that the resource no longer has", "授权的行规则引用了已不存在的字段"});
    rule.slots.push_back(columns.add(permit.resource(), input.name));
  }
  return rule;
}

/// A cell as its field's type says: CSV has only text, and a database may keep a code as a number. What does not fit stays as it is.
json::value typed(const catalogue::Field& field, json::value cell) {
  if (cell.is_string() && cell.get_string().empty() && field.type != catalogue::FieldType::text) return nullptr;
  switch (field.type) {
    case catalogue::FieldType::text:
    case catalogue::FieldType::date:
      if (cell.is_int64()) return json::string(std::to_string(cell.get_int64()));
      return cell;
    case catalogue::FieldType::boolean:
      if (cell.is_int64()) return cell.get_int64() != 0;
      if (cell.is_string() && (cell.get_string() == "true" || cell.get_string() == "false")) return cell.get_string() == "true";
      return cell;
    case catalogue::FieldType::integer:
    case catalogue::FieldType::number: {
      if (!cell.is_string()) return cell;
      const std::string_view text = cell.get_string();
      std::int64_t whole = 0;
      if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
          error == std::errc() && end == text.data() + text.size())
        return whole;
      double real = 0;
      if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
          error == std::errc() && end == text.data() + text.size())
        return real;
      return cell;
    }
  }
  return cell;
}

/// A cell as FEEL sees it: dates as dates.
Result<rules::Value> feel(const catalogue::Field& field, const json::value& cell) {
  if (field.type == catalogue::FieldType::date && cell.is_string()) {
    if (const auto date = LocalDate::parse(std::string_view(cell.get_string()))) return rules::Value(*date);
  }
  return rules::from_json(cell);
}

/// True, false or null, as FEEL has it.
Result<rules::Value> outcome(const Permit& permit, const Columns& columns, const RowRule& rule, const std::vector<json::value>& row) {
  std::vector<rules::Value> inputs;
  for (const auto slot : rule.slots) {
    JX_TRY(value, feel(*permit.resource().field(columns.fields[slot]), row[slot]));
    inputs.push_back(std::move(value));
  }
  return rule.expression->evaluate(inputs).value;
}

/// What is read of each row and decided on it here, for a source knows neither FEEL nor filters.
struct Plan {
  Columns columns;
  std::optional<RowRule> rows;
  std::optional<RowRule> verify;
};

Result<Plan> plan_of(const Permit& permit, const Call& call) {
  Plan plan;
  for (const auto& field : permit.fields) plan.columns.add(permit.resource(), field);
  JX_TRY(rows, row_rule(permit, permit.terms->value.rows, plan.columns));
  plan.rows = std::move(rows);
  JX_TRY(verify, row_rule(permit, permit.terms->value.verify, plan.columns));
  plan.verify = std::move(verify);
  if (call.filter) call.filter->each_field("", [&](const std::string& field, const std::string&) { plan.columns.add(permit.resource(), field); });
  if (permit.resource().subject) plan.columns.add(permit.resource(), permit.resource().subject->field);
  return plan;
}

Result<bool> allowed(const Permit& permit, const Plan& plan, const Call& call, const std::vector<json::value>& row) {
  if (plan.rows) {
    JX_TRY(value, outcome(permit, plan.columns, *plan.rows, row));
    if (!value.is_true()) return false;
  }
  if (!call.filter) return true;
  return call.filter->holds([&](std::string_view field) -> const json::value& {
    return row[static_cast<std::size_t>(std::ranges::find(plan.columns.fields, field) - plan.columns.fields.begin())];
  });
}

Result<std::vector<Condition>> conditions(const Permit& permit, const Call& call) {
  std::vector<Condition> where;
  for (const auto& lookup : call.where) where.push_back({permit.resource().field(lookup.field)->column, lookup.op, lookup.value});
  if (!permit.matter) return where;
  const auto& subject = permit.resource().subject;
  if (!subject)
    return refuse({"this resource does not say whose data a row is, so it cannot be read for a case", "该资源未标明数据主体，不能按办件读取"});
  const auto code = std::ranges::find(permit.matter->codes, subject->scheme, &Code::scheme);
  if (code == permit.matter->codes.end()) {
    return fail(ErrorCode::conflict, {"the applicant has no code of the kind by which this resource is kept", "申请人没有该资源所用的身份代码"});
  }
  where.push_back({permit.resource().field(subject->field)->column, Op::eq, code->value});
  return where;
}

Result<std::size_t> offset_of(std::string_view cursor) {
  std::size_t offset = 0;
  if (cursor.empty()) return offset;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), offset);
  if (error != std::errc() || end != cursor.data() + cursor.size())
    return fail(ErrorCode::invalid, {"this is not a cursor of this answer", "翻页标记无效"}, "/cursor");
  return offset;
}

struct Found {
  std::vector<std::vector<json::value>> rows;  // by Columns
  std::string next;
};

/// Reads on until the page is full. A question of yes or no is about all rows that are found.
Result<Found> read_rows(Sources& sources, const Context& ctx, const Permit& permit, const Call& call, const Plan& plan) {
  const auto& columns = plan.columns;
  const auto limit = plan.verify ? rows_max : call.limit;
  JX_TRY(where, conditions(permit, call));
  JX_TRY(offset, offset_of(call.cursor));
  Found found;
  for (std::size_t scanned = 0; scanned < rows_scanned_max;) {
    JX_TRY(page, sources.read({permit.source(), permit.resource().table, columns.columns, where, offset, rows_max}, ctx.deadline));
    for (auto& row : page.rows) {
      if (found.rows.size() == limit) {
        found.next = std::to_string(offset);
        return found;
      }
      ++offset;
      ++scanned;
      for (std::size_t i = 0; i < row.size(); ++i) row[i] = typed(*permit.resource().field(columns.fields[i]), std::move(row[i]));
      JX_TRY(ok, allowed(permit, plan, call, row));
      if (!ok) continue;
      found.rows.push_back(std::move(row));
    }
    if (!page.more) return found;
    if (page.rows.empty())
      return fail(ErrorCode::unavailable, {"the source says that there is more and gives nothing", "数据源称仍有数据，却未返回任何记录"});
  }
  if (found.rows.size() < limit)
    return fail(ErrorCode::too_large, {"too many rows match: look for something more precise", "符合条件的记录过多，请缩小范围"}, "/where");
  found.next = std::to_string(offset);
  return found;
}

Result<std::vector<std::vector<json::value>>> masked(const Permit& permit, const std::vector<std::vector<json::value>>& rows) {
  const auto& terms = permit.terms->value;
  std::vector<const rules::Expression*> masks;
  for (const auto& field : permit.fields) {
    const auto at = static_cast<std::size_t>(terms.grant.field(field) - terms.grant.fields.data());
    masks.push_back(permit.masks->value[at] ? &*permit.masks->value[at] : nullptr);
  }
  std::vector<std::vector<json::value>> out;
  for (const auto& row : rows) {
    std::vector<json::value> shown;
    for (std::size_t i = 0; i < permit.fields.size(); ++i) {
      if (masks[i] == nullptr) {
        shown.push_back(row[i]);
        continue;
      }
      JX_TRY(value, feel(*permit.resource().field(permit.fields[i]), row[i]));
      const std::array<rules::Value, 1> input{value};
      shown.push_back(rules::to_json(masks[i]->evaluate(input).value));  // a mask that fails shows nothing
    }
    out.push_back(std::move(shown));
  }
  return out;
}

/// Yes where the condition is true of a row, no where it is false of every one; else nobody knows.
Result<std::vector<std::vector<json::value>>> verdict(const Permit& permit, const Plan& plan, const Found& found) {
  bool known = !found.rows.empty() && found.next.empty();
  for (const auto& row : found.rows) {
    JX_TRY(value, outcome(permit, plan.columns, *plan.verify, row));
    if (value.is_true()) return std::vector<std::vector<json::value>>{{json::value("yes")}};
    if (value.is_null()) known = false;
  }
  return std::vector<std::vector<json::value>>{{json::value(known ? "no" : "unknown")}};
}

catalogue::Field verdict_shown() {
  catalogue::Field field;
  field.id = verdict_field;
  field.name = LocalizedText({{"en", "Verdict"}, {"zh-CN", "核验结果"}});
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

json::object record_body(const UnitId& consumer, const Permit& permit, const Call& call, std::int64_t records, const Error* refused) {
  json::array fields;
  for (const auto& field : permit.fields) fields.emplace_back(field);
  json::object body{{"grant", permit.grant().id.text()}, {"resource", permit.grant().resource.text()},
                    {"consumer", consumer.text()},       {"provider", permit.resource().provider.text()},
                    {"fields", std::move(fields)},       {"records", records},
                    {"by_applicant", call.by_applicant}};
  if (call.matter) body["matter"] = call.matter->text();
  if (call.programme) body["programme"] = call.programme->text();
  if (permit.grant().verify) body["verify"] = true;
  if (refused != nullptr) body["refused"] = refused->message.en;
  return body;
}

Result<Record> record(db::Tx& tx, const Context& ctx, const Permit& permit, const Call& call, std::int64_t records, std::span<const PersonId> about,
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
  const auto persons = persons_hash(about);
  const std::array<db::Param, 16> row{id,
                                      at,
                                      consumer,
                                      permit.resource().provider,
                                      permit.grant().resource,
                                      permit.grant().id,
                                      fields,
                                      records,
                                      matter,
                                      number,
                                      item,
                                      programme,
                                      call.by_applicant,
                                      ctx.actor.account,
                                      why,
                                      ByteView(persons)};
  std::vector<std::string> subjects{ledger::subject("usage", id), ledger::subject("grant", permit.grant().id)};
  if (call.matter) subjects.push_back(ledger::subject("matter", *call.matter));
  for (const auto& person : about) {
    if (subjects.size() < ledger::subjects_max) subjects.push_back(ledger::subject("person", person));
  }
  JX_TRY(entry, ledger::append(tx, ctx,
                               {refused == nullptr ? "exchange.read" : "exchange.refused",
                                std::move(subjects),
                                record_body(consumer, permit, call, records, refused),
                                {ledger::state_from(state_tables()[2], row)}}));
  JX_CHECK(tx.later(sql::insert_usage, id, at, consumer, permit.resource().provider, permit.grant().resource, permit.grant().id, fields, records,
                    matter, number, item, programme, call.by_applicant, ctx.actor.account, why, entry, ByteView(persons)));
  for (const auto& person : about) JX_CHECK(tx.later(sql::insert_usage_person, person, id));
  return Record{id, entry, at};
}

/// Whom the rows are about: the applicant, or whoever bears the code of a row.
Result<std::vector<PersonId>> people_in(db::Tx& tx, Facts& facts, const Permit& permit, const Columns& columns, const Found& found) {
  std::set<PersonId> people;
  if (permit.matter) people.insert(permit.matter->person);
  if (!permit.matter && permit.resource().subject) {
    const auto slot = std::ranges::find(columns.fields, permit.resource().subject->field) - columns.fields.begin();
    for (const auto& row : found.rows) {
      const auto& cell = row[static_cast<std::size_t>(slot)];
      if (!cell.is_string()) continue;
      JX_TRY(person, facts.person(tx, {permit.resource().subject->scheme, std::string(cell.get_string())}));
      if (person) people.insert(*person);
    }
  }
  return std::vector<PersonId>(people.begin(), people.end());
}

/// A refusal under a grant that exists is on record too; what cannot even be attributed to a grant is not. That a grant's rate is used up is on
/// record once a minute: a caller that does not wait must not fill the record.
void record_refusal(db::Database& database, Gateway::Cache& cache, const Context& ctx, const Call& call, const Error& error) {
  if (error.code != ErrorCode::forbidden && error.code != ErrorCode::limited) return;
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
    permit.fields = call.fields;
    if (permit.fields.empty()) {
      for (const auto& field : permit.grant().fields) permit.fields.push_back(field.id);
    }
    JX_CHECK(record(tx, ctx, permit, call, 0, {}, &error));
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
  auto answered = answer(ctx, call, *permit);
  cache_->meter.done(permit->grant().id, answered.has_value());
  return answered;
}

Result<Answer> Gateway::answer(const Context& ctx, const Call& call, const Permit& permit) {
  JX_TRY(plan, plan_of(permit, call));
  JX_TRY(found, read_rows(sources_, ctx, permit, call, plan));
  const auto records = static_cast<std::int64_t>(found.rows.size());
  JX_TRY(rows, plan.verify ? verdict(permit, plan, found) : masked(permit, found.rows));

  // Nothing that another act may change at the same time is changed here: the rows of a use are its own.
  auto recorded = database_.write_guarded(ctx.deadline, [&](db::Tx& tx) -> Result<Record> {
    JX_TRY(again, authorise(tx, ctx, facts_, *cache_, call));
    if (!permit.same_read(again)) {
      return fail(ErrorCode::conflict,
                  {"the grant or the resource was changed while its data was read; ask again", "读取期间该授权或数据资源已有变更，请重新查询"});
    }
    JX_CHECK(check_volume(tx, ctx, again.grant(), records));
    JX_TRY(about, people_in(tx, facts_, again, plan.columns, found));
    return record(tx, ctx, again, call, records, about, nullptr);
  });
  if (!recorded) {
    record_refusal(database_, *cache_, ctx, call, recorded.error());
    return std::unexpected(std::move(recorded).error());
  }

  Answer answer{recorded->usage, recorded->entry, recorded->at, {}, std::move(rows), plan.verify ? "" : std::move(found.next)};
  if (plan.verify) answer.fields.push_back(verdict_shown());
  for (const auto& field : permit.fields) answer.fields.push_back(*permit.resource().field(field));
  return answer;
}

}  // namespace jx::exchange
