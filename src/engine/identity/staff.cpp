// staff.cpp - who holds the posts: accounts to look through, and what each owner ever held.
#include "identity_sql.hpp"
#include "store.hpp"

#include <jx/identity/rights.hpp>
#include <jx/text.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace jx::identity {
namespace {

/// One account with its posts, from rows that follow one another.
struct Member {
  Account account;
  LocalizedText name;
  bool now_or_later = false;
  bool in_unit = false;
};

bool mentions(const Member& member, std::string_view folded) {
  if (member.account.username.find(folded) != std::string::npos) return true;
  return std::ranges::any_of(member.name.by_language(),
                             [&](const auto& entry) { return text::case_fold(entry.second).find(folded) != std::string::npos; });
}

bool wanted(const Member& member, const StaffFilter& filter, std::string_view folded) {
  if (member.account.disabled != (filter.state == StaffState::locked)) return false;
  if (filter.state == StaffState::current && !member.now_or_later) return false;
  if (filter.state == StaffState::former && member.now_or_later) return false;
  return member.in_unit && (folded.empty() || mentions(member, folded));
}

/// The posts of a unit and of all below it; nothing: any post.
Result<std::optional<std::set<PostId>>> posts_within(db::Tx& tx, const std::optional<UnitId>& of) {
  if (!of) return std::optional<std::set<PostId>>();
  JX_TRY(below, units_below(tx, *of, std::nullopt));
  below.push_back(*of);
  JX_TRY(all, posts(tx));
  std::set<PostId> within;
  for (const auto& post : all) {
    if (std::ranges::find(below, post.unit) != below.end()) within.insert(post.id);
  }
  return std::optional(std::move(within));
}

Result<Member> member_of(const db::Row& row) {
  Member member;
  member.account.id = row.id<AccountId>(0);
  member.account.username = row.text(1);
  member.account.kind = row.null(2) ? Actor::Kind::machine : Actor::Kind::person;
  if (!row.null(2)) member.account.person = row.id<PersonId>(2);
  if (!row.null(3)) member.account.unit = row.key<UnitId>(3);
  member.account.disabled = !row.null(4);
  if (row.null(2)) {
    JX_TRY(owner, wire::decode<Unit>(row.text(5)));
    member.name = std::move(owner.name);
  } else {
    JX_TRY(name, localized(row.text(5)));
    member.name = std::move(name);
  }
  return member;
}

}  // namespace

Result<StaffPage> staff(db::Tx& tx, const StaffFilter& filter, LocalDate today, std::size_t limit, std::string_view cursor) {
  JX_TRY(within, posts_within(tx, filter.unit));
  const auto folded = text::case_fold(filter.words);
  JX_TRY(rows, tx.all(sql::staff_rows, cursor, staff_rows_max + 1));
  if (rows.size() > staff_rows_max) return fail(ErrorCode::too_large, {"more posts are held than can be looked through", "任职记录过多，无法查询"});
  StaffPage page;
  std::optional<Member> open;
  const auto close = [&] {
    if (open && wanted(*open, filter, folded)) page.accounts.push_back(std::move(open->account));
    open.reset();
  };
  for (const auto& row : rows) {
    if (!open || open->account.id != row.id<AccountId>(0)) {
      close();
      if (page.accounts.size() == limit) {
        page.next = page.accounts.back().username;
        return page;
      }
      JX_TRY(member, member_of(row));
      open = std::move(member);
    }
    const bool lasts = row.date(8) >= today;
    open->now_or_later = open->now_or_later || lasts;
    const bool counts = lasts || filter.state != StaffState::current;  // who left the unit is not found there for a post elsewhere
    open->in_unit = open->in_unit || !within || (counts && within->contains(row.key<PostId>(6)));
  }
  close();
  return page;
}

Result<std::vector<Holding>> holdings_ever(db::Tx& tx, const Account& account) {
  JX_TRY(rows, account.kind == Actor::Kind::machine ? tx.all(sql::holdings_ever_of_machine, account.id, holdings_listed_max)
                                                    : tx.all(sql::holdings_ever_of_person, account.person, holdings_listed_max));
  std::vector<Holding> all;
  for (const auto& row : rows) all.push_back(holding_of(row));
  return all;
}

Result<Holding> holding(db::Tx& tx, const HoldingId& id) {
  JX_TRY(row, tx.one(sql::holding_one, id));
  if (!row) return fail(ErrorCode::not_found, {"nobody holds this", "没有该任职记录"});
  return holding_of(*row);
}

}  // namespace jx::identity
