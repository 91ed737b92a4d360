#include "terminal.hpp"

#include <jx/db/migrate.hpp>
#include <jx/services/demo.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace jx::app {

const std::string& say(const Words& words) {
  static const bool chinese = [] {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
      const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
      if (value != nullptr && *value != '\0') return std::string_view(value).starts_with("zh");
    }
    return false;
  }();
  return words.in(chinese ? "zh" : "en");
}

int failed(const Error& error) {
  std::fprintf(stderr, "junxian: %s\n", say(error.message).c_str());
  for (const auto* cause = error.cause.get(); cause != nullptr; cause = cause->cause.get())
    std::fprintf(stderr, "  because: %s\n", say(cause->message).c_str());
  return 1;
}

Result<std::unique_ptr<Store>> open_store(const std::filesystem::path& config, Schema schema) {
  JX_TRY(read, load_config(config));
  JX_TRY(store, Store::open(read));
  if (schema == Schema::ours) {
    JX_CHECK(db::check_schema(*store->database, bundles()));
    JX_TRY(demo, store->database->read(no_deadline, services::demo_state));
    store->clock.shift_to(demo.clock_offset);
  }
  return std::move(store);
}

ProgressBar::ProgressBar() : terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (shown_percent_ >= 0) std::fputc('\n', stderr);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total) {
  constexpr int width = 40;
  const int percent = total == 0 ? 100 : static_cast<int>(done * 100 / total);
  if (!terminal_ || percent == shown_percent_) return;
  shown_percent_ = percent;
  const int filled = percent * width / 100;
  std::fprintf(stderr, "\r[%.*s%*s] %3d %%", filled, "########################################", width - filled, "", percent);
  std::fflush(stderr);
}

}  // namespace jx::app
