#include "exchange_sql.hpp"
#include "usage_rows.hpp"

#include <jx/exchange.hpp>
#include <jx/exchange/delays.hpp>
#include <jx/exchange/figures.hpp>
#include <jx/exchange/receipts.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace jx::exchange {
namespace {

const ledger::StateTable& usage_table() { return state_tables()[2]; }

/// Pages run from new to old by UUIDv7; the cursor is the last id shown.
template <class... P>
Result<UsagePage> page(db::Tx& tx, const db::Query& query, std::size_t limit, std::string_view cursor, const P&... whose) {
  if (limit < 1 || limit > rows_max) return fail(ErrorCode::invalid, {"the limit is 1 to 200", "每页条数应为1至200"}, "/limit");
  Bytes before(16, 0xff);
  if (!cursor.empty()) {
    const auto id = UsageId::parse(cursor);
    if (!id) return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
    before.assign(id->bytes().begin(), id->bytes().end());
  }
  JX_TRY(rows, tx.all(query, whose..., before, limit + 1));
  UsagePage page;
  for (const auto& row : rows) {
    if (page.items.size() == limit) {
      page.next = page.items.back().id.text();
      break;
    }
    JX_TRY(usage, usage_of(row));
    page.items.push_back(std::move(usage));
  }
  return page;
}

}  // namespace

Result<Usage> usage_of(const db::Row& row) {
  Usage usage;
  usage.id = row.id<UsageId>(0);
  usage.at = row.instant(1);
  usage.consumer = row.key<UnitId>(2);
  usage.provider = row.key<UnitId>(3);
  usage.resource = row.key<ResourceId>(4);
  usage.grant = row.key<GrantId>(5);
  JX_TRY(fields, wire::decode<std::vector<std::string>>(row.text(6)));
  usage.fields = std::move(fields);
  usage.records = row.integer(7);
  if (!row.null(8)) {
    JX_TRY(matter, Uuid::from_bytes(row.bytes(8)));
    usage.matter = matter;
  }
  usage.matter_number = row.text(9);
  usage.item = row.key<ItemId>(10);
  usage.programme = row.key<ProgrammeId>(11);
  usage.on_word = static_cast<OnWord>(row.integer(12));
  if (!row.text(13).empty()) {
    JX_TRY(refused, wire::decode<Words>(row.text(13)));
    usage.refused = std::move(refused);
  }
  usage.entry = row.id<ledger::EntryId>(14);
  if (!row.null(15)) usage.account = row.id<AccountId>(15);
  return usage;
}

Result<std::pair<UsageId, UsageId>> ids_between(db::Tx& tx, Instant from, Instant until) {
  constexpr Micros slack = std::chrono::hours(1);  // a clock may be set back, too
  const auto least_at = [](Instant at) {           // RFC 9562 section 5.7: milliseconds first
    std::array<std::uint8_t, 16> octets{};
    auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(at.micros, 0) / 1'000);
    for (std::size_t i = 6; i-- > 0; ms >>= 8U) octets.at(i) = static_cast<std::uint8_t>(ms & 0xffU);
    return UsageId(*Uuid::from_bytes(octets));
  };
  std::pair ids(least_at(from - slack), least_at(until + slack));
  JX_TRY(delivered, tx.one(sql::delivery_first_released, from, until));
  if (delivered) ids.first = std::min(ids.first, delivered->id<UsageId>(0));
  return ids;
}

Result<std::vector<TableShape>> Sources::shape(const catalogue::Source&, Instant) {
  return fail(ErrorCode::internal, "this kind of source has no shape");
}
Result<> Sources::scan(const catalogue::Source&, const std::string&, Instant, const TakeRow&) {
  return fail(ErrorCode::internal, "this kind of source has no scan");
}

Result<Usage> usage(db::Tx& tx, const UsageId& id) {
  JX_TRY(row, tx.one(sql::usage_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no use of this id", "没有该条使用记录"});
  return usage_of(*row);
}

Result<> Sources::scan_columns(const catalogue::Source& source, const std::string& table, std::span<const std::string> columns, Instant deadline,
                               const TakeRow& take) {
  JX_TRY(shapes, shape(source, deadline));
  const auto shaped = std::ranges::find(shapes, table, &TableShape::name);
  if (shaped == shapes.end()) return fail(ErrorCode::unavailable, {"the data source has no table " + table, "数据源中没有表 " + table});
  std::vector<std::size_t> picked;
  for (const auto& column : columns) {
    const auto at = std::ranges::find(shaped->columns, column);
    if (at == shaped->columns.end())
      return fail(ErrorCode::unavailable, {"the data source has changed: it has no column " + column, "数据源结构已变更：缺少 " + column});
    picked.push_back(static_cast<std::size_t>(at - shaped->columns.begin()));
  }
  std::vector<Cell> cells(picked.size());
  return scan(source, table, deadline, [&](std::span<const Cell> row) -> Result<> {
    for (std::size_t i = 0; i < picked.size(); ++i) cells[i] = row[picked[i]];
    return take(cells);
  });
}

Result<UsagePage> usage_about(db::Tx& tx, const PersonId& person, std::size_t limit, std::string_view cursor) {
  return page(tx, sql::usage_about, limit, cursor, person);
}
Result<UsagePage> usage_shown_to(db::Tx& tx, const PersonId& person, Instant now, std::size_t limit, std::string_view cursor) {
  return page(tx, sql::usage_shown, limit, cursor, person, now);
}
Result<UsagePage> usage_by(db::Tx& tx, const UnitId& consumer, std::size_t limit, std::string_view cursor) {
  return page(tx, sql::usage_by, limit, cursor, consumer);
}
Result<UsagePage> usage_from(db::Tx& tx, const UnitId& provider, std::size_t limit, std::string_view cursor) {
  return page(tx, sql::usage_from, limit, cursor, provider);
}
Result<UsagePage> usage_of_all(db::Tx& tx, std::size_t limit, std::string_view cursor) { return page(tx, sql::usage_all, limit, cursor); }

Result<std::vector<Usage>> usage_for(db::Tx& tx, const Uuid& matter) {
  JX_TRY(rows, tx.all(sql::usage_for, matter.bytes()));
  std::vector<Usage> list;
  for (const auto& row : rows) {
    JX_TRY(usage, usage_of(row));
    list.push_back(std::move(usage));
  }
  return list;
}

Result<std::vector<ledger::StateHash>> rebind(db::Tx& tx, const Uuid& draft, const CaseId& case_id, std::string_view number) {
  JX_TRY(rows, tx.all(sql::rebind, draft.bytes(), case_id, number));
  std::vector<ledger::StateHash> states;
  for (const auto& row : rows) states.push_back(ledger::state_from(usage_table(), row));
  return states;
}

crypto::Digest persons_hash(std::span<const PersonId> persons) {
  crypto::Sha256 hash;
  for (const auto& person : persons) hash.update(person.bytes());
  return hash.finish();
}

Result<std::vector<UsageId>> uses_with_other_persons(db::Database& database) {
  return database.read(no_deadline, [](db::Tx& tx) -> Result<std::vector<UsageId>> {
    std::map<UsageId, crypto::Sha256> persons;
    JX_CHECK(tx.each(sql::usage_persons, [&](db::Row&& row) -> Result<> {
      persons[row.id<UsageId>(0)].update(row.bytes(1));
      return {};
    }));
    std::vector<UsageId> wrong;
    JX_CHECK(tx.each(sql::usage_person_hashes, [&](db::Row&& row) -> Result<> {
      const auto id = row.id<UsageId>(0);
      if (!std::ranges::equal(persons[id].finish(), row.bytes(1))) wrong.push_back(id);
      return {};
    }));
    return wrong;
  });
}

}  // namespace jx::exchange
