// results.cpp - how a result reaches the applicant, and what of a pack counters use.
#include <jx/services/results.hpp>

#include "services_sql.hpp"

#include <jx/cases/record.hpp>
#include <jx/identity.hpp>
#include <jx/pack/records.hpp>
#include <jx/services.hpp>

#include <algorithm>

namespace jx::services {
namespace {

constexpr std::size_t name_bytes_max = 200, telephone_bytes_max = 40, address_bytes_max = 500, tracking_bytes_max = 60;

const ledger::StateTable& result_table() {
  return *std::ranges::find(state_tables(), std::string_view("services.result"), &ledger::StateTable::name);
}

Result<> check_line(const std::string& text, std::size_t bytes_max, const char* pointer) {
  const bool blank = text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (blank || text.size() > bytes_max)
    return fail(
        ErrorCode::invalid,
        {"this must be filled in, with at most " + std::to_string(bytes_max) + " octets", "此项必填，不超过" + std::to_string(bytes_max) + "字节"},
        pointer);
  return {};
}

bool is_tracking(std::string_view text) {
  return !text.empty() && text.size() <= tracking_bytes_max &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
}

Words carrier_fault(const Carrier& carrier) {
  if (carrier.id.empty() || carrier.name.empty()) return {"a carrier has an id and a name", "寄送公司须有 id 和名称"};
  const auto& url = carrier.tracking;
  if (url && (!url->starts_with("https://") || url->find("{number}") == std::string::npos))
    return {"where a carrier tells of a letter is https://... with {number}", "查询网址须为 https:// 地址并含 {number}"};
  return {"", ""};
}

}  // namespace

Result<std::optional<CounterFile>> counter_of(const pack::Pack& pack) {
  const auto* file = pack.file(counter_file);
  if (file == nullptr) return std::optional<CounterFile>();
  pack::Findings findings;
  auto decoded = pack::decode_yaml<CounterFile>(*file, findings);
  if (!decoded) return fail(ErrorCode::invalid, findings.sorted().front().message);
  return std::optional(std::move(decoded->value));
}

void check_counter(const pack::Pack& pack, pack::Findings& findings) {
  const auto* file = pack.file(counter_file);
  if (file == nullptr) return;
  const auto decoded = pack::decode_yaml<CounterFile>(*file, findings);
  if (!decoded) return;
  const auto& currency = decoded->value.currency;
  if (currency.size() != 3 || !std::ranges::all_of(currency, [](char c) { return c >= 'A' && c <= 'Z'; }))
    findings.error(*file, decoded->line_of("/currency"), {"a currency is its code of ISO 4217, such as CNY", "币种应为 ISO 4217 代码，如 CNY"});
  const auto carriers = decoded->value.carriers.value_or(std::vector<Carrier>());
  if (carriers.size() > carriers_max) findings.error(*file, decoded->line_of("/carriers"), {"at most 50 carriers", "寄送公司不超过50家"});
  for (std::size_t i = 0; i < carriers.size(); ++i) {
    if (const auto fault = carrier_fault(carriers[i]); !fault.en.empty())
      findings.error(*file, decoded->line_of("/carriers/" + std::to_string(i)), fault);
  }
}

std::vector<ResultWay> result_ways(const Item& item) {
  std::vector<ResultWay> ways;
  if (item.certificate || item.certificates) ways.push_back(ResultWay::electronic);
  if (item.post.value_or(false)) {
    ways.push_back(ResultWay::collect);
    ways.push_back(ResultWay::post);
  }
  return ways;
}

Result<> check_wish(const Item& item, const ResultWish& wish) {
  const auto ways = result_ways(item);
  if (std::ranges::find(ways, wish.way) == ways.end())
    return fail(ErrorCode::invalid, {"the item does not give its result in this way", "该事项不支持此种送达方式"}, "/way");
  if (wish.way != ResultWay::post) {
    if (wish.to) return fail(ErrorCode::invalid, {"an address is for results that are posted", "仅邮寄送达须填写地址"}, "/to");
    return {};
  }
  if (!wish.to) return fail(ErrorCode::invalid, {"say where it is to be posted", "请填写邮寄地址"}, "/to");
  JX_CHECK(check_line(wish.to->name, name_bytes_max, "/to/name"));
  JX_CHECK(check_line(wish.to->telephone, telephone_bytes_max, "/to/telephone"));
  return check_line(wish.to->address, address_bytes_max, "/to/address");
}

Result<std::optional<ResultRecord>> result_of(db::Tx& tx, CaseId id) {
  JX_TRY(row, tx.one(sql::result_one, id));
  if (!row) return std::optional<ResultRecord>();
  ResultRecord record;
  JX_TRY(wish, wire::decode<ResultWish>(row->text(1)));
  record.wish = std::move(wish);
  const auto state = wire::enum_of<ResultState>(row->text(2));
  if (!state) return fail(ErrorCode::corrupt, {"how this result is given cannot be read", "送达记录无法读取"});
  record.state = *state;
  record.carrier = row->text(3);
  record.tracking = row->text(4);
  if (!row->null(5)) record.done_at = row->instant(5);
  record.unit = row->key<UnitId>(6);
  return std::optional(std::move(record));
}

Result<ledger::StateHash> want_result(db::Tx& tx, CaseId id, const ResultWish& wish) {
  JX_CHECK(tx.run(sql::result_insert, id, wire::encode(wish)));
  return ledger::state_of(tx, result_table(), id);
}

namespace {

/// What the state asks for. Answers the carrier, where one is named.
Result<std::optional<Carrier>> check_done(const ResultRecord& record, const ResultDone& done, const std::optional<CounterFile>& counter) {
  const bool posts = done.state == ResultState::posted;
  const bool fits = posts ? record.wish.way == ResultWay::post : record.wish.way == ResultWay::collect;
  if (done.state == ResultState::wanted || !fits)
    return fail(ErrorCode::invalid, {"the applicant has asked for another way", "申请人选择的是其他送达方式"}, "/state");
  if (record.state == done.state && !posts) return fail(ErrorCode::conflict, {"this is recorded already", "已登记"});
  if (record.state == ResultState::handed_out) return fail(ErrorCode::conflict, {"the result was handed out", "办理结果已领取"});
  if (!posts) {
    if (done.carrier || done.tracking) return fail(ErrorCode::invalid, {"only what is posted has a carrier", "仅邮寄时填写寄送公司"}, "/carrier");
    return std::optional<Carrier>();
  }
  const auto carriers = counter && counter->carriers ? *counter->carriers : std::vector<Carrier>();
  const auto carrier = std::ranges::find(carriers, done.carrier.value_or(""), &Carrier::id);
  if (carrier == carriers.end()) return fail(ErrorCode::invalid, {"choose a carrier of the list", "请选择寄送公司"}, "/carrier");
  if (!is_tracking(done.tracking.value_or("")))
    return fail(ErrorCode::invalid, {"a tracking number is letters, digits and hyphens, at most 60", "运单号为字母、数字和连字符，不超过60位"},
                "/tracking");
  return std::optional(*carrier);
}

}  // namespace

Result<> give_result(db::Tx& tx, const Context& ctx, cases::Engine& engine, CaseId id, const ResultDone& done,
                     const std::optional<CounterFile>& counter) {
  JX_TRY(record, result_of(tx, id));
  if (!record) return fail(ErrorCode::not_found, {"nothing is to be sent or collected in this case", "该办件无须寄送或领取"});
  JX_TRY(summary, engine.summary(tx, id));
  if (!summary.closed_at) return fail(ErrorCode::conflict, {"there is no result yet: the case is not concluded", "尚未办结，没有可送达的结果"});
  JX_TRY(carrier, check_done(*record, done, counter));
  JX_CHECK(tx.run(sql::result_done, id, wire::name_of(done.state), done.carrier.value_or(""), done.tracking.value_or(""), ctx.now(), ctx.actor.unit,
                  ctx.actor.account));
  JX_TRY(state, ledger::state_of(tx, result_table(), id));
  JX_TRY(unit, identity::unit(tx, ctx.actor.unit));
  cases::Record entry;
  entry.kind = "result." + std::string(wire::name_of(done.state));
  entry.state.push_back(std::move(state));
  messages::NewMessage message{summary.applicant, messages::Kind::posted, id, summary.item, {}, {}};
  message.facts.number = summary.number;
  if (carrier) {
    entry.what = cases::Beside::posted;
    entry.detail = std::string(carrier->name.in("en")) + "\n" + std::string(carrier->name.in("zh-CN")) + "\n" + *done.tracking;
    entry.body = {{"carrier", carrier->id}, {"tracking", *done.tracking}};
    message.facts.who = carrier->name;
    message.facts.detail = *done.tracking;
  } else {
    entry.what = done.state == ResultState::ready ? cases::Beside::result_ready : cases::Beside::handed_out;
    message.kind = messages::Kind::ready;
    message.facts.who = unit.name;
  }
  JX_CHECK(cases::record(engine, tx, ctx, id, std::move(entry), cases::Closed::allowed));
  if (done.state == ResultState::handed_out) return {};  // she holds it
  return messages::post(tx, ctx, message);
}

}  // namespace jx::services
