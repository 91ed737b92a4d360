// id.hpp - strong ids. What is born while the program runs has an Id (UUIDv7, RFC 9562); what a pack names has a Key.
#pragma once
#include <jx/core/bytes.hpp>
#include <jx/core/clock.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace jx {

struct Uuid {
  std::array<std::uint8_t, 16> octets{};

  /// UUIDv7: 48 bits of milliseconds of `clock`, then 74 random bits. Sorts by time.
  [[nodiscard]] static Uuid make(const Clock& clock, Random& random);
  [[nodiscard]] std::string text() const;  // 8-4-4-4-12, lower case
  /// Errors: invalid (not 36 characters of the canonical form).
  [[nodiscard]] static Result<Uuid> parse(std::string_view text);
  [[nodiscard]] ByteView bytes() const { return octets; }
  /// Errors: invalid (not 16 octets).
  [[nodiscard]] static Result<Uuid> from_bytes(ByteView bytes);
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// A UUID that cannot be mistaken for the id of something else.
template <class Tag>
class Id {
 public:
  Id() = default;  // nil: names nothing
  explicit Id(const Uuid& uuid) : uuid_(uuid) {}

  [[nodiscard]] static Id make(const Clock& clock, Random& random) { return Id(Uuid::make(clock, random)); }
  [[nodiscard]] static Result<Id> parse(std::string_view text) {
    JX_TRY(uuid, Uuid::parse(text));
    return Id(uuid);
  }
  [[nodiscard]] static Result<Id> from_bytes(ByteView bytes) {
    JX_TRY(uuid, Uuid::from_bytes(bytes));
    return Id(uuid);
  }
  [[nodiscard]] std::string text() const { return uuid_.text(); }
  [[nodiscard]] ByteView bytes() const { return uuid_.bytes(); }
  [[nodiscard]] const Uuid& uuid() const { return uuid_; }
  [[nodiscard]] bool nil() const { return uuid_ == Uuid{}; }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  Uuid uuid_;
};

inline constexpr std::size_t key_bytes_max = 128;

/// Errors: invalid unless 1 to key_bytes_max of `a-z 0-9 . _ - /`, beginning with a letter or digit.
[[nodiscard]] Result<> check_key(std::string_view text);

/// A name that a pack gives to a thing, such as `market-regulation`. Unique in its kind and jurisdiction.
template <class Tag>
class Key {
 public:
  Key() = default;  // empty: names nothing
  [[nodiscard]] static Result<Key> parse(std::string_view text) {
    JX_CHECK(check_key(text));
    return Key(std::string(text));
  }
  /// For a text that was checked before it was stored, and for literals.
  [[nodiscard]] static Key trusted(std::string text) { return Key(std::move(text)); }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Key&, const Key&) = default;

 private:
  explicit Key(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// A code of a published scheme: a citizen id, a firm's credit code, a division. Codes differ by country.
struct Code {
  std::string scheme;  // such as `cn.citizen-id`, `cn.credit-code`, `cn.division`, `us.ca.sf.business-id`
  std::string value;
  friend auto operator<=>(const Code&, const Code&) = default;
};

using AccountId = Id<struct AccountTag>;
using SessionId = Id<struct SessionTag>;
using PersonId = Id<struct PersonTag>;  // a natural person
using FirmId = Id<struct FirmTag>;      // a legal person
using MandateId = Id<struct MandateTag>;
using CaseId = Id<struct CaseTag>;
using TaskId = Id<struct TaskTag>;
using DraftId = Id<struct DraftTag>;
using UsageId = Id<struct UsageTag>;  // one recorded call of the exchange
using CertificateId = Id<struct CertificateTag>;
using RequestId = Id<struct RequestTag>;

using UnitId = Key<struct UnitTag>;
using PostId = Key<struct PostTag>;
using RoleId = Key<struct RoleTag>;
using ItemId = Key<struct ItemTag>;          // a service item
using ProcessId = Key<struct ProcessTag>;    // a BPMN process of the pack
using DecisionId = Key<struct DecisionTag>;  // a DMN decision of the pack
using SourceId = Key<struct SourceTag>;      // where a department's data lives
using ResourceId = Key<struct ResourceTag>;  // a catalogue entry
using GrantId = Key<struct GrantTag>;
using ProgrammeId = Key<struct ProgrammeTag>;

}  // namespace jx

template <class Tag>
struct std::hash<jx::Id<Tag>> {
  std::size_t operator()(const jx::Id<Tag>& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes().data() + 8, sizeof value);  // the random half
    return value;
  }
};
template <class Tag>
struct std::hash<jx::Key<Tag>> {
  std::size_t operator()(const jx::Key<Tag>& key) const noexcept { return std::hash<std::string>()(key.text()); }
};
