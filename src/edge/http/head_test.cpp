#include "head.hpp"

#include "chunked.hpp"

#include <gtest/gtest.h>

#include <string>

namespace jx::http {
namespace {

/// The status of the fault, or 0; `head` is what was understood.
int parse(std::string given, Head& head) {
  static std::string text;  // what `head` points into
  text = std::move(given);
  const HeadEnd end = find_head_end(text, 0);
  if (end.state == HeadEnd::State::bad) return 400;
  if (end.state == HeadEnd::State::more) return -1;
  EXPECT_EQ(end.size, text.size());
  const Fault* fault = parse_head(text, HeadLimits{}, head);
  return fault == nullptr ? 0 : fault->status;
}
int parse(std::string text) {
  Head head;
  return parse(std::move(text), head);
}
/// One more field in a request that is good without it.
int with_field(const std::string& field) { return parse("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n"); }

TEST(Head, understands_an_ordinary_request) {
  Head head;
  ASSERT_EQ(parse("POST /api/v1/cases?limit=5&x=%20 HTTP/1.1\r\nHost: example.test:8080\r\nContent-Length: 12\r\nAccept: */*\r\n"
                  "Connection: keep-alive, CLOSE\r\nExpect: 100-Continue\r\n\r\n",
                  head),
            0);
  EXPECT_EQ(head.method, Method::post);
  EXPECT_EQ(head.path, "/api/v1/cases");
  EXPECT_EQ(head.query, "limit=5&x=%20");
  EXPECT_EQ(head.host, "example.test:8080");
  EXPECT_EQ(head.content_length, 12U);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(head.expect_continue);
  EXPECT_EQ(head.field("ACCEPT"), "*/*");
  EXPECT_EQ(head.field("absent"), std::nullopt);
}

TEST(Head, takes_the_host_of_an_absolute_target) {
  Head head;
  ASSERT_EQ(parse("GET http://real.test/p?q HTTP/1.1\r\nHost: other.test\r\n\r\n", head), 0);
  EXPECT_EQ(head.host, "real.test");
  EXPECT_EQ(head.path, "/p");
  EXPECT_EQ(head.query, "q");
  EXPECT_EQ(parse("GET http://user@real.test/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET http://real.test HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET ftp://real.test/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(Head, lets_one_empty_line_pass_before_a_request) {
  EXPECT_EQ(parse("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(parse("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(Head, answers_http_1_0_and_closes) {
  Head head;
  ASSERT_EQ(parse("GET / HTTP/1.0\r\n\r\n", head), 0);
  EXPECT_FALSE(head.keep_alive);
}

TEST(Head, refuses_request_lines_that_two_servers_could_read_differently) {
  EXPECT_EQ(parse("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(parse("GET /\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse(" GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET /\xe4\xba\x91 HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET /#top HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(parse("GET / HTTP/1.10\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(parse("GET / http/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(parse("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(parse("GE(T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
}

TEST(Head, refuses_bare_line_feeds_and_stray_carriage_returns) {
  EXPECT_EQ(parse("GET / HTTP/1.1\nHost: a\n\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n"), 400);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\r\n\r\n"), 400);
}

TEST(Head, refuses_bad_field_names_and_values) {
  EXPECT_EQ(with_field("X : 1"), 400);
  EXPECT_EQ(with_field(": 1"), 400);
  EXPECT_EQ(with_field("X"), 400);
  EXPECT_EQ(with_field("X(y): 1"), 400);
  EXPECT_EQ(with_field("X\xe4: 1"), 400);
  EXPECT_EQ(with_field(std::string("X: a\0b", 6)), 400);
  EXPECT_EQ(with_field("X: a\x7f"), 400);
  EXPECT_EQ(with_field("X: one\r\n two"), 400);
  EXPECT_EQ(with_field("X: one\r\n\ttwo"), 400);
  EXPECT_EQ(with_field("X:\t padded \t"), 0);
  EXPECT_EQ(with_field("X:"), 0);
  EXPECT_EQ(with_field("X: \xe4\xba\x91"), 0);
  std::string many;
  for (int i = 0; i < 63; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(with_field(many + "Last: 1"), 431);
}

TEST(Head, wants_exactly_one_valid_host) {
  EXPECT_EQ(parse("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(with_field("host: a"), 400);
  for (const char* host : {"", "a b", "a,b", "a/b", "user@a", "a:b", ":80", "a:80:90", "[::1", "[::1]x", "::1]"}) {
    const int wanted = std::string_view(host) == "a,b" ? 0 : 400;  // a comma is a sub-delim of reg-name, RFC 3986 section 3.2.2
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), wanted) << host;
  }
  for (const char* host : {"a", "a.b:80", "[::1]", "[::1]:443", "127.0.0.1"})
    EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"), 0) << host;
}

TEST(Head, refuses_what_smuggles_a_second_request) {
  EXPECT_EQ(with_field("Content-Length: 5\r\nTransfer-Encoding: chunked"), 400);
  EXPECT_EQ(with_field("Transfer-Encoding: chunked\r\nContent-Length: 5"), 400);
  EXPECT_EQ(with_field("Content-Length: 5\r\nContent-Length: 5"), 400);
  EXPECT_EQ(with_field("Content-Length: 5, 5"), 400);
  EXPECT_EQ(with_field("Content-Length: +5"), 400);
  EXPECT_EQ(with_field("Content-Length: -5"), 400);
  EXPECT_EQ(with_field("Content-Length: 0x5"), 400);
  EXPECT_EQ(with_field("Content-Length: 5 5"), 400);
  EXPECT_EQ(with_field("Content-Length:"), 400);
  EXPECT_EQ(with_field("Content-Length: 99999999999999999999"), 400);
  EXPECT_EQ(with_field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400);
  EXPECT_EQ(with_field("Transfer-Encoding: gzip, chunked"), 501);
  EXPECT_EQ(with_field("Transfer-Encoding: xchunked"), 501);
  EXPECT_EQ(with_field("Transfer-Encoding: chunked, identity"), 501);
  EXPECT_EQ(with_field("Transfer-Encoding: CHUNKED"), 0);
  EXPECT_EQ(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(with_field("Expect: the-unexpected"), 417);
}

TEST(Head, says_early_that_a_beginning_cannot_become_a_request) {
  using State = HeadEnd::State;
  EXPECT_EQ(find_head_end("G", 0).state, State::more);
  EXPECT_EQ(find_head_end("\x16\x03\x01", 0).state, State::bad);  // a TLS ClientHello on the plain port
  EXPECT_EQ(find_head_end("GET / HTTP/1.1\n", 0).state, State::bad);
  EXPECT_EQ(find_head_end("\r", 0).state, State::more);
  EXPECT_EQ(find_head_end("\r\n", 0).state, State::more);
}

TEST(Head, finds_the_same_end_however_the_octets_arrive) {
  const std::string text = "\r\nGET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
  std::size_t seen = 0;
  for (std::size_t n = 1; n < text.size(); ++n) {
    ASSERT_EQ(find_head_end(std::string_view(text).substr(0, n), seen).state, HeadEnd::State::more) << n;
    seen = n;
  }
  const HeadEnd end = find_head_end(text, seen);
  EXPECT_EQ(end.state, HeadEnd::State::complete);
  EXPECT_EQ(end.size, text.size());
}

using State = ChunkedDecoder::State;

/// Fed whole and fed octet by octet, a body decodes to the same.
State decode(const std::string& text, std::string& body, std::size_t max = 1000) {
  ChunkedDecoder whole(max);
  std::string_view rest = text;
  const State state = whole.feed(rest, body);
  ChunkedDecoder slow(max);
  std::string again;
  State slow_state = State::more;
  for (std::size_t i = 0; i < text.size() && slow_state == State::more; ++i) {
    std::string_view one(text.data() + i, 1);
    slow_state = slow.feed(one, again);
  }
  EXPECT_EQ(state, slow_state) << text;
  if (state == State::complete) {
    EXPECT_EQ(body, again);
  }
  return state;
}

TEST(Chunked, decodes_chunks_extensions_and_trailers) {
  std::string body;
  EXPECT_EQ(decode("4\r\nabcd\r\nA;name=\"v\"\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n", body), State::complete);
  EXPECT_EQ(body, "abcd0123456789");
  body.clear();
  EXPECT_EQ(decode("0\r\n\r\n", body), State::complete);
  EXPECT_EQ(body, "");
  EXPECT_EQ(decode("4\r\nab", body), State::more);
}

TEST(Chunked, refuses_what_is_not_well_formed) {
  for (const char* text : {"4\nabcd\r\n", "4\r\nabcde\r\n", "4\r\nabcd\n0\r\n\r\n", "\r\n", "-1\r\n", "0x4\r\n", " 4\r\n", "4 \r\nabcd\r\n", "g\r\n",
                           "10000000000000000\r\n", "4;a\x01\r\n", "0\r\n folded: 1\r\n\r\n", "0\r\nX : 1\r\n\r\n", "0\r\nX\r\n\r\n"}) {
    std::string body;
    EXPECT_EQ(decode(text, body), State::bad) << text;
  }
  std::string body;
  EXPECT_EQ(decode("4;" + std::string(600, 'x') + "\r\n", body), State::bad);
}

TEST(Chunked, stops_at_the_limit_before_it_takes_the_chunk) {
  std::string body;
  EXPECT_EQ(decode("4\r\nabcd\r\n4\r\nabcd\r\n", body, 7), State::too_large);
  EXPECT_EQ(body, "abcd");
}

}  // namespace
}  // namespace jx::http
