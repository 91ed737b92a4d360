// format.cpp - one line: {"at":...,"level":...,"event":..., fields}
#include <jx/log.hpp>
#include <jx/wire/utf8.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace jx::log {
namespace {

constexpr std::string_view hex = "0123456789abcdef";

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

template <class N>
void put_number(std::string& out, N number) {
  std::array<char, 32> buffer;
  out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr);
}

void put_unit(std::string& out, unsigned unit) {
  out.append("\\u");
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out.push_back(hex[(unit >> shift) & 15U]);
}

// Printable ASCII as it is; the rest as \uXXXX, what is not UTF-8 as U+FFFD.
void put_escaped(std::string& out, std::string_view text) {
  out.push_back('"');
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0x20 && lead < 0x7F) {
      if (lead == '"' || lead == '\\') out.push_back('\\');
      out.push_back(text[at++]);
      continue;
    }
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (wire::find_invalid_utf8(text.substr(at, length))) {
      put_unit(out, 0xFFFD);
      ++at;
      continue;
    }
    unsigned point = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) point = point << 6U | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    if (point > 0xFFFF) put_unit(out, 0xD7C0 + (point >> 10U));
    put_unit(out, point > 0xFFFF ? 0xDC00 | (point & 0x3FFU) : point);
    at += length;
  }
  out.push_back('"');
}

void put_cut(std::string& out, std::string_view text, std::size_t bytes_max) {
  const std::string_view cut = wire::cut_utf8(text, bytes_max);
  put_escaped(out, cut);
  if (cut.size() < text.size()) out.insert(out.size() - 1, "...");
}

// The text of a second is kept, because thousands of lines share it.
void put_instant(std::string& out, Instant at) {
  thread_local std::int64_t kept_second = INT64_MIN;
  thread_local std::string kept;
  std::int64_t second = at.micros / 1'000'000;
  std::int64_t micros = at.micros % 1'000'000;
  if (micros < 0) {
    micros += 1'000'000;
    --second;
  }
  if (second != kept_second) {
    kept = Instant{second * 1'000'000}.text();
    kept.pop_back();  // the Z
    kept_second = second;
  }
  std::array<char, 6> digits;
  for (std::size_t i = digits.size(); i-- > 0; micros /= 10) digits[i] = static_cast<char>('0' + micros % 10);
  out.append("\"").append(kept).append(".").append(digits.data(), digits.size()).append("Z\"");
}

struct PutValue {
  std::string& out;
  void operator()(std::int64_t value) const { put_number(out, value); }
  void operator()(std::uint64_t value) const { put_number(out, value); }
  void operator()(double value) const { std::isfinite(value) ? put_number(out, value) : void(out.append("null")); }
  void operator()(bool value) const { out.append(value ? "true" : "false"); }
  void operator()(std::string_view value) const { put_escaped(out, value); }
  void operator()(const Uuid& value) const { out.append("\"").append(value.text()).append("\""); }
  void operator()(Instant value) const { put_instant(out, value); }
  void operator()(Untrusted value) const { put_cut(out, value.text, untrusted_bytes_max); }
  void operator()(const Error* value) const { put_cut(out, value->text(), error_bytes_max); }
};

std::string& begin_line(Instant at, Level level, std::string_view event) {
  thread_local std::string line;
  line.assign("{\"at\":");
  put_instant(line, at);
  line.append(",\"level\":\"").append(name_of(level)).append("\",\"event\":\"").append(event).append("\"");
  return line;
}

void put_field(std::string& line, const Field& field) {
  line.append(",\"").append(field.name()).append("\":");
  std::visit(PutValue{line}, field.value());
}

}  // namespace

void Log::write(Level level, Literal event, std::span<const Field> fields) {
  if (!wants(level)) return;
  std::string& line = begin_line(clock_.now(), level, event.text());
  for (const Field& field : fields.first(std::min(fields.size(), fields_max))) put_field(line, field);
  line.append("}\n");
  put(level, line);
}

void Log::access(const Access& access) {
  if (!wants(Level::info)) return;
  std::string& line = begin_line(clock_.now(), Level::info, "http.access");
  line.append(",\"method\":");
  put_escaped(line, access.method);
  line.append(",\"operation\":");
  put_escaped(line, access.operation);
  for (const Field& field : {Field("status", access.status), Field("in", access.bytes_in), Field("out", access.bytes_out),
                             Field("took_us", access.took), Field("request", access.request)}) {
    put_field(line, field);
  }
  if (!access.client.text.empty()) put_field(line, Field("client", access.client));
  line.append("}\n");
  put(Level::info, line);
}

}  // namespace jx::log
