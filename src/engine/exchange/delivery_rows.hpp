// delivery_rows.hpp - from a row of the source to a line of a delivery; private to the module. Fields, masks and rules are resolved once; a line is
// text from the first octet on.
#pragma once
#include <jx/exchange.hpp>
#include <jx/rules.hpp>

#include "masks.hpp"

#include <memory>
#include <string>
#include <vector>

namespace jx::exchange {

/// Mask of one field of one row at a time, with its answer written as JSON or CSV. Not thread-safe.
class CellWriter {
 public:
  /// `mask` as a grant writes it, or empty. Errors: invalid (no FEEL).
  [[nodiscard]] static Result<CellWriter> make(const catalogue::Field& field, const std::optional<std::string>& mask, DeliveryFormat format,
                                               const MaskedFor& whom);

  /// `cell` has the type of its field (typed_cell). A mask that fails shows nothing.
  void append(const Cell& cell, std::string& out);
  /// Every cell through FEEL, as the gateway does: what the faster ways must agree with.
  void append_by_feel(const Cell& cell, std::string& out);

 private:
  enum class Way { plain, drop, partial, year, band, town, feel };
  /// The last answers of a mask in FEEL, by its input: many columns have few values.
  struct Memo {
    static constexpr std::size_t slots = 1024;
    static constexpr std::size_t input_bytes_max = 64;
    static constexpr std::size_t tried = 16'384;  // then it is seen whether remembering pays
    struct Slot {
      bool used = false;
      std::string input, output;
    };
    std::vector<Slot> held;
    std::size_t asked = 0;
    std::size_t found = 0;
    bool off = false;
  };

  void append_natively(const Cell& cell, std::string& out);
  void append_remembered(std::string_view text, std::string& out);
  [[nodiscard]] bool native(const Cell& cell) const;
  void text(std::string_view text, std::string& out) const;

  catalogue::FieldType type_ = catalogue::FieldType::text;
  DeliveryFormat format_ = DeliveryFormat::ndjson;
  Way way_ = Way::plain;
  std::optional<Mask> feel_;
  Memo memo_;
};

/// A cell as its field's type says, where that is not how the source keeps it; `scratch` holds a text that is made.
[[nodiscard]] Cell typed_cell(catalogue::FieldType type, const Cell& cell, std::string& scratch);
/// As FEEL sees a cell of this type.
[[nodiscard]] rules::Value feel_cell(catalogue::FieldType type, const Cell& cell);
/// A text of JSON with its quotes; what is no UTF-8 becomes U+FFFD.
void append_json(std::string_view text, std::string& out);
/// RFC 4180: in quotes where it must be.
void append_csv(std::string_view text, std::string& out);

/// What a delivery takes of a row. Not thread-safe.
class RowWriter {
 public:
  struct Terms {
    const Grant& grant;
    const catalogue::Resource& resource;
    const std::optional<Filter>& filter;
    std::string key;  // a granted field without a mask; empty: rows need not be known again
    const crypto::KeyRing* mask_keys = nullptr;
  };
  /// Errors: forbidden (the grant names a field that the resource no longer has); invalid (a rule is no FEEL).
  [[nodiscard]] static Result<std::unique_ptr<RowWriter>> make(const Terms& terms);

  /// Asked of the source, in this order.
  [[nodiscard]] std::span<const std::string> columns() const { return columns_; }
  /// CSV: the line of names, after `first`; NDJSON: nothing.
  [[nodiscard]] std::string header(std::string_view first) const;
  /// What a line begins with, before what append() writes; `op` empty: a snapshot.
  [[nodiscard]] std::string beginning(std::string_view op) const;
  /// The whole line for a row that is gone.
  [[nodiscard]] std::string gone(std::string_view key) const;
  /// Whose data the row that is gone was, where the key says it, or empty.
  [[nodiscard]] std::string subject_of_gone(std::string_view key) const;

  /// Appends the rest of the row's line with its end; false, and nothing appended, where the row is not granted or not asked for.
  [[nodiscard]] bool append(std::span<const Cell> row, std::string& out);
  /// Of the row that append() was given last: the value of the key field, JSON or CSV as it stands in the line; and whose data it is, or empty.
  [[nodiscard]] const std::string& key() const { return key_text_; }
  [[nodiscard]] std::string_view subject() const { return subject_text_; }

 private:
  struct Shown {
    std::size_t slot;
    std::string before;  // `"name":` or `,"name":`; CSV: `,` but for the first
    CellWriter writer;
  };
  RowWriter() = default;
  std::size_t slot_of(const catalogue::Resource& resource, std::string_view field);
  [[nodiscard]] bool wanted();

  DeliveryFormat format_ = DeliveryFormat::ndjson;
  std::vector<std::string> fields_;
  std::vector<std::string> columns_;
  std::vector<catalogue::FieldType> types_;
  std::vector<Shown> shown_;
  std::optional<rules::Expression> rule_;
  std::vector<std::size_t> rule_slots_;
  std::optional<Filter> filter_;
  std::vector<std::size_t> filter_slots_;
  std::optional<std::size_t> key_;      // index into shown_
  std::optional<std::size_t> subject_;  // slot

  std::vector<Cell> cells_;           // of the row at hand, typed
  std::vector<std::string> scratch_;  // of cells_
  std::vector<rules::Value> inputs_;
  std::vector<boost::json::value> filtered_;
  std::string key_text_;
  std::string subject_text_;
};

}  // namespace jx::exchange
