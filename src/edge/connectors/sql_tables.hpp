// sql_tables.hpp - what the connectors of databases do alike with the tables that they have looked at; private to the module. A schema is a map from
// names to tables; a table has `columns`, each with a `name` and its place `key` in the primary key, from 1, or 0.
#pragma once
#include "says.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jx::connectors {

template <class Schema>
std::vector<exchange::TableShape> shapes_of(const Schema& schema) {
  std::vector<exchange::TableShape> list;
  for (const auto& [name, table] : schema) {
    list.push_back({name, {}});
    for (const auto& column : table.columns) list.back().columns.push_back(column.name);
  }
  return list;
}

/// All columns, or those that are asked for. Errors: unavailable (the table has not one of them).
template <class Table>
Result<std::vector<std::string>> chosen_columns(const std::string& name, const Table& table, std::optional<std::span<const std::string>> wanted) {
  std::vector<std::string> columns;
  if (wanted) {
    for (const auto& column : *wanted) {
      if (table.column(column) == nullptr) return no_column(name + "." + column);
    }
    columns.assign(wanted->begin(), wanted->end());
  } else {
    for (const auto& column : table.columns) columns.push_back(column.name);
  }
  return columns;
}

/// In its order; empty where there is none.
template <class Table>
std::vector<std::string> primary_key(const Table& table) {
  std::vector<std::string> key;
  for (int place = 1;; ++place) {
    const auto found = std::ranges::find_if(table.columns, [&](const auto& column) { return column.key == place; });
    if (found == table.columns.end()) return key;
    key.push_back(found->name);
  }
}

/// Names with commas between, each as `quoted` writes it.
template <class Quoted>
std::string listed(std::span<const std::string> columns, Quoted&& quoted) {
  std::string text;
  for (const auto& column : columns) text += (text.empty() ? "" : ", ") + quoted(column);
  return text;
}

}  // namespace jx::connectors
