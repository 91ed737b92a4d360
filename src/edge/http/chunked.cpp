#include "chunked.hpp"

#include <algorithm>
#include <charconv>

namespace jx::http {

ChunkedDecoder::State ChunkedDecoder::take_size(std::string_view line) {
  const std::size_t semicolon = std::min(line.find(';'), line.size());
  std::string_view size = line.substr(0, semicolon);
  if (!is_field_value(line.substr(semicolon))) return State::bad;
  if (size.empty() || size.size() > 15) return State::bad;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), left_, 16);
  if (error != std::errc() || end != size.data() + size.size()) return State::bad;
  return State::more;
}

bool ChunkedDecoder::trailer_ok(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && is_token(line.substr(0, colon)) && is_field_value(line.substr(colon + 1));
}

ChunkedDecoder::State ChunkedDecoder::feed(std::string_view& octets, std::string& body) {
  while (!octets.empty()) {
    if (step_ == Step::data) {
      const std::size_t n = static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size()));
      body.append(octets.substr(0, n));
      octets.remove_prefix(n);
      left_ -= n;
      if (left_ == 0) step_ = Step::data_end;
      continue;
    }
    const std::size_t lf = octets.find('\n');
    const std::string_view piece = octets.substr(0, lf == std::string_view::npos ? lf : lf + 1);
    if (line_.size() + piece.size() > line_bytes_max) return State::bad;
    line_.append(piece);
    octets.remove_prefix(piece.size());
    if (lf == std::string_view::npos) return State::more;
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r') return State::bad;
    const std::string_view line = std::string_view(line_).substr(0, line_.size() - 2);
    switch (step_) {
      case Step::size:
        if (take_size(line) == State::bad) return State::bad;
        if (left_ > body_bytes_max_ - body.size()) return State::too_large;
        step_ = left_ == 0 ? Step::trailer : Step::data;
        break;
      case Step::data_end:
        if (!line.empty()) return State::bad;
        step_ = Step::size;
        break;
      case Step::trailer:
        if (line.empty()) return State::complete;
        trailer_bytes_ += line.size();
        if (trailer_bytes_ > trailer_bytes_max || !trailer_ok(line)) return State::bad;
        break;
      case Step::data: break;
    }
    line_.clear();
  }
  return State::more;
}

}  // namespace jx::http
