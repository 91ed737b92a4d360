#include "timeline_rows.hpp"

#include <jx/crypto/hash.hpp>

#include <algorithm>
#include <charconv>

namespace jx::cases {
namespace {

constexpr char separator = '\x1e';

bool take_number(std::string_view& text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

std::string events_text(std::span<const TimelineRow> events) {
  std::string text;
  for (const auto& event : events) {
    if (!text.empty()) text += separator;
    text += std::to_string(event.kind);
    if (event.node) text += ':' + std::to_string(*event.node);
    if (!event.detail.empty()) text.append(1, ' ').append(event.detail);
  }
  return text;
}

std::vector<TimelineRow> events_of(const db::Row& row) {
  std::vector<TimelineRow> events;
  std::string_view rest = row.text(4);
  for (bool more = true; more;) {
    const auto end = rest.find(separator);
    more = end != std::string_view::npos;
    auto one = rest.substr(0, end);
    if (more) rest.remove_prefix(end + 1);
    TimelineRow event{row.integer(0) + static_cast<std::int64_t>(events.size()), row.instant(1), 0, row.text(2), std::nullopt, {}};
    if (!take_number(one, event.kind)) continue;
    if (one.starts_with(':')) {
      one.remove_prefix(1);
      if (std::int64_t node = 0; take_number(one, node)) event.node = node;
    }
    if (one.starts_with(' ')) event.detail = one.substr(1);
    events.push_back(std::move(event));
  }
  return events;
}

std::string storable_detail(std::string detail) {
  std::ranges::replace(detail, separator, ' ');
  return detail;
}

Bytes next_history(ByteView before, const TimelineRow& event) {
  crypto::Sha256 hash;
  hash.update(before);
  const auto add = [&](std::string_view text) { hash.update(std::to_string(text.size()) + ":").update(text); };
  add(std::to_string(event.seq));
  add(std::to_string(event.at.micros));
  add(std::to_string(event.kind));
  add(event.unit);
  add(event.node ? std::to_string(*event.node) : "");
  add(event.detail);
  const auto digest = hash.finish();
  return {digest.begin(), digest.end()};
}

}  // namespace jx::cases
