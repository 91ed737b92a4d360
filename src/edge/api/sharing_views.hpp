// sharing_views.hpp - what the API answers about sources, resources and requests: schemas of api/openapi.yaml as structs.
#pragma once
#include "views_exchange.hpp"
#include "views_services.hpp"

#include <jx/catalogue/check.hpp>
#include <jx/catalogue/examine.hpp>
#include <jx/catalogue/resources.hpp>
#include <jx/exchange/grants.hpp>
#include <jx/sharing.hpp>

namespace jx::api {

/// How a source fares.
struct BreakerView {
  bool open = false;
  int failures = 0;
  std::optional<Instant> failed_at, retry_at;
  std::optional<LocalizedText> why;
};
BOOST_DESCRIBE_STRUCT(BreakerView, (), (open, failures, failed_at, retry_at, why))

struct SourceView {
  SourceId key;
  LocalizedText name;
  UnitName unit;
  catalogue::SourceKind kind = catalogue::SourceKind::sqlite;
  std::optional<std::string> encoding;
  bool of_pack = true;
  BreakerView breaker;
  std::optional<Instant> examined_at;
  std::optional<catalogue::Examination> examination;          // of one source alone
  std::optional<std::vector<catalogue::Resource>> proposals;  // what its tables could be published as
  std::optional<std::string> address;                         // of another machine
  std::optional<bool> has_secret;                             // where it names one
  std::optional<Instant> checked_at;
  std::optional<LocalizedText> unreached;  // why, at the last check
  std::vector<catalogue::Lack> missing;    // what resources name and the source does not have
};
BOOST_DESCRIBE_STRUCT(SourceView, (),
                      (key, name, unit, kind, encoding, of_pack, breaker, examined_at, examination, proposals, address, has_secret, checked_at,
                       unreached, missing))
struct SourceList {
  std::vector<SourceView> items;
};
BOOST_DESCRIBE_STRUCT(SourceList, (), (items))

struct ResourceVersion {
  std::int64_t version = 1;
  Instant since;
  CaseId by_case;
};
BOOST_DESCRIBE_STRUCT(ResourceVersion, (), (version, since, by_case))

/// A resource whole.
struct ResourceDetail {
  ResourceView summary;
  catalogue::Resource resource;
  std::vector<GrantView> grants;                                // that the caller's unit may know of
  bool mine = false;                                            // of the caller's unit
  std::optional<std::vector<ResourceVersion>> versions;         // that were published by a case, newest first; for those who may read the catalogue
  std::optional<std::vector<catalogue::QualityFound>> quality;  // as its source was examined last
  std::optional<Instant> examined_at;
};
BOOST_DESCRIBE_STRUCT(ResourceDetail, (), (summary, resource, grants, mine, versions, quality, examined_at))

struct ResourceDraftView {
  catalogue::Resource resource;
  std::optional<CaseId> review;
  Instant changed_at;
};
BOOST_DESCRIBE_STRUCT(ResourceDraftView, (), (resource, review, changed_at))
struct ResourceDraftList {
  std::vector<ResourceDraftView> items;
};
BOOST_DESCRIBE_STRUCT(ResourceDraftList, (), (items))

struct ProgrammeList {
  std::vector<ProgrammeView> items;
};
BOOST_DESCRIBE_STRUCT(ProgrammeList, (), (items))

/// A case of sharing.
struct AskedView {
  CaseId case_;
  std::string number;
  sharing::Kind kind = sharing::Kind::grant;
  UnitName unit, provider;
  ResourceId resource;
  LocalizedText resource_name;
  std::optional<GrantId> grant;
  std::optional<sharing::Request> request;
  std::string state;  // of the case
  Instant asked_at;
  bool mine = false;                    // asked by the caller's unit
  std::vector<LocalizedText> bound_to;  // the names of the programme or the items of the request
};
BOOST_DESCRIBE_STRUCT(AskedView, (), (case_, number, kind, unit, provider, resource, resource_name, grant, request, state, asked_at, mine, bound_to))
struct AskedList {
  std::vector<AskedView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(AskedList, (), (items, next))

[[nodiscard]] Result<SourceView> source_view(Call& call, db::Tx& tx, const catalogue::Source& source, bool whole);
[[nodiscard]] Result<AskedView> asked_view(Call& call, db::Tx& tx, const sharing::Asked& asked);
[[nodiscard]] ResourceDraftView draft_view(const catalogue::Draft& draft);
/// Errors: forbidden (the caller acts for no unit).
[[nodiscard]] Result<> require_unit(const Call& call);
/// The source of the path, which is the caller's unit's. Errors: not_found, another unit's too.
[[nodiscard]] Result<catalogue::Source> own_source(Call& call, db::Tx& tx);
/// Whose grants the caller asks for by `view`: her unit's, or with `all` everybody's (nothing), which is for the data authority. Errors: forbidden;
/// invalid.
[[nodiscard]] Result<std::optional<UnitId>> whose_grants(const Call& call, db::Tx& tx);
/// A grant with what was done to it.
[[nodiscard]] Result<GrantView> grant_view(db::Tx& tx, const exchange::GrantRecord& record);

/// On which side of a grant somebody stands who acts on it.
enum class Over { provider, consumer, either };
/// The data authority may do what the provider may. Errors: forbidden; not_found (a grant that the caller's unit has no part in).
[[nodiscard]] Result<> require_over(const Call& call, db::Tx& tx, const exchange::GrantRecord& grant, Over over);

inline constexpr std::size_t source_json_bytes_max = 24U << 20U;  // files of up to 16 MiB together, in base64
inline constexpr std::size_t resource_json_bytes_max = 512U << 10U;

}  // namespace jx::api
