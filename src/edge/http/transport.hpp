// transport.hpp - what a connection needs of the network, so that the protocol is one plain class that tests and fuzzers run in memory.
#pragma once
#include <jx/http/request.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace jx::http {

/// What a transport tells its connection, on the loop's thread.
class TransportUser {
 public:
  virtual ~TransportUser() = default;
  virtual void on_read(std::size_t bytes) = 0;      // 0: the other side has ended, or the connection is lost
  virtual void on_progress(std::size_t bytes) = 0;  // a part of write() has left
  virtual void on_written(bool ok) = 0;
};

/// A byte stream. Used on its loop's thread only; at most one read and one write at a time.
class Transport {
 public:
  enum class Sent { all, later, failed };

  virtual ~Transport() = default;
  /// Reads at least one octet into `into`, then on_read().
  virtual void read(std::span<char> into) = 0;
  /// Writes both parts, which live until then. `later`: on_written() follows.
  virtual Sent write(std::string_view first, std::string_view second) = 0;
  /// Says that nothing more will be written.
  virtual void end() = 0;
  /// Ends reads and writes under way with a failure; nothing is called any more.
  virtual void close() = 0;
  /// The client's certificate, once octets were read; nothing where it showed none.
  [[nodiscard]] virtual std::optional<ClientCertificate> certificate() const { return std::nullopt; }
  /// Keeps `user` alive from now until close() has been called and no operation is under way.
  virtual void start(std::shared_ptr<TransportUser> user) = 0;
};

/// One io thread, as a connection sees it.
class Loop {
 public:
  virtual ~Loop() = default;
  /// Runs `work` on the loop's thread, soon. From any thread.
  virtual void post(std::move_only_function<void()> work) = 0;
  /// `Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n`, right to the second. On the loop's thread.
  [[nodiscard]] virtual std::string_view date_line() = 0;
};

[[nodiscard]] inline std::int64_t steady_micros() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace jx::http
