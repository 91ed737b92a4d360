#include <jx/cases/archive.hpp>

#include "act.hpp"
#include "archive_file.hpp"
#include "archive_rows.hpp"
#include "cases_sql.hpp"

#include <jx/cases/sql.hpp>
#include <jx/crypto/chunks.hpp>
#include <jx/crypto/secret.hpp>
#include <jx/text.hpp>

#include <algorithm>

namespace jx::cases {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t cases_a_step = 32;  // moved in one transaction
constexpr std::size_t reason_chars_most = 500;

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

/// Its units, those that only contributed with ~ before them.
Result<std::string> units_text(db::Tx& tx, CaseId id) {
  JX_TRY(units, tx.all(sql::archive_units, id));
  std::string text;
  for (const auto& unit : units) text += (text.empty() ? "" : " ") + std::string(unit.integer(1) == 1 ? "~" : "") + unit.text(0);
  return text;
}

std::unexpected<Error> not_archived() { return fail(ErrorCode::not_found, {"this case is not in the archive", "该办件未归档"}); }

ledger::Entry entry_about(const CaseRow& row, std::string kind, boost::json::object body, std::vector<ledger::StateHash> state) {
  body["number"] = row.number;
  return {std::move(kind), subjects_of(row), std::move(body), std::move(state)};
}

Result<> check_reason(std::string_view reason, const char* field) {
  if (text::check_utf8(reason) && !reason.empty() && text::graphemes(reason) <= reason_chars_most) return {};
  return fail(ErrorCode::invalid, {"say which law asks for it and why, in 1 to 500 characters each", "请写明法律依据和理由，各1至500字"}, field);
}

}  // namespace

/// A file as it is to be written, and where each case is in it.
struct Archive::Made {
  struct One {
    CaseId id;
    std::uint64_t position = 0, size = 0;
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

Result<> Archive::check_month(const calendar::Zone& zone, Instant now, std::string_view month) const {
  JX_TRY(first, parse_month(month));
  if (zone.date_of(now) >= first_of_next(first)) return {};
  return fail(ErrorCode::invalid, {"the month " + std::string(month) + " is not over yet", std::string(month) + " 尚未结束"}, "/month");
}

Result<bool> Archive::step(db::Database& database, const Context& ctx, const calendar::Zone& zone, std::string_view month) const {
  JX_CHECK(check_month(zone, ctx.now(), month));
  JX_TRY(begun, database.read(no_deadline, [](db::Tx& tx) { return tx.one(sql::archive_under_way); }));
  if (!begun) return make_file(database, ctx, zone, month);
  const auto id = begun->id<ArchiveId>(0);
  const auto file = folder_ / archive_name(begun->text(1), id);
  const auto moved = database.write_guarded(no_deadline, [&](db::Tx& tx) { return move_some(tx, ctx, id, file); });
  if (moved || moved.error().code != ErrorCode::corrupt) return moved ? Result<bool>(true) : std::unexpected(moved.error());
  // What cannot be read back is not dropped; its cases are put into another file.
  JX_TRY(stays, database.write(no_deadline, [&](db::Tx& tx) { return give_up(tx, ctx, id); }));
  std::error_code ignored;
  if (!stays) fs::remove(file, ignored);  // no key opens anything of it any more
  return true;
}

Result<> Archive::move_some(db::Tx& tx, const Context& ctx, const ArchiveId& archive, const fs::path& file) const {
  JX_TRY(pending, tx.all(sql::archived_pending, archive, cases_a_step));
  for (const auto& one : pending) JX_CHECK(move_one(tx, ctx, archive, file, one));
  if (!pending.empty()) return {};
  JX_CHECK(tx.run(sql::archive_end, archive, ctx.now()));
  return {};
}

Result<> Archive::move_one(db::Tx& tx, const Context& ctx, const ArchiveId& archive, const fs::path& file, const db::Row& pending) const {
  const auto id = pending.id<CaseId>(0);
  JX_TRY(stored, read_record(file, id, pending.text(3), pending.integer(1), pending.integer(2)));
  JX_TRY(now, read_rows(tx, id));
  if (stored != now) {  // something has happened since it was written
    JX_CHECK(tx.run(sql::archived_give_up, id));
    return {};
  }
  JX_TRY(row, case_row(tx, id));
  JX_TRY(state, drop_rows(tx, id));
  JX_CHECK(tx.later(sql::archive_thin, id, row.version));
  JX_CHECK(tx.later(sql::archived_moved, id, ctx.now()));
  JX_TRY(thin, ledger::state_of(tx, table_named("cases.case_file"), id));
  JX_TRY(moved, ledger::state_of(tx, table_named("cases.case_archived"), id));
  state.push_back(std::move(thin));
  state.push_back(std::move(moved));
  JX_CHECK(ledger::append(tx, ctx, entry_about(row, "case.archived", {{"archive", archive.text()}}, std::move(state))));
  return {};
}

Result<bool> Archive::give_up(db::Tx& tx, const Context& ctx, const ArchiveId& archive) const {
  JX_CHECK(tx.run(sql::archived_give_up_all, archive));
  JX_TRY(some, tx.one(sql::archived_some, archive));
  if (some) {
    JX_CHECK(tx.run(sql::archive_end, archive, ctx.now()));
    return true;
  }
  JX_CHECK(tx.run(sql::archive_delete, archive));
  JX_TRY(state, ledger::state_of(tx, table_named("cases.case_archive"), archive));
  JX_CHECK(ledger::append(tx, ctx, {"cases.archive-given-up", {}, {{"archive", archive.text()}}, {std::move(state)}}));
  return false;
}

Result<> Archive::add(db::Tx& tx, CaseId id, Made& made) const {
  constexpr std::size_t states_max = ledger::state_hashes_max - 2;  // that one entry can vouch for, beside those of the case
  auto record = read_rows(tx, id);
  if (!record && record.error().code == ErrorCode::too_large) return {};  // it stays where it is
  if (!record) return std::unexpected(record.error());
  JX_TRY(rows, vouched_rows(tx, id));
  JX_TRY(sound, are_as_recorded(tx, id));
  if (rows > states_max || !sound) return {};  // what was changed by hand the archive would cover up
  const auto key = new_key();
  JX_TRY(sealed_key, keys_.seal(key.view(), key_place(id)));
  JX_TRY(sealed, seal_record(key.view(), id, *record));
  JX_TRY(units, units_text(tx, id));
  made.cases.push_back({id, append_record(made.octets, id, sealed), sealed.size(), std::move(sealed_key), std::move(units)});
  return {};
}

Result<Archive::Made> Archive::collect(db::Tx& tx, Instant from, Instant to) const {
  constexpr std::int64_t cases_a_read = 200;
  Made made;
  Instant after = from - Micros{1};
  CaseId after_id;
  while (true) {
    JX_TRY(rows, tx.all(sql::archive_candidates, from, to, after, after_id, cases_a_read));
    for (const auto& row : rows) {
      JX_CHECK(add(tx, row.id<CaseId>(0), made));
      if (made.cases.size() == archive_cases_max || made.octets.size() > archive_bytes_max) return made;
    }
    if (static_cast<std::int64_t>(rows.size()) < cases_a_read) return made;
    after = rows.back().instant(1);
    after_id = rows.back().id<CaseId>(0);
  }
}

Result<bool> Archive::make_file(db::Database& database, const Context& ctx, const calendar::Zone& zone, std::string_view month) const {
  JX_TRY(first, parse_month(month));
  const auto from = zone.start_of(first);
  const auto to = zone.start_of(first_of_next(first));
  const auto id = ArchiveId::make(ctx.clock, ctx.random);
  const auto header = archive_header(month, id);
  JX_TRY(made, database.read(no_deadline, [&](db::Tx& tx) { return collect(tx, from, to); }));
  if (made.cases.empty()) return false;
  made.octets.insert(made.octets.begin(), header.begin(), header.end());
  for (auto& one : made.cases) one.position += header.size();

  std::error_code error;
  if (fs::create_directories(folder_, error) && !error) fs::permissions(folder_, fs::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::unavailable,
                {"the archive folder " + folder_.string() + " cannot be made: " + error.message(), "归档目录 " + folder_.string() + " 无法创建"});
  const auto file = folder_ / archive_name(month, id);
  JX_CHECK(crypto::write_secret_file(file, made.octets));
  const auto hash = crypto::sha256(made.octets);
  const auto now = ctx.now();
  auto registered = database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(other, tx.one(sql::archive_under_way));
    if (other) return fail(ErrorCode::conflict, {"another program is archiving now", "另一程序正在归档"});
    JX_CHECK(tx.run(sql::archive_insert, id, month, ByteView(hash), made.octets.size(), made.cases.size(), now));
    for (const auto& one : made.cases) JX_CHECK(tx.later(sql::archived_insert, one.id, id, one.position, one.size, one.sealed_key, one.units));
    JX_TRY(state, ledger::state_of(tx, table_named("cases.case_archive"), id));
    JX_CHECK(
        ledger::append(tx, ctx,
                       {"cases.archive-made",
                        {},
                        {{"archive", id.text()}, {"month", month}, {"sha256", to_hex(hash)}, {"cases", static_cast<std::int64_t>(made.cases.size())}},
                        {std::move(state)}}));
    return {};
  });
  if (registered) return true;
  // Where it is not known whether it was registered the file stays: the next step finds it, or it is one that nobody knows.
  if (registered.error().code == ErrorCode::conflict) fs::remove(file, error);
  return std::unexpected(registered.error());
}

// --- reading ---------------------------------------------------------------------------------------------------------------

Result<bool> Archive::has(db::Tx& tx, CaseId id) const {
  JX_TRY(row, tx.one(sql::archived_one, id));
  return row.has_value();
}

Result<Bytes> Archive::read_record(const fs::path& file, CaseId id, const std::string& sealed_key, std::int64_t position, std::int64_t size) const {
  auto key = keys_.open(sealed_key, key_place(id));
  if (!key)
    return fail_because(std::move(key).error(), ErrorCode::corrupt,
                        {"the key of this case in the archive cannot be opened", "该办件的归档密钥无法开启"});
  JX_TRY(sealed, read_part(file, static_cast<std::uint64_t>(position), static_cast<std::uint64_t>(size)));
  return open_record(key->view(), id, sealed);
}

Result<std::unique_ptr<db::Scratch>> Archive::fetch(db::Tx& tx, CaseId id) const {
  JX_TRY(row, tx.one(sql::archived_one, id));
  if (!row) return nullptr;
  if (row->null(4)) return fail(ErrorCode::conflict, {"the archived history of this case was erased for good", "该办件的归档数据已永久清除"});
  const auto archive = row->id<ArchiveId>(1);
  JX_TRY(of, tx.one(sql::archive_state, archive));
  if (!of) return fail(ErrorCode::corrupt, {"the archive " + archive.text() + " of this case is unknown", "该办件所在的归档未登记"});
  JX_TRY(record, read_record(folder_ / archive_name(of->text(1), archive), id, row->text(4), row->integer(2), row->integer(3)));
  JX_TRY(scratch, db::Scratch::make(sql_bundle()));
  JX_CHECK(put_rows(scratch->tx(), record));
  return std::move(scratch);
}

Result<std::vector<fs::path>> Archive::files(db::Tx& tx) const {
  JX_TRY(archives, tx.all(sql::archives));
  std::vector<fs::path> files;
  for (const auto& archive : archives) files.push_back(folder_ / archive_name(archive.text(1), archive.id<ArchiveId>(0)));
  return files;
}

Result<ledger::EntryId> Archive::erase(db::Tx& tx, const Context& ctx, CaseId id, std::string_view law, std::string_view reason) const {
  JX_CHECK(check_reason(law, "/law"));
  JX_CHECK(check_reason(reason, "/reason"));
  JX_TRY(row, tx.one(sql::archived_one, id));
  if (!row) return not_archived();
  if (row->null(4)) return fail(ErrorCode::conflict, {"its archived history was erased before", "该办件的归档数据此前已清除"});
  JX_CHECK(tx.run(sql::archived_erase, id));
  JX_TRY(state, ledger::state_of(tx, table_named("cases.case_archived"), id));
  JX_TRY(of, case_row(tx, id));
  return ledger::append(tx, ctx, entry_about(of, "case.archive-erased", {{"law", law}, {"reason", reason}}, {std::move(state)}));
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
        JX_TRY(record, read_record(file, after, row.text(3), row.integer(1), row.integer(2)));
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
      found.push_back({"archive " + file.filename().string(),
                       {"the file is not what was written: bring it back from where it is kept", "归档文件与登记不符，请从保管处恢复"}});
    if (deep) JX_CHECK(check_records(database, archive, found));
  }
  return found;
}

}  // namespace jx::cases
