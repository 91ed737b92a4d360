// examine.hpp - what a source's tables hold: columns, keys, patterns, and the faults that a reader would otherwise meet, with counts.
// Pure: the rows are given. What is said holds for any table; nothing is known of a particular registry.
#pragma once
#include <jx/catalogue.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace jx::catalogue {

inline constexpr std::size_t examined_bytes_max = 256U << 20U;  // of cells, all tables together; beyond, only the first rows are looked at
inline constexpr std::size_t examples_max = 5;                  // of a fault

/// A table as it was read: every cell as text, an absent one as "".
struct Sheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  bool whole = true;  // false: only the first rows of a larger table
};

/// What the values of a column are.
enum class Meaning { none, citizen_id, credit_code, phone, postal_code, date, coordinate, email, address, name, key };
BOOST_DESCRIBE_ENUM(Meaning, none, citizen_id, credit_code, phone, postal_code, date, coordinate, email, address, name, key)

struct ColumnReport {
  std::string name;
  FieldType type = FieldType::text;
  Meaning meaning = Meaning::none;
  Sensitivity sensitivity = Sensitivity::general;  // proposed
  std::int64_t empty = 0;
  std::int64_t distinct = 0;
  bool unique = false;  // no value twice, none empty
  std::string least, greatest;
  std::string pattern;          // that most values have, such as 9{5}; empty: none
  std::int64_t in_pattern = 0;  // values that have it
};
BOOST_DESCRIBE_STRUCT(ColumnReport, (), (name, type, meaning, sensitivity, empty, distinct, unique, least, greatest, pattern, in_pattern))

struct TableReport {
  std::string name;
  std::int64_t rows = 0;
  bool whole = true;
  std::vector<ColumnReport> columns;
  std::optional<std::string> key;  // the column that tells the rows apart
};
BOOST_DESCRIBE_STRUCT(TableReport, (), (name, rows, whole, columns, key))

/// One kind of fault in one place.
struct DataFault {
  std::string kind;  // empty, off-pattern, filler, off-range, blanks, doubled-blanks, doubles, same-value, orphans, ...
  std::string table;
  std::vector<std::string> columns;
  std::int64_t count = 0;              // rows
  std::optional<std::int64_t> groups;  // where rows belong together
  LocalizedText words;                 // with the counts
  std::vector<std::string> examples;   // values; masked where they are personal
};
BOOST_DESCRIBE_STRUCT(DataFault, (), (kind, table, columns, count, groups, words, examples))

/// A quality rule of a resource, held against the rows. No value is kept.
struct QualityFound {
  ResourceId resource;
  std::string field;
  LocalizedText words;
  std::int64_t rows = 0;                // that were looked at
  std::int64_t broken = 0;              // that break the rule
  std::int64_t untold = 0;              // of which it says neither: a value is absent, or of another type than its field
  std::vector<std::int64_t> positions;  // of the first that break it, from 1, in the order of the source; at most examples_max
  bool whole = true;                    // false: the table is larger than what was looked at
  std::optional<LocalizedText> why;     // it does not compile
};
BOOST_DESCRIBE_STRUCT(QualityFound, (), (resource, field, words, rows, broken, untold, positions, whole, why))

struct Examination {
  std::vector<TableReport> tables;
  std::vector<DataFault> faults;
  std::optional<std::vector<QualityFound>> quality;  // of the resources that are published from it; none: they have no rules
};
BOOST_DESCRIBE_STRUCT(Examination, (), (tables, faults, quality))

[[nodiscard]] Examination examine(std::span<const Sheet> sheets);

/// What a table could be published as: fields, types, sensitivity and subject as recognised; not shared until its unit says otherwise.
[[nodiscard]] Resource proposal(const Source& source, const TableReport& table);

/// Keeps what an examination found. Errors: those of the database.
[[nodiscard]] Result<> save_examination(db::Tx& tx, const Context& ctx, const SourceId& source, const Examination& found);
struct Examined {
  Instant at;
  Examination found;
};
/// Nothing where the source was never examined.
[[nodiscard]] Result<std::optional<Examined>> examination(db::Tx& tx, const SourceId& source);

}  // namespace jx::catalogue
