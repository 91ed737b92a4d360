// The whole path of a connection in memory: octets in pieces of any size, through the parser, the bodies, the routes, to the answers.
// Held: it ends; each answer is whole; what is answered does not depend on how the octets were cut.
#include <jx/http.hpp>

#include "connection.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>

namespace jx::http {
namespace {

class MemoryLoop final : public Loop {
 public:
  void post(std::move_only_function<void()> work) override { work_.push_back(std::move(work)); }
  std::string_view date_line() override { return "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"; }
  bool run_one() {
    if (work_.empty()) return false;
    auto work = std::move(work_.front());
    work_.pop_front();
    work();
    return true;
  }

 private:
  std::deque<std::move_only_function<void()>> work_;
};

/// Gives the input in pieces, then its end; keeps what is written.
class MemoryTransport final : public Transport {
 public:
  MemoryTransport(MemoryLoop& loop, std::string_view input, std::size_t piece, std::string& output)
      : loop_(loop), input_(input), piece_(piece), output_(output) {}

  void start(std::shared_ptr<TransportUser> user) override { user_ = std::move(user); }
  void read(std::span<char> into) override {
    if (into.empty()) std::abort();  // a read of nothing never ends
    loop_.post([this, into, user = user_] {
      if (!user_) return;
      const std::size_t n = std::min({into.size(), piece_, input_.size()});
      std::copy_n(input_.data(), n, into.data());
      input_.remove_prefix(n);
      user->on_read(n);
    });
  }
  Sent write(std::string_view first, std::string_view second) override {
    output_.append(first).append(second);
    if (++writes_ % 2 == 0) return Sent::all;
    loop_.post([user = user_, n = first.size() + second.size()] {
      user->on_progress(n);
      user->on_written(true);
    });
    return Sent::later;
  }
  void end() override {}
  void close() override { user_.reset(); }

 private:
  MemoryLoop& loop_;
  std::string_view input_;
  std::size_t piece_;
  std::string& output_;
  std::shared_ptr<TransportUser> user_;
  int writes_ = 0;
};

Site make_site() {
  Router router;
  const auto echo = [](const Request& request) {
    (void)request.query_pairs();
    (void)request.cookie("a");
    return content("text/plain", std::string(request.param("x")) + std::string(request.body()));
  };
  const bool ok = router.add({Method::get, "/healthz", echo}) && router.add({Method::get, "/a/{x}", echo}) &&
                  router.add({Method::post, "/a/{x}", echo, 300}) && router.add({Method::put, "/b/{rest+}", echo, 300});
  if (!ok) std::abort();
  Options options;
  options.limits.head_bytes_max = 1024;
  return Site(std::move(options), std::move(router), StaticFiles());
}

std::string run(std::string_view input, std::size_t piece) {
  static Site& site = *[] {
    static Site made = make_site();
    return &made;
  }();
  std::string output;
  MemoryLoop loop;
  site.submit = [&](Workers::Job job) {
    loop.post(std::move(job));
    return true;
  };
  std::uint8_t ids = 0;
  const auto make_id = [&] {
    Uuid uuid;
    uuid.octets[15] = ++ids;
    return RequestId(uuid);
  };
  bool cut = false;
  auto connection = std::make_shared<Connection>(site, loop, std::make_unique<MemoryTransport>(loop, input, piece, output),
                                                 Remote{.address = "192.0.2.1"}, make_id);
  connection->start([&] { cut = true; });
  std::size_t steps = 0;
  while (loop.run_one()) {
    if (++steps > 100'000 + input.size() * 10) std::abort();  // it does not end
  }
  if (!cut || site.body_bytes.load() != 0) std::abort();
  return output;
}

}  // namespace
}  // namespace jx::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 8192) return 0;
  const std::string_view input = jx::text_of({data + 1, size - 1});
  const std::string whole = jx::http::run(input, 65536);
  // A 100 Continue is sent only where the body has not come yet, and a refusal may come before the next request is read: so the status lines are
  // compared, without the interim ones.
  const std::string pieces = jx::http::run(input, data[0] % 64U + 1U);
  const auto finals = [](std::string_view text) {
    std::string out;
    for (std::size_t at = text.find("HTTP/1.1 "); at != std::string_view::npos; at = text.find("HTTP/1.1 ", at + 1)) {
      if (text.substr(at + 9, 3) != "100") out.append(text.substr(at + 9, 4));
    }
    return out;
  };
  if (finals(whole) != finals(pieces)) std::abort();
  return 0;
}
