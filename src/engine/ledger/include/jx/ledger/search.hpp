// search.hpp - the entries that an auditor asks for, the newest first.
#pragma once
#include <jx/ledger.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace jx::ledger {

/// All that is given must hold of an entry. Who acted, of which kind and about what is found by an index; what is asked for beside the first of
/// subject, account and kind is looked for among the entries that it finds.
struct Search {
  std::string subject;                 // `case:0193...`; empty: any
  std::string account;                 // a UUID as text; empty: any
  std::string kind;                    // `case.opened`; empty: any
  std::optional<Instant> from, until;  // at or after; before
};

struct Found {
  StoredEntry entry;
  std::optional<Bytes> salt;  // none once erased
};
struct FoundPage {
  std::vector<Found> entries;
  std::int64_t next = 0;  // cursor of the next page; 0: this was the last
};

inline constexpr std::size_t search_looked_at_max = 5'000;  // for one page: where few of them are wanted, a page is short and has a next one

/// At most `count_max` (1 to 200) entries before `cursor` (0: from the newest). Errors: those of the database.
[[nodiscard]] Result<FoundPage> search(db::Tx& tx, const Search& wanted, std::int64_t cursor, std::size_t count_max);

}  // namespace jx::ledger
