// offices.cpp - three programs of one office on one database, one of which is killed every so often and begun again, until all cases are closed; then
// the same cases by one program in peace. Every case must have ended in the same way, with each effect once, and the record must be sound. Then they are
// moved into the archive by programs that are killed as well, and must read as before.
// Usage: fault_offices <sqlite|postgres> <cases> <milliseconds between kills>
#include "office.hpp"

#include <jx/cases/archive.hpp>
#include <jx/db/testing.hpp>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>

namespace {

using namespace jx;
using fault::office_must;
using fault::office_stop;

pid_t begin_office(const std::string& url, const std::string& folder) {
  const auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fault_office";
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execl(program.c_str(), program.c_str(), url.c_str(), folder.empty() ? nullptr : folder.c_str(), nullptr);
    ::_exit(127);
  }
  return process;
}

/// Ends when every program has ended by itself. Answers how many were killed. With a folder they archive.
int run_offices(const std::string& url, const std::string& folder, int programs, std::chrono::milliseconds between) {
  std::vector<pid_t> running;
  for (int i = 0; i < programs; ++i) running.push_back(begin_office(url, folder));
  std::mt19937 dice(std::random_device{}());
  int kills = 0;
  auto next_kill = std::chrono::steady_clock::now() + between;
  while (!running.empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(folder.empty() ? 20 : 2));
    for (auto& process : running) {
      int status = 0;
      if (::waitpid(process, &status, WNOHANG) != process) continue;
      if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) office_stop("a program ended by itself with a fault");
      process = 0;
    }
    std::erase(running, 0);
    if (between.count() == 0 || running.empty() || std::chrono::steady_clock::now() < next_kill) continue;
    auto& victim = running[dice() % running.size()];
    ::kill(victim, SIGKILL);
    int status = 0;
    ::waitpid(victim, &status, 0);
    if (WIFSIGNALED(status)) ++kills;
    victim = begin_office(url, folder);
    next_kill = std::chrono::steady_clock::now() + between;
  }
  return kills;
}

/// How each case ended, in words that do not depend on the order of what ran side by side; and how often each effect came about.
std::map<std::int64_t, std::string> endings(fault::Office& office, const cases::Archive& archive, std::int64_t cases) {
  const auto ctx = office.context();
  std::map<std::int64_t, std::string> found;
  std::set<std::string> keys;
  for (const auto& row : office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return tx.all(fault::ids); }))) {
    const auto view = office_must(office.database().read(no_deadline, [&](db::Tx& tx) {
      return archive.reading(tx, row.id<CaseId>(0), [&](db::Tx& seen) { return office.engine().view(seen, ctx, row.id<CaseId>(0)); });
    }));
    std::vector<std::string> events;
    for (const auto& event : view.timeline) events.push_back(event.kind + "@" + event.element);
    std::ranges::sort(events);
    std::string ending(name(view.summary.state));
    for (const auto& event : events) ending += " " + event;
    if (!found.emplace(std::atoll(row.text(1).c_str()), ending).second) office_stop("case " + row.text(1) + " was opened twice");
  }
  if (static_cast<std::int64_t>(found.size()) != cases) office_stop(std::to_string(found.size()) + " cases in place of " + std::to_string(cases));
  std::int64_t registered = 0;
  for (const auto& row : office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return tx.all(fault::effects); }))) {
    ++registered;
    if (row.integer(1) != 1) office_stop("the effect " + row.text(0) + " came about " + std::to_string(row.integer(1)) + " times");
  }
  if (registered != 2 * cases) office_stop(std::to_string(registered) + " effects in place of " + std::to_string(2 * cases));
  const auto sent = office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return tx.all(fault::sent); }));
  const auto approved = std::ranges::count_if(found, [](const auto& one) { return one.second.starts_with("approved"); });
  if (static_cast<std::int64_t>(sent.size()) != approved) office_stop("not every approved case was sent");
  return found;
}

void check_record(fault::Office& office) {
  const auto report = office_must(ledger::check_state(office.database(), cases::state_tables()));
  if (report.rows_altered > 0) office_stop(std::to_string(report.rows_altered) + " rows are not as the ledger says");
  if (const auto unsound = office_must(cases::check_soundness(office.database())); !unsound.empty()) office_stop(unsound.front().where);
}

/// By two programs, one of which is killed every so often.
void archive_all(fault::Office& office, std::int64_t cases, const std::string& url, const std::filesystem::path& folder, const cases::Archive& archive) {
  const auto before = endings(office, archive, cases);
  const int kills = run_offices(url, folder.string(), 2, std::chrono::milliseconds(40));
  std::int64_t moved = 0;
  for (const auto& row : office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return tx.all(fault::ids); })))
    moved += office_must(office.database().read(no_deadline, [&](db::Tx& tx) { return archive.has(tx, row.id<CaseId>(0)); })) ? 1 : 0;
  if (moved != cases) office_stop(std::to_string(moved) + " cases are in the archive");
  if (endings(office, archive, cases) != before) office_stop("a case in the archive is not what it was");
  check_record(office);
  if (const auto unsound = office_must(archive.check(office.database(), true)); !unsound.empty()) office_stop(unsound.front().where);
  std::printf("all of them moved into the archive, %d programs killed\n", kills);
}

std::map<std::int64_t, std::string> run(db::Dialect dialect, std::int64_t cases, int programs, std::chrono::milliseconds between) {
  const auto temporary = office_must(db::TempDatabase::make(dialect));
  fault::Office office(temporary->url());
  office.set_up(cases);
  const auto begin = std::chrono::steady_clock::now();
  const int kills = run_offices(temporary->url(), "", programs, between);
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const db::TempFolder folder;
  const auto keys = office_must(crypto::KeyRing::create(folder.path() / "keys"));
  const cases::Archive archive(keys, folder.path() / "archive");
  auto found = endings(office, archive, cases);
  check_record(office);
  std::printf("%lld cases by %d programs, %d killed: %.0f s\n", static_cast<long long>(cases), programs, kills, took);
  if (between.count() > 0) archive_all(office, cases, temporary->url(), folder.path(), archive);
  std::fflush(stdout);
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fprintf(stderr, "usage: fault_offices sqlite|postgres CASES MILLISECONDS\n"), 2;
  const auto dialect = std::string_view(argv[1]) == "sqlite" ? db::Dialect::sqlite : db::Dialect::postgres;
  const auto cases = static_cast<std::int64_t>(std::atoll(argv[2]));
  const auto killed = run(dialect, cases, 3, std::chrono::milliseconds(std::atoll(argv[3])));
  const auto peaceful = run(dialect, cases, 1, std::chrono::milliseconds(0));
  for (const auto& [n, ending] : peaceful) {
    if (killed.at(n) != ending) office_stop("case " + std::to_string(n) + " ended as\n  " + killed.at(n) + "\nand without kills as\n  " + ending);
  }
  std::printf("every case ended as without kills, each effect came about once, the record is sound\n");
  return 0;
}
