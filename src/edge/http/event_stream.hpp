// event_stream.hpp - the bounded queue between a publisher and the connection that writes its events.
// Invariant: while open_, the loop lives; the connection closes the stream before it goes.
#pragma once
#include <jx/http/response.hpp>

#include "transport.hpp"

#include <functional>
#include <mutex>
#include <string>

namespace jx::http {

class EventStream final : public EventSink, public std::enable_shared_from_this<EventStream> {
 public:
  /// `wake` is run on the loop when there is something to take() or the stream has ended.
  EventStream(Loop& loop, std::size_t events_max, std::function<void()> wake) : loop_(loop), events_max_(events_max), wake_(std::move(wake)) {}

  bool send(const Event& event) override;
  void close() override;

  /// Appends what waits. False once the publisher, or an overflow, has ended the stream and nothing is left.
  [[nodiscard]] bool take(std::string& out);
  /// The connection has gone: nothing touches the loop any more.
  void forget();

 private:
  static constexpr std::size_t waiting_bytes_max = 1U << 20U;
  void wake();  // with mutex_ held

  Loop& loop_;
  const std::size_t events_max_;
  std::mutex mutex_;
  std::function<void()> wake_;  // guarded by mutex_, like all below
  std::string waiting_;
  std::size_t events_ = 0;
  bool open_ = true;
  bool woken_ = false;
};

/// A connection's hold on a stream, with what its publisher gave for it. When it goes, the stream has ended and touches the loop no more.
class StreamHold {
 public:
  StreamHold() = default;
  explicit StreamHold(std::shared_ptr<EventStream> stream) : stream_(std::move(stream)) {}
  StreamHold(StreamHold&& other) noexcept = default;
  StreamHold& operator=(StreamHold&& other) noexcept {
    std::swap(stream_, other.stream_);
    std::swap(subscription_, other.subscription_);
    return *this;
  }
  ~StreamHold() {
    if (stream_) stream_->forget();
  }
  void subscribed(std::shared_ptr<void> subscription) { subscription_ = std::move(subscription); }
  explicit operator bool() const { return stream_ != nullptr; }
  EventStream* operator->() const { return stream_.get(); }

 private:
  std::shared_ptr<void> subscription_;
  std::shared_ptr<EventStream> stream_;  // shared with the publisher
};

/// The text of one event (WHATWG HTML section 9.2.6). Line breaks and NUL in name and id are dropped.
[[nodiscard]] std::string event_text(const Event& event);

}  // namespace jx::http
