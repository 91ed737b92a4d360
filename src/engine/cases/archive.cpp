#include <jx/cases/archive.hpp>

#include "act.hpp"
#include "archive_file.hpp"
#include "archive_rows.hpp"
#include "cases_sql.hpp"

#include <jx/cases/sql.hpp>
#include <jx/crypto/chunks.hpp>
#include <jx/crypto/secret.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t cases_a_step = 32;         // moved in one act, which has one ledger entry
constexpr std::size_t states_a_step_max = 4'000;  // rows that one entry vouches for; beyond, the rest of the step waits
constexpr std::size_t law_chars_max = 500;

const ledger::StateTable& table_named(std::string_view name) { return *std::ranges::find(state_tables(), name, &ledger::StateTable::name); }

std::string key_place(CaseId id) { return "archive/" + id.text(); }

crypto::SecureBytes new_key() {
  crypto::SecureBytes key(crypto::chunk_key_bytes);
  SystemRandom().fill({key.data(), key.size()});
  return key;
}

std::string month_of(LocalDate date) { return date.text().substr(0, 7); }
LocalDate first_of(LocalDate date) {
  const auto d = date.ymd();
  return LocalDate::of(static_cast<int>(d.year()), static_cast<unsigned>(d.month()), 1);
}
LocalDate first_of_next(LocalDate date) { return first_of(first_of(date) + 31); }

Result<LocalDate> parse_month(std::string_view month) {
  auto first = LocalDate::parse(std::string(month) + "-01");
  if (!first) return fail(ErrorCode::invalid, {"a month is written yyyy-mm, such as 2026-07", "月份写作 yyyy-mm，如 2026-07"}, "/month");
  return *first;
}

Result<std::string> units_text(db::Tx& tx, CaseId id) {
  JX_TRY(units, tx.all(sql::archive_units, id));
  std::string text;
  for (const auto& unit : units) text += (text.empty() ? "" : " ") + unit.text(0);
  return text;
}

std::unexpected<Error> not_archived() { return fail(ErrorCode::not_found, {"this case is not in the archive", "该办件未归档"}); }

/// Where the cases of a file that has been begun stand, as one act after another moves them.
Result<> move_one(db::Tx& tx, CaseId id, std::int64_t version, Instant now, std::vector<ledger::StateHash>& state,
                  std::vector<std::string>& subjects) {
  JX_TRY(row, case_row(tx, id));
  if (row.version != version) {  // something has happened since it was read: what the file holds of it is not the whole
    JX_CHECK(tx.run(sql::archived_give_up, id));
    return {};
  }
  JX_TRY(gone, drop_rows(tx, id));
  std::ranges::move(gone, std::back_inserter(state));
  JX_CHECK(tx.run(sql::archive_thin, id, version));
  JX_CHECK(tx.run(sql::archived_moved, id, now));
  JX_TRY(thin, ledger::state_of(tx, table_named("cases.case_file"), id));
  JX_TRY(moved, ledger::state_of(tx, table_named("cases.case_archived"), id));
  state.push_back(std::move(thin));
  state.push_back(std::move(moved));
  subjects.push_back(ledger::subject("case", id));
  return {};
}

/// Some of the cases of a file that are still to be moved. Answers whether any were left to look at.
Result<bool> move_some(db::Tx& tx, const Context& ctx, ArchiveId archive) {
  JX_TRY(pending, tx.all(sql::archived_pending, archive, cases_a_step));
  const auto now = ctx.now();
  std::vector<ledger::StateHash> state;
  std::vector<std::string> subjects;
  for (const auto& one : pending) {
    if (state.size() > states_a_step_max) break;
    JX_CHECK(move_one(tx, one.id<CaseId>(0), one.integer(1), now, state, subjects));
  }
  if (!subjects.empty()) {
    boost::json::object body{{"archive", archive.text()}, {"cases", static_cast<std::int64_t>(subjects.size())}};
    JX_CHECK(ledger::append(tx, ctx, {"cases.archived", std::move(subjects), std::move(body), std::move(state)}));
  }
  if (pending.empty()) JX_CHECK(tx.run(sql::archive_end, archive, now));
  return !pending.empty();
}

}  // namespace

/// A file as it is to be written, and where each case is in it.
struct Archive::Made {
  struct One {
    CaseId id;
    std::uint64_t position = 0, size = 0;
    std::int64_t version = 0;
    std::string sealed_key, units;
  };
  Bytes octets;
  std::vector<One> cases;
};

LocalDate months_before(LocalDate today, int months) {
  const auto then = today.ymd().year() / today.ymd().month() / std::chrono::day{1} - std::chrono::months{months};
  return LocalDate::of(static_cast<int>(then.year()), static_cast<unsigned>(then.month()), 1);
}

bool Archive::is_of_a_case(const db::Query& query) {
  if (!query.name.starts_with("cases.") || query.name.starts_with("cases.archive")) return false;
  const auto names = [&](std::string_view table) { return query.sqlite.find(table) != std::string_view::npos; };
  constexpr std::string_view tables[] = {"case_file", "case_blob", "case_task",    "case_pause",    "case_timeline", "case_term",
                                         "case_side", "case_urge", "case_comment", "case_incident", "case_attempt",  "case_notice"};
  return std::ranges::any_of(tables, names);
}

Result<std::vector<ArchiveMonth>> Archive::months(db::Tx& tx, const calendar::Zone& zone, LocalDate before) const {
  std::vector<ArchiveMonth> months;
  Instant from{0};
  while (true) {
    JX_TRY(oldest, tx.one(sql::archive_oldest, from));
    if (!oldest) return months;
    const auto first = first_of(zone.date_of(oldest->instant(0)));
    if (first >= first_of(before)) return months;
    const auto end = zone.start_of(first_of_next(first));
    JX_TRY(count, tx.one(sql::archive_count, zone.start_of(first), end));
    months.push_back({month_of(first), count->integer(0)});
    from = end;
  }
}

Result<bool> Archive::step(db::Database& database, const Context& ctx, const calendar::Zone& zone, std::string_view month) const {
  JX_TRY(begun, database.read(no_deadline, [](db::Tx& tx) { return tx.one(sql::archive_under_way); }));
  if (!begun) return make_file(database, ctx, zone, month);
  const auto id = begun->id<ArchiveId>(0);
  const auto file = folder_ / archive_name(begun->text(1), id);
  JX_TRY(hash, hash_of_file(file));  // nothing is dropped that is not surely there
  if (!std::ranges::equal(hash, begun->bytes(2)))
    return fail(ErrorCode::corrupt, {"the archive file " + file.string() + " is not what was written", "归档文件 " + file.string() + " 与登记不符"});
  for (bool more = true; more;) {
    JX_TRY(again, database.write_guarded(no_deadline, [&](db::Tx& tx) { return move_some(tx, ctx, id); }));
    more = again;
  }
  return true;  // perhaps there is another file to make
}

Result<Archive::Made> Archive::collect(db::Tx& tx, Instant from, Instant to) const {
  constexpr std::int64_t cases_a_read = 200;
  Made made;
  Instant after = from - Micros{1};
  CaseId after_id;
  while (true) {
    JX_TRY(rows, tx.all(sql::archive_candidates, from, to, after, after_id, cases_a_read));
    for (const auto& row : rows) {
      const auto id = row.id<CaseId>(0);
      auto record = read_rows(tx, id);
      if (!record && record.error().code == ErrorCode::too_large) continue;  // it stays where it is
      if (!record) return std::unexpected(record.error());
      const auto key = new_key();
      JX_TRY(sealed_key, keys_.seal(key.view(), key_place(id)));
      const auto sealed = seal_record(key.view(), id, *record);
      JX_TRY(units, units_text(tx, id));
      Made::One one{id, 0, sealed.size(), row.integer(1), std::move(sealed_key), std::move(units)};
      one.position = append_record(made.octets, id, sealed);
      made.cases.push_back(std::move(one));
      if (made.cases.size() == archive_cases_max || made.octets.size() > archive_bytes_max) return made;
    }
    if (static_cast<std::int64_t>(rows.size()) < cases_a_read) return made;
    after = rows.back().instant(2);
    after_id = rows.back().id<CaseId>(0);
  }
}

Result<bool> Archive::make_file(db::Database& database, const Context& ctx, const calendar::Zone& zone, std::string_view month) const {
  JX_TRY(first, parse_month(month));
  if (zone.date_of(ctx.now()) < first_of_next(first))
    return fail(ErrorCode::invalid, {"the month " + std::string(month) + " is not over yet", std::string(month) + " 尚未结束"}, "/month");
  const auto from = zone.start_of(first);
  const auto to = zone.start_of(first_of_next(first));
  const auto id = ArchiveId::make(ctx.clock, ctx.random);
  const auto header = archive_header(month, id);
  JX_TRY(made, database.read(no_deadline, [&](db::Tx& tx) { return collect(tx, from, to); }));
  if (made.cases.empty()) return false;
  made.octets.insert(made.octets.begin(), header.begin(), header.end());
  for (auto& one : made.cases) one.position += header.size();

  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error) fs::permissions(folder_, fs::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::unavailable, {"the archive folder " + folder_.string() + " cannot be made: " + error.message(),
                                         "归档目录 " + folder_.string() + " 无法创建"});
  const auto file = folder_ / archive_name(month, id);
  JX_CHECK(crypto::write_secret_file(file, made.octets));
  const auto hash = crypto::sha256(made.octets);
  const auto now = ctx.now();
  auto registered = database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(other, tx.one(sql::archive_under_way));
    if (other) return fail(ErrorCode::conflict, {"another program is archiving now", "另一程序正在归档"});
    JX_CHECK(tx.run(sql::archive_insert, id, month, ByteView(hash), made.octets.size(), made.cases.size(), now));
    for (const auto& one : made.cases)
      JX_CHECK(tx.later(sql::archived_insert, one.id, id, one.position, one.size, one.version, one.sealed_key, one.units));
    JX_TRY(state, ledger::state_of(tx, table_named("cases.case_archive"), id));
    JX_CHECK(ledger::append(tx, ctx,
                            {"cases.archive-made",
                             {},
                             {{"archive", id.text()}, {"month", month}, {"sha256", to_hex(hash)}, {"cases", static_cast<std::int64_t>(made.cases.size())}},
                             {std::move(state)}}));
    return {};
  });
  if (!registered) {
    fs::remove(file, error);  // nothing knows of it
    return std::unexpected(registered.error());
  }
  return true;
}

// --- reading ---------------------------------------------------------------------------------------------------------------

Result<bool> Archive::has(db::Tx& tx, CaseId id) const {
  JX_TRY(row, tx.one(sql::archived_one, id));
  return row.has_value();
}

Result<std::unique_ptr<db::Scratch>> Archive::fetch(db::Tx& tx, CaseId id) const {
  JX_TRY(row, tx.one(sql::archived_one, id));
  if (!row) return nullptr;
  if (row->null(5))
    return fail(ErrorCode::conflict, {"the archived history of this case was erased for good", "该办件的归档数据已永久清除"});
  const auto archive = row->id<ArchiveId>(1);
  JX_TRY(of, tx.one(sql::archive_state, archive));
  if (!of) return fail(ErrorCode::corrupt, {"the archive " + archive.text() + " of this case is unknown", "该办件所在的归档未登记"});
  JX_TRY(key, keys_.open(row->text(5), key_place(id)));
  JX_TRY(sealed, read_part(folder_ / archive_name(of->text(1), archive), static_cast<std::uint64_t>(row->integer(2)),
                           static_cast<std::uint64_t>(row->integer(3))));
  JX_TRY(record, open_record(key.view(), id, sealed));
  JX_TRY(scratch, db::Scratch::make(sql_bundle()));
  JX_CHECK(put_rows(scratch->tx(), record));
  return std::move(scratch);
}

Result<ledger::EntryId> Archive::erase(db::Tx& tx, const Context& ctx, CaseId id, std::string_view law, std::string_view reason) const {
  for (const auto& [given, field] : {std::pair{law, "/law"}, std::pair{reason, "/reason"}}) {
    if (given.empty() || given.size() > law_chars_max * 4)
      return fail(ErrorCode::invalid, {"say which law asks for it and why, in at most 500 characters each", "请写明法律依据和理由，各不超过500字"}, field);
  }
  JX_TRY(row, tx.one(sql::archived_one, id));
  if (!row) return not_archived();
  if (row->null(5)) return fail(ErrorCode::conflict, {"its archived history was erased before", "该办件的归档数据此前已清除"});
  JX_CHECK(tx.run(sql::archived_erase, id));
  JX_TRY(state, ledger::state_of(tx, table_named("cases.case_archived"), id));
  return ledger::append(tx, ctx,
                        {"cases.archive-erased", {ledger::subject("case", id)}, {{"law", law}, {"reason", reason}}, {std::move(state)}});
}

// --- checking --------------------------------------------------------------------------------------------------------------

Result<> Archive::check_records(db::Database& database, const db::Row& archive, std::vector<Unsound>& found) const {
  constexpr std::int64_t cases_a_read = 100;
  const auto id = archive.id<ArchiveId>(0);
  const auto file = folder_ / archive_name(archive.text(1), id);
  for (CaseId after;;) {
    JX_TRY(rows, database.read(no_deadline, [&](db::Tx& tx) { return tx.all(sql::archived_of, id, after, cases_a_read); }));
    for (const auto& row : rows) {
      after = row.id<CaseId>(0);
      if (row.null(3)) continue;  // erased
      const auto holds = [&]() -> Result<> {
        JX_TRY(key, keys_.open(row.text(3), key_place(after)));
        JX_TRY(sealed, read_part(file, static_cast<std::uint64_t>(row.integer(1)), static_cast<std::uint64_t>(row.integer(2))));
        JX_TRY(record, open_record(key.view(), after, sealed));
        JX_TRY(scratch, db::Scratch::make(sql_bundle()));
        return put_rows(scratch->tx(), record);
      }();
      if (!holds) found.push_back({"cases.case_archived " + after.text(), holds.error().message});
    }
    if (static_cast<std::int64_t>(rows.size()) < cases_a_read) return {};
  }
}

Result<std::vector<Unsound>> Archive::check(db::Database& database, bool deep) const {
  std::vector<Unsound> found;
  JX_TRY(archives, database.read(no_deadline, [](db::Tx& tx) { return tx.all(sql::archives); }));
  for (const auto& archive : archives) {
    const auto file = folder_ / archive_name(archive.text(1), archive.id<ArchiveId>(0));
    const auto hash = hash_of_file(file);
    if (!hash) {
      found.push_back({"archive " + file.filename().string(), hash.error().message});
      continue;
    }
    if (!std::ranges::equal(*hash, archive.bytes(2)))
      found.push_back({"archive " + file.filename().string(), {"the file is not what was written: bring it back from where it is kept",
                                                               "归档文件与登记不符，请从保管处恢复"}});
    if (deep) JX_CHECK(check_records(database, archive, found));
  }
  return found;
}

}  // namespace jx::cases
