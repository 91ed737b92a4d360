#include "housekeeping.hpp"

#include <jx/api.hpp>
#include <jx/attachments.hpp>
#include <jx/db/admin.hpp>

namespace jx::app {
namespace {

constexpr Micros act_keys_kept = std::chrono::days(30);

}  // namespace

void Housekeeping::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (const auto done = step(); !done) log_.warning("housekeeping.failed", {{"error", done.error()}});
      std::unique_lock lock(mutex_);
      stopped_.wait_for(lock, stop, every, [] { return false; });
    }
  });
}

void Housekeeping::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

Result<> Housekeeping::step() {
  for (bool more = true; more;) {
    JX_TRY(swept, database_.write_relaxed(no_deadline, [&](db::Tx& tx) { return sessions_.sweep(tx, clock_.now()); }));
    more = swept;
  }
  for (bool more = true; more;) {
    JX_TRY(forgotten, database_.write_relaxed(no_deadline, [&](db::Tx& tx) { return api::forget_answers(tx, clock_.now()); }));
    more = forgotten;
  }
  for (bool more = true; more;) {
    JX_TRY(swept, database_.write_relaxed(no_deadline, [&](db::Tx& tx) { return attachments::sweep(tx, clock_.now()); }));
    more = swept;
  }
  JX_CHECK(db::forget_keys(database_, clock_.now() - act_keys_kept));
  return {};
}

}  // namespace jx::app
