// print.hpp - what goes on paper: a certificate as a page of PDF, a code to be scanned. The same octets for the same input. Thread-safe.
#pragma once
#include <jx/core.hpp>
#include <jx/core/words.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jx::print {

inline constexpr std::size_t code_bytes_max = 2'900;  // a QR code of version 40, level L, holds 2,953 octets
inline constexpr std::size_t rows_max = 24;

/// One row of a sheet.
struct SheetRow {
  LocalizedText name;
  std::string value;
};

/// A certificate as it is printed, in Chinese with English below.
struct Sheet {
  LocalizedText title;
  std::string number;
  std::vector<SheetRow> rows;
  LocalizedText authority;
  LocalDate issued_on;
  std::string code;  // what the QR code holds
};

/// One page of A4 as PDF 1.5. Errors: too_large (code_bytes_max, rows_max); internal (fonts or memory).
[[nodiscard]] Result<std::string> certificate_pdf(const Sheet& sheet);

/// A QR code as SVG, with its quiet zone. Errors: too_large.
[[nodiscard]] Result<std::string> code_svg(std::string_view text);

}  // namespace jx::print
