// value.cpp - the shared parts of values, and their text.
#include "function.hpp"
#include "names.hpp"

#include <algorithm>

namespace jx::rules {
namespace {

constexpr std::size_t indexed_from = 12;  // entries of a context

template <class T>
T* as(detail::Shared* shared) {
  return static_cast<T*>(shared);
}

void write(std::string& out, const Value& value, std::size_t bytes_max);

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  out += '"';
}

void write_range(std::string& out, const RangeData& range, std::size_t bytes_max) {
  if (range.single) {
    out += "(=";
    write(out, range.low, bytes_max);
    out += ')';
    return;
  }
  if (range.low_unbounded || range.high_unbounded) {
    const bool upper = range.low_unbounded;
    out += '(';
    out += upper ? (range.high_closed ? "<=" : "<") : (range.low_closed ? ">=" : ">");
    write(out, upper ? range.high : range.low, bytes_max);
    out += ')';
    return;
  }
  out += range.low_closed ? '[' : '(';
  write(out, range.low, bytes_max);
  out += "..";
  write(out, range.high, bytes_max);
  out += range.high_closed ? ']' : ')';
}

void write(std::string& out, const Value& value, std::size_t bytes_max) {
  if (out.size() > bytes_max) return;
  switch (value.kind()) {
    case Kind::null: out += "null"; break;
    case Kind::boolean: out += value.boolean() ? "true" : "false"; break;
    case Kind::number: out += value.number().text(); break;
    case Kind::string: write_string(out, value.string()); break;
    case Kind::date: out += "@\"" + value.date().text() + '"'; break;
    case Kind::time: out += "@\"" + value.time().text() + '"'; break;
    case Kind::date_time: out += "@\"" + value.date_time().text() + '"'; break;
    case Kind::days_time_duration: out += "@\"" + value.span().text() + '"'; break;
    case Kind::years_months_duration: out += "@\"" + value.months().text() + '"'; break;
    case Kind::list: {
      out += '[';
      bool first = true;
      for (const auto& item : value.items()) {
        if (!first) out += ", ";
        first = false;
        write(out, item, bytes_max);
        if (out.size() > bytes_max) return;
      }
      out += ']';
      break;
    }
    case Kind::context: {
      out += '{';
      bool first = true;
      for (const auto& entry : value.entries()) {
        if (!first) out += ", ";
        first = false;
        if (is_name(entry.key)) {
          out += entry.key;
        } else {
          write_string(out, entry.key);
        }
        out += ": ";
        write(out, entry.value, bytes_max);
        if (out.size() > bytes_max) return;
      }
      out += '}';
      break;
    }
    case Kind::range: write_range(out, value.range(), bytes_max); break;
    case Kind::function: {
      const auto& function = value.function();
      out += function.name.empty() ? "function" : function.name;
      out += '(';
      for (std::size_t i = 0; i < function.parameters.size(); ++i) out += (i ? ", " : "") + function.parameters[i].name;
      out += ')';
      break;
    }
  }
}

}  // namespace

namespace detail {

void retain(Shared* shared) noexcept { shared->count.fetch_add(1, std::memory_order_relaxed); }

void release(Shared* shared, Kind kind) noexcept {
  if (shared->count.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  switch (kind) {
    case Kind::string: delete as<StringData>(shared); break;
    case Kind::list: delete as<ListData>(shared); break;
    case Kind::context: delete as<ContextData>(shared); break;
    case Kind::range: delete as<RangeHolder>(shared); break;
    case Kind::function: delete as<FunctionHolder>(shared); break;
    default: break;
  }
}

}  // namespace detail

bool append_in_place(Value& list, const Value& item) {
  auto* data = static_cast<detail::ListData*>(list.pointer());
  if (data->count.load(std::memory_order_acquire) != 1 || item.depth() >= value_depth_max || data->weight + item.weight() > value_weight_max)
    return false;
  data->items.push_back(item);
  data->hold(item);
  return true;
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::null: return "Null";
    case Kind::boolean: return "boolean";
    case Kind::number: return "number";
    case Kind::string: return "string";
    case Kind::date: return "date";
    case Kind::time: return "time";
    case Kind::date_time: return "date and time";
    case Kind::days_time_duration: return "days and time duration";
    case Kind::years_months_duration: return "years and months duration";
    case Kind::list: return "list";
    case Kind::context: return "context";
    case Kind::range: return "range";
    case Kind::function: return "function";
  }
  return "Any";
}

void Value::adopt(Kind kind, detail::Shared* shared) noexcept {
  // Becomes null: a deeper value could exhaust the stack of whoever walks it, a heavier one his time.
  if (shared->depth > value_depth_max || shared->weight > value_weight_max) {
    detail::release(shared, kind);
    return;
  }
  put(kind, shared);
  raw_[1] = on_heap;
}

Value::Value(std::string_view text) : Value() {
  if (text.size() <= sizeof raw_ - 2) {
    set(Kind::string, static_cast<unsigned char>(text.size()));
    std::memcpy(raw_ + 2, text.data(), text.size());
    return;
  }
  auto* data = new detail::StringData;
  data->text = text;
  data->depth = 0;
  data->weight += text.size() / 16;
  adopt(Kind::string, data);
}

Value Value::list(std::vector<Value> items) {
  auto* data = new detail::ListData;
  data->items = std::move(items);
  for (const auto& item : data->items) data->hold(item);
  Value value;
  value.adopt(Kind::list, data);
  return value;
}

Value Value::context(std::vector<Entry> entries) {
  auto* data = new detail::ContextData;
  if (entries.size() < indexed_from) {
    for (auto& entry : entries) {
      const auto same = std::find_if(data->entries.begin(), data->entries.end(), [&](const Entry& other) { return other.key == entry.key; });
      if (same != data->entries.end()) {
        same->value = std::move(entry.value);
      } else {
        if (data->entries.empty()) data->entries.reserve(entries.size());
        data->entries.push_back(std::move(entry));
      }
    }
  } else {
    std::vector<std::uint32_t> order(entries.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return entries[a].key < entries[b].key; });
    std::vector<bool> replaced(entries.size());
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (entries[order[i]].key != entries[order[i - 1]].key) continue;
      std::swap(entries[order[i - 1]].value, entries[order[i]].value);  // the last value at the first place
      replaced[order[i]] = true;
      order[i] = order[i - 1];
    }
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (!replaced[i]) data->entries.push_back(std::move(entries[i]));
    data->sorted.resize(data->entries.size());
    for (std::uint32_t i = 0; i < data->sorted.size(); ++i) data->sorted[i] = i;
    std::sort(data->sorted.begin(), data->sorted.end(), [&](auto a, auto b) { return data->entries[a].key < data->entries[b].key; });
  }
  for (const auto& entry : data->entries) {
    data->hold(entry.value);
    data->weight += entry.key.size() / 16;
  }
  Value value;
  value.adopt(Kind::context, data);
  return value;
}

Value Value::context(std::initializer_list<std::pair<std::string_view, Value>> entries) {
  std::vector<Entry> list;
  list.reserve(entries.size());
  for (const auto& [key, value] : entries) list.push_back({std::string(key), value});
  return context(std::move(list));
}

Value Value::range(RangeData range) {
  auto* data = new detail::RangeHolder;
  data->hold(range.low);
  data->hold(range.high);
  data->range = std::move(range);
  Value value;
  value.adopt(Kind::range, data);
  return value;
}

Value Value::function(FunctionData function) {
  auto* data = new detail::FunctionHolder;
  for (const auto& captured : function.captured) data->hold(captured);
  data->function = std::move(function);
  Value value;
  value.adopt(Kind::function, data);
  return value;
}

std::string_view Value::string() const noexcept {
  if (shared()) return as<detail::StringData>(pointer())->text;
  return {reinterpret_cast<const char*>(raw_ + 2), raw_[1]};  // NOLINT(*-reinterpret-cast)
}

std::span<const Value> Value::items() const noexcept { return as<detail::ListData>(pointer())->items; }
std::span<const Entry> Value::entries() const noexcept { return as<detail::ContextData>(pointer())->entries; }
const RangeData& Value::range() const noexcept { return as<detail::RangeHolder>(pointer())->range; }
const FunctionData& Value::function() const noexcept { return as<detail::FunctionHolder>(pointer())->function; }

const Value* Value::find(std::string_view key) const noexcept {
  if (!is(Kind::context)) return nullptr;
  const auto* data = as<detail::ContextData>(pointer());
  if (data->sorted.empty()) {
    for (const auto& entry : data->entries)
      if (entry.key == key) return &entry.value;
    return nullptr;
  }
  const auto at = std::lower_bound(data->sorted.begin(), data->sorted.end(), key,
                                   [&](std::uint32_t index, std::string_view wanted) { return data->entries[index].key < wanted; });
  return at != data->sorted.end() && data->entries[*at].key == key ? &data->entries[*at].value : nullptr;
}

unsigned Value::depth() const noexcept { return shared() ? pointer()->depth : 0; }
std::uint64_t Value::weight() const noexcept { return shared() ? pointer()->weight : 1; }

std::string Value::text(std::size_t bytes_max) const {
  std::string out;
  write(out, *this, bytes_max);
  if (out.size() > bytes_max) {
    while (bytes_max > 0 && (static_cast<unsigned char>(out[bytes_max]) & 0xc0) == 0x80) --bytes_max;
    out.resize(bytes_max);
    out += "…";
  }
  return out;
}

bool operator==(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return false;
  if (a.shared() && b.shared() && a.pointer() == b.pointer()) return true;
  switch (a.kind()) {
    case Kind::null: return true;
    case Kind::boolean: return a.boolean() == b.boolean();
    case Kind::number: return a.number() == b.number();
    case Kind::string: return a.string() == b.string();
    case Kind::date: return a.date() == b.date();
    case Kind::time: return a.time().nanos == b.time().nanos && a.time().zone == b.time().zone;
    case Kind::date_time: {
      const auto x = a.date_time(), y = b.date_time();
      return x.seconds == y.seconds && x.nanos == y.nanos && x.zone == y.zone;
    }
    case Kind::days_time_duration: return a.span() == b.span();
    case Kind::years_months_duration: return a.months() == b.months();
    case Kind::list: return std::ranges::equal(a.items(), b.items());
    case Kind::context:
      return a.entries().size() == b.entries().size() && std::ranges::all_of(a.entries(), [&](const Entry& entry) {
               const Value* other = b.find(entry.key);
               return other && *other == entry.value;
             });
    case Kind::range: {
      const auto &x = a.range(), &y = b.range();
      return x.low == y.low && x.high == y.high && x.low_closed == y.low_closed && x.high_closed == y.high_closed &&
             x.low_unbounded == y.low_unbounded && x.high_unbounded == y.high_unbounded && x.single == y.single;
    }
    case Kind::function: return false;
  }
  return false;
}

}  // namespace jx::rules
