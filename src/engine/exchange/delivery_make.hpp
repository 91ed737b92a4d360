// delivery_make.hpp - the making of a delivery's files: one thread reads the source, another masks and writes; private to the module.
#pragma once
#include "delivery_files.hpp"
#include "delivery_rows.hpp"

namespace jx::exchange {

struct Making {
  Sources& sources;
  const catalogue::Source& source;
  const std::string& table;
  RowWriter& writer;
  std::filesystem::path folder;  // empty, of this attempt alone
  DeliveryKind kind = DeliveryKind::snapshot;
  bool index = false;               // rows have to be known again
  std::filesystem::path base = {};  // changes: the index of what the consumer has
  /// Asked after every rows_between_checks rows that were read, and at the end, on the caller's thread, with how many were taken and whose data they
  /// are (a code may come more than once). Its error ends the making.
  std::function<Result<>(std::int64_t records, const std::vector<std::string>& subjects)> check;
};

struct Made {
  std::vector<DeliveryPart> parts;
  std::int64_t records = 0;
  std::int64_t bytes = 0;
};

/// Memory is bounded, whatever the number of rows. Errors: those of the source, of Making::check, of the disk; conflict (two rows of one key).
[[nodiscard]] Result<Made> make_delivery(const Making& making);

}  // namespace jx::exchange
