// apply.cpp - a checked pack becomes what the database holds, and is kept whole.
#include <jx/pack.hpp>

#include "pack_sql.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace jx::pack {
namespace {

constexpr std::array tables{ledger::StateTable{"pack.applied", 1, 1, &sql::applied_state, &sql::applied_states}};

Result<Digest> digest(const Bytes& bytes) {
  Digest out{};
  if (bytes.size() != out.size()) return fail(ErrorCode::corrupt, {"a stored hash is not 32 octets", "存储的哈希长度不对"});
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

struct Head {
  std::int64_t number = 0;
  Current current;
};

Result<std::optional<Head>> head(db::Tx& tx) {
  JX_TRY(row, tx.one(sql::current));
  if (!row) return std::nullopt;
  JX_TRY(hash, digest(row->bytes(1)));
  return Head{row->integer(0), {hash, row->text(2), row->text(3), row->instant(4)}};
}

Result<> require_no_errors(const Pack& pack, Parts parts) {
  const Findings findings = check(pack, parts);
  if (!findings.has_errors()) return {};
  for (const Finding& finding : findings.sorted()) {
    if (finding.severity != Finding::Severity::error) continue;
    const std::string where = finding.file + ":" + std::to_string(finding.line);
    return fail(ErrorCode::invalid, {"the pack has faults (check it to see all); the first: " + where + ": " + finding.message.en,
                                     "资料包有错误（请先检查）；首个：" + where + "：" + finding.message.zh});
  }
  return fail(ErrorCode::invalid, {"the pack has faults", "资料包有错误"});
}

Result<std::vector<Change>> changes_of(db::Tx& tx, const Context& context, const Pack& pack, Parts parts) {
  std::vector<Change> all;
  for (const Part* part : parts) {
    JX_TRY(changes, part->plan(tx, context, pack));
    std::ranges::move(changes, std::back_inserter(all));
  }
  return all;
}

Result<> store(db::Tx& tx, const Pack& pack) {
  for (const File& file : pack.files()) {
    JX_CHECK(tx.run(sql::add_file, ByteView(file.sha256), bytes_of(file.text)));
    JX_CHECK(tx.run(sql::add_content, ByteView(pack.hash()), file.path, ByteView(file.sha256)));
  }
  return {};
}

boost::json::object body_of(const Pack& pack, const std::optional<Head>& before, const std::vector<Change>& changes) {
  std::array<std::int64_t, 3> counts{};
  for (const Change& change : changes) ++counts[static_cast<std::size_t>(change.action)];
  boost::json::object body{{"pack", pack.manifest().key},
                           {"version", pack.manifest().version},
                           {"sha256", to_hex(pack.hash())},
                           {"files", pack.files().size()},
                           {"added", counts[0]},
                           {"changed", counts[1]},
                           {"ended", counts[2]}};
  if (before) body["before"] = to_hex(before->current.hash);
  return body;
}

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }

Result<Plan> plan(db::Tx& tx, const Context& context, const Pack& pack, Parts parts) {
  JX_CHECK(require_no_errors(pack, parts));
  JX_TRY(before, head(tx));
  Plan plan;
  if (before) plan.current = before->current.hash;
  plan.same = plan.current == pack.hash();
  if (plan.same) return plan;
  JX_TRY(changes, changes_of(tx, context, pack, parts));
  plan.changes = std::move(changes);
  return plan;
}

Result<Applied> apply(db::Tx& tx, const Context& context, const Pack& pack, Parts parts) {
  JX_CHECK(require_no_errors(pack, parts));
  JX_TRY(before, head(tx));
  Applied applied{pack.hash(), std::nullopt, {}};
  if (before && before->current.hash == pack.hash()) return applied;
  if (before && before->current.key != pack.manifest().key) {
    return fail(ErrorCode::conflict, {"this database is of `" + before->current.key + "`; a pack of another jurisdiction needs a database of its own",
                                      "本数据库属于 `" + before->current.key + "`；另一辖区的资料包须使用单独的数据库"});
  }
  JX_TRY(changes, changes_of(tx, context, pack, parts));
  applied.changes = std::move(changes);
  for (const Part* part : parts) JX_CHECK(part->apply(tx, context, pack));
  JX_CHECK(store(tx, pack));
  const std::int64_t number = before ? before->number + 1 : 1;
  JX_CHECK(tx.run(sql::add_applied, number, ByteView(pack.hash()), pack.manifest().key, pack.manifest().version, context.now()));
  JX_TRY(state, ledger::state_of(tx, tables[0], number));
  JX_TRY(entry,
         ledger::append(tx, context, {"pack.applied", {"pack:" + pack.manifest().key}, body_of(pack, before, applied.changes), {std::move(state)}}));
  applied.entry = entry;
  return applied;
}

Result<std::optional<Current>> current(db::Tx& tx) {
  JX_TRY(found, head(tx));
  if (!found) return std::nullopt;
  return found->current;
}

Result<std::vector<AppliedOnce>> history(db::Tx& tx) {
  JX_TRY(rows, tx.all(sql::history, history_max));
  std::vector<AppliedOnce> applied;
  for (const db::Row& row : rows) {
    JX_TRY(hash, digest(row.bytes(1)));
    applied.push_back({{hash, row.text(2), row.text(3), row.instant(4)}, row.integer(5)});
  }
  return applied;
}

Result<std::map<std::string, Digest>> file_hashes(db::Tx& tx, const Digest& hash) {
  JX_TRY(rows, tx.all(sql::file_hashes, ByteView(hash)));
  if (rows.empty()) return fail(ErrorCode::not_found, {"no pack of this hash was ever applied", "没有应用过此哈希的资料包"});
  std::map<std::string, Digest> files;
  for (const db::Row& row : rows) {
    JX_TRY(of_file, digest(row.bytes(1)));
    files[row.text(0)] = of_file;
  }
  return files;
}

Result<Pack> load(db::Tx& tx, const Digest& hash) {
  std::map<std::string, std::string> files;
  JX_CHECK(tx.each(
      sql::contents,
      [&](db::Row&& row) -> Result<> {
        files.emplace(row.text(0), text_of(row.bytes(1)));
        return {};
      },
      ByteView(hash)));
  if (files.empty()) return fail(ErrorCode::not_found, {"no pack of this hash was ever applied", "没有应用过此哈希的资料包"});
  auto pack = Pack::of(std::move(files));
  if (!pack || pack->hash() != hash)
    return fail(ErrorCode::corrupt, {"the stored pack no longer has its hash " + to_hex(hash), "存储的资料包与其哈希不符：" + to_hex(hash)});
  return pack;
}

Result<File> load_file(db::Tx& tx, const Digest& pack, std::string_view path) {
  JX_TRY(row, tx.one(sql::content, ByteView(pack), path));
  if (!row) return fail(ErrorCode::not_found, {"the pack has no file " + std::string(path), "资料包中没有文件 " + std::string(path)});
  File file{std::string(path), std::string(text_of(row->bytes(0))), crypto::sha256(row->bytes(0)), std::string(path)};
  if (!std::ranges::equal(file.sha256, row->bytes(1)))
    return fail(ErrorCode::corrupt, {"the stored file no longer has its hash: " + file.path, "存储的文件与其哈希不符：" + file.path});
  return file;
}

Result<std::size_t> check_stored(db::Tx& tx) {
  JX_TRY(packs, tx.all(sql::packs));
  for (const db::Row& row : packs) {
    JX_TRY(hash, digest(row.bytes(0)));
    JX_CHECK(load(tx, hash));
  }
  return packs.size();
}

}  // namespace jx::pack
