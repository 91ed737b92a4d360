#include "network.hpp"

#include "asio_transport.hpp"
#include "connection.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <list>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace jx::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::uint64_t random_seed() {
  std::array<std::uint8_t, 8> octets{};
  SystemRandom().fill(octets);
  std::uint64_t seed = 0;
  std::memcpy(&seed, octets.data(), sizeof seed);
  return seed;
}

/// How many connections there are, in all and from each client. Thread-safe.
class Census {
 public:
  explicit Census(const Limits& limits) : limits_(limits) {}

  bool admit(const std::string& client, bool counted) {
    const std::lock_guard lock(mutex_);
    if (all_ >= limits_.connections_max) return false;
    if (counted) {
      std::size_t& own = by_client_[client];
      if (own >= limits_.connections_client_max) return false;
      ++own;
    }
    ++all_;
    return true;
  }
  void leave(const std::string& client, bool counted) {
    {
      const std::lock_guard lock(mutex_);
      --all_;
      if (const auto own = by_client_.find(client); counted && own != by_client_.end() && --own->second == 0) by_client_.erase(own);
    }
    gone_.notify_all();
  }
  bool wait_until_empty(Millis wait) {
    std::unique_lock lock(mutex_);
    return gone_.wait_for(lock, wait, [&] { return all_ == 0; });
  }

 private:
  const Limits& limits_;
  std::mutex mutex_;
  std::condition_variable gone_;
  std::unordered_map<std::string, std::size_t> by_client_;  // guarded by mutex_; by IPv4 address or IPv6 /64
  std::size_t all_ = 0;                                     // guarded by mutex_
};

/// One io thread with the connections that it owns.
class IoLoop final : public Loop {
 public:
  IoLoop(const Limits& limits) : context_(1), guard_(context_.get_executor()), timer_(context_), random_(random_seed()) {
    const Millis least = std::min({limits.head_ms, limits.body_ms, limits.write_ms, limits.idle_ms, limits.heartbeat_ms, limits.linger_ms});
    period_ = std::clamp(least / 8, Millis(5), Millis(500));
  }

  void post(std::move_only_function<void()> work) override { asio::post(context_, std::move(work)); }

  std::string_view date_line() override {
    const std::time_t now = std::time(nullptr);
    if (now != date_at_) {
      date_at_ = now;
      std::tm parts{};
      gmtime_r(&now, &parts);
      std::array<char, 64> text{};
      const std::size_t size =
          std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);  // the C locale: the program sets no other
      date_.assign(text.data(), size);
    }
    return date_;
  }

  RequestId make_id() { return RequestId::make(clock_, random_); }
  asio::io_context& context() { return context_; }

  void run() {
    thread_ = std::thread([this] {
      tick();
      context_.run();
    });
  }
  void add(std::shared_ptr<Connection> connection, std::function<void()> on_cut) {
    const auto place = connections_.insert(connections_.end(), std::move(connection));
    (*place)->start([this, place, on_cut = std::move(on_cut)] {
      connections_.erase(place);
      on_cut();
    });
  }
  /// `act` may cut the connection that it is given, and no other.
  template <class F>
  void for_each(F&& act) {
    for (auto place = connections_.begin(); place != connections_.end();) {
      const auto connection = *place++;
      act(*connection);
    }
  }
  void end() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    connections_.clear();
  }

 private:
  void tick() {
    timer_.expires_after(period_);
    timer_.async_wait([this](const error_code& error) {
      if (error) return;
      const std::int64_t now = steady_micros();
      for_each([now](Connection& connection) { connection.tick(now); });
      tick();
    });
  }

  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  asio::steady_timer timer_;
  SystemClock clock_;
  SeededRandom random_;  // request ids only: they are no secret
  Millis period_;
  std::list<std::shared_ptr<Connection>> connections_;
  std::string date_;
  std::time_t date_at_ = 0;
  std::thread thread_;
};

class AsioNetwork final : public Network {
 public:
  explicit AsioNetwork(Site& site) : site_(site), census_(site.options.limits) {
    for (std::size_t i = 0; i < std::max<std::size_t>(site.options.io_threads, 1); ++i)
      loops_.push_back(std::make_unique<IoLoop>(site.options.limits));
  }
  ~AsioNetwork() override { end(); }

  Result<> listen() {
    for (const Listen& each : site_.options.listen) {
      error_code error;
      const auto address = asio::ip::make_address(each.address, error);
      if (error) return fail(ErrorCode::invalid, "the address " + each.address + " is not an IPv4 or IPv6 address");
      if (each.tls && !site_.options.tls) return fail(ErrorCode::invalid, "TLS is asked for, but no certificate is configured");
      if (!each.tls && !each.client_ca.empty()) return fail(ErrorCode::invalid, "clients are asked for certificates over TLS alone");
      const tcp::endpoint endpoint(address, each.port);
      auto listener = std::make_unique<Listener>(tcp::acceptor(loops_.front()->context()), asio::steady_timer(loops_.front()->context()), each);
      tcp::acceptor& acceptor = listener->acceptor;
      acceptor.open(endpoint.protocol(), error);
      if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
      if (!error) acceptor.bind(endpoint, error);
      if (!error) acceptor.listen(1024, error);
      if (error)
        return fail(ErrorCode::unavailable, "cannot listen on " + each.address + " port " + std::to_string(each.port) + ": " + error.message());
      listener->port = acceptor.local_endpoint(error).port();
      listeners_.push_back(std::move(listener));
    }
    return reload();
  }

  void run() override {
    for (auto& listener : listeners_) accept(*listener);
    for (auto& loop : loops_) loop->run();
  }

  std::vector<std::uint16_t> ports() const override {
    std::vector<std::uint16_t> out;
    for (const auto& listener : listeners_) out.push_back(listener->port);
    return out;
  }

  Result<> reload() override {
    std::vector<std::shared_ptr<TlsContext>> made(listeners_.size());
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
      if (!listeners_[i]->listen.tls) continue;
      JX_TRY(context, make_tls_context(*site_.options.tls, listeners_[i]->listen.client_ca));
      made[i] = std::move(context);
    }
    const std::lock_guard lock(tls_mutex_);  // all of them or none
    for (std::size_t i = 0; i < listeners_.size(); ++i) listeners_[i]->context = std::move(made[i]);
    return {};
  }

  bool drain(Millis grace) override {
    site_.stopping.store(true);
    loops_.front()->post([this] {
      for (auto& listener : listeners_) {
        error_code ignored;
        listener->acceptor.close(ignored);
        listener->pause.cancel();
      }
    });
    for (auto& loop : loops_) loop->post([each = loop.get()] { each->for_each([](Connection& connection) { connection.begin_stop(); }); });
    const bool ended = census_.wait_until_empty(grace);
    for (auto& loop : loops_) loop->post([each = loop.get()] { each->for_each([](Connection& connection) { connection.cut(); }); });
    return census_.wait_until_empty(Millis(5'000)) && ended;
  }

  void end() override {
    for (auto& loop : loops_) loop->end();
  }

 private:
  struct Listener {
    Listener(tcp::acceptor a, asio::steady_timer t, Listen how) : acceptor(std::move(a)), pause(std::move(t)), listen(std::move(how)) {}
    tcp::acceptor acceptor;
    asio::steady_timer pause;
    const Listen listen;
    std::shared_ptr<TlsContext> context;  // guarded by tls_mutex_
    std::uint16_t port = 0;
  };

  void accept(Listener& listener) {
    IoLoop& loop = *loops_[next_loop_++ % loops_.size()];
    listener.acceptor.async_accept(loop.context(), [this, &listener, &loop](const error_code& error, tcp::socket socket) {
      if (error == asio::error::operation_aborted || site_.stopping.load()) return;
      if (!error) {
        take(listener, loop, std::move(socket));
        return accept(listener);
      }
      listener.pause.expires_after(Millis(100));  // no descriptors left, most likely
      listener.pause.async_wait([this, &listener](const error_code& cancelled) {
        if (!cancelled) accept(listener);
      });
    });
  }

  void take(const Listener& listener, IoLoop& loop, tcp::socket socket) {
    error_code error;
    const tcp::endpoint remote = socket.remote_endpoint(error);
    if (error) return;
    socket.set_option(tcp::no_delay(true), error);
    socket.non_blocking(true, error);
    auto address = remote.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    Remote who{.address = address.to_string(), .loopback = address.is_loopback(), .tls = listener.listen.tls};
    who.trusted_proxy = std::ranges::any_of(site_.options.trusted_proxies, [&](const AddressRange& range) { return range.contains(who.address); });

    std::string client = who.address;
    if (address.is_v6()) {
      const auto octets = address.to_v6().to_bytes();
      client = to_hex(ByteView(octets).first(8));
    }
    const bool counted = !who.trusted_proxy;
    if (!census_.admit(client, counted)) return turn_away(listener, std::move(socket));
    site_.metrics.accepted.fetch_add(1, std::memory_order_relaxed);

    std::unique_ptr<Transport> transport;
    if (listener.listen.tls) {
      const std::lock_guard lock(tls_mutex_);
      transport = make_tls_transport(std::move(socket), listener.context);
    } else {
      transport = make_plain_transport(std::move(socket));
    }
    auto connection = std::make_shared<Connection>(site_, loop, std::move(transport), std::move(who), [&loop] { return loop.make_id(); });
    asio::dispatch(loop.context(), [this, &loop, connection = std::move(connection), client = std::move(client), counted]() mutable {
      loop.add(std::move(connection), [this, client = std::move(client), counted] { census_.leave(client, counted); });
    });
  }

  void turn_away(const Listener& listener, tcp::socket socket) {
    site_.metrics.turned_away.fetch_add(1, std::memory_order_relaxed);
    if (listener.listen.tls) return;
    static constexpr std::string_view words = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    error_code ignored;
    socket.write_some(asio::buffer(words.data(), words.size()), ignored);  // non-blocking: what does not fit is lost
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  Site& site_;
  Census census_;
  std::mutex tls_mutex_;
  std::vector<std::unique_ptr<IoLoop>> loops_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::size_t next_loop_ = 0;
};

}  // namespace

Result<std::unique_ptr<Network>> Network::open(Site& site) {
  auto network = std::make_unique<AsioNetwork>(site);
  JX_CHECK(network->listen());
  return network;
}

}  // namespace jx::http
