#include "app.hpp"
#include "commands.hpp"
#include "terminal.hpp"

#include <jx/db/migrate.hpp>

#include <csignal>
#include <cstdio>

namespace jx::app {
namespace {

/// SIGINT, SIGTERM and SIGHUP, which every thread begun after this leaves to the one that waits.
sigset_t take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
  return signals;
}

/// Where it is served and, in a demo, as whom one may sign in.
void greet(const App& app) {
  const auto jurisdiction = app.jurisdiction();
  const auto language = say({"en", "zh-CN"});
  std::printf("%s\n", std::string(jurisdiction->manifest.name.in(language)).c_str());
  for (const auto& address : app.addresses()) {
    std::printf("  %-10s %s/\n  %-10s %s/workbench/\n", say({"portal", "门户"}).c_str(), address.c_str(), say({"workbench", "工作台"}).c_str(),
                address.c_str());
  }
  if (!jurisdiction->demo_accounts.empty())
    std::printf("%s\n", say({"demo accounts (one click on the sign-in page)", "演示账号（登录页可一键进入）"}).c_str());
  for (const auto& account : jurisdiction->demo_accounts) {
    std::printf("  %-16s %-20s %s\n", account.sign_in.c_str(), account.password.c_str(), std::string(account.about.in(language)).c_str());
  }
  std::fflush(stdout);
}

}  // namespace

int serve(const std::filesystem::path& config) {
  const auto signals = take_signals();
  auto store = open_store(config);
  if (!store) return failed(store.error());
  auto app = App::open(std::move(*store));
  if (!app) return failed(app.error());
  auto& log = *(*app)->store().log;
  if (const auto started = (*app)->start(); !started) return failed(started.error());
  greet(**app);
  log.info("app.serving");
  while (true) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGHUP) break;
    if (const auto reloaded = (*app)->reload(); !reloaded)
      log.error("app.reload_failed", {{"error", reloaded.error()}});
    else
      log.info("app.reloaded");
  }
  log.info("app.stopping");
  (*app)->stop();
  return 0;
}

int init(const std::filesystem::path& config) {
  const auto read = load_config(config);
  if (!read) return failed(read.error());
  std::error_code refused;
  std::filesystem::create_directories(read->data, refused);
  if (refused)
    return failed({ErrorCode::unavailable,
                   {"the data folder " + read->data.string() + " cannot be made: " + refused.message(), "无法创建数据目录 " + read->data.string()},
                   {},
                   nullptr});
  const auto made = make_keys(read->keys);
  if (!made) return failed(made.error());
  if (*made) std::printf("%s %s\n", say({"keys made in", "密钥已生成于"}).c_str(), read->keys.c_str());
  return db_migrate(config);
}

}  // namespace jx::app
