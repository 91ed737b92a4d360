#include <jx/ledger/search.hpp>

#include "ledger_sql.hpp"

#include <algorithm>
#include <array>

namespace jx::ledger {
namespace {

constexpr std::size_t batch = 250;
constexpr Micros slack = std::chrono::minutes(1);  // an id is made before its act is committed; two acts may be committed in the other order
constexpr std::string_view with_account = R"({"actor":{"account":")";

struct Range {
  std::int64_t first = 0, end = 0;  // of the entries' own numbers; the end is not in it
};

/// The number of the first entry at or after a moment; nothing if there is none yet.
Result<std::optional<std::int64_t>> first_since(db::Tx& tx, Instant at) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(at.micros / 1000, 0));
  std::array<std::uint8_t, 16> octets{};  // RFC 9562 section 5.7: 48 bits of milliseconds come first
  for (std::size_t i = 0; i < 6; ++i) octets[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  JX_TRY(row, tx.one(sql::first_since, ByteView(octets)));
  if (!row) return std::optional<std::int64_t>();
  return std::optional(row->integer(0));
}

Result<Range> range_of(db::Tx& tx, const Search& wanted, std::int64_t cursor) {
  JX_TRY(last, tx.one(sql::last_seq));
  Range range{1, (last ? last->integer(0) : 0) + 1};
  if (wanted.from) {
    JX_TRY(first, first_since(tx, *wanted.from - slack));
    range.first = first.value_or(range.end);
  }
  if (wanted.until) {
    JX_TRY(end, first_since(tx, *wanted.until + slack));
    range.end = end.value_or(range.end);
  }
  if (cursor > 0) range.end = std::min(range.end, cursor);
  return range;
}

Result<std::vector<db::Row>> some(db::Tx& tx, const Search& wanted, const Range& range) {
  if (!wanted.subject.empty()) return tx.all(sql::audit_about, range.first, range.end, batch, wanted.subject);
  if (!wanted.account.empty()) return tx.all(sql::audit_of_account, range.first, range.end, batch, wanted.account);
  if (!wanted.kind.empty()) return tx.all(sql::audit_of_kind, range.first, range.end, batch, wanted.kind);
  return tx.all(sql::audit_all, range.first, range.end, batch);
}

bool by_account(const StoredEntry& entry, std::string_view account) {
  if (!entry.body) return false;
  const std::string_view body = *entry.body;
  return body.starts_with(with_account) && body.substr(with_account.size()).starts_with(account);
}

bool fits(const StoredEntry& entry, const Search& wanted) {
  if (wanted.from && entry.at < *wanted.from) return false;
  if (wanted.until && entry.at >= *wanted.until) return false;
  if (!wanted.kind.empty() && entry.kind != wanted.kind) return false;
  return wanted.account.empty() || by_account(entry, wanted.account);
}

Found found(const db::Row& row) {
  Found one{{row.id<EntryId>(0), row.instant(1), row.text(2), std::nullopt, std::nullopt}, std::nullopt};
  if (!row.null(3)) one.entry.place = Place{row.integer(3), static_cast<std::uint64_t>(row.integer(4))};
  if (!row.null(5)) one.entry.body = row.text(5);
  if (!row.null(7)) one.salt = Bytes(row.bytes(7));
  return one;
}

}  // namespace

Result<FoundPage> search(db::Tx& tx, const Search& wanted, std::int64_t cursor, std::size_t count_max) {
  JX_TRY(range, range_of(tx, wanted, cursor));
  FoundPage page;
  for (std::size_t looked_at = 0; looked_at < search_looked_at_max;) {
    JX_TRY(rows, some(tx, wanted, range));
    for (const auto& row : rows) {
      auto one = found(row);
      range.end = row.integer(6);
      ++looked_at;
      if (fits(one.entry, wanted)) page.entries.push_back(std::move(one));
      if (page.entries.size() == count_max) break;
    }
    const bool all = rows.size() < batch;
    if (page.entries.size() < count_max && all) return page;
    if (page.entries.size() == count_max) break;
  }
  page.next = range.end > range.first ? range.end : 0;
  return page;
}

}  // namespace jx::ledger
