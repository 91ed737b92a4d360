// connection.hpp - one client: reads requests strictly one after another, hands them to workers, writes the answers in order.
// Invariants: all members are touched on the loop's thread only, but for the constant ones in handle(); one request is under way at most;
// buffer_[begin_, end_) are the octets that were read and not yet used; after cut() nothing happens any more.
#pragma once
#include "answer.hpp"
#include "chunked.hpp"
#include "head.hpp"
#include "site.hpp"
#include "transport.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace jx::http {

/// Who is at the other end of a socket.
struct Remote {
  std::string address;
  bool loopback = false;
  bool tls = false;
  bool trusted_proxy = false;
};

class Connection final : public TransportUser,
                         public std::enable_shared_from_this<Connection> {  // shared by its loop, by operations under way and by workers
 public:
  Connection(Site& site, Loop& loop, std::unique_ptr<Transport> transport, Remote remote, std::function<RequestId()> make_id);
  ~Connection() override;

  void start(std::function<void()> on_cut);
  /// Cuts or refuses what is too slow; beats the heart of a silent stream.
  void tick(std::int64_t now_micros);
  /// The server stops: idle connections end now, others after their answer.
  void begin_stop();
  void cut();

  void on_read(std::size_t bytes) override;
  void on_progress(std::size_t bytes) override;
  void on_written(bool ok) override;

 private:
  enum class Step { head, body, handling, sending_file, streaming, lingering, cut };
  enum class After { keep, close };

  void process();  // goes on with whatever can go on now

  // reading
  bool take_head();  // false: more octets are needed
  bool take_body();
  void read_more();
  void make_room();
  void ended();
  [[nodiscard]] std::string_view pending() const { return {buffer_.data() + begin_, end_ - begin_}; }

  // one request
  void begin_request(std::string_view text);
  void route_request(std::string_view text);
  bool admit_body(const Route& route);
  void dispatch();
  /// Runs the handler; on a worker's thread as a rule, so it touches nothing of the connection that changes.
  [[nodiscard]] Answer handle(const Request& request, std::size_t index);
  void request_done(int status, std::uint64_t bytes);
  void name_client();
  [[nodiscard]] std::optional<ClientCertificate> certificate() const;

  // answering
  void answer_health();
  void refuse(const Fault& fault, After after, std::string_view allow = {});
  void answer(Answer answer);
  bool flush();  // false: on_written() follows, or the connection was cut
  [[nodiscard]] bool must_flush() const;
  void next_file_piece();
  void end_stream();
  void linger();

  Site& site_;
  Loop& loop_;
  std::unique_ptr<Transport> transport_;
  const Remote remote_;
  const std::function<RequestId()> make_id_;
  std::function<void()> on_cut_;

  Step step_ = Step::head;
  bool reading_ = false;
  bool writing_ = false;
  bool closing_ = false;              // after what waits in out_ is written
  std::int64_t read_by_ = INT64_MAX;  // steady microseconds; while nothing is being written
  std::int64_t write_by_ = INT64_MAX;
  std::int64_t beat_at_ = INT64_MAX;

  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0, seen_ = 0;
  std::size_t lingered_bytes_ = 0;

  // the request under way
  Head head_;
  std::optional<Request> request_;
  std::optional<ChunkedDecoder> chunks_;
  std::string body_;
  std::uint64_t body_left_ = 0;
  std::size_t body_promised_ = 0;
  std::size_t index_ = 0;  // in Metrics
  std::int64_t began_ = 0;
  RequestId id_;
  std::string_view language_ = "zh-CN";
  bool keep_alive_ = true;
  bool peer_secure_ = false;
  std::string client_;  // behind a trusted proxy
  std::uint64_t bytes_in_ = 0;

  // the answer under way
  std::optional<Answer> held_;
  std::int64_t held_until_ = 0;
  std::string out_, big_;  // wait to be written, in this order; then page_
  std::string_view page_;
  std::string sending_, sending_big_;  // are being written
  std::optional<FileReader> file_;     // empty while a worker reads the next piece
  int file_status_ = 0;
  std::uint64_t file_bytes_ = 0;
  StreamHold stream_;
};

}  // namespace jx::http
