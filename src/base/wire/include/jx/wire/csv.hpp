// csv.hpp - strict CSV (RFC 4180): comma (or another sign), double quotes, LF or CRLF, the same number of fields on every line.
#pragma once
#include <jx/core.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jx::wire {

struct CsvLimits {
  std::size_t bytes = 64U << 20U;
  std::size_t rows = 10'000'000;
  std::size_t columns = 512;
  std::size_t field_bytes = 1U << 18U;
};

/// What a file may do otherwise than RFC 4180 says.
struct CsvForm {
  char delimiter = ',';
  int head_row = 1;  // of the head; the records before it are left out, whatever they hold
};

/// Reads a text record by record. Borrows the text, which must outlive the reader. For one thread.
class CsvReader {
 public:
  /// Reads the head row. Errors: invalid (no head, an empty or doubled column name, not UTF-8), too_large.
  [[nodiscard]] static Result<CsvReader> open(std::string_view text, const CsvLimits& limits = {}, const CsvForm& form = {});

  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  /// The position of a column. Errors: not_found (names the columns that there are).
  [[nodiscard]] Result<std::size_t> column(std::string_view name) const;

  /// The next record, one field a column, valid until the next call; nothing at the end.
  /// Errors: invalid (the message says the line: a stray quote, an open quote, too few or too many fields), too_large.
  [[nodiscard]] Result<std::optional<std::span<const std::string_view>>> next();

  /// The 1-based line on which the record that next() gave last begins.
  [[nodiscard]] int line() const { return line_; }

 private:
  CsvReader(std::string_view text, const CsvLimits& limits, char delimiter) : text_(text), limits_(limits), delimiter_(delimiter) {}
  [[nodiscard]] Result<bool> record();
  [[nodiscard]] Result<> bare();
  [[nodiscard]] Result<> quoted();

  std::string_view text_;
  CsvLimits limits_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t rows_ = 0;
  int line_ = 0;
  int next_line_ = 1;
  std::vector<std::string> columns_;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unquoted_;  // fields that had doubled quotes; a deque, for fields_ points into it
};

/// One field as RFC 4180 writes it: quoted only where it must be.
[[nodiscard]] std::string csv_field(std::string_view text, char delimiter = ',');
/// The same for a file that people open in a spreadsheet: a text that it would take for a formula begins with an apostrophe.
[[nodiscard]] std::string csv_text(std::string_view text, char delimiter = ',');

}  // namespace jx::wire
