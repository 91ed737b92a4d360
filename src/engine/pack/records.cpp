#include <jx/pack/records.hpp>

#include <map>
#include <set>

namespace jx::pack {
namespace {

struct Stored {
  std::string body;
  bool ended = false;
};

Result<std::map<std::string, Stored>> stored(db::Tx& tx, const RecordTable& table) {
  std::map<std::string, Stored> rows;
  JX_CHECK(tx.each(*table.all, [&](db::Row&& row) -> Result<> {
    rows[row.text(0)] = {row.text(1), !row.null(2)};
    return {};
  }));
  return rows;
}

Words says(const RecordTable& table, Change::Action action, const std::string& en, const std::string& zh) {
  switch (action) {
    case Change::Action::add: return {"adds the " + table.noun.en + " \"" + en + "\"", "新增" + table.noun.zh + "“" + zh + "”"};
    case Change::Action::change: return {"changes the " + table.noun.en + " \"" + en + "\"", "修改" + table.noun.zh + "“" + zh + "”"};
    case Change::Action::end: return {"ends the " + table.noun.en + " \"" + en + "\"", "终止" + table.noun.zh + "“" + zh + "”"};
  }
  return {};
}

}  // namespace

void check_file_name(const File& file, std::string_view id, int line, Findings& findings) {
  if (file.path.ends_with("/" + std::string(id) + ".yaml")) return;
  findings.error(file, line,
                 {"the id must be the file's name: rename the file to " + std::string(id) + ".yaml, or change the id",
                  "id 须与文件名一致：请改名为 " + std::string(id) + ".yaml 或修改 id"});
}

Result<std::vector<Change>> plan_records(db::Tx& tx, const RecordTable& table, std::span<const Record> records) {
  JX_TRY(rows, stored(tx, table));
  std::vector<Change> changes;
  const auto note = [&](Change::Action action, const std::string& key, const std::string& en, const std::string& zh) {
    changes.push_back({table.kind, action, key, says(table, action, en, zh)});
  };
  std::set<std::string> kept;
  for (const auto& record : records) {
    kept.insert(record.key);
    const auto row = rows.find(record.key);
    const auto en = std::string(record.name.in("en"));
    const auto zh = std::string(record.name.in("zh-CN"));
    if (row == rows.end() || row->second.ended)
      note(Change::Action::add, record.key, en, zh);
    else if (row->second.body != record.body)
      note(Change::Action::change, record.key, en, zh);
  }
  for (const auto& [key, row] : rows) {
    if (!row.ended && !kept.contains(key)) note(Change::Action::end, key, key, key);
  }
  return changes;
}

Result<std::vector<ledger::StateHash>> apply_records(db::Tx& tx, const Context& context, const RecordTable& table, std::span<const Record> records) {
  JX_TRY(changes, plan_records(tx, table, records));
  std::map<std::string_view, const Record*> by_key;
  for (const auto& record : records) by_key[record.key] = &record;
  std::vector<ledger::StateHash> state;
  for (const auto& change : changes) {
    if (change.action == Change::Action::end) {
      JX_CHECK(tx.run(*table.end, change.key, context.now()));
    } else {
      JX_CHECK(tx.run(*table.put, change.key, by_key.at(change.key)->body, context.now()));
    }
    JX_TRY(hash, ledger::state_of(tx, *table.state, change.key));
    state.push_back(std::move(hash));
  }
  return state;
}

}  // namespace jx::pack
