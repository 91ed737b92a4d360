// terms.hpp - what grants, resources and sources say, decoded and compiled once for as long as their texts stay the same; private to the gateway.
#pragma once
#include <jx/catalogue/resources.hpp>
#include <jx/db/remembered.hpp>
#include <jx/exchange.hpp>
#include <jx/rules.hpp>
#include <jx/rules/condition.hpp>

#include "grants.hpp"
#include "masks.hpp"
#include "meter.hpp"

#include <map>
#include <memory>
#include <mutex>

namespace jx::exchange {

/// The same text gives the same object; another text under the same id takes its place. Thread-safe.
template <class T>
class Decoded {
 public:
  struct Entry {
    std::string text;
    T value;
  };
  using Held = std::shared_ptr<const Entry>;  // shared: a call goes on with the old one while another is decoded
  static bool same(const Held& a, const Held& b) { return a == b || a->text == b->text; }

  /// Errors: those of `make(text)`.
  template <class Make>
  Result<Held> of(const std::string& id, std::string&& text, Make&& make) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = held_.find(id);
      if (found != held_.end() && found->second->text == text) return found->second;
    }
    JX_TRY(value, make(text));
    auto entry = std::make_shared<const Entry>(Entry{std::move(text), std::move(value)});
    const std::lock_guard lock(mutex_);
    if (held_.size() >= held_max) held_.clear();
    held_[id] = entry;
    return entry;
  }

 private:
  static constexpr std::size_t held_max = 10'000;
  std::mutex mutex_;
  std::map<std::string, Held, std::less<>> held_;  // guarded by mutex_
};

/// A grant with the expressions that it alone says.
struct GrantTerms {
  Grant grant;
  std::optional<rules::Expression> rows;
  std::optional<rules::Expression> verify;
  std::optional<rules::Condition> plain_rows;  // the row rule, where it is nothing but comparisons
};
/// The masks of a grant on a resource, by field of the grant: what a named one means depends on the field's type.
using Masks = std::vector<std::optional<Mask>>;

/// Whether something is told for the first time within a minute. Thread-safe.
class OncePerMinute {
 public:
  bool first(std::string what, Instant now) {
    const std::lock_guard lock(mutex_);
    if (told_.size() >= held_max) std::erase_if(told_, [&](const auto& one) { return now - one.second >= minute; });
    if (told_.size() >= held_max) told_.clear();
    const auto [one, fresh] = told_.try_emplace(std::move(what), now);
    if (!fresh && now - one->second < minute) return false;
    one->second = now;
    return true;
  }

 private:
  static constexpr Micros minute = std::chrono::minutes(1);
  static constexpr std::size_t held_max = 10'000;
  std::mutex mutex_;
  std::map<std::string, Instant> told_;  // guarded by mutex_
};

class Gateway::Cache {
 public:
  explicit Cache(const crypto::KeyRing* mask_keys) : mask_keys_(mask_keys) {}

  Meter meter;
  OncePerMinute refusals;

  struct Row {
    std::shared_ptr<const Decoded<GrantTerms>::Entry> terms;
    bool ended = false;
    bool suspended = false;
  };
  /// Errors: not_found.
  Result<Row> grant(db::Tx& tx, const GrantId& id);
  /// Errors: invalid (a mask is no FEEL).
  Result<Decoded<Masks>::Held> masks_of(db::Tx& tx, const Decoded<GrantTerms>::Held& grant, const Decoded<catalogue::Resource>::Held& resource);
  Result<Decoded<catalogue::Resource>::Held> resource(db::Tx& tx, const ResourceId& id);
  Result<Decoded<Programme>::Held> programme(db::Tx& tx, const ProgrammeId& id);
  Result<Decoded<catalogue::Source>::Held> source(db::Tx& tx, const SourceId& id);

 private:
  Result<Row> read_grant(db::Tx& tx, const GrantId& id);

  const crypto::KeyRing* const mask_keys_;
  Decoded<GrantTerms> grants_;
  Decoded<Masks> masks_;
  Decoded<catalogue::Resource> resources_;
  Decoded<catalogue::Source> sources_;
  Decoded<Programme> programmes_;
  // The same without reading the texts, while nothing is committed that could change them.
  db::Remembered<GrantId, Row> grant_now_;
  db::Remembered<ResourceId, Decoded<catalogue::Resource>::Held> resource_now_;
  db::Remembered<SourceId, Decoded<catalogue::Source>::Held> source_now_;
  db::Remembered<ProgrammeId, Decoded<Programme>::Held> programme_now_;
  using Pair = std::pair<Decoded<GrantTerms>::Held, Decoded<catalogue::Resource>::Held>;
  db::Remembered<Pair, Decoded<Masks>::Held> masks_now_;  // by the objects themselves, which the key keeps alive
};

}  // namespace jx::exchange
