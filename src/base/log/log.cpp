// log.cpp - where lines go. spdlog's sinks write and rotate; its queue is not used, for one buffer under one lock, written whole, costs a fraction.
#include <jx/log.hpp>

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <sys/stat.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace jx::log {
namespace {

constexpr std::chrono::milliseconds gather{5};  // how long lines may wait for others before they are written together

/// Lines name accounts and addresses: they are for the program's user and group, and for nobody whom the operator has shut out besides.
spdlog::file_event_handlers private_file() {
  spdlog::file_event_handlers handlers;
  handlers.after_open = [](const spdlog::filename_t&, std::FILE* file) {
    struct stat now{};
    if (fstat(fileno(file), &now) == 0) fchmod(fileno(file), now.st_mode & 0640U);
  };
  return handlers;
}

std::shared_ptr<spdlog::sinks::sink> sink_of(const Options& options) {  // shared, as spdlog makes them
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (options.path.empty())
    sink = std::make_shared<spdlog::sinks::stderr_sink_st>();
  else
    sink = std::make_shared<spdlog::sinks::rotating_file_sink_st>(options.path, options.file_bytes_max, options.files_max, false, private_file());
  sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, ""));
  return sink;
}

}  // namespace

struct AsyncLog::State {
  std::shared_ptr<spdlog::sinks::sink> sink;  // used by `writer` alone
  std::size_t waiting_bytes_max = 0;

  std::mutex mutex;
  std::condition_variable has_lines;
  std::condition_variable has_written;
  std::string waiting;              // guarded by mutex
  std::uint64_t waiting_lines = 0;  // guarded by mutex
  std::uint64_t dropped = 0;        // guarded by mutex
  bool hurry = false;               // guarded by mutex: write at once
  bool writing = false;             // guarded by mutex
  bool stop = false;                // guarded by mutex
  std::thread writer;

  bool write(std::string_view batch) {
    try {
      sink->log(spdlog::details::log_msg("", spdlog::level::info, spdlog::string_view_t(batch.data(), batch.size())));
      sink->flush();
      return true;
    } catch (const std::exception&) {
      return false;  // the disk is full or gone: there is nobody to tell but the counter
    }
  }
};

AsyncLog::AsyncLog(const Options& options, const Clock& clock, std::unique_ptr<State> state) : Log(clock, options.least), state_(std::move(state)) {
  state_->writer = std::thread([this, &s = *state_] {
    std::string batch;
    std::uint64_t reported = 0;
    std::unique_lock lock(s.mutex);
    while (true) {
      s.has_lines.wait(lock, [&] { return !s.waiting.empty() || s.stop; });
      if (s.waiting.empty()) return;
      s.has_lines.wait_for(lock, gather, [&] { return s.hurry || s.stop; });
      batch.clear();
      batch.swap(s.waiting);
      const std::uint64_t lines = std::exchange(s.waiting_lines, 0);
      const std::uint64_t lost = std::exchange(reported, s.dropped);
      const std::uint64_t now_lost = s.dropped - lost;
      s.hurry = false;
      s.writing = true;
      lock.unlock();
      if (now_lost > 0) {
        MemoryLog note(this->clock());
        note.warning("log.dropped", {{"lines", now_lost}});
        batch.append(note.text());
      }
      const bool written = s.write(batch);
      lock.lock();
      if (!written) s.dropped += lines;
      s.writing = false;
      s.has_written.notify_all();
    }
  });
}

AsyncLog::~AsyncLog() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->has_lines.notify_one();
  state_->writer.join();
}

Result<std::unique_ptr<AsyncLog>> AsyncLog::open(const Options& options, const Clock& clock) {
  auto state = std::make_unique<State>();
  try {
    state->sink = sink_of(options);
  } catch (const std::exception& fault) {
    return fail(ErrorCode::unavailable, {"the log file cannot be opened: " + std::string(fault.what()), "无法打开日志文件"});
  }
  state->waiting_bytes_max = options.waiting_bytes_max;
  state->waiting.reserve(64 * 1024);
  return std::unique_ptr<AsyncLog>(new AsyncLog(options, clock, std::move(state)));
}

void AsyncLog::put(Level level, std::string_view line) {
  bool wake = false;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->waiting.size() + line.size() > state_->waiting_bytes_max) {
      ++state_->dropped;
      return;
    }
    const bool hurry = level == Level::error || state_->waiting.size() > state_->waiting_bytes_max / 2;
    wake = state_->waiting.empty() || (hurry && !state_->hurry);
    state_->hurry = state_->hurry || hurry;
    state_->waiting.append(line);
    ++state_->waiting_lines;
  }
  if (wake) state_->has_lines.notify_one();
}

void AsyncLog::flush() {
  std::unique_lock lock(state_->mutex);
  state_->hurry = true;
  state_->has_lines.notify_one();
  state_->has_written.wait(lock, [&] { return state_->waiting.empty() && !state_->writing; });
}

std::uint64_t AsyncLog::dropped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->dropped;
}

std::string MemoryLog::text() const {
  const std::lock_guard lock(mutex_);
  return text_;
}

void MemoryLog::put(Level, std::string_view line) {
  const std::lock_guard lock(mutex_);
  text_.append(line);
}

}  // namespace jx::log
