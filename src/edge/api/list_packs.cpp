// list_packs.cpp - GET /api/v1/packs (operation listPacks) and GET /api/v1/packs/changes (operation comparePacks): what was applied when and by whom,
// and which files differ between two of them. Never a file's content: some hold names and passwords.
#include "handlers.hpp"
#include "views.hpp"

#include <jx/ledger/search.hpp>

#include <algorithm>

namespace jx::api {

namespace {

struct AppliedPack {
  std::string hash, version;
  Instant at;
  bool current = false;
  std::int64_t files = 0;
  std::optional<LocalizedText> by;  // absent: at the machine itself
  std::optional<ledger::EntryId> entry;
};
BOOST_DESCRIBE_STRUCT(AppliedPack, (), (hash, version, at, current, files, by, entry))

struct PackList {
  std::vector<AppliedPack> items;  // the newest first
};
BOOST_DESCRIBE_STRUCT(PackList, (), (items))

enum class FileChange { added, removed, altered };
BOOST_DESCRIBE_ENUM(FileChange, added, removed, altered)

struct ChangedFile {
  std::string path;
  FileChange change = FileChange::altered;
};
BOOST_DESCRIBE_STRUCT(ChangedFile, (), (path, change))

struct PackChanges {
  std::string from, to;
  std::vector<ChangedFile> files;
  std::int64_t same = 0;
};
BOOST_DESCRIBE_STRUCT(PackChanges, (), (from, to, files, same))

/// Who applied it: by the newest entry that names its hash, which is then taken out, for a pack may be applied again.
Result<> find_who(db::Tx& tx, std::vector<ledger::Found>& entries, AppliedPack& view) {
  const auto names = "\"sha256\":\"" + view.hash + '"';
  const auto entry = std::ranges::find_if(entries, [&](const ledger::Found& one) { return one.entry.body && one.entry.body->contains(names); });
  if (entry == entries.end()) return {};
  const auto found = std::move(entry->entry);
  entries.erase(entry);
  view.entry = found.id;
  JX_TRY(whole, wire::parse(*found.body));
  const auto* actor = whole.is_object() ? whole.get_object().if_contains("actor") : nullptr;
  const auto* account = actor != nullptr && actor->is_object() ? actor->get_object().if_contains("account") : nullptr;
  if (account == nullptr || !account->is_string()) return {};
  JX_TRY(id, AccountId::parse(std::string_view(account->get_string())));
  JX_TRY(name, staff_name(tx, id));
  view.by = std::move(name.name);
  return {};
}

Result<pack::Digest> hash_of(const Call& call, const char* name) {
  JX_TRY(text, call.query(name));
  const auto bytes = from_hex(text.value_or(""));
  pack::Digest hash{};
  if (!bytes || bytes->size() != hash.size())
    return fail(ErrorCode::invalid, {"the hash of an applied pack, 64 hexadecimal digits", "应为已应用配置包的哈希（64 位十六进制）"},
                "/" + std::string(name));
  std::ranges::copy(*bytes, hash.begin());
  return hash;
}

}  // namespace

Call::Answer list_packs(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "pack.read"));
    JX_TRY(history, pack::history(tx));
    PackList list;
    if (history.empty()) return ok(list);
    ledger::Search wanted;
    wanted.subject = "pack:" + history.front().current.key;
    wanted.kind = "pack.applied";
    JX_TRY(entries, ledger::search(tx, wanted, 0, pack::history_max));
    for (const auto& applied : history) {
      AppliedPack view{to_hex(applied.current.hash), applied.current.version, applied.current.applied_at, list.items.empty(), applied.files, {}, {}};
      JX_CHECK(find_who(tx, entries.entries, view));
      list.items.push_back(std::move(view));
    }
    return ok(list);
  });
}

Call::Answer compare_packs(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "pack.read"));
    JX_TRY(from, hash_of(call, "from"));
    JX_TRY(to, hash_of(call, "to"));
    JX_TRY(before, pack::file_hashes(tx, from));
    JX_TRY(after, pack::file_hashes(tx, to));
    PackChanges view{to_hex(from), to_hex(to), {}, 0};
    for (const auto& [path, hash] : before) {
      const auto now = after.find(path);
      if (now == after.end())
        view.files.push_back({path, FileChange::removed});
      else if (now->second != hash)
        view.files.push_back({path, FileChange::altered});
      else
        ++view.same;
    }
    for (const auto& [path, hash] : after) {
      if (!before.contains(path)) view.files.push_back({path, FileChange::added});
    }
    std::ranges::sort(view.files, {}, &ChangedFile::path);
    return ok(view);
  });
}

}  // namespace jx::api
