// check.hpp - whether a source still has what is published from it, as last seen: a changed schema is noticed before a consumer is.
#pragma once
#include <jx/catalogue.hpp>

namespace jx::catalogue {

/// A table or a column that a resource names and its source does not have.
struct Lack {
  ResourceId resource;
  std::string table;
  std::optional<std::string> column;  // nothing: the whole table
};
BOOST_DESCRIBE_STRUCT(Lack, (), (resource, table, column))

struct SourceCheck {
  bool reached = false;
  std::optional<LocalizedText> why;  // not reached
  std::vector<Lack> missing;         // as of when it was reached last
  std::optional<Instant> since;      // something is missing
};
BOOST_DESCRIBE_STRUCT(SourceCheck, (), (reached, why, missing, since))
struct SourceChecked {
  Instant at;
  SourceCheck found;
};

/// What the resources of a source lack, where its tables and columns are these; by resource, then as its fields stand.
struct TableColumns {
  std::string name;
  std::vector<std::string> columns;
};
[[nodiscard]] std::vector<Lack> lacks_of(const SourceId& source, std::span<const Resource> resources, std::span<const TableColumns> tables);

/// Keeps what a check found. What was missing when the source was reached last stays known while it cannot be reached.
[[nodiscard]] Result<> save_check(db::Tx& tx, const SourceId& source, Instant at, SourceCheck found);
/// Nothing if it was never checked.
[[nodiscard]] Result<std::optional<SourceChecked>> last_check(db::Tx& tx, const SourceId& source);

}  // namespace jx::catalogue
