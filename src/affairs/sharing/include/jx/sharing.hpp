// sharing.hpp - how data comes to be shared: a unit asks, both heads decide, a grant is given; a resource is examined before it is published.
// Each is a case of a process of the pack. Facts: Order 809 art. 13, 17 (publication), 20 to 22 (requests).
#pragma once
#include <jx/cases.hpp>
#include <jx/exchange/grants.hpp>

#include <boost/json/object.hpp>

namespace jx::sharing {

inline constexpr std::size_t text_bytes_max = 2'000;  // of a purpose or scenario
inline constexpr std::string_view request_process = "data-request";
inline constexpr std::string_view publication_process = "resource-publication";

/// What a unit asks for (art. 20). Wire form: api/openapi.yaml#/components/schemas/GrantRequest.
struct Request {
  ResourceId resource;
  std::optional<GrantId> grant;  // that it asks to change or renew; none: a new one
  exchange::Binding binding = exchange::Binding::case_;
  std::optional<std::vector<ItemId>> items;
  std::optional<ProgrammeId> programme;
  std::string purpose;
  std::string scenario;  // in which work, by whom, how often
  std::vector<catalogue::LawReference> legal_basis;
  std::vector<exchange::GrantField> fields;
  std::vector<std::string> lookup;
  std::optional<std::string> rows;  // FEEL over the resource's fields
  int calls_per_minute = 60;
  LocalDate valid_from;
  std::optional<LocalDate> valid_to;
  std::optional<std::int64_t> records_per_day;
  std::optional<std::string> verify;                // instead of fields: only whether this is so
  std::optional<int> count_minimum;                 // only how many rows there are, by `fields`, and no number below this
  std::optional<catalogue::ShareMethod> method;     // how it is to be handed over; nothing: as the resource is shared
  std::optional<exchange::DeliveryTerms> delivery;  // method file: how; nothing: CSV, whole, when it is ordered
};
BOOST_DESCRIBE_STRUCT(Request, (),
                      (resource, grant, binding, items, programme, purpose, scenario, legal_basis, fields, lookup, rows, calls_per_minute, valid_from,
                       valid_to, records_per_day, verify, count_minimum, method, delivery))

enum class Kind { grant, change, publication };
BOOST_DESCRIBE_ENUM(Kind, grant, change, publication)

/// A case of sharing, as its record has it.
struct Asked {
  CaseId case_id;
  Kind kind = Kind::grant;
  UnitId unit;
  UnitId provider;
  ResourceId resource;
  GrantId grant;                   // that it changes or gave; empty before
  std::optional<Request> request;  // none of a publication
  Instant asked_at;
};

/// Opens the case of a request of the actor's unit. What it asks for is checked as a grant is. Errors: not_found (/resource, /grant, process);
/// invalid (Error::field points into the request); forbidden (its own resource; another unit's grant); conflict (the grant is over).
[[nodiscard]] Result<cases::Receipt> request(db::Tx& tx, const Context& ctx, cases::Engine& engine, const Request& request);
/// Opens the case that examines a draft of the actor's unit. Errors: not_found; forbidden (another unit's); conflict (it is being examined).
[[nodiscard]] Result<cases::Receipt> request_publication(db::Tx& tx, const Context& ctx, cases::Engine& engine, const ResourceId& resource);

/// Errors: not_found.
[[nodiscard]] Result<Asked> asked(db::Tx& tx, const CaseId& id);
struct AskedPage {
  std::vector<Asked> items;
  std::string next;  // empty: no more
};
/// What a unit has asked for and what it is asked for, newest first.
[[nodiscard]] Result<AskedPage> asked_of(db::Tx& tx, const UnitId& unit, std::size_t limit, std::string_view cursor);

/// The service tasks of this module. `today` is the jurisdiction's; `engine` is the one that runs them, once it is there.
void register_handlers(cases::Registry& registry, std::function<LocalDate()> today, std::function<cases::Engine&()> engine);

/// The rows that ledger entries vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();

}  // namespace jx::sharing
