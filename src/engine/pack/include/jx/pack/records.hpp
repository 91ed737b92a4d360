// records.hpp - what several parts need: rows that a pack says as JSON, one a key. What a later pack drops is ended, not deleted.
#pragma once
#include <jx/ledger/state.hpp>
#include <jx/pack.hpp>

#include <span>
#include <string>
#include <vector>

namespace jx::pack {

/// One table of such rows.
struct RecordTable {
  Kind kind;
  Words noun;                       // `resource`, `数据资源`
  const db::Query* all;             // () -> id TEXT, body TEXT, ended_at INTEGER or null
  const db::Query* put;             // (id, body, now): inserts, or sets body and clears ended_at
  const db::Query* end;             // (id, now): sets ended_at
  const ledger::StateTable* state;  // its key is the id
};

struct Record {
  std::string key;
  LocalizedText name;
  std::string body;  // JSON text, made by wire::encode: equal texts are equal records
};

/// What apply_records would do. `records` are all that the pack has.
[[nodiscard]] Result<std::vector<Change>> plan_records(db::Tx& tx, const RecordTable& table, std::span<const Record> records);
/// Makes the table hold `records`; gives the state of each row that changed, for the caller's ledger entry.
[[nodiscard]] Result<std::vector<ledger::StateHash>> apply_records(db::Tx& tx, const Context& context, const RecordTable& table,
                                                                   std::span<const Record> records);

/// Hands each YAML file of a folder to `take(const File&, const Decoded<T>&)`; what is wrong with its form becomes a finding.
template <class T, class Take>
void each_yaml(const Pack& pack, std::string_view folder, Findings& findings, Take take) {
  for (const auto* file : pack.in(folder, ".yaml")) {
    if (auto decoded = decode_yaml<T>(*file, findings)) take(*file, *decoded);
  }
}

/// Declares the `id` of each file of a folder. Faults of form are left to check().
template <class T>
void declare_ids(const Pack& pack, std::string_view folder, Kind kind, Names& names, Findings& findings) {
  Findings left_to_check;
  each_yaml<T>(pack, folder, left_to_check, [&](const File& file, const Decoded<T>& decoded) {
    names.declare(kind, decoded.value.id.text(), file, decoded.line_of("/id"), findings);
  });
}

/// A finding unless the file is named after the id that it holds.
void check_file_name(const File& file, std::string_view id, int line, Findings& findings);

/// The records of a folder of a checked pack: structs with `id` and `name`.
template <class T>
[[nodiscard]] std::vector<Record> records_of(const Pack& pack, std::string_view folder) {
  std::vector<Record> list;
  Findings checked_before;
  each_yaml<T>(pack, folder, checked_before, [&](const File&, const Decoded<T>& decoded) {
    list.push_back({decoded.value.id.text(), decoded.value.name, wire::encode(decoded.value)});
  });
  return list;
}

}  // namespace jx::pack
