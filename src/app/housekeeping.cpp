#include "housekeeping.hpp"

#include <jx/api.hpp>
#include <jx/attachments.hpp>
#include <jx/catalogue/check.hpp>
#include <jx/db/admin.hpp>
#include <jx/exchange/check.hpp>
#include <jx/exchange/delays.hpp>
#include <jx/exchange/retention.hpp>
#include <jx/messages.hpp>
#include <jx/sharing/followups.hpp>

#include <algorithm>

namespace jx::app {
namespace {

constexpr Micros act_keys_kept = std::chrono::days(30);
constexpr Micros check_every = std::chrono::hours(1);
constexpr Micros check_time_max = std::chrono::seconds(10);  // of one source

}  // namespace

void Housekeeping::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      if (const auto done = step(); !done) log_.warning("housekeeping.failed", {{"error", done.error()}});
      if (const auto done = check_sources(stop); !done) log_.warning("sources.failed", {{"error", done.error()}});
      if (const auto done = follow_grants(); !done) log_.warning("grants.failed", {{"error", done.error()}});
      if (const auto done = tell_of_reads(); !done) log_.warning("messages.failed", {{"error", done.error()}});
      if (const auto done = archive(stop); !done) log_.warning("archive.failed", {{"error", done.error()}});
      if (const auto done = move_usage(stop); !done) log_.warning("usage.not_moved", {{"error", done.error()}});
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

Result<> Housekeeping::check_sources(const std::stop_token& stop) {
  JX_TRY(due, database_.read(no_deadline, [&](db::Tx& tx) -> Result<std::vector<catalogue::Source>> {
    JX_TRY(all, catalogue::sources(tx));
    std::vector<catalogue::Source> list;
    for (auto& source : all) {
      JX_TRY(last, catalogue::last_check(tx, source.id));
      if (!last || clock_.now() - last->at >= check_every) list.push_back(std::move(source));
    }
    return list;
  }));
  for (const auto& source : due) {
    if (stop.stop_requested()) return {};
    JX_TRY(found, exchange::check(database_, sources_, source, SystemClock().now() + check_time_max));
    JX_CHECK(database_.write_relaxed(no_deadline, [&](db::Tx& tx) { return catalogue::save_check(tx, source.id, clock_.now(), found); }));
    if (!found.missing.empty()) {
      log_.warning("source.changed", {{"source", source.id}, {"missing", found.missing.size()}});
    }
  }
  return {};
}

Result<> Housekeeping::follow_grants() {
  const auto context = archiving_.context();
  const auto today = following_.today();
  for (bool more = true; more;) {
    JX_TRY(opened, database_.write(no_deadline, [&](db::Tx& tx) { return sharing::follow_ended(tx, context, following_.engine, today); }));
    more = opened > 0;
  }
  return {};
}

Result<> Housekeeping::tell_of_reads() {
  const auto zone = telling_.zone();
  const auto today = zone.date_of(clock_.now());
  if (told_on_ == today) return {};
  const auto day = today - 1;
  JX_CHECK(messages::tell_of_reads(database_, telling_.context, day,
                                   [&](db::Tx& tx) { return exchange::reads_between(tx, zone.start_of(day), zone.start_of(today), clock_.now()); }));
  told_on_ = today;
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

Result<> Housekeeping::move_usage(const std::stop_token& stop) {
  if (!keeping_.years) return {};
  const auto context = archiving_.context();
  const auto zone = archiving_.zone();
  const auto today = zone.date_of(clock_.now());
  if (moved_on_ == today) return {};
  const auto before = zone.start_of(cases::months_before(today, std::max(*keeping_.years, exchange::usage_years_min) * 12));
  UsageId after;
  std::int64_t left = 0;
  for (bool more = true; more && !stop.stop_requested();) {
    const auto moved = exchange::move_usage(database_, context, keeping_.folder, before, after);
    if (!moved && moved.error().code == ErrorCode::conflict) return {};  // another program is at it
    if (!moved) return std::unexpected(moved.error());
    left += moved->left;
    more = moved->next.has_value();
    if (more) after = *moved->next;
  }
  if (left > 0) log_.warning("usage.altered", {{"rows", left}});
  if (!stop.stop_requested()) moved_on_ = today;
  return {};
}

}  // namespace jx::app
