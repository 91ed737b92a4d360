// acts.cpp - what officers do to the catalogue. Each is one entry of the ledger, with the rows that it leaves.
#include <jx/catalogue/resources.hpp>
#include <jx/ledger.hpp>

#include "catalogue_sql.hpp"

#include <boost/json/object.hpp>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <span>

namespace jx::catalogue {
namespace {

constexpr std::array tables{
    ledger::StateTable{"catalogue.source", 2, 1, &sql::source_state_2, &sql::source_states_2},
    ledger::StateTable{"catalogue.resource", 2, 1, &sql::resource_state_2, &sql::resource_states_2},
    ledger::StateTable{"catalogue.draft", 1, 1, &sql::draft_state, &sql::draft_states},
    ledger::StateTable{"catalogue.version", 1, 2, &sql::version_state, &sql::version_states},
    ledger::StateTable{"catalogue.source", 1, 1, &sql::source_state, &sql::source_states},  // without the origin
    ledger::StateTable{"catalogue.resource", 1, 1, &sql::resource_state, &sql::resource_states},
    ledger::StateTable{"catalogue.designation", 1, 2, &sql::designation_state, &sql::designation_states},
};
const auto& source_table = tables[0];
const auto& resource_table = tables[1];
const auto& draft_table = tables[2];
const auto& version_table = tables[3];

constexpr std::size_t reason_bytes_max = 2'000;

std::unexpected<Error> anothers() { return fail(ErrorCode::forbidden, {"this belongs to another unit", "这属于其他单位"}); }
std::unexpected<Error> packs() {
  return fail(ErrorCode::conflict, {"this is one of the pack's: change it there", "这是配置包中的条目，请在配置包中修改"}, "/id");
}
std::unexpected<Error> examined() {
  return fail(ErrorCode::conflict, {"it is being examined and cannot be changed meanwhile", "该条目正在审核，暂不能修改"});
}

Result<> first_of(const std::vector<Fault>& faults) {
  if (faults.empty()) return {};
  return fail(ErrorCode::invalid, faults.front().words, faults.front().pointer);
}

Result<Draft> decode_draft(const db::Row& row) {
  JX_TRY(resource, wire::decode<Resource>(row.text(0)));
  Draft draft{std::move(resource), std::nullopt, row.instant(3)};
  if (!row.null(2)) draft.review = row.id<CaseId>(2);
  return draft;
}

Result<ledger::EntryId> record(db::Tx& tx, const Context& ctx, std::string kind, std::string_view what, std::string_view id, boost::json::object body,
                               std::vector<ledger::StateHash> states) {
  return ledger::append(tx, ctx, {std::move(kind), {std::string(what) + ":" + std::string(id)}, std::move(body), std::move(states)});
}

/// The source of a draft is its unit's and has the table.
Result<> check_source_of(db::Tx& tx, const Resource& resource) {
  auto from = source(tx, resource.source);
  if (!from) return fail_because(from.error(), from.error().code, from.error().message, "/source");
  if (from->unit != resource.provider) return fail(ErrorCode::forbidden, {"the source is another unit's", "该数据源属于其他单位"}, "/source");
  if (from->tables && std::ranges::find(*from->tables, resource.table, &SourceTable::name) == from->tables->end())
    return fail(ErrorCode::invalid, {"the source has no table of this name", "数据源中没有该表"}, "/table");
  return {};
}

/// Whether a name or an address, in whatever spelling the system takes (127.1, 0x7f.1, 2130706433, ::ffff:7f00:1), is of this machine or its link.
bool is_own_machine(std::string host) {
  std::ranges::transform(host, host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  while (host.ends_with('.')) host.pop_back();
  if (host == "localhost" || host.ends_with(".localhost") || host.starts_with("localhost.") || host.starts_with("ip6-")) return true;
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;  // nothing is asked of the network
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> held(found, &::freeaddrinfo);
  std::array<std::uint8_t, 16> octets{};  // IPv6; of IPv4 as mapped
  octets[10] = octets[11] = 0xff;
  if (found->ai_family == AF_INET) {
    sockaddr_in address{};
    std::memcpy(&address, found->ai_addr, sizeof address);
    std::memcpy(&octets[12], &address.sin_addr, 4);
  } else {
    sockaddr_in6 address{};
    std::memcpy(&address, found->ai_addr, sizeof address);
    std::memcpy(octets.data(), &address.sin6_addr, octets.size());
  }
  if (octets[0] == 0xfe && (octets[1] & 0xc0U) == 0x80) return true;  // of the link
  const std::span last = std::span(octets).last(4);
  static constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, nat64{0, 0x64, 0xff, 0x9b}, compatible{};
  const auto first = std::span(octets).first(12);
  const bool v4 = std::ranges::equal(first, mapped) || std::ranges::equal(first, nat64) || std::ranges::equal(first, compatible);
  return v4 && (last[0] == 127 || last[0] == 0 || (last[0] == 169 && last[1] == 254));
}

/// What listens on this machine for itself alone is not an officer's to reach: whoever runs the machine names it in the pack.
Result<> check_outside(const Source& source) {
  auto host = source.host.value_or("");
  if (source.url) {
    host = source.url->substr(source.url->find("://") + 3);
    host = host.starts_with('[') ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find_first_of(":/"));
  }
  if (!is_own_machine(host)) return {};
  return fail(ErrorCode::invalid, {"a source on the program's own machine is named in the pack", "本机上的数据源只能在政务包中接入"},
              source.url ? "/url" : "/host");
}

}  // namespace

std::span<const ledger::StateTable> state_tables() { return tables; }

Result<ledger::EntryId> save_draft(db::Tx& tx, const Context& ctx, const Resource& resource) {
  if (resource.provider != ctx.actor.unit)
    return fail(ErrorCode::forbidden, {"a unit describes its own data", "只能编制本单位的数据资源"}, "/provider");
  JX_CHECK(first_of(faults_of(resource)));
  JX_CHECK(check_source_of(tx, resource));
  JX_TRY(published, tx.one(sql::resource_any, resource.id));
  if (published && published->text(2) == "pack" && published->null(1)) return packs();
  JX_TRY(before, tx.one(sql::draft_one, resource.id));
  if (before) {
    if (before->key<UnitId>(1) != ctx.actor.unit) return anothers();
    if (!before->null(2)) return examined();
  } else {
    if (published) {
      JX_TRY(was, wire::decode<Resource>(published->text(0)));
      if (was.provider != ctx.actor.unit)
        return fail(ErrorCode::conflict, {"another unit has a resource of this name", "其他单位已有同名数据资源"}, "/id");
    }
    JX_TRY(mine, tx.all(sql::drafts_of, ctx.actor.unit));
    if (mine.size() >= drafts_max) return fail(ErrorCode::limited, {"a unit has at most 500 drafts", "每个单位最多500份草稿"});
  }
  JX_CHECK(tx.run(sql::draft_put, resource.id, ctx.actor.unit, wire::encode(resource), ctx.now()));
  JX_TRY(state, ledger::state_of(tx, draft_table, resource.id));
  return record(tx, ctx, "resource.drafted", "resource", resource.id.text(), {{"source", resource.source.text()}}, {std::move(state)});
}

Result<ledger::EntryId> discard_draft(db::Tx& tx, const Context& ctx, const ResourceId& id) {
  JX_TRY(was, draft(tx, id));
  if (was.resource.provider != ctx.actor.unit) return anothers();
  if (was.review) return examined();
  JX_CHECK(tx.run(sql::draft_delete, id));
  JX_TRY(state, ledger::state_of(tx, draft_table, id));
  return record(tx, ctx, "resource.draft-discarded", "resource", id.text(), {}, {std::move(state)});
}

Result<Draft> draft(db::Tx& tx, const ResourceId& id) {
  JX_TRY(row, tx.one(sql::draft_one, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no draft of this name", "没有该数据资源的草稿"});
  return decode_draft(*row);
}

Result<std::vector<Draft>> drafts(db::Tx& tx, const UnitId& unit) {
  JX_TRY(rows, tx.all(sql::drafts_of, unit));
  std::vector<Draft> list;
  for (const auto& row : rows) {
    JX_TRY(one, decode_draft(row));
    list.push_back(std::move(one));
  }
  return list;
}

Result<ledger::StateHash> set_review(db::Tx& tx, const ResourceId& id, const std::optional<CaseId>& review) {
  JX_TRY(was, draft(tx, id));
  if (review && was.review && *was.review != *review) return examined();
  std::optional<ByteView> octets;
  if (review) octets = review->bytes();
  JX_CHECK(tx.run(sql::draft_review, id, octets));
  return ledger::state_of(tx, draft_table, id);
}

Result<ledger::EntryId> publish(db::Tx& tx, const Context& ctx, const ResourceId& id, const CaseId& by_case, LocalDate today,
                                const std::optional<Assessment>& assessment) {
  JX_TRY(was, draft(tx, id));
  if (was.review != by_case) return fail(ErrorCode::conflict, {"this case does not examine the draft", "该办件未在审核此草稿"});
  auto resource = std::move(was.resource);
  JX_CHECK(check_source_of(tx, resource));
  resource.published_on = today;
  resource.assessment = assessment;  // not what the draft said: only the head signs it
  const auto body = wire::encode(resource);
  JX_TRY(last, tx.one(sql::version_last, id));
  const auto version = last->integer(0) + 1;
  JX_CHECK(tx.run(sql::version_insert, id, version, body, ctx.now(), by_case));
  JX_CHECK(tx.run(sql::resource_make, id, body, ctx.now()));
  JX_CHECK(tx.run(sql::draft_delete, id));
  std::vector<ledger::StateHash> states;
  JX_TRY(version_state, ledger::state_of(tx, version_table, id, version));
  states.push_back(std::move(version_state));
  for (const auto* table : {&resource_table, &draft_table}) {
    JX_TRY(state, ledger::state_of(tx, *table, id));
    states.push_back(std::move(state));
  }
  return record(tx, ctx, "resource.published", "resource", id.text(), {{"case", by_case.text()}, {"version", version}}, std::move(states));
}

Result<ledger::EntryId> withdraw(db::Tx& tx, const Context& ctx, const ResourceId& id, std::string_view reason) {
  if (reason.empty() || reason.size() > reason_bytes_max)
    return fail(ErrorCode::invalid, {"say why, in at most 2,000 octets", "请说明理由（不超过2000字节）"}, "/reason");
  JX_TRY(row, tx.one(sql::resource_any, id));
  if (!row || !row->null(1)) return fail(ErrorCode::not_found, {"there is no data resource of this name in the catalogue", "目录中没有该数据资源"});
  if (row->text(2) == "pack") return packs();
  JX_CHECK(tx.run(sql::resource_end, id, ctx.now()));
  JX_TRY(state, ledger::state_of(tx, resource_table, id));
  return record(tx, ctx, "resource.withdrawn", "resource", id.text(), {{"reason", reason}}, {std::move(state)});
}

Result<std::vector<Version>> versions(db::Tx& tx, const ResourceId& id) {
  JX_TRY(rows, tx.all(sql::versions_of, id));
  std::vector<Version> list;
  for (const auto& row : rows) {
    JX_TRY(resource, wire::decode<Resource>(row.text(1)));
    list.push_back({row.integer(0), std::move(resource), row.instant(2), row.id<CaseId>(3)});
  }
  return list;
}

Result<Resource> resource_as_it_was(db::Tx& tx, const ResourceId& id) {
  JX_TRY(row, tx.one(sql::resource_any, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no data resource of this name in the catalogue", "目录中没有该数据资源"});
  return wire::decode<Resource>(row->text(0));
}

Result<ledger::EntryId> connect(db::Tx& tx, const Context& ctx, const Source& source) {
  if (source.unit != ctx.actor.unit) return fail(ErrorCode::forbidden, {"a unit connects its own sources", "只能接入本单位的数据源"}, "/unit");
  JX_CHECK(first_of(faults_of(source)));
  JX_CHECK(check_outside(source));
  JX_TRY(before, tx.one(sql::source_any, source.id));
  if (before && before->null(1)) {
    if (before->text(2) == "pack") return packs();
    JX_TRY(was, wire::decode<Source>(before->text(0)));
    if (was.unit != ctx.actor.unit) return anothers();
  } else {
    JX_TRY(all, sources(tx));
    if (std::ranges::count(all, source.unit, &Source::unit) >= static_cast<std::ptrdiff_t>(sources_max))
      return fail(ErrorCode::limited, {"a unit connects at most 200 sources", "每个单位最多接入200个数据源"});
  }
  JX_CHECK(tx.run(sql::source_make, source.id, wire::encode(source), ctx.now()));
  JX_TRY(state, ledger::state_of(tx, source_table, source.id));
  return record(tx, ctx, "source.connected", "source", source.id.text(), {{"unit", source.unit.text()}}, {std::move(state)});
}

Result<ledger::EntryId> disconnect(db::Tx& tx, const Context& ctx, const SourceId& id) {
  JX_TRY(was, source(tx, id));
  if (was.unit != ctx.actor.unit) return anothers();
  JX_TRY(made, made_by_act(tx, id));
  if (!made) return packs();
  JX_TRY(all, resources(tx));
  if (std::ranges::find(all, id, &Resource::source) != all.end())
    return fail(ErrorCode::conflict, {"a published resource rests on this source: withdraw it first", "仍有已发布的数据资源使用该数据源，请先撤下"});
  JX_CHECK(tx.run(sql::source_end, id, ctx.now()));
  JX_CHECK(tx.run(sql::secret_delete, id));
  JX_TRY(state, ledger::state_of(tx, source_table, id));
  return record(tx, ctx, "source.disconnected", "source", id.text(), {}, {std::move(state)});
}

Result<bool> made_by_act(db::Tx& tx, const SourceId& id) {
  JX_TRY(row, tx.one(sql::source_any, id));
  if (!row) return fail(ErrorCode::not_found, {"there is no data source of this name", "没有该数据源"});
  return row->text(2) == "act";
}

}  // namespace jx::catalogue
