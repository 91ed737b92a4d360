// subjects.cpp - the index of subjects. Its rows lie all over its table, a page each; so an act leaves the subjects of its entry at the end of
// another table, in a page that it shares with many, and they are taken over a second later, those together that lie together.
#include <jx/ledger/subjects.hpp>

#include <jx/ledger.hpp>

#include "ledger_sql.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace jx::ledger {
namespace {

constexpr std::size_t entries_a_pass = 16'384;  // in memory at the same time
constexpr std::size_t rows_an_act = 500;        // of the index: acts of others wait for no more than that

using Row = std::pair<std::string, std::int64_t>;  // subject, seq

struct Pass {
  std::vector<Row> rows;
  std::size_t entries = 0;
  std::int64_t last = 0;
};

template <class Take>
void each_subject(std::string_view subjects, Take&& take) {
  for (std::size_t from = 0; from < subjects.size();) {
    const auto end = std::min(subjects.find(' ', from), subjects.size());
    if (end > from) take(subjects.substr(from, end - from));
    from = end + 1;
  }
}

Result<Pass> waiting(db::Database& database, Instant deadline) {
  return database.read(deadline, [](db::Tx& tx) -> Result<Pass> {
    Pass pass;
    JX_CHECK(tx.each(
        sql::unindexed,
        [&](db::Row&& row) -> Result<> {
          pass.last = row.integer(0);
          ++pass.entries;
          each_subject(row.text(1), [&](std::string_view subject) { pass.rows.emplace_back(subject, pass.last); });
          return {};
        },
        entries_a_pass));
    return pass;
  });
}

/// SQLite has one writer: acts are committed in the order of `seq`, and nothing comes between two of its statements.
Result<bool> index_in_order(db::Database& database, Instant deadline) {
  JX_TRY(pass, waiting(database, deadline));
  if (pass.entries == 0) return false;
  std::ranges::sort(pass.rows);
  for (std::size_t from = 0; from < pass.rows.size(); from += rows_an_act) {
    const auto rows = std::span(pass.rows).subspan(from, std::min(rows_an_act, pass.rows.size() - from));
    JX_CHECK(database.write_relaxed(deadline, [&](db::Tx& tx) -> Result<> {
      for (const auto& [subject, seq] : rows) JX_CHECK(tx.later(sql::index_subject, subject, seq));
      return {};
    }));
  }
  JX_CHECK(database.write_relaxed(deadline, [&](db::Tx& tx) { return tx.run(sql::release_unindexed, pass.last); }));
  return pass.entries == entries_a_pass;
}

/// PostgreSQL does it in one statement, so that an act that erases an entry sees all of it or nothing.
Result<bool> index_at_once(db::Database& database, Instant deadline) {
  JX_TRY(rows, database.write_relaxed(deadline, [](db::Tx& tx) { return tx.run(sql::index_some, entries_a_pass); }));
  return static_cast<std::size_t>(rows) >= entries_a_pass;
}

}  // namespace

Result<> index_subjects(db::Database& database, Instant deadline) {
  for (bool more = true; more;) {
    JX_TRY(full, database.dialect() == db::Dialect::postgres ? index_at_once(database, deadline) : index_in_order(database, deadline));
    more = full;
  }
  return {};
}

// ---- whether the index is what the entries say --------------------------------------------------------------------------------

namespace {

/// Of all subjects of an entry together, whatever their order: the sum of a part of each one's SHA-256.
struct Indexed {
  std::int64_t seq = 0;
  EntryId id;
  std::uint64_t differs = 0;  // what the body says, less what the index has
  bool waits = false;         // not taken over yet, or not whole
};

std::uint64_t part_of(std::string_view subject) {
  const auto digest = crypto::sha256(bytes_of(subject));
  std::uint64_t part = 0;
  for (std::size_t i = 0; i < 8; ++i) part = part << 8 | digest[i];
  return part;
}

/// The subjects in the canonical body of an entry, of which they are the last member but one. A quote within a text is escaped there.
std::uint64_t said_by(std::string_view body) {
  constexpr std::string_view member = "\"subjects\":[";
  const auto from = body.rfind(member);
  if (from == std::string_view::npos) return 0;
  const auto rest = body.substr(from + member.size());
  std::set<std::string_view> seen;
  std::uint64_t sum = 0;
  auto list = rest.substr(0, rest.find(']'));
  while (list.size() > 2) {
    const auto end = std::min(list.find('"', 1), list.size());
    if (seen.insert(list.substr(1, end - 1)).second) sum += part_of(list.substr(1, end - 1));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return sum;
}

class Index {
 public:
  std::vector<std::string> wrong;

  Result<> read(db::Tx& tx) {
    JX_CHECK(tx.each(sql::bodies_by_seq, [&](db::Row&& row) -> Result<> {
      entries_.push_back({row.integer(0), row.id<EntryId>(1), row.null(2) ? 0 : said_by(row.text(2)), false});
      return {};
    }));
    JX_CHECK(tx.each(sql::unindexed_subjects, [&](db::Row&& row) -> Result<> {
      auto* entry = find(row.integer(0));
      if (entry == nullptr) return unknown(row.integer(0));
      entry->waits = true;
      std::set<std::string_view> seen;
      each_subject(row.text(1), [&](std::string_view subject) {
        if (seen.insert(subject).second) entry->differs -= part_of(subject);
      });
      return {};
    }));
    JX_CHECK(tx.each(sql::indexed_subjects, [&](db::Row&& row) -> Result<> {
      auto* entry = find(row.integer(0));
      if (entry == nullptr) return unknown(row.integer(0));
      if (!entry->waits) entry->differs -= part_of(row.text(1));
      return {};
    }));
    for (const auto& entry : entries_) {
      if (entry.differs != 0) wrong.push_back(entry.id.text());
    }
    return {};
  }

 private:
  Indexed* find(std::int64_t seq) {
    const auto found = std::ranges::lower_bound(entries_, seq, {}, &Indexed::seq);
    return found != entries_.end() && found->seq == seq ? &*found : nullptr;
  }
  Result<> unknown(std::int64_t seq) {
    if (auto name = "#" + std::to_string(seq); wrong.empty() || wrong.back() != name) wrong.push_back(std::move(name));
    return {};
  }

  std::vector<Indexed> entries_;  // by seq
};

}  // namespace

Result<std::vector<std::string>> wrongly_indexed(db::Tx& tx) {
  Index index;
  JX_CHECK(index.read(tx));
  return std::move(index.wrong);
}

}  // namespace jx::ledger
