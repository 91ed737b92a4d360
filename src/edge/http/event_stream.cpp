#include "event_stream.hpp"

#include <algorithm>

namespace jx::http {
namespace {

void append_line(std::string& out, std::string_view field, std::string_view value) {
  out.append(field).append(": ");
  std::ranges::copy_if(value, std::back_inserter(out), [](char c) { return c != '\n' && c != '\r' && c != '\0'; });
  out.push_back('\n');
}

}  // namespace

std::string event_text(const Event& event) {
  std::string out;
  if (!event.name.empty()) append_line(out, "event", event.name);
  if (!event.id.empty()) append_line(out, "id", event.id);
  std::string_view data = event.data;
  while (true) {
    const std::size_t end = data.find('\n');
    append_line(out, "data", data.substr(0, end));
    if (end == std::string_view::npos) break;
    data.remove_prefix(end + 1);
  }
  out.push_back('\n');
  return out;
}

bool EventStream::send(const Event& event) {
  std::string text = event_text(event);
  const std::lock_guard lock(mutex_);
  if (!open_) return false;
  if (events_ >= events_max_ || waiting_.size() + text.size() > waiting_bytes_max) {
    open_ = false;  // the browser comes back with Last-Event-ID and reads what it missed
    waiting_.clear();
    wake();
    return false;
  }
  waiting_ += text;
  ++events_;
  wake();
  return true;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  if (!open_) return;
  open_ = false;
  wake();
}

void EventStream::wake() {
  if (woken_ || !wake_) return;
  woken_ = true;
  loop_.post([self = shared_from_this()] {
    std::function<void()> wake;
    {
      const std::lock_guard lock(self->mutex_);
      wake = self->wake_;
    }
    if (wake) wake();
  });
}

bool EventStream::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  woken_ = false;
  out += waiting_;
  waiting_.clear();
  events_ = 0;
  return open_ || !out.empty();
}

void EventStream::forget() {
  const std::lock_guard lock(mutex_);
  open_ = false;
  wake_ = nullptr;
  waiting_.clear();
}

}  // namespace jx::http
