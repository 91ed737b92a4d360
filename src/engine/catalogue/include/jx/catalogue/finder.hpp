// finder.hpp - the whole catalogue as people look for it: in memory, made anew when an entry changes.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/search.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace jx::catalogue {

struct Listed {
  Resource resource;
  LocalizedText provider;  // the unit's name
  Instant since;           // first in the catalogue
  Instant changed;         // last
};

/// The entries in force, by id; document n of the index is entry n. Immutable.
struct Listing {
  std::int64_t revision = 0;
  std::vector<Listed> entries;
  search::Index index;
};

/// Thread-safe.
class Finder {
 public:
  using NameUnit = std::function<Result<LocalizedText>(db::Tx& tx, const UnitId& unit)>;
  explicit Finder(NameUnit name_unit) : name_unit_(std::move(name_unit)) {}

  /// The catalogue as the snapshot of `tx` has it.
  [[nodiscard]] Result<std::shared_ptr<const Listing>> listing(db::Tx& tx);

 private:
  NameUnit name_unit_;
  std::mutex mutex_;
  std::shared_ptr<const Listing> last_;  // guarded by mutex_
};

/// Whether a person without the right to read the catalogue may see the entry: it is shared without conditions, or open to society.
[[nodiscard]] bool is_public(const Resource& resource);

}  // namespace jx::catalogue
