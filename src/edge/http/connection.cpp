#include "connection.hpp"

#include <jx/http/problem.hpp>

#include <algorithm>
#include <cstring>

namespace jx::http {
namespace {

constexpr std::size_t buffer_bytes_first = 2 * 1024;
constexpr std::size_t buffer_bytes_max = 16 * 1024;
constexpr std::size_t join_bytes_max = 16 * 1024;     // a body up to this leaves in one write with its head
constexpr std::size_t out_bytes_max = 64 * 1024;      // answers to pipelined requests that leave in one write
constexpr std::size_t linger_bytes_max = 16U << 20U;  // read and thrown away after a refusal

std::int64_t in(Millis wait) { return steady_micros() + std::chrono::microseconds(wait).count(); }

/// A client may stall for `slack` and must otherwise reach the least rate.
std::int64_t extended(std::int64_t deadline, std::size_t bytes, const Limits& limits, Millis slack) {
  const auto earned = static_cast<std::int64_t>(bytes * 1'000'000 / std::max<std::size_t>(limits.rate_bytes_min, 1));
  return std::min(deadline + earned, in(slack));
}

bool is_address(std::string_view text) {
  return !text.empty() && text.size() <= 45 && text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

}  // namespace

Connection::Connection(Site& site, Loop& loop, std::unique_ptr<Transport> transport, Remote remote, std::function<RequestId()> make_id)
    : site_(site), loop_(loop), transport_(std::move(transport)), remote_(std::move(remote)), make_id_(std::move(make_id)) {}

Connection::~Connection() = default;

void Connection::start(std::function<void()> on_cut) {
  on_cut_ = std::move(on_cut);
  site_.metrics.connections.fetch_add(1, std::memory_order_relaxed);
  read_by_ = in(site_.options.limits.head_ms);
  transport_->start(shared_from_this());
  read_more();
}

void Connection::cut() {
  if (step_ == Step::cut) return;
  end_stream();
  step_ = Step::cut;
  transport_->close();
  site_.body_bytes.fetch_sub(std::exchange(body_promised_, 0));
  site_.metrics.connections.fetch_sub(1, std::memory_order_relaxed);
  if (on_cut_) on_cut_();
}

void Connection::begin_stop() {
  const bool idle = step_ == Step::head && pending().empty() && out_.empty() && !writing_;
  if (idle) linger();
  if (step_ == Step::streaming) stream_->close();
}

void Connection::tick(std::int64_t now_micros) {
  if (writing_) {
    if (now_micros <= write_by_) return;
    site_.metrics.timed_out.fetch_add(1, std::memory_order_relaxed);
    return cut();
  }
  if (step_ == Step::streaming) {
    if (now_micros <= beat_at_) return;
    beat_at_ = in(site_.options.limits.heartbeat_ms);
    out_.append(":\n\n");
    return process();
  }
  if (held_ && (now_micros > held_until_ || site_.stopping.load(std::memory_order_relaxed))) {
    answer(*std::exchange(held_, std::nullopt));
    return process();
  }
  if (now_micros <= read_by_) return;
  if (step_ == Step::lingering || (step_ == Step::head && pending().empty())) return cut();
  if (step_ != Step::head && step_ != Step::body) return;
  site_.metrics.timed_out.fetch_add(1, std::memory_order_relaxed);
  refuse(faults::slow, After::close);
  process();
}

// ---- reading ----------------------------------------------------------------------------------------------------------------------

void Connection::make_room() {
  if (begin_ == end_) begin_ = end_ = seen_ = 0;
  if (end_ < buffer_.size()) return;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return;
  }
  // take_head() refuses before a head fills the largest buffer, and take_body() leaves nothing: so there is room to grow.
  buffer_.resize(buffer_.empty() ? buffer_bytes_first : std::max(buffer_.size() * 2, step_ == Step::body ? buffer_bytes_max : 0));
}

void Connection::read_more() {
  if (reading_) return;
  make_room();
  reading_ = true;
  transport_->read({buffer_.data() + end_, buffer_.size() - end_});
}

void Connection::on_read(std::size_t bytes) {
  reading_ = false;
  if (bytes == 0) return ended();
  site_.metrics.bytes_in.fetch_add(bytes, std::memory_order_relaxed);
  switch (step_) {
    case Step::lingering:
      lingered_bytes_ += bytes;
      if (lingered_bytes_ > linger_bytes_max) return cut();
      return read_more();
    case Step::streaming: return cut();  // who listens to a stream has nothing to say
    case Step::body: read_by_ = extended(read_by_, bytes, site_.options.limits, site_.options.limits.body_ms); break;
    case Step::head:
      if (!pending().empty()) break;
      began_ = steady_micros();
      read_by_ = began_ + std::chrono::microseconds(site_.options.limits.head_ms).count();
      break;
    default: break;
  }
  end_ += bytes;
  process();
}

void Connection::ended() {
  const bool in_request = (step_ == Step::head && !pending().empty()) || step_ == Step::body;
  if (!in_request) return cut();
  refuse(faults::ended, After::close);
  process();
}

bool Connection::take_head() {
  const std::size_t most = site_.options.limits.head_bytes_max;
  const std::string_view octets = pending().substr(0, most);  // what lies beyond says nothing, however much of it came with them
  const HeadEnd end = find_head_end(octets, seen_);
  if (end.state == HeadEnd::State::bad) {
    refuse(faults::bare_line_feed, After::close);
    return true;
  }
  if (end.state == HeadEnd::State::more && octets.size() == most) {
    refuse(faults::head_large, After::close);
    return true;
  }
  if (end.state == HeadEnd::State::more) {
    seen_ = octets.size();
    return false;
  }
  begin_ += end.size;
  bytes_in_ = end.size;
  seen_ = 0;
  begin_request(octets.substr(0, end.size));
  return true;
}

bool Connection::take_body() {
  std::string_view octets = pending();
  if (!chunks_) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, octets.size()));
    body_.append(octets.substr(0, n));
    begin_ += n;
    bytes_in_ += n;
    body_left_ -= n;
    if (body_left_ > 0) return false;
    dispatch();
    return true;
  }
  const auto state = chunks_->feed(octets, body_);
  bytes_in_ += end_ - octets.size() - begin_;
  begin_ = end_ - octets.size();
  switch (state) {
    case ChunkedDecoder::State::more: return false;
    case ChunkedDecoder::State::complete: dispatch(); return true;
    case ChunkedDecoder::State::bad: refuse(faults::chunk, After::close); return true;
    case ChunkedDecoder::State::too_large: refuse(faults::body_large, After::close); return true;
  }
  return false;
}

// ---- one request ------------------------------------------------------------------------------------------------------------------

void Connection::begin_request(std::string_view text) {
  const Limits& limits = site_.options.limits;
  const Fault* fault = parse_head(text, {.target_bytes_max = 8 * 1024, .fields_max = limits.fields_max}, head_);
  language_ = "zh-CN";
  peer_secure_ = remote_.tls;
  id_ = RequestId();
  if (fault != nullptr) return refuse(*fault, After::close);

  keep_alive_ = head_.keep_alive && !site_.stopping.load(std::memory_order_relaxed);
  for (const Field& field : head_.fields) {
    if (field.name.size() == 15 && same_name(field.name, "accept-language")) language_ = language_of(field.value);
    if (field.name.size() == 12 && same_name(field.name, "x-request-id")) {
      if (auto id = RequestId::parse(field.value)) id_ = *id;
    }
  }
  if (id_.nil()) id_ = make_id_();
  if (remote_.trusted_proxy) name_client();
  route_request(text);
}

/// The rightmost address in X-Forwarded-For that is not itself a trusted proxy.
void Connection::name_client() {
  client_ = remote_.address;
  const auto& trusted = site_.options.trusted_proxies;
  if (const auto chain = head_.field("x-forwarded-for")) {
    each_element(*chain, [&](std::string_view element) {
      const bool proxy = std::ranges::any_of(trusted, [&](const AddressRange& range) { return range.contains(element); });
      if (is_address(element) && !proxy) client_ = element;
    });
  }
  if (const auto scheme = head_.field("x-forwarded-proto")) peer_secure_ = same_name(*scheme, "https");
}

std::optional<ClientCertificate> Connection::certificate() const {
  if (remote_.trusted_proxy) return std::nullopt;
  auto shown = transport_->certificate();
  if (shown && shown->fault == ClientCertificate::Fault::none && SystemClock().now() > shown->not_after)
    shown->fault = ClientCertificate::Fault::expired;  // while the connection was open
  return shown;
}

void Connection::route_request(std::string_view text) {
  const After after = head_.has_body() ? After::close : After::keep;
  const bool reads = head_.method == Method::get || head_.method == Method::head;
  index_ = site_.metrics.other(Metrics::nothing);
  if (head_.path == "/healthz" && reads && after == After::keep) return answer_health();

  Router::Match match = site_.router.match(head_.method, head_.path);
  switch (match.outcome) {
    case Router::Outcome::found: break;
    case Router::Outcome::no_method: return refuse(faults::not_allowed, after, match.allow);
    case Router::Outcome::bad_encoding: return refuse(faults::target, after);
    case Router::Outcome::no_path:
      if (reads && after == After::keep && !site_.router.owns(head_.path)) {
        const StaticFiles::Found page = site_.files.find(head_.path);
        if (page.file != nullptr) {
          index_ = site_.metrics.other(Metrics::pages);
          return answer(make_page(page, head_, peer_secure_, id_));
        }
      }
      return refuse(faults::no_such_page, after);
  }
  index_ = match.index;
  const Route& route = site_.router.routes()[match.index];
  if (!admit_body(route)) return;

  request_ = RequestMaker::make(text, head_, id_);
  RequestMaker::set_route(*request_, route.path, std::move(match.params));
  const bool forwarded = head_.field("x-forwarded-for") || head_.field("forwarded") || head_.field("via");
  RequestMaker::set_peer(*request_, {remote_.trusted_proxy ? client_ : remote_.address, remote_.loopback && !forwarded, peer_secure_, certificate()});
  RequestMaker::set_deadline(*request_, SystemClock().now() + site_.options.limits.handler_ms);
  if (!head_.has_body()) return dispatch();

  step_ = Step::body;
  read_by_ = in(site_.options.limits.body_ms);
  if (head_.chunked)
    chunks_.emplace(route.body_bytes_max);
  else
    body_left_ = *head_.content_length;
  body_.reserve(body_left_);  // admitted; a text that grows is copied again and again
  if (head_.expect_continue && pending().empty()) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

bool Connection::admit_body(const Route& route) {
  if (!head_.has_body()) return true;
  if (head_.content_length.value_or(0) > route.body_bytes_max) {
    refuse(faults::body_large, After::close);
    return false;
  }
  body_promised_ = head_.chunked ? route.body_bytes_max : static_cast<std::size_t>(*head_.content_length);
  if (site_.body_bytes.fetch_add(body_promised_) + body_promised_ > site_.options.limits.bodies_bytes_max) {
    refuse(faults::busy, After::close);
    return false;
  }
  return true;
}

void Connection::dispatch() {
  step_ = Step::handling;
  read_by_ = INT64_MAX;
  chunks_.reset();
  RequestMaker::set_body(*request_, std::exchange(body_, {}));
  Request request = *std::exchange(request_, std::nullopt);
  if (site_.router.routes()[index_].at_once) return answer(handle(request, index_));
  const bool queued = site_.submit([self = shared_from_this(), request = std::move(request), index = index_] {
    Answer answer = self->handle(request, index);
    self->loop_.post([self, answer = std::move(answer)]() mutable {
      if (answer.hold.count() > 0 && !self->site_.stopping.load(std::memory_order_relaxed)) {
        self->held_until_ = in(answer.hold);
        self->held_ = std::move(answer);
        return;  // tick() goes on
      }
      self->answer(std::move(answer));
      self->process();
    });
  });
  if (!queued) refuse(faults::busy, After::keep);
}

Answer Connection::handle(const Request& request, std::size_t index) {
  Response response;
  StreamHold hold;
  try {
    const bool late = SystemClock().now() > request.deadline();
    response = late ? problem({ErrorCode::timeout, {faults::busy.en, faults::busy.zh}, {}, nullptr}) : site_.router.routes()[index].handler(request);
    if (auto* subscribe = std::get_if<Subscribe>(&response.body)) {
      if (request.method() == Method::head) {
        response.body = std::string();
      } else if (site_.metrics.streams.load(std::memory_order_relaxed) >= static_cast<std::int64_t>(site_.options.limits.streams_max)) {
        response = problem({ErrorCode::unavailable, {faults::busy.en, faults::busy.zh}, {}, nullptr});
      } else {
        const auto stream = std::make_shared<EventStream>(loop_, site_.options.limits.stream_events_max, [weak = weak_from_this()] {
          if (const auto connection = weak.lock()) connection->process();
        });
        hold = StreamHold(stream);
        hold.subscribed((*subscribe)(stream));
      }
    }
  } catch (const std::exception& exception) {
    response = problem({ErrorCode::internal, std::string("a handler threw: ") + exception.what(), {}, nullptr});
    hold = StreamHold();
  }
  render_error(site_, request, response);
  if (site_.options.record) site_.options.record({request, response});
  Answer answer = make_answer(site_, request, std::move(response));
  answer.stream = std::move(hold);
  return answer;
}

void Connection::request_done(int status, std::uint64_t bytes) {
  const std::int64_t now = steady_micros();
  const std::int64_t took = began_ == 0 ? 0 : now - began_;
  site_.metrics.observe(index_, status, took);
  if (site_.options.log != nullptr) {
    const std::string_view client = remote_.trusted_proxy ? client_ : remote_.address;
    site_.options.log->access({.method = name(head_.method),
                               .operation = site_.metrics.operation(index_),
                               .status = status,
                               .bytes_in = bytes_in_,
                               .bytes_out = bytes,
                               .took = Micros(took),
                               .request = id_,
                               .client = log::untrusted(site_.options.log_clients ? client : std::string_view())});
  }
  site_.body_bytes.fetch_sub(std::exchange(body_promised_, 0));
  step_ = Step::head;
  head_.method = Method::get;  // a refusal before the next head is read has a body
  began_ = now;
  read_by_ = now + std::chrono::microseconds(pending().empty() ? site_.options.limits.idle_ms : site_.options.limits.head_ms).count();
  if (!keep_alive_) closing_ = true;
}

// ---- answering --------------------------------------------------------------------------------------------------------------------

void Connection::answer_health() {
  index_ = site_.health;
  out_.append("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\nCache-Control: no-store\r\nX-Request-Id: ");
  out_.append(id_.text()).append("\r\n").append(loop_.date_line()).append(keep_alive_ ? "\r\n" : "Connection: close\r\n\r\n");
  if (head_.method == Method::get) out_.append("ok\n");
  request_done(200, 3);
}

void Connection::refuse(const Fault& fault, After after, std::string_view allow) {
  if (id_.nil()) id_ = make_id_();
  if (after == After::close) {
    keep_alive_ = false;
    request_.reset();
    chunks_.reset();
    body_ = {};
    if (step_ == Step::head && fault.status != 413 && fault.status != 503) index_ = site_.metrics.other(Metrics::refused);
  }
  answer(make_refusal(fault, language_, peer_secure_, id_, allow));
}

void Connection::answer(Answer answer) {
  if (step_ == Step::cut) return;
  if (answer.stream || site_.stopping.load(std::memory_order_relaxed)) keep_alive_ = false;
  out_.append(answer.head).append(loop_.date_line()).append(keep_alive_ ? "\r\n" : "Connection: close\r\n\r\n");
  if (answer.stream) {
    stream_ = std::move(answer.stream);
    site_.metrics.streams.fetch_add(1, std::memory_order_relaxed);
    request_done(answer.status, 0);
    closing_ = false;
    step_ = Step::streaming;
    beat_at_ = in(site_.options.limits.heartbeat_ms);
    if (site_.stopping.load(std::memory_order_relaxed)) stream_->close();
    return read_more();  // to see the browser go
  }
  if (head_.method != Method::head) {
    const std::string_view body = answer.page.empty() ? std::string_view(answer.body) : answer.page;
    if (body.size() <= join_bytes_max)
      out_.append(body);
    else if (!answer.page.empty())
      page_ = answer.page;
    else
      big_ = std::move(answer.body);
  }
  if (!answer.file) return request_done(answer.status, answer.length);
  file_ = std::move(answer.file);
  file_status_ = answer.status;
  file_bytes_ = answer.length;
  step_ = Step::sending_file;
}

bool Connection::must_flush() const { return closing_ || !big_.empty() || !page_.empty() || out_.size() >= out_bytes_max; }

bool Connection::flush() {
  if (out_.empty() && big_.empty() && page_.empty()) return true;
  sending_.swap(out_);
  sending_big_.swap(big_);
  const std::string_view second = page_.empty() ? std::string_view(sending_big_) : std::exchange(page_, {});
  site_.metrics.bytes_out.fetch_add(sending_.size() + second.size(), std::memory_order_relaxed);
  switch (transport_->write(sending_, second)) {
    case Transport::Sent::all:
      sending_.clear();
      sending_big_ = {};
      return true;
    case Transport::Sent::later:
      writing_ = true;
      write_by_ = in(site_.options.limits.write_ms);
      return false;
    case Transport::Sent::failed: cut(); return false;
  }
  return false;
}

void Connection::on_progress(std::size_t bytes) { write_by_ = extended(write_by_, bytes, site_.options.limits, site_.options.limits.write_ms); }

void Connection::on_written(bool ok) {
  writing_ = false;
  if (!ok) return cut();
  sending_.clear();
  sending_big_ = {};
  if (step_ == Step::head) read_by_ = std::max(read_by_, in(site_.options.limits.idle_ms));
  process();
}

void Connection::process() {
  while (!writing_) {
    switch (step_) {
      case Step::head:
      case Step::body:
        if (must_flush()) {
          if (!flush()) return;
          if (closing_) return linger();
          break;
        }
        if (step_ == Step::head ? take_head() : take_body()) break;
        if (flush()) read_more();
        return;
      case Step::handling: flush(); return;
      case Step::sending_file:
        if (!flush() || !file_) return;
        next_file_piece();
        break;
      case Step::streaming:
        if (!stream_->take(out_)) {
          end_stream();
          return linger();
        }
        if (out_.empty() || !flush()) return;
        break;
      case Step::lingering:
      case Step::cut: return;
    }
  }
}

void Connection::next_file_piece() {
  if (file_->left() == 0) {
    file_.reset();
    return request_done(file_status_, file_bytes_);
  }
  const bool queued = site_.go_on([self = shared_from_this(), file = std::move(*file_)]() mutable {
    std::string piece;
    const bool ok = file.read(piece);
    self->loop_.post([self, ok, piece = std::move(piece), file = std::move(file)]() mutable {
      if (self->step_ == Step::cut) return;
      if (!ok) return self->cut();  // the length is promised: only a broken connection tells the client
      self->file_ = std::move(file);
      self->big_ = std::move(piece);
      self->process();
    });
  });
  file_.reset();
  if (!queued) cut();
}

void Connection::end_stream() {
  if (!stream_) return;
  {
    const StreamHold ended = std::move(stream_);
  }
  site_.metrics.streams.fetch_sub(1, std::memory_order_relaxed);
}

void Connection::linger() {
  if (step_ == Step::cut) return;
  step_ = Step::lingering;
  closing_ = true;
  read_by_ = in(site_.options.limits.linger_ms);
  transport_->end();
  begin_ = end_ = seen_ = 0;
  if (!reading_) read_more();
}

}  // namespace jx::http
