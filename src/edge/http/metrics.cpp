#include "metrics.hpp"

#include <charconv>

namespace jx::http {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

template <class N>
void number(std::string& out, N value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end);
}

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ").append(kind).append("\n");
}

template <class N>
void single(std::string& out, std::string_view name, std::string_view kind, std::string_view help, N value) {
  head(out, name, kind, help);
  out.append(name).append(" ");
  number(out, value);
  out.append("\n");
}

}  // namespace

Metrics::Metrics(const std::vector<Route>& routes) {
  for (const Route& route : routes) operations_.push_back(route.name.empty() ? std::string(name(route.method)) + " " + route.path : route.name);
  for (const std::string_view other : {"page", "nothing", "refused"}) operations_.emplace_back(other);
  series_ = std::make_unique<Series[]>(operations_.size());  // NOLINT(*-c-arrays)
}

void Metrics::observe(std::size_t index, int status, std::int64_t micros) {
  Series& series = series_[index];
  series.by_class[static_cast<std::size_t>(status / 100 - 1) % 5].fetch_add(1, relaxed);
  std::size_t bucket = 0;
  while (bucket < bounds_micros.size() && micros > bounds_micros[bucket]) ++bucket;
  series.buckets[bucket].fetch_add(1, relaxed);
  series.micros.fetch_add(micros, relaxed);
}

void Metrics::render(std::string& out, std::size_t queued) const {
  single(out, "junxian_http_connections", "gauge", "Connections that are open.", connections.load(relaxed));
  single(out, "junxian_http_streams", "gauge", "Server-sent event streams that are open.", streams.load(relaxed));
  single(out, "junxian_http_queued", "gauge", "Requests that wait for a worker.", queued);
  single(out, "junxian_http_accepted_total", "counter", "Connections accepted.", accepted.load(relaxed));
  single(out, "junxian_http_turned_away_total", "counter", "Connections refused at a limit.", turned_away.load(relaxed));
  single(out, "junxian_http_timed_out_total", "counter", "Connections cut because they were too slow.", timed_out.load(relaxed));
  single(out, "junxian_http_received_bytes_total", "counter", "Octets read.", bytes_in.load(relaxed));
  single(out, "junxian_http_sent_bytes_total", "counter", "Octets of answers.", bytes_out.load(relaxed));

  head(out, "junxian_http_requests_total", "counter", "Answers by operation and class of status.");
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    for (std::size_t c = 0; c < 5; ++c) {
      const auto count = series_[i].by_class[c].load(relaxed);
      if (count == 0) continue;
      out.append("junxian_http_requests_total{operation=\"").append(operations_[i]).append("\",status=\"");
      number(out, c + 1);
      out.append("xx\"} ");
      number(out, count);
      out.append("\n");
    }
  }
  head(out, "junxian_http_request_seconds", "histogram", "From the first octet of a request to its answer.");
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    std::uint64_t below = 0;
    std::string lines;
    for (std::size_t b = 0; b <= bounds_micros.size(); ++b) {
      below += series_[i].buckets[b].load(relaxed);
      lines.append("junxian_http_request_seconds_bucket{operation=\"").append(operations_[i]).append("\",le=\"");
      if (b < bounds_micros.size())
        number(lines, static_cast<double>(bounds_micros[b]) / 1e6);
      else
        lines.append("+Inf");
      lines.append("\"} ");
      number(lines, below);
      lines.append("\n");
    }
    if (below == 0) continue;
    out.append(lines);
    out.append("junxian_http_request_seconds_sum{operation=\"").append(operations_[i]).append("\"} ");
    number(out, static_cast<double>(series_[i].micros.load(relaxed)) / 1e6);
    out.append("\njunxian_http_request_seconds_count{operation=\"").append(operations_[i]).append("\"} ");
    number(out, below);
    out.append("\n");
  }
}

}  // namespace jx::http
