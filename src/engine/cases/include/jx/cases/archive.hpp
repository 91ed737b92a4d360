// archive.hpp - the history of cases that were closed long ago: moved out of the database into files that never change, and read from there.
//
// What stays of a case in the database is its row of case_file: number, process, item, applicant, title, how and when it ended. Its data, tasks,
// timeline and all that was written about it are in the file, sealed under a key of the case, which is in the database: who erases the key erases them.
// Files (attachments) of the case stay where they are.
#pragma once
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/crypto/seal.hpp>
#include <jx/db/scratch.hpp>
#include <jx/ledger.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace jx::cases {

using ArchiveId = Id<struct ArchiveTag>;

inline constexpr std::size_t archive_cases_max = 1'000;        // of one file
inline constexpr std::size_t archive_bytes_max = 64U << 20U;  // beyond, no further case is put into a file

struct ArchiveMonth {
  std::string month;  // yyyy-mm
  std::int64_t cases = 0;
};

/// The first day of the month that was `months` before that of `today`.
[[nodiscard]] LocalDate months_before(LocalDate today, int months);

/// The archive of a node. Immutable, thread-safe.
class Archive {
 public:
  /// `keys` outlives it. Every program on one database needs the same folder.
  Archive(const crypto::KeyRing& keys, std::filesystem::path folder) : keys_(keys), folder_(std::move(folder)) {}

  /// The months that ended before the one of `before` and have closed cases in the database, with their number, the oldest first.
  [[nodiscard]] Result<std::vector<ArchiveMonth>> months(db::Tx& tx, const calendar::Zone& zone, LocalDate before) const;

  /// Errors: invalid (/month: no month, or not over).
  [[nodiscard]] Result<> check_month(const calendar::Zone& zone, Instant now, std::string_view month) const;

  /// A step of archiving what was closed in a month (yyyy-mm): a new file, or some of the cases of the newest one moved. Goes on with a file that was
  /// begun, of whatever month. Answers whether there is more to do: call again while it does. A crash at any moment loses nothing: the next call
  /// goes on. No row is dropped before what the file holds of the case was read back and is the same; a case in which something happened meanwhile,
  /// that is not as the ledger recorded it, or that has something to be done, is left where it is.
  /// Errors: those of check_month; unavailable (the folder cannot be written); conflict (another program is doing it).
  [[nodiscard]] Result<bool> step(db::Database& database, const Context& ctx, const calendar::Zone& zone, std::string_view month) const;

  /// Whether a case is in the archive. Errors: those of the database.
  [[nodiscard]] Result<bool> has(db::Tx& tx, CaseId id) const;
  /// Has `f(Tx&)` read a case as if it had never been moved, wherever it is. Nothing may be written in it.
  /// Errors: those of `f`; conflict (its history was erased); corrupt (the file is missing or changed: says which and what to do).
  template <class F>
  auto reading(db::Tx& tx, CaseId id, F&& f) const -> std::invoke_result_t<F, db::Tx&> {
    JX_TRY(moved, fetch(tx, id));
    if (!moved) return f(tx);
    db::Overlay overlay(tx, moved->tx(), is_of_a_case);
    return f(overlay);
  }

  /// Destroys the key of a case in the archive: nothing can read its record from this moment. Recorded with law and reason. What ledger entries say of
  /// the case, its title and its attachments are erased apart.
  /// Errors: not_found (it is not in the archive); conflict (erased before); invalid (/law, /reason).
  [[nodiscard]] Result<ledger::EntryId> erase(db::Tx& tx, const Context& ctx, CaseId id, std::string_view law, std::string_view reason) const;

  /// The files that there must be.
  [[nodiscard]] Result<std::vector<std::filesystem::path>> files(db::Tx& tx) const;
  /// Every file against its hash; `deep`: every record opened too.
  [[nodiscard]] Result<std::vector<Unsound>> check(db::Database& database, bool deep) const;

 private:
  struct Made;
  [[nodiscard]] static bool is_of_a_case(const db::Query& query);
  [[nodiscard]] Result<std::unique_ptr<db::Scratch>> fetch(db::Tx& tx, CaseId id) const;
  [[nodiscard]] Result<bool> make_file(db::Database& database, const Context& ctx, const calendar::Zone& zone, std::string_view month) const;
  [[nodiscard]] Result<> move_some(db::Tx& tx, const Context& ctx, const ArchiveId& archive, const std::filesystem::path& file) const;
  [[nodiscard]] Result<> move_one(db::Tx& tx, const Context& ctx, const ArchiveId& archive, const std::filesystem::path& file,
                                  const db::Row& pending) const;
  /// Answers whether its file stays: some of its cases were moved.
  [[nodiscard]] Result<bool> give_up(db::Tx& tx, const Context& ctx, const ArchiveId& archive) const;
  [[nodiscard]] Result<Bytes> read_record(const std::filesystem::path& file, CaseId id, const std::string& sealed_key, std::int64_t position,
                                          std::int64_t size) const;
  [[nodiscard]] Result<> add(db::Tx& tx, CaseId id, Made& made) const;
  [[nodiscard]] Result<Made> collect(db::Tx& tx, Instant from, Instant to) const;
  [[nodiscard]] Result<> check_records(db::Database& database, const db::Row& archive, std::vector<Unsound>& found) const;

  const crypto::KeyRing& keys_;
  std::filesystem::path folder_;
};

}  // namespace jx::cases
