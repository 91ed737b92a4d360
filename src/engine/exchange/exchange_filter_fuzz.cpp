// Whatever the JSON is: parsing ends, a fault points into the filter, and a filter that was taken names as many fields as it has comparisons, has
// an end when it is walked, and never holds together with its opposite.
#include <jx/exchange/filter.hpp>
#include <jx/wire.hpp>

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx;
  const auto json = wire::parse(std::string_view(reinterpret_cast<const char*>(data), size));  // NOLINT(*-reinterpret-cast)
  if (!json) return 0;
  const auto filter = exchange::parse_filter(*json);
  if (!filter) {
    if (!filter.error().field.starts_with("/filter") || filter.error().message.zh.empty()) std::abort();
    return 0;
  }
  std::size_t fields = 0;
  filter->each_field("/filter", [&](const std::string& field, const std::string& pointer) {
    if (field.empty() || !pointer.starts_with("/filter") || !pointer.ends_with("/field")) std::abort();
    ++fields;
  });
  if (fields == 0 || fields > exchange::filter_nodes_max) std::abort();
  exchange::Filter opposite;
  opposite.kind = exchange::Filter::Kind::none;
  opposite.parts.push_back(*filter);
  const boost::json::value cells[] = {nullptr, true, 7, 1.5, "text"};
  for (const auto& cell : cells) {
    const auto row = [&](std::string_view) -> const boost::json::value& { return cell; };
    if (filter->holds(row) == opposite.holds(row)) std::abort();
  }
  return 0;
}
