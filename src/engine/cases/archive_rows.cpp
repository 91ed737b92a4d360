#include "archive_rows.hpp"

#include "act.hpp"
#include "cases_sql.hpp"

#include <jx/cases.hpp>
#include <jx/ledger.hpp>

#include <algorithm>
#include <bit>

namespace jx::cases {
namespace {

const ArchivedTable kept_tables[] = {
    {&sql::archive_file, &sql::archive_put_file, nullptr, "cases.case_file"},
    {&sql::archive_blob, &sql::archive_put_blob, &sql::archive_drop_blob, {}},
    {&sql::archive_task, &sql::archive_put_task, &sql::archive_drop_task, "cases.case_task"},
    {&sql::archive_pause, &sql::archive_put_pause, &sql::archive_drop_pause, {}},
    {&sql::archive_timeline, &sql::archive_put_timeline, &sql::archive_drop_timeline, {}},
    {&sql::archive_term, &sql::archive_put_term, &sql::archive_drop_term, "cases.case_term"},
    {&sql::archive_side, &sql::archive_put_side, &sql::archive_drop_side, "cases.case_side"},  // found by its task: dropped before it
    {&sql::archive_urge, &sql::archive_put_urge, &sql::archive_drop_urge, "cases.case_urge"},
    {&sql::archive_comment, &sql::archive_put_comment, &sql::archive_drop_comment, "cases.case_comment"},
    {&sql::archive_incident, &sql::archive_put_incident, &sql::archive_drop_incident, {}},
    {&sql::archive_attempt, &sql::archive_put_attempt, &sql::archive_drop_attempt, {}},
    {&sql::archive_notice, &sql::archive_put_notice, &sql::archive_drop_notice, "cases.case_notice"},
};

template <class Number>
void put_number(Bytes& out, Number value) {
  for (std::size_t i = sizeof(Number); i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_octets(Bytes& out, char tag, ByteView octets) {
  out.push_back(static_cast<std::uint8_t>(tag));
  put_number(out, static_cast<std::uint32_t>(octets.size()));
  out.insert(out.end(), octets.begin(), octets.end());
}

struct PutCell {
  Bytes& out;
  void operator()(std::nullptr_t) const { out.push_back('n'); }
  void operator()(std::int64_t value) const {
    out.push_back('i');
    put_number(out, static_cast<std::uint64_t>(value));
  }
  void operator()(double value) const {
    out.push_back('r');
    put_number(out, std::bit_cast<std::uint64_t>(value));
  }
  void operator()(const std::string& text) const { put_octets(out, 't', bytes_of(text)); }
  void operator()(const Bytes& octets) const { put_octets(out, 'b', octets); }
};

/// Reads a record from its beginning; what is not there reads as zero and makes it fail.
class Reader {
 public:
  explicit Reader(ByteView octets) : rest_(octets) {}
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  template <class Number>
  Number number() {
    Number value = 0;
    for (const auto octet : take(sizeof(Number))) value = static_cast<Number>((value << 8U) | octet);
    return value;
  }
  ByteView octets() { return take(number<std::uint32_t>()); }
  db::Param cell() {
    switch (number<std::uint8_t>()) {
      case 'n': return nullptr;
      case 'i': return static_cast<std::int64_t>(number<std::uint64_t>());
      case 'r': return std::bit_cast<double>(number<std::uint64_t>());
      case 't': return text_of(octets());
      case 'b': return octets();
      default: failed_ = true; return nullptr;
    }
  }

 private:
  ByteView take(std::size_t count) {
    failed_ = failed_ || count > rest_.size();
    if (failed_) return {};
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  ByteView rest_;
  bool failed_ = false;
};

struct AsParam {
  template <class T>
  db::Param operator()(const T& value) const {
    return value;
  }
};

/// The version of a state table by which an entry vouches; null if this program does not know it.
const ledger::StateTable* table_of(const ledger::StateHash& state) {
  const auto tables_known = state_tables();
  const auto found =
      std::ranges::find_if(tables_known, [&](const auto& table) { return table.name == state.table && table.version == state.version; });
  return found == tables_known.end() ? nullptr : &*found;
}

/// Whether a row is as recorded; what no entry is found for is, where an entry about the case was erased.
Result<bool> is_as_recorded(db::Tx& tx, const db::Row& row, const ledger::StateTable& newest, const ledger::Vouched& vouched) {
  const auto found = vouched.rows.find({std::string(newest.name), ledger::gone_from(newest, row).key});
  if (found == vouched.rows.end()) return vouched.erased;
  const auto* table = table_of(found->second);
  if (table == nullptr) return false;
  std::vector<db::Param> key;
  for (std::size_t c = 0; c < table->key_columns; ++c) key.push_back(std::visit(AsParam(), row.cell(c)));
  JX_TRY(now, ledger::state_of_params(tx, *table, key));
  return now.sha256 == found->second.sha256;
}

std::unexpected<Error> not_a_record() {
  return fail(ErrorCode::corrupt, {"the archived history of this case cannot be read", "该办件的归档数据无法读取"});
}

}  // namespace

std::span<const ArchivedTable> archived_tables() { return kept_tables; }

Result<Bytes> read_rows(db::Tx& tx, CaseId id) {
  Bytes record{record_version};
  for (std::size_t t = 0; t < std::size(kept_tables); ++t) {
    JX_TRY(rows, tx.all(*kept_tables[t].rows, id));
    if (rows.empty()) continue;
    record.push_back(static_cast<std::uint8_t>(t));
    put_number(record, static_cast<std::uint32_t>(rows.size()));
    for (const auto& row : rows) {
      record.push_back(static_cast<std::uint8_t>(row.size()));
      for (std::size_t c = 0; c < row.size(); ++c) std::visit(PutCell{record}, row.cell(c));
      if (record.size() > record_bytes_max)
        return fail(ErrorCode::too_large, {"the case is too large for the archive: " + id.text(), "办件数据过大，无法归档：" + id.text()});
    }
  }
  return record;
}

Result<> put_rows(db::Tx& tx, ByteView record) {
  Reader in(record);
  if (in.number<std::uint8_t>() != record_version) return not_a_record();
  std::vector<db::Param> cells;
  while (!in.at_end()) {
    const std::size_t table = in.number<std::uint8_t>();
    const auto rows = in.number<std::uint32_t>();
    if (in.failed() || table >= std::size(kept_tables)) return not_a_record();
    for (std::uint32_t r = 0; r < rows; ++r) {
      cells.clear();
      const std::size_t count = in.number<std::uint8_t>();
      for (std::size_t c = 0; c < count && !in.failed(); ++c) cells.push_back(in.cell());
      if (in.failed()) return not_a_record();
      JX_CHECK(tx.execute(*kept_tables[table].put, cells, nullptr));
    }
  }
  return in.failed() ? not_a_record() : Result<>();
}

Result<std::size_t> vouched_rows(db::Tx& tx, CaseId id) {
  std::size_t count = 0;
  for (const auto& table : kept_tables) {
    if (table.state.empty()) continue;
    JX_CHECK(tx.each(*table.rows, [&](db::Row&&) -> Result<> { return ++count, Result<>(); }, id));
  }
  return count;
}

Result<bool> are_as_recorded(db::Tx& tx, CaseId id) {
  JX_TRY(row, case_row(tx, id));
  JX_TRY(timeline, timeline_holds(tx, id, row.last_event, row.history));
  if (!timeline) return false;
  JX_TRY(vouched, ledger::vouched_about(tx, ledger::subject("case", id)));
  std::size_t rows_there = 0;
  for (const auto& table : kept_tables) {
    if (table.state.empty()) continue;
    const auto& newest = *std::ranges::find(state_tables(), table.state, &ledger::StateTable::name);
    JX_TRY(rows, tx.all(*table.rows, id));
    rows_there += rows.size();
    for (const auto& one : rows) {
      JX_TRY(holds, is_as_recorded(tx, one, newest, vouched));
      if (!holds) return false;
    }
  }
  const auto recorded = std::ranges::count_if(vouched.rows, [](const auto& one) {
    return one.second.sha256 && std::ranges::any_of(kept_tables, [&](const auto& table) { return table.state == one.second.table; });
  });
  return vouched.erased || static_cast<std::size_t>(recorded) == rows_there;  // none is missing
}

Result<std::vector<ledger::StateHash>> drop_rows(db::Tx& tx, CaseId id) {
  std::vector<ledger::StateHash> gone;
  for (std::size_t t = std::size(kept_tables); t-- > 0;) {
    const auto& table = kept_tables[t];
    if (table.drop == nullptr) continue;
    if (!table.state.empty()) {
      const auto& vouching = *std::ranges::find(state_tables(), table.state, &ledger::StateTable::name);  // the newest version is the first
      JX_CHECK(tx.each(*table.rows, [&](db::Row&& row) -> Result<> { return gone.push_back(ledger::gone_from(vouching, row)), Result<>(); }, id));
    }
    JX_CHECK(tx.later(*table.drop, id));
  }
  return gone;
}

}  // namespace jx::cases
