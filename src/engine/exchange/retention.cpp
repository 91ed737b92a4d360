#include "exchange_sql.hpp"
#include "usage_rows.hpp"

#include <jx/exchange/deliveries.hpp>
#include <jx/exchange/retention.hpp>
#include <jx/wire/csv.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace jx::exchange {
namespace {

namespace files = std::filesystem;

const ledger::StateTable& usage_table() {
  return *std::ranges::find_if(state_tables(), [](const auto& t) { return t.name == "exchange.usage" && t.version == 2; });
}
const ledger::StateTable& export_table() { return *std::ranges::find(state_tables(), "exchange.usage_export", &ledger::StateTable::name); }

constexpr std::array<std::string_view, 3> words_on{"official", "applicant", "at_counter"};

template <class K>
std::optional<K> named(const K& key) {
  return key.empty() ? std::nullopt : std::optional<K>(key);
}

Result<UsageLine> line_of(db::Tx& tx, const Usage& use) {
  UsageLine line{use.id, use.at, use.consumer, use.provider, use.resource, use.grant, use.fields, use.records, use.matter,
                 {},     {},     {},           {},           {},           {},        use.entry,  {}};
  if (!use.matter_number.empty()) line.matter_number = use.matter_number;
  line.item = named(use.item);
  line.programme = named(use.programme);
  line.on_word = words_on.at(static_cast<std::size_t>(use.on_word));
  if (!use.account.nil()) line.account = use.account;
  if (use.refused) line.refused = use.refused->en;
  JX_CHECK(tx.each(sql::usage_persons_of, [&](db::Row&& row) -> Result<> { return line.about.push_back(row.id<PersonId>(0)), Result<>(); }, use.id));
  return line;
}

/// The uses of [from, until) after `after`, one more than `count` where there are so many.
/// The id just below `id`; of the lowest, itself.
UsageId below(const UsageId& id) {
  if (id.nil()) return id;
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(id.uuid().bytes(), octets.begin());
  for (std::size_t i = octets.size(); i-- > 0 && octets.at(i)-- == 0;) {
  }
  return UsageId(*Uuid::from_bytes(octets));
}

Result<std::vector<Usage>> uses_of(db::Tx& tx, const UsageId& after, Instant from, Instant until, std::size_t count) {
  JX_TRY(ids, ids_between(tx, from, until));
  JX_TRY(rows, tx.all(sql::usage_oldest, std::max(after, below(ids.first)), ids.second, from, until, count + 1));
  std::vector<Usage> list;
  for (const auto& row : rows) {
    JX_TRY(use, usage_of(row));
    list.push_back(std::move(use));
  }
  return list;
}

Result<bool> is_one_of(db::Tx& tx, const UsageId& id, const ledger::Vouched& vouched) {
  for (const auto& table : state_tables()) {
    if (table.name != usage_table().name) continue;
    JX_TRY(now, ledger::state_of(tx, table, id));
    const auto said = vouched.rows.find({now.table, now.key});
    if (said != vouched.rows.end() && said->second.version == now.version && said->second.sha256 == now.sha256) return true;
  }
  return false;
}

/// Whether the row is what the ledger says of it: in the entry that it names, last of the use itself, or of the case that its draft became. What was
/// changed by hand a file would cover up.
Result<bool> is_as_recorded(db::Tx& tx, const Usage& use) {
  auto entry = ledger::vouched_by(tx, use.entry.uuid());  // of a delivery of earlier days nothing else is about the use
  if (!entry && entry.error().code != ErrorCode::not_found) return std::unexpected(std::move(entry).error());
  if (entry) {
    JX_TRY(sound, is_one_of(tx, use.id, *entry));
    if (sound) return true;
  }
  std::vector<std::string> subjects{ledger::subject("usage", use.id)};
  if (use.matter) subjects.push_back(ledger::subject("case", CaseId(*use.matter)));
  for (const auto& subject : subjects) {
    JX_TRY(vouched, ledger::vouched_about(tx, subject));
    if (vouched.erased && subject == subjects.front()) return true;  // nothing vouches for it any more
    JX_TRY(recorded, is_one_of(tx, use.id, vouched));
    if (recorded) return true;
  }
  return false;
}

/// What one file is made of.
struct Batch {
  std::vector<UsageId> ids;
  std::string text;
  std::vector<ledger::StateHash> gone;
  Moved moved;
};

Result<Batch> gather(db::Tx& tx, const UsageId& after, Instant before) {
  JX_TRY(uses, uses_of(tx, after, Instant{}, before, moved_uses_max));
  Batch batch;
  if (uses.size() > moved_uses_max) {
    uses.pop_back();
    batch.moved.next = uses.back().id;
  }
  for (const auto& use : uses) {
    JX_TRY(sound, is_as_recorded(tx, use));
    if (!sound) {
      ++batch.moved.left;
      continue;
    }
    JX_TRY(line, line_of(tx, use));
    batch.text += wire::encode(line) + "\n";
    batch.ids.push_back(use.id);
    JX_TRY(gone, ledger::state_of(tx, usage_table(), use.id));
    gone.sha256.reset();
    batch.gone.push_back(std::move(gone));
  }
  batch.moved.uses = static_cast<std::int64_t>(batch.ids.size());
  return batch;
}

std::unexpected<Error> disk() {
  return fail(ErrorCode::unavailable,
              {"the file of moved uses cannot be written: is the disk full?", "数据使用记录的导出文件无法写入，请检查磁盘空间"});
}

Result<> settle(const files::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return disk();
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done ? Result<>() : disk();
}

/// On the disk, whole, under its name, before this returns. The name has the hash: another program's file is never written over by another text.
Result<> put(const files::path& path, std::string_view text) {
  std::error_code error;
  files::create_directories(path.parent_path(), error);
  files::permissions(path.parent_path(), files::perms::owner_all, error);
  auto made = path.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(made.data(), O_CLOEXEC);  // mode 0600
  if (descriptor < 0) return disk();
  bool done = true;
  while (done && !text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    done = written > 0;
    if (done) text.remove_prefix(static_cast<std::size_t>(written));
  }
  done = done && ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!done || std::rename(made.c_str(), path.c_str()) != 0) {
    ::unlink(made.c_str());
    return disk();
  }
  JX_CHECK(settle(path.parent_path(), O_RDONLY | O_DIRECTORY));
  return settle(path.parent_path().parent_path(), O_RDONLY | O_DIRECTORY);
}

/// Removes the rows of a batch and records where they are now.
Result<> remove(db::Tx& tx, const Context& ctx, const Batch& batch, const std::string& file, const std::string& sha256, Instant before) {
  for (const auto& id : batch.ids) {
    JX_CHECK(forget_persons(tx, id));
    JX_CHECK(tx.run(sql::usage_remove, id));
  }
  const auto id = Id<struct UsageExportTag>::make(ctx.clock, ctx.random);
  const auto bytes = static_cast<std::int64_t>(batch.text.size());
  JX_CHECK(tx.run(sql::usage_export_insert, id, batch.ids.front(), batch.ids.back(), before, batch.moved.uses, bytes, sha256, file, ctx.now()));
  auto states = batch.gone;
  JX_TRY(kept, ledger::state_of(tx, export_table(), id));
  states.push_back(std::move(kept));
  ledger::Entry entry{"exchange.usage_exported", {ledger::subject("usage_export", id)}, {}, std::move(states)};
  entry.body = {{"file", file},
                {"sha256", sha256},
                {"uses", batch.moved.uses},
                {"bytes", bytes},
                {"first", batch.ids.front().text()},
                {"last", batch.ids.back().text()},
                {"before", before.text()}};
  JX_CHECK(ledger::append(tx, ctx, entry));
  return {};
}

}  // namespace

Result<Moved> move_usage(db::Database& database, const Context& ctx, const files::path& folder, Instant before, const UsageId& after) {
  JX_TRY(batch, database.read(ctx.deadline, [&](db::Tx& tx) { return gather(tx, after, before); }));
  if (batch.ids.empty()) return batch.moved;
  const auto sha256 = to_hex(crypto::sha256(bytes_of(batch.text)));
  const auto first = Instant{static_cast<std::int64_t>(std::stoull(to_hex(batch.ids.front().bytes().first(6)), nullptr, 16)) * 1'000};
  const auto file = first.text().substr(0, 7) + "/" + batch.ids.front().text() + "-" + sha256.substr(0, 16) + ".ndjson";
  JX_CHECK(put(folder / file, batch.text));
  JX_CHECK(database.write(ctx.deadline, [&](db::Tx& tx) -> Result<> {
    JX_TRY(again, gather(tx, after, before));
    if (again.text != batch.text)
      return fail(ErrorCode::conflict, {"some of these uses were moved or changed meanwhile", "部分使用记录已被其他程序处理"});
    return remove(tx, ctx, again, file, sha256, before);
  }));
  return batch.moved;
}

Result<std::optional<Instant>> usage_kept_since(db::Tx& tx) {
  JX_TRY(row, tx.one(sql::usage_exported_before));
  if (!row || row->null(0)) return std::optional<Instant>();
  return std::optional(row->instant(0));
}

Result<UsagePart> usage_between(db::Tx& tx, Instant from, Instant until, const UsageId& after) {
  JX_TRY(since, usage_kept_since(tx));
  if (since && from < *since) {
    return fail(ErrorCode::conflict,
                {"Uses before " + since->text() + " were moved into files (folder `usage` of the archive): begin with that day",
                 "早于 " + since->text() + " 的使用记录已转入归档目录 usage 下的文件，请从该日起导出"},
                "/from");
  }
  JX_TRY(uses, uses_of(tx, after, from, until, exported_uses_max));
  UsagePart part;
  if (uses.size() > exported_uses_max) {
    uses.pop_back();
    part.next = uses.back().id;
  }
  for (const auto& use : uses) {
    JX_TRY(line, line_of(tx, use));
    part.lines.push_back(std::move(line));
  }
  return part;
}

std::string usage_ndjson(const UsagePart& part) {
  std::string out;
  for (const auto& line : part.lines) out += wire::encode(line) + "\n";
  return out;
}

std::string usage_csv(const UsagePart& part, bool header) {
  std::string out;
  if (header) {
    out = "id,at,consumer,provider,resource,grant,fields,records,matter,matter_number,item,programme,on_word,account,refused,entry,about\r\n";
  }
  const auto joined = [](const auto& list, auto&& text) {
    std::string all;
    for (const auto& one : list) all += (all.empty() ? "" : " ") + text(one);
    return all;
  };
  const auto optional = [](const auto& value) { return value ? value->text() : std::string(); };
  for (const auto& line : part.lines) {
    const std::array<std::string, 17> cells{line.id.text(),
                                            line.at.text(),
                                            line.consumer.text(),
                                            line.provider.text(),
                                            line.resource.text(),
                                            line.grant.text(),
                                            joined(line.fields, [](const std::string& field) { return field; }),
                                            std::to_string(line.records),
                                            optional(line.matter),
                                            line.matter_number.value_or(""),
                                            optional(line.item),
                                            optional(line.programme),
                                            line.on_word,
                                            optional(line.account),
                                            line.refused.value_or(""),
                                            line.entry.text(),
                                            joined(line.about, [](const PersonId& id) { return id.text(); })};
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + wire::csv_text(cells[i]);
    out += "\r\n";
  }
  return out;
}

Result<MovedUsage> moved_usage(db::Tx& tx, const UsageId& id) {
  JX_TRY(entries, ledger::about(tx, ledger::subject("usage", id), {}, 1));
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no use of this id", "没有该条使用记录"}); };
  if (entries.empty() || (entries.front().kind != "exchange.read" && entries.front().kind != "delivery.released") || !entries.front().body)
    return none();
  JX_TRY(body, wire::parse(*entries.front().body));
  const auto& inner = body.at("body").as_object();
  JX_TRY(consumer, UnitId::parse(std::string(inner.at("consumer").as_string())));
  JX_TRY(provider, UnitId::parse(std::string(inner.at("provider").as_string())));
  return MovedUsage{entries.front().id, std::move(consumer), std::move(provider)};
}

Result<std::vector<std::string>> check_usage_files(db::Database& database, const files::path& folder) {
  JX_TRY(rows, database.read(no_deadline, [](db::Tx& tx) { return tx.all(sql::usage_export_list); }));
  std::vector<std::string> wrong;
  for (const auto& row : rows) {
    std::ifstream in(folder / row.text(7), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in.is_open() || to_hex(crypto::sha256(bytes_of(text))) != row.text(6)) wrong.push_back(row.text(7));
  }
  return wrong;
}

}  // namespace jx::exchange
