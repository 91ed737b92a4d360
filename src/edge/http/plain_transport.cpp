#include "asio_transport.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <array>

namespace jx::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void start(std::shared_ptr<TransportUser> user) override { user_ = std::move(user); }

  void read(std::span<char> into) override {
    socket_.async_read_some(asio::buffer(into.data(), into.size()),
                            [user = user_](const error_code& error, std::size_t bytes) { user->on_read(error ? 0 : bytes); });
  }

  Sent write(std::string_view first, std::string_view second) override {
    left_ = {asio::buffer(first.data(), first.size()), asio::buffer(second.data(), second.size())};
    error_code error;
    const std::size_t bytes = second.empty() ? socket_.write_some(left_[0], error) : socket_.write_some(left_, error);
    if (error && error != asio::error::would_block) return Sent::failed;
    if (take(error ? 0 : bytes)) return Sent::all;
    write_more();
    return Sent::later;
  }

  void end() override {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
    user_.reset();
  }

 private:
  /// True when nothing is left.
  bool take(std::size_t bytes) {
    for (auto& part : left_) {
      const std::size_t n = std::min(bytes, part.size());
      part += n;
      bytes -= n;
    }
    return left_[0].size() + left_[1].size() == 0;
  }

  void write_more() {
    socket_.async_write_some(left_, [this, user = user_](const error_code& error, std::size_t bytes) {
      if (error) return user->on_written(false);
      user->on_progress(bytes);
      if (take(bytes)) return user->on_written(true);
      if (user_) write_more();  // else it was closed meanwhile
    });
  }

  asio::ip::tcp::socket socket_;
  std::shared_ptr<TransportUser> user_;
  std::array<asio::const_buffer, 2> left_;
};

}  // namespace

std::unique_ptr<Transport> make_plain_transport(asio::ip::tcp::socket socket) { return std::make_unique<PlainTransport>(std::move(socket)); }

}  // namespace jx::http
