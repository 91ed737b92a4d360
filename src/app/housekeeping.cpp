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
      if (const auto done = archive(stop); !done) log_.warning("archive.failed", {{"error", done.error()}});
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

Result<> Housekeeping::archive(const std::stop_token& stop) {
  if (!archiving_.after_months) return {};
  const auto context = archiving_.context();
  const auto zone = archiving_.zone();
  const auto today = zone.date_of(clock_.now());
  if (archived_on_ == today) return {};
  const auto before = cases::months_before(today, *archiving_.after_months);
  JX_TRY(months, database_.read(no_deadline, [&](db::Tx& tx) { return archiving_.archive.months(tx, zone, before); }));
  for (const auto& month : months) {
    for (bool more = true; more && !stop.stop_requested();) {
      const auto again = archiving_.archive.step(database_, context, zone, month.month);
      if (!again && again.error().code == ErrorCode::conflict) return {};  // another program is at it
      if (!again) return std::unexpected(again.error());
      more = *again;
    }
  }
  if (!stop.stop_requested()) archived_on_ = today;
  return {};
}

}  // namespace jx::app
