// datastore_search: rows of what is open to everyone.
#include "ckan_parts.hpp"

#include <jx/text.hpp>
#include <jx/wire/csv.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace jx::open_data {
namespace json = boost::json;
namespace {

struct Filter {
  std::size_t column;
  std::vector<std::string> values;  // any of them
};
struct Order {
  std::size_t column;
  bool descending;
};

std::string_view type_of(catalogue::FieldType type) {
  switch (type) {
    case catalogue::FieldType::integer: return "int";
    case catalogue::FieldType::number: return "numeric";
    case catalogue::FieldType::boolean: return "bool";
    case catalogue::FieldType::date: return "date";
    case catalogue::FieldType::text: return "text";
  }
  return "text";
}

/// A cell as its field's type says; null where it is not of it.
json::value typed(catalogue::FieldType type, const exchange::Cell& cell) {
  const bool numeric = type == catalogue::FieldType::integer || type == catalogue::FieldType::number;
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    if (type == catalogue::FieldType::boolean)
      return *text == "1" || *text == "true" ? json::value(true) : *text == "0" || *text == "false" ? json::value(false) : json::value(nullptr);
    if (!numeric) return text->empty() && type == catalogue::FieldType::date ? json::value(nullptr) : json::value(json::string(*text));
    const auto* end = text->data() + text->size();
    if (type == catalogue::FieldType::integer) {
      std::int64_t number = 0;
      const auto [at, error] = std::from_chars(text->data(), end, number);
      if (error == std::errc() && at == end) return number;
      return nullptr;
    }
    double number = 0;
    const auto [at, error] = std::from_chars(text->data(), end, number);
    if (error == std::errc() && at == end && std::isfinite(number)) return number;
    return nullptr;
  }
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    if (type == catalogue::FieldType::boolean) return *number != 0;
    return numeric ? json::value(*number) : json::value(std::to_string(*number));
  }
  if (const auto* number = std::get_if<double>(&cell)) return std::isfinite(*number) ? json::value(*number) : json::value(nullptr);
  if (const auto* truth = std::get_if<bool>(&cell))
    return type == catalogue::FieldType::boolean ? json::value(*truth) : json::value(*truth ? "true" : "false");
  return nullptr;
}

std::string plain(const json::value& value) {
  if (value.is_null()) return {};
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

/// Nothing before everything, numbers as numbers.
int compare(const json::value& a, const json::value& b) {
  if (a.is_null() || b.is_null()) return a.is_null() == b.is_null() ? 0 : a.is_null() ? -1 : 1;
  if (a.is_number() && b.is_number()) {
    const auto left = a.to_number<double>(), right = b.to_number<double>();
    return left < right ? -1 : left > right ? 1 : 0;
  }
  return plain(a).compare(plain(b));
}

struct Row {
  std::int64_t number;
  std::vector<json::value> cells;
};

/// What the parameters ask for.
struct Ask {
  std::vector<catalogue::Field> fields;  // of the resource
  std::vector<std::size_t> shown;
  bool number_shown = true;  // _id
  std::vector<Filter> filters;
  std::vector<std::string> words;  // in any cell
  std::vector<Order> order;
  std::int64_t limit = 0, offset = 0;
  bool total = true;
  std::string format = "objects";

  [[nodiscard]] std::optional<std::size_t> column(std::string_view id) const {
    const auto found = std::ranges::find(fields, id, &catalogue::Field::id);
    if (found == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
  }
  [[nodiscard]] bool wanted(const std::vector<json::value>& cells) const {
    for (const auto& filter : filters) {
      if (std::ranges::find(filter.values, plain(cells[filter.column])) == filter.values.end()) return false;
    }
    return std::ranges::all_of(words, [&](const std::string& word) {
      return std::ranges::any_of(cells, [&](const json::value& cell) { return text::case_fold(plain(cell)).find(word) != std::string::npos; });
    });
  }
};

std::optional<Ask> read_ask(CkanCall& call, std::vector<catalogue::Field> fields) {
  Ask ask;
  ask.fields = std::move(fields);
  ask.limit = std::min(call.natural("limit", 100), datastore_rows_max);
  ask.offset = call.natural("offset", 0);
  ask.total = call.flag("include_total", true);
  ask.format = call.text("records_format", "objects");
  if (ask.format != "objects" && ask.format != "lists" && ask.format != "csv" && ask.format != "tsv")
    call.wrong("records_format", "Value must be one of ['objects', 'lists', 'csv', 'tsv']");
  for (const auto& id : call.list("fields")) {
    if (id == "_id") continue;
    if (const auto column = ask.column(id)) {
      ask.shown.push_back(*column);
    } else {
      call.wrong("fields", "field \"" + id + "\" not in table");
    }
  }
  if (const auto named = call.list("fields"); !named.empty()) ask.number_shown = std::ranges::find(named, "_id") != named.end();
  if (ask.shown.empty() && ask.number_shown) {
    for (std::size_t i = 0; i < ask.fields.size(); ++i) ask.shown.push_back(i);
  }
  const auto filters = call.json("filters");
  if (filters.is_object()) {
    for (const auto& [id, value] : filters.get_object()) {
      const auto column = ask.column(id);
      if (!column) {
        call.wrong("filters", "field \"" + std::string(id) + "\" not in table");
        continue;
      }
      Filter filter{*column, {}};
      if (value.is_array()) {
        for (const auto& one : value.get_array()) filter.values.push_back(plain(one));
      } else {
        filter.values.push_back(plain(value));
      }
      ask.filters.push_back(std::move(filter));
    }
  } else if (!filters.is_null()) {
    call.wrong("filters", "Not a json object");
  }
  const auto q = call.json("q");
  if (q.is_object()) {
    call.wrong("q", "only plain words are supported");
  } else if (!q.is_null()) {
    const auto folded = text::case_fold(plain(q));
    for (const auto& word : text::words(folded)) ask.words.emplace_back(word.text);
  }
  for (const auto& part : call.list("sort")) {
    const auto space = part.find(' ');
    auto id = part.substr(0, space);
    std::erase(id, '"');
    const auto order = space == std::string::npos ? std::string("asc") : part.substr(part.find_first_not_of(' ', space));
    const auto column = ask.column(id);
    if (id == "_id" && (order.starts_with("asc"))) continue;
    if (!column || !(order.starts_with("asc") || order.starts_with("desc"))) {
      call.wrong("sort", "field \"" + id + "\" not in table");
      continue;
    }
    ask.order.push_back({*column, order.starts_with("desc")});
  }
  if (call.fault()) return std::nullopt;
  return ask;
}

json::value records(const Ask& ask, const std::vector<Row>& rows) {
  if (ask.format == "csv" || ask.format == "tsv") {
    const char separator = ask.format == "csv" ? ',' : '\t';
    std::string out;
    for (const auto& row : rows) {
      bool first = true;
      if (ask.number_shown) {
        out += std::to_string(row.number);
        first = false;
      }
      for (const auto column : ask.shown) {
        if (!first) out += separator;
        first = false;
        out += wire::csv_field(plain(row.cells[column]), separator);
      }
      out += '\n';
    }
    return json::value(out);
  }
  json::array out;
  for (const auto& row : rows) {
    if (ask.format == "lists") {
      json::array list;
      if (ask.number_shown) list.emplace_back(row.number);
      for (const auto column : ask.shown) list.push_back(row.cells[column]);
      out.push_back(std::move(list));
      continue;
    }
    json::object object;
    if (ask.number_shown) object["_id"] = row.number;
    for (const auto column : ask.shown) object[ask.fields[column].id] = row.cells[column];
    out.push_back(std::move(object));
  }
  return out;
}

}  // namespace

CkanResult datastore_search(const CkanThings& things, CkanCall& call) {
  const auto id = call.text("resource_id", call.text("id"));
  if (id.empty()) {
    call.wrong("resource_id", "Missing value");
    return *call.fault();
  }
  const auto entry = things.resource(id);
  if (!entry || !is_open(things.site().entries[*entry].resource))
    return CkanFault{CkanFault::Kind::not_found, {}, "Resource \"" + id + "\" was not found."};
  const auto& resource = things.site().entries[*entry].resource;
  const auto ask = read_ask(call, open_fields(resource));
  if (!ask) return *call.fault();

  std::vector<Row> rows;
  std::int64_t number = 0, matched = 0;
  std::size_t bytes = 0;
  bool too_many = false;
  const auto end = static_cast<std::size_t>(ask->offset + ask->limit);
  const auto done = things.site().rows(resource, [&](std::span<const exchange::Cell> cells) -> Result<bool> {
    ++number;
    std::vector<json::value> values;
    values.reserve(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) values.push_back(typed(ask->fields[i].type, cells[i]));
    if (!ask->wanted(values)) return true;
    const auto place = matched++;
    if (ask->order.empty() && (place < ask->offset || place >= ask->offset + ask->limit)) return ask->total || place < ask->offset;
    for (const auto& value : values) bytes += value.is_string() ? value.get_string().size() : 8;
    too_many = bytes > datastore_bytes_max || rows.size() >= datastore_sorted_max;
    if (too_many) return false;
    rows.push_back({number, std::move(values)});
    return true;
  });
  if (!done) return done.error();
  if (too_many) {
    call.wrong("limit", "The answer is too large: ask for fewer rows, or without sort");
    return *call.fault();
  }
  if (!ask->order.empty()) {
    std::ranges::stable_sort(rows, [&](const Row& a, const Row& b) {
      for (const auto& [column, descending] : ask->order) {
        if (const auto order = compare(a.cells[column], b.cells[column]); order != 0) return descending ? order > 0 : order < 0;
      }
      return false;
    });
    if (rows.size() > end) rows.resize(end);
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rows.size(), static_cast<std::size_t>(ask->offset))));
  }

  json::array fields;
  if (ask->number_shown) fields.push_back(json::object{{"id", "_id"}, {"type", "int"}});
  for (const auto column : ask->shown) fields.push_back(json::object{{"id", ask->fields[column].id}, {"type", type_of(ask->fields[column].type)}});
  const auto start = "/api/3/action/datastore_search?resource_id=" + id + "&limit=" + std::to_string(ask->limit);
  json::object out{{"include_total", ask->total},
                   {"resource_id", id},
                   {"fields", std::move(fields)},
                   {"records_format", ask->format},
                   {"limit", ask->limit},
                   {"offset", ask->offset},
                   {"total_estimation_threshold", nullptr},
                   {"records", records(*ask, rows)},
                   {"_links", json::object{{"start", start}, {"next", start + "&offset=" + std::to_string(ask->offset + ask->limit)}}}};
  if (ask->offset == 0) out.erase("offset");
  if (ask->total) {
    out["total"] = matched;
    out["total_was_estimated"] = false;
  }
  return json::value(std::move(out));
}

}  // namespace jx::open_data
