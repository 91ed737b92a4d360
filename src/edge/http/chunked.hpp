// chunked.hpp - the decoder of a chunked body (RFC 9112 section 7.1), fed bit by bit. Extensions and trailers are checked and dropped.
#pragma once
#include "head.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace jx::http {

class ChunkedDecoder {
 public:
  enum class State { more, complete, bad, too_large };

  explicit ChunkedDecoder(std::size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  /// Appends decoded octets to `body` and takes what it used off `octets`. After complete, bad or too_large it is not fed again.
  [[nodiscard]] State feed(std::string_view& octets, std::string& body);

 private:
  enum class Step { size, data, data_end, trailer };
  static constexpr std::size_t line_bytes_max = 512;      // of a size line with its extensions, or of one trailer
  static constexpr std::size_t trailer_bytes_max = 4096;  // of all trailers

  State take_size(std::string_view line);
  static bool trailer_ok(std::string_view line);

  std::size_t body_bytes_max_;
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t trailer_bytes_ = 0;
  Step step_ = Step::size;
  std::string line_;  // an unfinished line
};

}  // namespace jx::http
