// resources.hpp - sources and resources that officers make, beside those of the pack: written as drafts, examined by a case, published, withdrawn.
// Facts: Order 809 art. 13 to 15 and 17.
#pragma once
#include <jx/catalogue.hpp>
#include <jx/ledger.hpp>

namespace jx::catalogue {

inline constexpr std::size_t fields_max = 200;   // of a resource
inline constexpr std::size_t related_max = 50;   // codes of other entries
inline constexpr std::size_t drafts_max = 500;   // of a unit
inline constexpr std::size_t sources_max = 200;  // of a unit, those that officers connected

/// What is wrong with a source or a resource by the rules that hold for packs and for people.
struct Fault {
  std::string pointer;  // JSON Pointer into it
  Words words;
};
[[nodiscard]] std::vector<Fault> faults_of(const Source& source);
[[nodiscard]] std::vector<Fault> faults_of(const Resource& resource);

/// A resource that is being written, or examined.
struct Draft {
  Resource resource;
  std::optional<CaseId> review;  // the case that examines it: it cannot be changed meanwhile
  Instant changed_at;
};

/// Writes the draft of resource.id; its first saving, or a change. Whether the actor may is asked of identity by the caller.
/// Errors: invalid (Error::field points into the resource); not_found (/source); forbidden (another unit's source or draft);
/// conflict (it is being examined; the name is one of the pack's); limited (drafts_max).
[[nodiscard]] Result<ledger::EntryId> save_draft(db::Tx& tx, const Context& ctx, const Resource& resource);
/// Errors: not_found; conflict (it is being examined).
[[nodiscard]] Result<ledger::EntryId> discard_draft(db::Tx& tx, const Context& ctx, const ResourceId& id);
/// Errors: not_found.
[[nodiscard]] Result<Draft> draft(db::Tx& tx, const ResourceId& id);
[[nodiscard]] Result<std::vector<Draft>> drafts(db::Tx& tx, const UnitId& unit);
/// Ties the draft to the case that examines it, or (nothing) gives it back to its author. Answers what the entry of the act has to vouch for.
/// Errors: not_found; conflict (another case examines it).
[[nodiscard]] Result<ledger::StateHash> set_review(db::Tx& tx, const ResourceId& id, const std::optional<CaseId>& review);

/// The draft becomes the resource, as a version of its own; what was published under this name before stays as a version.
/// `assessment` is what its head has signed off. Errors: not_found; conflict (`by_case` does not examine it; its source is gone).
[[nodiscard]] Result<ledger::EntryId> publish(db::Tx& tx, const Context& ctx, const ResourceId& id, const CaseId& by_case, LocalDate today,
                                              const std::optional<Assessment>& assessment = {});
/// Takes a resource out of the catalogue: the next call under any grant is refused. Errors: not_found; conflict (of the pack); invalid (/reason).
[[nodiscard]] Result<ledger::EntryId> withdraw(db::Tx& tx, const Context& ctx, const ResourceId& id, std::string_view reason);

struct Version {
  std::int64_t version = 1;
  Resource resource;
  Instant since;
  CaseId by_case;
};
/// Those that were published by a case, newest first.
[[nodiscard]] Result<std::vector<Version>> versions(db::Tx& tx, const ResourceId& id);
/// The resource as it is or last was, withdrawn ones too. Errors: not_found.
[[nodiscard]] Result<Resource> resource_as_it_was(db::Tx& tx, const ResourceId& id);

/// What resource() and source() decode, as text: for who decodes the same again and again. Errors: not_found.
[[nodiscard]] Result<std::string> resource_text(db::Tx& tx, const ResourceId& id);
[[nodiscard]] Result<std::string> source_text(db::Tx& tx, const SourceId& id);

/// Connects a source of the actor's unit, or changes it. Errors: invalid (pointer); forbidden (another unit's); conflict (of the pack); limited.
[[nodiscard]] Result<ledger::EntryId> connect(db::Tx& tx, const Context& ctx, const Source& source);
/// Errors: not_found; forbidden; conflict (of the pack; a resource rests on it).
[[nodiscard]] Result<ledger::EntryId> disconnect(db::Tx& tx, const Context& ctx, const SourceId& id);
/// Whether an officer connected it; else it is the pack's. Errors: not_found.
[[nodiscard]] Result<bool> made_by_act(db::Tx& tx, const SourceId& id);

}  // namespace jx::catalogue
