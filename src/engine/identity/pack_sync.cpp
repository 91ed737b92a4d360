#include "pack_sync.hpp"

#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/calendar/zone.hpp>
#include <jx/pack/records.hpp>
#include <jx/text.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace jx::identity {
namespace {

constexpr std::size_t states_each = 4'000;  // of one ledger entry

const std::array tables{
    pack::RecordTable{pack::Kind::division, {"division", "行政区划"}, &sql::division_all, &sql::division_put, &sql::division_end, &Tables::division},
    pack::RecordTable{pack::Kind::unit, {"unit", "单位"}, &sql::unit_all, &sql::unit_put, &sql::unit_end, &Tables::unit},
    pack::RecordTable{pack::Kind::role, {"role", "角色"}, &sql::role_all, &sql::role_put, &sql::role_end, &Tables::role},
    pack::RecordTable{pack::Kind::post, {"post", "岗位"}, &sql::post_all, &sql::post_put, &sql::post_end, &Tables::post},
};

/// The records of `tables`, in the same order.
std::array<std::vector<pack::Record>, 4> records_of(const Contents& contents) {
  std::array<std::vector<pack::Record>, 4> out;
  if (contents.divisions) {
    const auto& file = contents.divisions->value;
    for (const auto& entry : file.divisions) {
      const Division division{file.scheme, entry.code, entry.level, entry.name, entry.parent, entry.valid_from, entry.valid_to, file.edition};
      out[0].push_back({entry.code, entry.name, wire::encode(division)});
    }
  }
  if (contents.units) {
    for (const auto& unit : contents.units->value.units) out[1].push_back({unit.id.text(), unit.name, wire::encode(unit)});
  }
  for (const auto& role : contents.roles) out[2].push_back({role.id.text(), role.name, wire::encode(role)});
  if (contents.posts) {
    for (const auto& post : contents.posts->value.posts) out[3].push_back({post.id.text(), post.name, wire::encode(post)});
  }
  return out;
}

/// People, firms, mandates and accounts: one walk that plans (`hasher` null) or applies.
class Sync {
 public:
  Sync(db::Tx& tx, const Context& ctx, const pack::Pack& pack, const Contents& contents, crypto::PasswordHasher* hasher)
      : tx_(tx), ctx_(ctx), pack_(pack), contents_(contents), hasher_(hasher) {}

  Result<> run() {
    JX_CHECK(people());
    JX_CHECK(firms());
    JX_CHECK(mandates());
    return accounts();
  }
  [[nodiscard]] const std::vector<pack::Change>& changes() const { return changes_; }
  [[nodiscard]] std::vector<ledger::StateHash>& states() { return states_; }

 private:
  [[nodiscard]] bool applies() const { return hasher_ != nullptr; }

  void note(pack::Kind kind, pack::Change::Action action, const std::string& key, const char* noun, const char* noun_zh) {
    static constexpr const char* verbs[] = {"adds", "changes", "ends"};
    static constexpr const char* verbs_zh[] = {"新增", "修改", "终止"};
    const auto index = static_cast<std::size_t>(action);
    changes_.push_back({kind, action, key, {std::string(verbs[index]) + " the " + noun + " " + key, std::string(verbs_zh[index]) + noun_zh + key}});
  }
  template <class... P>
  Result<> vouch(const ledger::StateTable& table, const P&... key) {
    JX_TRY(state, ledger::state_of(tx_, table, key...));
    states_.push_back(std::move(state));
    return {};
  }

  /// Codes that the party has not yet; a code of somebody else is a conflict.
  template <class Id>
  Result<std::vector<Code>> new_codes(const CsvParty& party, const std::optional<Id>& id, const db::Query& by_code) {
    std::vector<Code> out;
    for (const auto& code : party.codes) {
      JX_TRY(owner, tx_.one(by_code, code.scheme, code.value));
      if (!owner)
        out.push_back(code);
      else if (!id || owner->template id<Id>(0) != *id) {
        return fail(ErrorCode::conflict, {"a code of '" + party.key + "' is somebody else's", "“" + party.key + "”的号码已登记在他人名下"});
      }
    }
    return out;
  }

  Result<> people() {
    std::map<std::string, std::pair<PersonId, std::string>> stored;
    JX_CHECK(tx_.each(sql::person_keys, [&](db::Row&& row) -> Result<> {
      stored[row.text(0)] = {row.id<PersonId>(1), row.text(2)};
      return {};
    }));
    for (const auto& [key, row] : stored) people_[key] = row.first;
    for (const auto& party : contents_.people) JX_CHECK(person(party, stored));
    return {};
  }

  Result<> person(const CsvParty& party, const std::map<std::string, std::pair<PersonId, std::string>>& stored) {
    const auto known = stored.find(party.key);
    const bool is_new = known == stored.end();
    const auto id = is_new ? std::nullopt : std::optional(known->second.first);
    JX_TRY(codes, new_codes(party, id, sql::person_by_code));
    JX_TRY(clean, clean_name(name_of(party, pack_.manifest())));
    const auto name = wire::encode(clean);
    if (!is_new && codes.empty() && known->second.second == name) return {};
    note(pack::Kind::person, is_new ? pack::Change::Action::add : pack::Change::Action::change, party.key, "person", "人员");
    if (!applies()) return {};
    const auto own = id.value_or(PersonId::make(ctx_.clock, ctx_.random));
    if (is_new) {
      JX_CHECK(tx_.run(sql::person_insert, own, party.key, name, ctx_.now()));
    } else {
      JX_CHECK(tx_.run(sql::person_rename, own, name));
    }
    for (const auto& code : codes) {
      JX_CHECK(tx_.run(sql::person_code_insert, code.scheme, code.value, own));
      JX_CHECK(vouch(Tables::person_code, code.scheme, code.value));
    }
    people_[party.key] = own;
    return vouch(Tables::person, own);
  }

  Result<> firms() {
    JX_CHECK(tx_.each(sql::firm_keys, [&](db::Row&& row) -> Result<> {
      firms_[row.text(0)] = row.id<FirmId>(1);
      return {};
    }));
    for (const auto& party : contents_.firms) JX_CHECK(firm(party));
    return {};
  }

  Result<> firm(const CsvParty& party) {
    const auto known = firms_.find(party.key);
    const bool is_new = known == firms_.end();
    const auto id = is_new ? std::nullopt : std::optional(known->second);
    JX_TRY(codes, new_codes(party, id, sql::firm_by_code));
    JX_TRY(clean, clean_name(name_of(party, pack_.manifest())));
    JX_TRY(zone, calendar::Zone::open(pack_.manifest().zone));
    const auto today = zone.date_of(ctx_.now());
    bool same_representative = true;
    bool same = !is_new && codes.empty();
    if (!is_new) {
      JX_TRY(before, identity::firm(tx_, *id));
      same = same && before.name == clean && before.founded_on == party.founded_on && before.dissolved_on == party.dissolved_on;
      JX_TRY(row, tx_.one(sql::representative_on, *id, today));
      const auto wanted = people_.find(party.representative);
      same_representative = party.representative.empty() || (row && wanted != people_.end() && row->id<PersonId>(0) == wanted->second);
    }
    if (same && same_representative) return {};
    note(pack::Kind::firm, is_new ? pack::Change::Action::add : pack::Change::Action::change, party.key, "firm", "企业");
    if (!applies()) return {};
    const auto own = id.value_or(FirmId::make(ctx_.clock, ctx_.random));
    if (is_new) {
      JX_CHECK(tx_.run(sql::firm_insert, own, party.key, wire::encode(clean), party.founded_on, party.dissolved_on, ctx_.now()));
    } else {
      JX_CHECK(tx_.run(sql::firm_change, own, wire::encode(clean), party.founded_on, party.dissolved_on));
    }
    for (const auto& code : codes) {
      JX_CHECK(tx_.run(sql::firm_code_insert, code.scheme, code.value, own));
      JX_CHECK(vouch(Tables::firm_code, code.scheme, code.value));
    }
    firms_[party.key] = own;
    JX_CHECK(vouch(Tables::firm, own));
    if (party.representative.empty() || (!is_new && same_representative)) return {};
    return put_representative(tx_, own, people_.at(party.representative), is_new ? party.founded_on.value_or(since_ever) : today, states_);
  }

  Result<> mandates() {
    std::map<std::string, Mandate> stored;
    JX_CHECK(tx_.each(sql::mandate_keys, [&](db::Row&& row) -> Result<> {
      stored.emplace(row.text(0), mandate_of(row, 1));
      return {};
    }));
    if (contents_.mandates) {
      for (const auto& entry : contents_.mandates->value.mandates) JX_CHECK(mandate(entry, stored));
    }
    for (const auto& [key, old] : stored) {  // what is left is no longer listed
      if (old.revoked_at) continue;
      note(pack::Kind::mandate, pack::Change::Action::end, key, "mandate", "授权");
      if (!applies()) continue;
      JX_CHECK(tx_.run(sql::mandate_revoke, old.id, ctx_.now()));
      JX_CHECK(vouch(Tables::mandate, old.id));
    }
    return {};
  }

  Result<> mandate(const MandateEntry& entry, std::map<std::string, Mandate>& stored) {
    JX_TRY(items, items_of(entry));
    const Period valid{entry.valid_from.value_or(since_ever), entry.valid_to.value_or(for_ever)};
    const bool reads = entry.reads_data.value_or(false);
    const auto known = stored.find(entry.id);
    if (known == stored.end()) {
      note(pack::Kind::mandate, pack::Change::Action::add, entry.id, "mandate", "授权");
      if (!applies()) return {};
      const auto id = MandateId::make(ctx_.clock, ctx_.random);
      const auto from_firm = entry.from.firm ? std::optional(firms_.at(*entry.from.firm)) : std::nullopt;
      const auto from_person = entry.from.person ? std::optional(people_.at(*entry.from.person)) : std::nullopt;
      JX_CHECK(tx_.run(sql::mandate_insert, id, entry.id, from_firm, from_person, people_.at(*entry.to.person), wire::encode(items),
                       wire::encode(entry.basis), valid.from, valid.to, reads));
      return vouch(Tables::mandate, id);
    }
    const auto old = std::move(known->second);
    stored.erase(known);
    if (old.items == items && old.basis == entry.basis && old.valid == valid && old.reads_data == reads && !old.revoked_at) return {};
    note(pack::Kind::mandate, pack::Change::Action::change, entry.id, "mandate", "授权");
    if (!applies()) return {};
    JX_CHECK(tx_.run(sql::mandate_change, old.id, wire::encode(items), wire::encode(entry.basis), valid.from, valid.to, reads));
    return vouch(Tables::mandate, old.id);
  }

  Result<> accounts() {
    if (!contents_.accounts) return {};
    JX_TRY(any, tx_.one(sql::account_any));
    const bool first_of_county = !any;
    const auto before = changes_.size();
    for (const auto& entry : contents_.accounts->value.accounts) JX_CHECK(account(entry));
    for (const bool stand_ins : {false, true}) {  // who stands in needs the one who holds the post
      for (const auto& entry : contents_.accounts->value.accounts) JX_CHECK(held_posts(entry, stand_ins));
    }
    if (changes_.size() == before || first_of_county || pack_.manifest().demo.value_or(false) || !applies()) return {};
    return fail(ErrorCode::forbidden, {"accounts.yaml would give rights in a county that has accounts already: that is for the officer who grants "
                                       "rights; remove what is new from the file",
                                       "本县已有账号，不能通过 accounts.yaml 授予权限，应由权限管理员办理；请从文件中移除新增内容"});
  }

  Result<> account(const AccountEntry& entry) {
    auto known = account_by_username(tx_, entry.username);
    if (known) {
      accounts_[entry.username] = known->id;
      return replace_certificate(entry, known->id);
    }
    if (known.error().code != ErrorCode::not_found) return std::unexpected(std::move(known).error());
    note(pack::Kind::account, pack::Change::Action::add, entry.username, "account", "账号");
    if (!applies()) return {};
    std::string phc;
    if (entry.password) {
      JX_TRY(made, hasher_->hash(*entry.password));
      phc = std::move(made);
    }
    JX_TRY(id,
           create_account(tx_, ctx_, {entry.username, entry.person ? people_.at(*entry.person) : PersonId(), entry.unit.value_or(UnitId()), phc}));
    accounts_[entry.username] = id;
    if (!entry.certificate) return {};
    JX_TRY(key, parse_fingerprint(*entry.certificate));
    return bind_certificate(tx_, ctx_, id, key);
  }

  /// The certificate that the file names holds, and none but it.
  Result<> replace_certificate(const AccountEntry& entry, const AccountId& id) {
    if (!entry.certificate) return {};
    JX_TRY(key, parse_fingerprint(*entry.certificate));
    JX_TRY(all, certificates_of(tx_, id));
    const auto holds = [](const Certificate& one) { return !one.ended_at; };
    if (std::ranges::any_of(all, [&](const Certificate& one) { return holds(one) && one.key == key; })) return {};
    note(pack::Kind::account, pack::Change::Action::change, entry.username, "certificate of", "证书 ");
    if (!applies()) return {};
    for (const auto& one : all) {
      if (holds(one)) JX_CHECK(end_certificate(tx_, ctx_, id, one.key));
    }
    return bind_certificate(tx_, ctx_, id, key);
  }

  Result<> held_posts(const AccountEntry& entry, bool stand_ins) {
    const auto own = accounts_.find(entry.username);
    for (const auto& held : entry.posts.value_or(std::vector<HeldEntry>{})) {
      if (held.stand_in_for.has_value() != stand_ins) continue;
      bool known = false;
      if (own != accounts_.end()) {
        const auto person_id = entry.person ? people_.at(*entry.person) : PersonId();
        JX_TRY(rows, entry.person ? tx_.all(sql::holdings_of_person, person_id, since_ever, for_ever)
                                  : tx_.all(sql::holdings_of_machine, own->second, since_ever, for_ever));
        known = std::ranges::any_of(rows, [&](const db::Row& row) {
          const auto other = holding_of(row);
          return other.post == held.post && other.stand_in_for.has_value() == stand_ins &&
                 (other.valid.overlaps(held.valid()) || other.valid.from == held.valid().from);
        });
      }
      if (known) continue;
      note(pack::Kind::post, pack::Change::Action::add, held.post.text() + ": " + entry.username, "holder of", "任职 ");
      if (!applies()) continue;
      NewHolding holding{
          entry.person ? people_.at(*entry.person) : PersonId(), entry.person ? AccountId() : own->second, held.post, {}, held.valid()};
      if (held.stand_in_for) holding.stand_in_for = people_.at(*held.stand_in_for);
      JX_CHECK(grant_post(tx_, ctx_, holding));
    }
    return {};
  }

  db::Tx& tx_;
  const Context& ctx_;
  const pack::Pack& pack_;
  const Contents& contents_;
  crypto::PasswordHasher* hasher_;
  std::map<std::string, PersonId> people_;
  std::map<std::string, FirmId> firms_;
  std::map<std::string, AccountId> accounts_;
  std::vector<pack::Change> changes_;
  std::vector<ledger::StateHash> states_;
};

/// All that the actor's posts ever allow, one text for each permission with its condition.
Result<std::set<std::string>> own_rights(db::Tx& tx, const Context& ctx) {
  std::set<std::string> out;
  if (ctx.actor.person.nil()) return out;
  JX_TRY(rows, tx.all(sql::holdings_of_person, ctx.actor.person, since_ever, for_ever));
  for (const auto& row : rows) {
    Actor actor = ctx.actor;
    actor.post = holding_of(row).post;
    JX_TRY(roles, Access::roles_of(tx, actor));
    for (const auto& role : roles) {
      if (role.given_to != GivenTo::post) continue;
      for (const auto& allowance : role.permissions) out.insert(allowance.allow + "\n" + allowance.when.value_or(""));
    }
  }
  return out;
}

Result<> record(db::Tx& tx, const Context& ctx, std::vector<ledger::StateHash> states) {
  for (std::size_t begin = 0; begin < states.size(); begin += states_each) {
    const auto end = std::min(states.size(), begin + states_each);
    ledger::Entry entry{"identity.changed", {}, {}, {}};
    entry.state.assign(std::make_move_iterator(states.begin() + static_cast<std::ptrdiff_t>(begin)),
                       std::make_move_iterator(states.begin() + static_cast<std::ptrdiff_t>(end)));
    JX_CHECK(ledger::append(tx, ctx, entry));
  }
  return {};
}

}  // namespace

Result<std::vector<pack::Change>> plan_contents(db::Tx& tx, const Context& ctx, const pack::Pack& pack, const Contents& contents) {
  std::vector<pack::Change> changes;
  const auto records = records_of(contents);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    JX_TRY(more, pack::plan_records(tx, tables[i], records[i]));
    changes.insert(changes.end(), more.begin(), more.end());
  }
  Sync sync(tx, ctx, pack, contents, nullptr);
  JX_CHECK(sync.run());
  changes.insert(changes.end(), sync.changes().begin(), sync.changes().end());
  return changes;
}

Result<> apply_contents(db::Tx& tx, const Context& ctx, const pack::Pack& pack, const Contents& contents, crypto::PasswordHasher& hasher) {
  JX_TRY(rights_before, own_rights(tx, ctx));
  std::vector<ledger::StateHash> states;
  const auto records = records_of(contents);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    JX_TRY(more, pack::apply_records(tx, ctx, tables[i], records[i]));
    states.insert(states.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  Sync sync(tx, ctx, pack, contents, &hasher);
  JX_CHECK(sync.run());
  states.insert(states.end(), std::make_move_iterator(sync.states().begin()), std::make_move_iterator(sync.states().end()));
  JX_CHECK(check_powers(tx));
  JX_TRY(rights_after, own_rights(tx, ctx));
  if (!std::ranges::includes(rights_before, rights_after)) {
    return fail(ErrorCode::forbidden, {"this pack would widen the rights of the one who applies it: another officer must apply it",
                                       "此配置包将扩大应用者本人的权限，须由其他人员应用"});
  }
  return record(tx, ctx, std::move(states));
}

}  // namespace jx::identity
