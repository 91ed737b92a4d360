// matters.hpp - what comes after sharing: an error that a reader or the person concerned reports, what a person may ask about her data, disputes
// between units. Each is a case of a process of the pack. Facts: Order 809 art. 17 (update, 10 working days), 26 (correction, 10 working days), 28
// (disputes); PIPL (a person's access, objection, deletion).
#pragma once
#include <jx/sharing.hpp>

namespace jx::sharing {

inline constexpr std::string_view correction_process = "data-correction";
inline constexpr std::string_view personal_process = "personal-data-request";
inline constexpr std::string_view dispute_process = "data-dispute";
inline constexpr std::string_view update_process = "catalogue-update";

/// correction: by a unit or a person. access, objection, deletion: by a person about herself. dispute: by a unit.
/// update: by a unit, also the provider itself - its duties or data have changed, and the entry says something else (art. 17).
enum class MatterKind { correction, access, objection, deletion, dispute, update };
BOOST_DESCRIBE_ENUM(MatterKind, correction, access, objection, deletion, dispute, update)

/// What is asked. Wire form: api/openapi.yaml#/components/schemas/DataMatterRequest. The texts: at most text_bytes_max, kept with the case alone.
struct Matter {
  MatterKind kind = MatterKind::correction;
  ResourceId resource;
  std::optional<UsageId> usage;       // an objection: the use of her data that it is about
  std::optional<GrantId> grant;       // a dispute: the grant that it is about
  std::optional<std::string> field;   // a correction: the field that is wrong
  std::optional<std::string> record;  // a correction by a unit: the value of the key field of the record
  std::string what;                   // what is wrong, asked or in dispute
  std::optional<std::string> evidence;
};
BOOST_DESCRIBE_STRUCT(Matter, (), (kind, resource, usage, grant, field, record, what, evidence))

/// A matter, as its record has it.
struct MatterRecord {
  CaseId case_id;
  MatterKind kind = MatterKind::correction;
  UnitId unit;                     // that asks; empty: a person does
  std::optional<PersonId> person;  // who asks
  UnitId respondent;               // that is to answer
  ResourceId resource;
  std::string answer;  // the reasons of who decided last; empty before
  Instant asked_at;
};

/// Opens the case. An actor without a post asks as the person that she is. `today` is the jurisdiction's. Errors: not_found (/resource, /grant,
/// /usage, process); forbidden (/kind: not for her; /resource: the unit's own); invalid (Error::field points into the matter).
[[nodiscard]] Result<cases::Receipt> open_matter(db::Tx& tx, const Context& ctx, cases::Engine& engine, LocalDate today, const Matter& matter);

/// Errors: not_found.
[[nodiscard]] Result<MatterRecord> matter(db::Tx& tx, const CaseId& id);
struct MatterPage {
  std::vector<MatterRecord> items;
  std::string next;  // empty: no more
};
/// What the actor's unit asked for or has to answer, or what the person asked for, newest first.
[[nodiscard]] Result<MatterPage> matters_of(db::Tx& tx, const Actor& actor, std::size_t limit, std::string_view cursor);

/// The service task sharing.answer: its parameter `words` becomes the answer.
void register_matter_handlers(cases::Registry& registry);

/// The rows that ledger entries vouch for.
extern const ledger::StateTable matter_table;

}  // namespace jx::sharing
