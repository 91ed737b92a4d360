// command_archive.cpp - `junxian cases archive|show|erase`: the history of cases closed long ago, in files.
#include "commands.hpp"
#include "jurisdiction.hpp"
#include "keys.hpp"
#include "terminal.hpp"

#include <jx/cases/archive.hpp>
#include <jx/cases/work.hpp>
#include <jx/messages.hpp>
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

Result<std::vector<cases::ArchiveMonth>> months(Room& room, const Context& context, const CasesArchive& given) {
  const auto& zone = room.calendar->zone();
  if (!given.month.empty()) JX_CHECK(room.archive->check_month(zone, context.now(), given.month));
  const auto before = cases::months_before(zone.date_of(context.now()), given.month.empty() ? given.months_kept : 0);
  JX_TRY(found, room.store->database->read(no_deadline, [&](db::Tx& tx) { return room.archive->months(tx, zone, before); }));
  if (!given.month.empty()) std::erase_if(found, [&](const auto& month) { return month.month != given.month; });
  return std::move(found);
}

void print(const std::vector<cases::ArchiveMonth>& found) {
  for (const auto& month : found)
    std::printf("%s: %lld %s\n", month.month.c_str(), static_cast<long long>(month.cases), say({"closed cases", "件已办结"}).c_str());
}

Result<> archive(const CasesArchive& given) {
  JX_TRY(room, Room::open(given.config));
  const auto context = room->store->system_context();
  JX_TRY(found, months(*room, context, given));
  print(found);
  if (given.dry_run) return {};
  for (const auto& month : found) {
    for (bool more = true; more;) {
      JX_TRY(again, room->archive->step(*room->store->database, context, room->calendar->zone(), month.month));
      more = again;
    }
  }
  if (found.empty()) {
    std::printf("%s\n", say({"there is nothing to archive", "没有需要归档的办件"}).c_str());
    return {};
  }
  std::printf("%s %s\n", say({"archived in", "已归档至"}).c_str(), archive_folder(room->store->config).c_str());
  JX_TRY(left, months(*room, context, given));
  if (left.empty()) return {};
  print(left);
  std::printf("%s\n", say({"were left where they are: something is still to be done, or they are not what the ledger says (junxian db check)",
                           "以上办件未归档：尚有待办事项，或与账本登记不符（请执行 junxian db check）"})
                          .c_str());
  return {};
}

Result<CaseId> case_of(db::Tx& tx, const std::string& text) {
  if (auto id = CaseId::parse(text)) return *id;
  return cases::find_case(tx, text);
}

json::object told(const cases::TaskView& task) {
  json::object out{{"task", task.id.text()},   {"element", task.element},  {"kind", cases::name(task.kind)},       {"state", cases::name(task.state)},
                   {"unit", task.unit.text()}, {"post", task.post.text()}, {"created_at", task.created_at.text()}, {"form", task.form}};
  if (!task.holder.nil()) out["holder"] = task.holder.text();
  if (task.done_at) out["done_at"] = task.done_at->text();
  if (!task.outcome.empty()) out["decision"] = task.outcome;
  if (!task.opinion.empty()) out["opinion"] = task.opinion;
  if (task.urged > 0) out["urged"] = task.urged;
  return out;
}

json::object told(const cases::SideView& side) {
  auto out = told(side.task);
  out["asked_by"] = side.asked_by.text();
  out["asked_unit"] = side.asked_unit.text();
  out["asked_at"] = side.asked_at.text();
  out["question"] = side.question;
  out["binding"] = side.binding;
  if (!side.form.empty()) out["answer"] = side.form;
  if (!side.closed_reason.empty()) out["closed_reason"] = side.closed_reason;
  return out;
}

Result<json::array> tasks_told(Room& room, db::Tx& tx, const Context& context, const cases::CaseView& view) {
  json::array tasks;
  for (const auto& task : view.tasks) {
    if (task.kind != cases::TaskKind::step) continue;  // beside its step, below
    auto one = told(task);
    JX_TRY(sides, cases::sides_of(*room.engine, tx, context, task.id));
    json::array beside;
    for (const auto& side : sides) beside.push_back(told(side));
    if (!beside.empty()) one["beside"] = std::move(beside);
    tasks.push_back(std::move(one));
  }
  return tasks;
}

json::object told(const cases::CaseView& view) {
  const auto& s = view.summary;
  json::object out{{"case", s.id.text()},     {"number", s.number}, {"process", s.process.text()},   {"definition", view.definition},
                   {"item", s.item.text()},   {"title", s.title},   {"state", cases::name(s.state)}, {"opened_at", s.opened_at.text()},
                   {"application", view.form}};
  if (s.closed_at) out["closed_at"] = s.closed_at->text();
  if (view.clock) out["clock"] = {{"zh-CN", view.clock->words.zh}, {"en", view.clock->words.en}};
  json::array timeline;
  for (const auto& e : view.timeline)
    timeline.push_back(
        {{"at", e.at.text()}, {"kind", e.kind}, {"unit", e.unit.text()}, {"zh-CN", e.words.zh}, {"en", e.words.en}, {"entry", e.entry.text()}});
  out["timeline"] = std::move(timeline);
  return out;
}

Result<json::object> told(Room& room, db::Tx& tx, const Context& context, CaseId id) {
  JX_TRY(archived, room.archive->has(tx, id));
  return room.archive->reading(tx, id, [&](db::Tx& seen) -> Result<json::object> {
    JX_TRY(view, room.engine->view(seen, context, id));
    JX_TRY(tasks, tasks_told(room, seen, context, view));
    JX_TRY(comments, cases::comments_of(seen, id));
    auto out = told(view);
    out["archived"] = archived;
    out["tasks"] = std::move(tasks);
    json::array notes;
    for (const auto& note : comments)
      notes.push_back({{"at", note.at.text()}, {"account", note.account.text()}, {"unit", note.unit.text()}, {"body", note.body}});
    out["comments"] = std::move(notes);
    return out;
  });
}

Result<std::string> show(const std::filesystem::path& config, const std::string& which) {
  JX_TRY(room, Room::open(config));
  const auto context = room->store->system_context();
  return room->store->database->read(no_deadline, [&](db::Tx& tx) -> Result<std::string> {
    JX_TRY(id, case_of(tx, which));
    JX_TRY(object, told(*room, tx, context, id));
    return wire::to_text(object);
  });
}

Result<ledger::EntryId> erase(const std::filesystem::path& config, const std::string& which, const std::string& law, const std::string& reason) {
  JX_TRY(room, Room::open(config));
  const auto context = room->store->system_context();
  return room->store->database->write(no_deadline, [&](db::Tx& tx) -> Result<ledger::EntryId> {
    JX_TRY(id, case_of(tx, which));
    JX_CHECK(messages::forget(tx, id));
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
  std::printf("%s %s\n",
              say({"the archived record of the case is erased; what ledger entries and attachments say of it is erased apart; recorded as",
                   "该办件的归档数据已清除（账本记录和附件须另行清除），登记为"})
                  .c_str(),
              done->text().c_str());
  return 0;
}

}  // namespace jx::app
