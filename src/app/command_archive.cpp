// command_archive.cpp - `junxian cases archive|show|erase`: the history of cases closed long ago, in files.
#include "commands.hpp"
#include "jurisdiction.hpp"
#include "keys.hpp"
#include "terminal.hpp"

#include <jx/cases/archive.hpp>
#include <jx/cases/work.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>

#include <cstdio>

namespace jx::app {
namespace {

namespace json = boost::json;

/// What the commands of this file need of a node.
struct Room {
  static Result<std::unique_ptr<Room>> open(const std::filesystem::path& config) {
    auto room = std::make_unique<Room>();
    JX_TRY(store, open_store(config));
    room->store = std::move(store);
    JX_TRY(keys, load_keys(room->store->config.keys));
    room->keys.emplace(std::move(keys));
    JX_TRY(jurisdiction, room->store->database->read(no_deadline, load_jurisdiction));
    room->calendar = jurisdiction->calendar;
    room->engine.emplace(cases::Engine::Needs{room->handlers, [calendar = room->calendar] { return calendar; }, nullptr, nullptr});
    room->archive.emplace(room->keys->attachments, archive_folder(room->store->config));
    return room;
  }

  std::unique_ptr<Store> store;
  std::optional<Keys> keys;
  std::shared_ptr<const calendar::Calendar> calendar;  // shared, as Engine::Needs asks for
  cases::Registry handlers;
  std::optional<cases::Engine> engine;
  std::optional<cases::Archive> archive;
};

Result<> archive(const CasesArchive& given) {
  JX_TRY(room, Room::open(given.config));
  const auto context = room->store->system_context();
  const auto& zone = room->calendar->zone();
  const auto before = cases::months_before(zone.date_of(context.now()), given.months_kept);
  JX_TRY(months, room->store->database->read(no_deadline, [&](db::Tx& tx) { return room->archive->months(tx, zone, before); }));
  std::int64_t cases = 0;
  for (const auto& month : months) {
    if (!given.month.empty() && month.month != given.month) continue;
    std::printf("%s: %lld %s\n", month.month.c_str(), static_cast<long long>(month.cases), say({"closed cases", "件已办结"}).c_str());
    std::fflush(stdout);
    cases += month.cases;
    if (given.dry_run) continue;
    for (bool more = true; more;) {
      JX_TRY(again, room->archive->step(*room->store->database, context, zone, month.month));
      more = again;
    }
  }
  if (cases == 0)
    std::printf("%s\n", say({"there is nothing to archive", "没有需要归档的办件"}).c_str());
  else if (!given.dry_run)
    std::printf("%s %s\n", say({"archived in", "已归档至"}).c_str(), archive_folder(room->store->config).c_str());
  return {};
}

Result<CaseId> find_case(db::Tx& tx, const std::string& text) {
  if (auto id = CaseId::parse(text)) return *id;
  return cases::find_case(tx, text);
}

json::object told(const cases::TaskView& task) {
  json::object out{{"element", task.element}, {"state", cases::name(task.state)}, {"unit", task.unit.text()}, {"post", task.post.text()}};
  if (task.done_at) out["done_at"] = task.done_at->text();
  if (!task.outcome.empty()) out["decision"] = task.outcome;
  if (!task.opinion.empty()) out["opinion"] = task.opinion;
  return out;
}

Result<json::object> told(Room& room, db::Tx& tx, const Context& context, CaseId id) {
  JX_TRY(archived, room.archive->has(tx, id));
  return room.archive->reading(tx, id, [&](db::Tx& seen) -> Result<json::object> {
    JX_TRY(view, room.engine->view(seen, context, id));
    JX_TRY(comments, cases::comments_of(seen, id));
    const auto& s = view.summary;
    json::object out{{"case", id.text()},          {"number", s.number},           {"archived", archived},
                     {"process", s.process.text()}, {"item", s.item.text()},       {"title", s.title},
                     {"state", cases::name(s.state)}, {"opened_at", s.opened_at.text()}, {"application", view.form}};
    if (s.closed_at) out["closed_at"] = s.closed_at->text();
    json::array timeline, tasks, notes;
    for (const auto& e : view.timeline)
      timeline.push_back({{"at", e.at.text()}, {"kind", e.kind}, {"unit", e.unit.text()}, {"zh-CN", e.words.zh}, {"en", e.words.en}, {"entry", e.entry.text()}});
    for (const auto& task : view.tasks) {
      auto one = told(task);
      JX_TRY(sides, cases::sides_of(*room.engine, seen, context, task.id));
      json::array beside;
      for (const auto& side : sides) {
        auto asked = told(side.task);
        asked["question"] = side.question;
        beside.push_back(std::move(asked));
      }
      if (!beside.empty()) one["beside"] = std::move(beside);
      tasks.push_back(std::move(one));
    }
    for (const auto& note : comments) notes.push_back({{"at", note.at.text()}, {"unit", note.unit.text()}, {"body", note.body}});
    out["tasks"] = std::move(tasks);
    out["timeline"] = std::move(timeline);
    out["comments"] = std::move(notes);
    return out;
  });
}

Result<std::string> show(const std::filesystem::path& config, const std::string& which) {
  JX_TRY(room, Room::open(config));
  const auto context = room->store->system_context();
  return room->store->database->read(no_deadline, [&](db::Tx& tx) -> Result<std::string> {
    JX_TRY(id, find_case(tx, which));
    JX_TRY(object, told(*room, tx, context, id));
    return wire::to_text(object);
  });
}

Result<ledger::EntryId> erase(const std::filesystem::path& config, const std::string& which, const std::string& law, const std::string& reason) {
  JX_TRY(room, Room::open(config));
  const auto context = room->store->system_context();
  return room->store->database->write(no_deadline, [&](db::Tx& tx) -> Result<ledger::EntryId> {
    JX_TRY(id, find_case(tx, which));
    return room->archive->erase(tx, context, id, law, reason);
  });
}

}  // namespace

int cases_archive(const CasesArchive& given) {
  const auto done = archive(given);
  return done ? 0 : failed(done.error());
}

int cases_show(const std::filesystem::path& config, const std::string& which) {
  const auto text = show(config, which);
  if (!text) return failed(text.error());
  std::printf("%s\n", text->c_str());
  return 0;
}

int cases_erase(const std::filesystem::path& config, const std::string& which, const std::string& law, const std::string& reason) {
  const auto done = erase(config, which, law, reason);
  if (!done) return failed(done.error());
  std::printf("%s %s\n", say({"the archived history of the case is erased, recorded as", "该办件的归档数据已清除，登记为"}).c_str(), done->text().c_str());
  return 0;
}

}  // namespace jx::app
