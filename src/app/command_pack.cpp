#include "commands.hpp"
#include "terminal.hpp"

#include <jx/cases/deadlines.hpp>
#include <jx/pack/calendars.hpp>

#include <cstdio>

namespace jx::app {
namespace {

/// Prints findings; answers whether one of them is an error.
bool print(const pack::Findings& findings) {
  for (const auto& finding : findings.sorted()) {
    const bool error = finding.severity == pack::Finding::Severity::error;
    std::printf("%s:%d: %s: %s\n", finding.file.c_str(), finding.line, say(error ? Words{"error", "错误"} : Words{"advice", "建议"}).c_str(),
                say(finding.message).c_str());
  }
  return findings.has_errors();
}

void print(const std::vector<pack::Change>& changes) {
  for (const auto& change : changes) {
    const char sign = change.action == pack::Change::Action::add ? '+' : change.action == pack::Change::Action::end ? '-' : '~';
    std::printf("  %c %s\n", sign, say(change.words).c_str());
  }
}

constexpr std::size_t moves_shown_max = 200;

/// The open deadlines that the calendar of `pack` moves.
Result<> print_moves(Store& store, const pack::Pack& pack, const pack::Current& current) {
  JX_TRY(before, store.database->read(no_deadline, [&](db::Tx& tx) { return pack::load(tx, current.hash); }));
  JX_TRY(old_calendar, pack::calendar_of(before, before.manifest().calendar));
  JX_TRY(calendar, pack::calendar_of(pack, pack.manifest().calendar));
  if (old_calendar.version() == calendar.version()) return {};
  std::size_t count = 0;
  for (std::optional<CaseId> after = CaseId(); after;) {
    JX_TRY(page, store.database->read(no_deadline, [&](db::Tx& tx) { return cases::moved_deadlines(tx, calendar, *after); }));
    for (const auto& move : page.moved) {
      if (count++ >= moves_shown_max) continue;
      const auto text = [](const std::optional<LocalDate>& day) { return day ? day->text() : std::string("-"); };
      std::printf("  ~ %s %s: %s -> %s\n", move.number.c_str(),
                  say(move.task ? Words{"deadline of a task", "环节期限"} : Words{"deadline", "办结期限"}).c_str(), text(move.from).c_str(),
                  text(move.to).c_str());
    }
    after = page.next;
  }
  std::printf("%zu %s\n", count, say({"open deadlines move with the calendar", "项在办期限随日历变动"}).c_str());
  return {};
}

}  // namespace

int pack_check(const std::filesystem::path& folder) {
  const auto pack = pack::Pack::read(folder.string());
  if (!pack) return failed(pack.error());
  const Parts parts;
  const auto findings = pack::check(*pack, parts.all());
  if (print(findings)) return 1;
  std::printf("%s %s: %s\n", pack->manifest().key.c_str(), to_hex(pack->hash()).substr(0, 16).c_str(),
              say({"nothing is wrong", "未发现错误"}).c_str());
  return 0;
}

int pack_apply(const std::filesystem::path& config, const std::filesystem::path& folder, bool apply) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto pack = pack::Pack::read(folder.string());
  if (!pack) return failed(pack.error());
  const auto current = (*store)->database->read(no_deadline, [](db::Tx& tx) { return pack::current(tx); });
  if (!current) return failed(current.error());
  if (*current && (*current)->hash == pack->hash()) {
    std::printf("%s\n", say({"this pack is applied already: nothing changes", "该配置包已应用，无变化"}).c_str());
    return 0;
  }
  const auto& parts = (*store)->parts;
  const auto context = (*store)->system_context();
  const auto plan = (*store)->database->read(no_deadline, [&](db::Tx& tx) { return pack::plan(tx, context, *pack, parts.all()); });
  if (!plan) {
    if (print(pack::check(*pack, parts.all()))) return 1;
    return failed(plan.error());
  }
  print(plan->changes);
  if (*current) {
    if (const auto shown = print_moves(**store, *pack, **current); !shown) return failed(shown.error());
  }
  if (!apply) return 0;
  const auto applied = (*store)->database->write(no_deadline, [&](db::Tx& tx) { return pack::apply(tx, context, *pack, parts.all()); });
  if (!applied) return failed(applied.error());
  std::printf("%s %s: %zu %s\n", pack->manifest().key.c_str(), to_hex(applied->hash).substr(0, 16).c_str(), applied->changes.size(),
              say({"changes applied", "项变更已应用"}).c_str());
  return 0;
}

}  // namespace jx::app
