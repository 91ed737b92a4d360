#include <jx/ledger/log.hpp>
#include <jx/ledger/row_hash.hpp>
#include <jx/ledger/state.hpp>
#include <jx/ledger/subjects.hpp>
#include <jx/ledger/tiles.hpp>
#include <jx/wire.hpp>

#include "ledger_sql.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <unordered_map>

namespace jx::ledger {
namespace {

namespace json = boost::json;

// A cell in an encoding of its own: a tag, and the length of what has one. Both databases give the same.
void put_number(Bytes& out, std::uint64_t value) {
  std::array<std::uint8_t, 8> octets;
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
  out.insert(out.end(), octets.begin(), octets.end());
}

void put_octets(Bytes& out, char tag, ByteView octets) {
  out.push_back(static_cast<std::uint8_t>(tag));
  put_number(out, octets.size());
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
    put_number(out, std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));  // one zero
  }
  void operator()(std::string_view text) const { put_octets(out, 't', bytes_of(text)); }
  void operator()(ByteView octets) const { put_octets(out, 'b', octets); }
};

constexpr std::size_t row_bytes_expected = 1024;

Hash row_hash(const db::Row& row) {
  Bytes out;
  out.reserve(row_bytes_expected);
  for (std::size_t i = 0; i < row.size(); ++i) std::visit(PutCell{out}, row.cell(i));
  return crypto::sha256(out);
}

Hash row_hash(std::span<const db::Param> row) {
  Bytes out;
  out.reserve(row_bytes_expected);
  for (const auto& cell : row) std::visit(PutCell{out}, cell.value());
  return crypto::sha256(out);
}

std::string octets_text(ByteView octets) {
  const auto uuid = Uuid::from_bytes(octets);
  return uuid ? uuid->text() : to_hex(octets);
}

struct KeyText {
  std::string operator()(std::nullptr_t) const { return ""; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return std::to_string(value); }
  std::string operator()(std::string_view text) const { return std::string(text); }
  std::string operator()(ByteView octets) const { return octets_text(octets); }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const Bytes& octets) const { return octets_text(octets); }
};

std::string key_of(const db::Row& row, std::size_t columns) {
  std::string key;
  for (std::size_t i = 0; i < columns; ++i) key += (i > 0 ? "/" : "") + std::visit(KeyText{}, row.cell(i));
  return key;
}

std::string key_of(std::span<const db::Param> columns) {
  std::string key;
  for (const auto& part : columns) key += (&part == columns.data() ? "" : "/") + std::visit(KeyText{}, part.value());
  return key;
}

// ---- the newest hash of every row, read from the bodies -------------------------------------------------------------------------------

using RowName = std::array<std::uint8_t, 16>;  // the first half of SHA-256(table || 00 || key): names are long, rows are many
struct RowNameHash {
  std::size_t operator()(const RowName& name) const noexcept { return std::bit_cast<std::array<std::size_t, 2>>(name)[0]; }
};

RowName row_name(std::string_view table, std::string_view key) {
  const auto digest = crypto::Sha256().update(table).update(std::string_view("\0", 1)).update(key).finish();
  RowName name;
  std::copy_n(digest.begin(), name.size(), name.begin());
  return name;
}

struct Recorded {
  Hash sha256{};
  EntryId entry;
  std::int32_t version = 0;
  bool present = false;  // false: the newest entry says that the row is gone
  bool seen = false;     // by the pass over the rows
  bool asked = false;    // of a table that is checked
};

/// In Base64, as entries have it, or in hexadecimal, as the first did.
std::optional<Hash> hash_in(std::string_view text) {
  const auto octets = text.size() == 2 * Hash{}.size() ? from_hex(text) : from_base64(text);
  Hash hash{};
  if (!octets || octets->size() != hash.size()) return std::nullopt;
  std::ranges::copy(*octets, hash.begin());
  return hash;
}

class Ledger {
 public:
  explicit Ledger(std::span<const StateTable> tables) : tables_(tables) {}
  StateReport report;
  std::unordered_map<RowName, Recorded, RowNameHash> rows;
  std::set<std::string, std::less<>> tables_named;

  // Columns: id, at, kind, hash, salt, body.
  Result<> take(const db::Row& row) {
    ++report.entries_read;
    if (row.null(4) || row.null(5)) {
      ++report.entries_erased;
      return {};
    }
    const auto id = row.id<EntryId>(0);
    if (!std::ranges::equal(body_hash(row.bytes(4), row.text(5)), row.bytes(3))) return broken(id);
    auto body = wire::parse(row.text(5), {.bytes = body_bytes_max, .values = 1'000'000, .string_bytes = body_bytes_max});
    if (!body || !body->is_object()) return broken(id);
    const auto& object = body->get_object();
    const bool own = text(object, "id") == id.text() && text(object, "kind") == row.text(2) && text(object, "at") == row.instant(1).text();
    const auto* state = object.if_contains("state");
    if (!own || state == nullptr || !state->is_array()) return broken(id);
    for (const auto& item : state->get_array()) {
      if (!item.is_object() || !take_hash(item.get_object(), id)) return broken(id);
    }
    return {};
  }

 private:
  static std::unexpected<Error> broken(EntryId id) {
    return fail(ErrorCode::corrupt, {"the body of entry " + id.text() + " is not what was recorded; run: junxian ledger verify",
                                     "记录 " + id.text() + " 的内容与登记不符；请执行 junxian ledger verify"});
  }
  static std::string_view text(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
  }
  bool take_hash(const json::object& item, EntryId id) {
    const auto table = text(item, "table");
    const auto* version = item.if_contains("version");
    const auto* sha256 = item.if_contains("sha256");
    if (version == nullptr || !version->is_int64() || sha256 == nullptr) return false;
    Recorded recorded{{}, id, static_cast<std::int32_t>(version->get_int64()), !sha256->is_null(), false, false};
    recorded.asked = std::ranges::any_of(tables_, [&](const StateTable& one) { return one.name == table; });
    if (recorded.present) {
      const auto hash = hash_in(text(item, "sha256"));
      if (!hash) return false;
      recorded.sha256 = *hash;
    }
    if (!tables_named.contains(table)) tables_named.emplace(table);
    rows[row_name(table, text(item, "key"))] = recorded;
    return true;
  }

  std::span<const StateTable> tables_;
};

Result<> read_bodies(db::Tx& tx, Ledger& ledger) {
  constexpr std::uint64_t entries_a_read = 1000;
  JX_TRY(all_logs, logs(tx));
  for (const auto& log : all_logs) {
    for (std::uint64_t from = 0; from < log.size; from += entries_a_read) {
      JX_CHECK(tx.each(sql::bodies_between, [&](db::Row&& row) { return ledger.take(row); }, log.log, from, from + entries_a_read));
    }
  }
  std::int64_t after = 0;
  for (auto before = after - 1; before != after;) {
    before = after;
    JX_CHECK(tx.each(
        sql::bodies_pending,
        [&](db::Row&& row) {
          after = row.integer(6);
          return ledger.take(row);
        },
        after, entries_a_read));
  }
  return {};
}

void add(StateReport& report, AlteredRow row) {
  ++report.rows_altered;
  if (report.rows.size() < StateReport::rows_listed_max) report.rows.push_back(std::move(row));
}

// `newest`: no later version of this table is declared, so a row that no entry names is reported here and not once a version.
Result<> check_rows(db::Tx& tx, const StateTable& table, bool newest, Ledger& ledger) {
  return tx.each(*table.rows, [&](db::Row&& row) -> Result<> {
    auto key = key_of(row, table.key_columns);
    const auto found = ledger.rows.find(row_name(table.name, key));
    if (found == ledger.rows.end()) {
      if (newest) {
        ++ledger.report.rows_checked;
        add(ledger.report, {AlteredRow::How::unrecorded, std::string(table.name), std::move(key), ""});
      }
      return {};
    }
    auto& recorded = found->second;
    if (recorded.version != table.version) return {};
    ++ledger.report.rows_checked;
    recorded.seen = true;
    if (!recorded.present || recorded.sha256 != row_hash(row))
      add(ledger.report, {AlteredRow::How::altered, std::string(table.name), std::move(key), recorded.entry.text()});
    return {};
  });
}

// The names of rows that should be there and are not stand in the bodies that vouch for them.
Result<> report_missing(db::Tx& tx, std::span<const StateTable> tables, Ledger& ledger) {
  const auto declared = [&](std::string_view name, std::int64_t version) {
    return std::ranges::any_of(tables, [&](const StateTable& table) { return table.name == name && table.version == version; });
  };
  for (const auto& [name, recorded] : ledger.rows) {
    if (!recorded.asked || !recorded.present || recorded.seen) continue;
    JX_TRY(entry, read(tx, recorded.entry));
    const auto body = entry.body ? wire::parse(*entry.body, {.bytes = body_bytes_max, .values = 1'000'000, .string_bytes = body_bytes_max})
                                 : fail(ErrorCode::corrupt, "");
    if (!body) continue;
    for (const auto& item : body->at("state").as_array()) {
      const std::string_view table = item.at("table").as_string();
      const std::string_view key = item.at("key").as_string();
      if (row_name(table, key) == name && declared(table, recorded.version))
        add(ledger.report, {AlteredRow::How::missing, std::string(table), std::string(key), recorded.entry.text()});
    }
  }
  return {};
}

}  // namespace

Result<StateHash> state_of_params(db::Tx& tx, const StateTable& table, std::span<const db::Param> key) {
  StateHash state{std::string(table.name), table.version, key_of(key), std::nullopt};
  const std::function<Result<>(db::Row&&)> take = [&](db::Row&& row) -> Result<> {
    state.sha256 = row_hash(row);
    return {};
  };
  JX_CHECK(tx.execute(*table.row, key, &take));
  return state;
}

StateHash state_from(const StateTable& table, const db::Row& row) {
  return {std::string(table.name), table.version, key_of(row, table.key_columns), row_hash(row)};
}

StateHash state_from(const StateTable& table, std::span<const db::Param> row) {
  return {std::string(table.name), table.version, key_of(row.first(table.key_columns)), row_hash(row)};
}

StateHash gone_from(const StateTable& table, const db::Row& row) {
  return {std::string(table.name), table.version, key_of(row, table.key_columns), std::nullopt};
}

namespace {

/// What a body vouches for. Errors: corrupt.
Result<std::vector<StateHash>> states_in(const StoredEntry& entry) {
  const auto broken = [&] {
    return fail(ErrorCode::corrupt,
                {"the body of entry " + entry.id.text() + " is not what was recorded", "记录 " + entry.id.text() + " 的内容与登记不符"});
  };
  const auto body = wire::parse(*entry.body, {.bytes = body_bytes_max, .values = 1'000'000, .string_bytes = body_bytes_max});
  const auto* list = body && body->is_object() ? body->get_object().if_contains("state") : nullptr;
  if (list == nullptr || !list->is_array()) return broken();
  std::vector<StateHash> states;
  for (const auto& item : list->get_array()) {
    StateHash state{std::string(item.at("table").as_string()), item.at("version").as_int64(), std::string(item.at("key").as_string()), std::nullopt};
    if (item.at("sha256").is_string()) {
      state.sha256 = hash_in(item.at("sha256").as_string());
      if (!state.sha256) return broken();
    }
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace

Result<Vouched> vouched_about(db::Tx& tx, std::string_view subject) {
  constexpr std::size_t entries_a_read = 200;
  Vouched vouched;
  EntryId after;
  while (true) {
    JX_TRY(entries, about(tx, subject, after, entries_a_read));
    for (const auto& entry : entries) {
      after = entry.id;
      if (!entry.body) {
        vouched.erased = true;
        continue;
      }
      JX_TRY(states, states_in(entry));
      for (auto& state : states) vouched.rows.insert_or_assign({state.table, state.key}, std::move(state));
    }
    if (entries.size() < entries_a_read) return vouched;
  }
}

Result<Vouched> vouched_by(db::Tx& tx, const Uuid& id) {
  JX_TRY(entry, read(tx, EntryId(id)));
  Vouched vouched;
  vouched.erased = !entry.body;
  if (vouched.erased) return vouched;
  JX_TRY(states, states_in(entry));
  for (auto& state : states) vouched.rows.insert_or_assign({state.table, state.key}, std::move(state));
  return vouched;
}

Result<std::vector<StateHash>> still_vouched_for(db::Tx& tx, std::span<const StateTable> tables, std::span<const Uuid> entries) {
  std::map<std::pair<std::string, std::string>, StateHash> recorded;  // by table and key
  for (const auto& id : entries) {
    JX_TRY(entry, read(tx, EntryId(id)));
    if (!entry.body) continue;
    JX_TRY(listed, states_in(entry));
    for (auto& state : listed) recorded.insert_or_assign({state.table, state.key}, std::move(state));
  }
  std::vector<StateHash> states;
  std::set<std::string_view> looked;
  for (const auto& table : tables) {
    if (std::ranges::none_of(recorded, [&](const auto& one) { return one.first.first == table.name; })) continue;
    const bool first = looked.insert(table.name).second;
    JX_CHECK(tx.each(*table.rows, [&](db::Row&& row) -> Result<> {
      auto state = state_from(table, row);
      const auto found = recorded.find({state.table, state.key});
      if (found == recorded.end()) return {};
      if (!found->second.sha256) return recorded.erase(found), Result<>();  // it is there again: another entry tells of it
      if (found->second.sha256 == state.sha256) states.push_back(std::move(state));
      return {};
    }));
    if (!first) continue;
    for (const auto& [name, state] : recorded) {
      if (name.first == table.name && !state.sha256) states.push_back(state);
    }
  }
  return states;
}

Result<StateReport> check_state(db::Database& database, std::span<const StateTable> tables) {
  return database.read(no_deadline, [&](db::Tx& tx) -> Result<StateReport> {
    Ledger ledger(tables);
    JX_CHECK(read_bodies(tx, ledger));
    for (const auto& table : tables) {
      const bool newest =
          std::ranges::none_of(tables, [&](const StateTable& other) { return other.name == table.name && other.version > table.version; });
      JX_CHECK(check_rows(tx, table, newest, ledger));
    }
    JX_CHECK(report_missing(tx, tables, ledger));
    JX_TRY(taken, erased_without_record(tx));
    for (const auto id : taken) add(ledger.report, {AlteredRow::How::missing, "ledger.body", id.text(), ""});
    JX_TRY(indexed, wrongly_indexed(tx));
    for (auto& entry : indexed) add(ledger.report, {AlteredRow::How::altered, "ledger.subject", entry, entry});
    for (const auto& name : ledger.tables_named) {
      if (std::ranges::none_of(tables, [&](const StateTable& table) { return table.name == name; })) ledger.report.tables_unknown.push_back(name);
    }
    return std::move(ledger.report);
  });
}

}  // namespace jx::ledger
