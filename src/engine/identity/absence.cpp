#include <jx/identity/absence.hpp>

#include "identity_sql.hpp"
#include "powers.hpp"
#include "store.hpp"

#include <algorithm>

namespace jx::identity {
namespace {

std::unexpected<Error> none() {
  return fail(ErrorCode::not_found, {"there is no such absence, or it is not yours to see", "没有该离岗记录，或您无权查看"});
}

Result<Absence> absence(db::Tx& tx, const AbsenceId& id) {
  JX_TRY(found, tx.one(sql::absence_one, id));
  if (!found) return none();
  const auto& r = *found;
  Absence a{id, r.id<PersonId>(1), r.id<PersonId>(2), {}, {r.date(3), r.date(4)}, static_cast<AbsenceState>(r.integer(5)), r.text(6), r.instant(7)};
  JX_TRY(posts, tx.all(sql::absence_posts, id));
  for (const auto& post : posts) a.posts.push_back(post.key<PostId>(0));
  return a;
}

Result<std::vector<Absence>> absences(db::Tx& tx, const std::vector<db::Row>& ids) {
  std::vector<Absence> list;
  for (const auto& row : ids) {
    JX_TRY(one, absence(tx, row.id<AbsenceId>(0)));
    list.push_back(std::move(one));
  }
  return list;
}

Result<> record(db::Tx& tx, const Context& ctx, const char* kind, const Absence& a) {
  ledger::Entry entry{kind, {ledger::subject("absence", a.id), ledger::subject("person", a.person)}, {}, {}};
  entry.body = {{"stand_in", a.stand_in.text()}, {"from", a.valid.from.text()}, {"to", a.valid.to.text()}};
  JX_TRY(state, ledger::state_of(tx, Tables::absence, a.id));
  entry.state.push_back(std::move(state));
  for (const auto& post : a.posts) {
    JX_TRY(of_post, ledger::state_of(tx, Tables::absence_post, a.id, post));
    entry.state.push_back(std::move(of_post));
  }
  JX_CHECK(ledger::append(tx, ctx, entry));
  return {};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

Result<> check_days(const NewAbsence& a, LocalDate today) {
  if (a.valid.from < today) return fail(ErrorCode::invalid, {"an absence begins today or later", "离岗开始日期不得早于今天"}, "/from");
  if (a.valid.to < a.valid.from) return fail(ErrorCode::invalid, {"the absence ends before it begins", "离岗结束早于开始"}, "/to");
  if (a.valid.to - a.valid.from >= absence_days_max) return fail(ErrorCode::invalid, {"at most 366 days", "最长 366 天"}, "/to");
  if (characters(a.note) > absence_note_chars_max || a.note.find('\0') != std::string::npos)
    return fail(ErrorCode::invalid, {"at most 200 characters", "最多 200 个字符"}, "/note");
  return {};
}

/// The posts that are asked for, each the actor's own in all that time.
Result<std::vector<PostId>> own_posts(db::Tx& tx, const Context& ctx, const NewAbsence& a) {
  JX_TRY(held, holdings_of(tx, ctx.actor.person, a.valid.from));
  std::vector<PostId> own;
  for (const auto& holding : held) {
    if (!holding.stand_in_for && holding.valid.to >= a.valid.to) own.push_back(holding.post);
  }
  if (a.posts.empty() && !own.empty()) return own;
  if (a.posts.empty()) return fail(ErrorCode::invalid, {"you hold no post in all that time", "您在该期间没有担任岗位"}, "/posts");
  std::vector<PostId> posts;
  for (std::size_t i = 0; i < a.posts.size(); ++i) {
    const bool hers = std::ranges::find(own, a.posts[i]) != own.end() && std::ranges::find(posts, a.posts[i]) == posts.end();
    if (!hers)
      return fail(ErrorCode::invalid, {"this is no post of yours in all that time", "您在该期间不担任此岗位"}, "/posts/" + std::to_string(i));
    posts.push_back(a.posts[i]);
  }
  return posts;
}

/// Nobody stands in for a stand-in, and who is away stands in for nobody.
Result<> check_chain(db::Tx& tx, const PersonId& person, const PersonId& stand_in, const Period& valid) {
  JX_TRY(for_others, tx.all(sql::standing_in_overlapping, person, valid.from, valid.to));
  if (!for_others.empty())
    return fail(ErrorCode::conflict, {"you stand in for somebody in that time: end that first", "您在该期间正代理他人，请先结束代理"}, "/from");
  JX_TRY(away, tx.all(sql::absences_overlapping, stand_in, valid.from, valid.to));
  if (!away.empty()) return fail(ErrorCode::conflict, {"the stand-in is away in that time herself", "代理人在该期间也不在岗"}, "/stand_in");
  return {};
}

/// Whether the actor may decide about it: see approve_absence.
Result<bool> decides(db::Tx& tx, const Context& ctx, const Absence& a, bool grants_rights) {
  const auto& actor = ctx.actor;
  if (actor.kind == Actor::Kind::system) return true;
  if (actor.person.nil() || actor.person == a.person || actor.person == a.stand_in) return false;
  if (grants_rights) return true;
  if (actor.post.empty()) return false;
  JX_TRY(own, post(tx, actor.post));
  if (!own.head.value_or(false)) return false;
  JX_TRY(powers, PowersOfPosts::load(tx));
  for (const auto& key : a.posts) {
    const auto* entry = powers.of(key);
    if (entry == nullptr || !entry->powers.empty()) return false;
    JX_TRY(of, post(tx, key));
    JX_TRY(below, within(tx, of.unit, own.unit));
    if (!below) return false;
  }
  return true;
}

}  // namespace

Result<AbsenceId> enter_absence(db::Tx& tx, const Context& ctx, const NewAbsence& a, LocalDate today) {
  if (ctx.actor.person.nil()) return fail(ErrorCode::forbidden, {"only people are absent", "仅人员可登记离岗"});
  JX_CHECK(check_days(a, today));
  if (a.stand_in == ctx.actor.person) return fail(ErrorCode::invalid, {"somebody else stands in", "代理人不能是本人"}, "/stand_in");
  if (auto known = person(tx, a.stand_in); !known) return fail(ErrorCode::invalid, {"there is no such person", "没有该人员"}, "/stand_in");
  JX_TRY(posts, own_posts(tx, ctx, a));
  JX_CHECK(check_chain(tx, ctx.actor.person, a.stand_in, a.valid));
  JX_TRY(before, tx.all(sql::absences_overlapping, ctx.actor.person, a.valid.from, a.valid.to));
  JX_TRY(others, absences(tx, before));
  for (const auto& other : others) {
    if (std::ranges::find_first_of(other.posts, posts) != other.posts.end())
      return fail(ErrorCode::conflict, {"you are absent from one of these posts then already", "该期间已登记过其中岗位的离岗"}, "/from");
  }
  Absence made{
      AbsenceId::make(ctx.clock, ctx.random), ctx.actor.person, a.stand_in, std::move(posts), a.valid, AbsenceState::asked, a.note, ctx.now()};
  JX_CHECK(tx.run(sql::absence_insert, made.id, made.person, made.stand_in, made.valid.from, made.valid.to, made.note, made.entered_at));
  for (const auto& key : made.posts) JX_CHECK(tx.run(sql::absence_post_insert, made.id, key));
  JX_CHECK(record(tx, ctx, "absence.entered", made));
  return made.id;
}

Result<> approve_absence(db::Tx& tx, const Context& ctx, const AbsenceId& id, LocalDate today, bool grants_rights) {
  JX_TRY(a, absence(tx, id));
  JX_TRY(may, decides(tx, ctx, a, grants_rights));
  if (!may) {
    if (ctx.actor.person != a.person && ctx.actor.person != a.stand_in) return none();
    return fail(ErrorCode::forbidden, {"somebody else must approve it", "须由他人批准"});
  }
  if (a.state != AbsenceState::asked) return fail(ErrorCode::conflict, {"this is decided already", "该申请已处理"});
  if (a.valid.to < today) return fail(ErrorCode::conflict, {"its days are over", "该期间已过"});
  JX_CHECK(check_chain(tx, a.person, a.stand_in, a.valid));
  a.valid.from = std::max(a.valid.from, today);
  for (const auto& key : a.posts) {
    JX_TRY(holding, grant_post(tx, ctx, {a.stand_in, {}, key, a.person, a.valid}));
    JX_CHECK(tx.run(sql::absence_post_holding, id, key, holding));
  }
  JX_CHECK(tx.run(sql::absence_decide, id, static_cast<std::int64_t>(AbsenceState::approved), a.valid.to, ctx.now(), ctx.actor.account));
  return record(tx, ctx, "absence.approved", a);
}

Result<> end_absence(db::Tx& tx, const Context& ctx, const AbsenceId& id, LocalDate today, bool grants_rights) {
  JX_TRY(a, absence(tx, id));
  if (ctx.actor.person != a.person) {
    JX_TRY(may, decides(tx, ctx, a, grants_rights));
    if (!may) return none();
  }
  if (a.state == AbsenceState::ended || a.valid.to < today) return fail(ErrorCode::conflict, {"it is over already", "离岗已结束"});
  const auto last_day = std::max(today - 1, a.valid.from - 1);
  if (a.state == AbsenceState::approved) {
    JX_TRY(posts, tx.all(sql::absence_posts, id));
    for (const auto& row : posts) {
      if (!row.null(1)) JX_CHECK(end_post(tx, ctx, row.id<HoldingId>(1), last_day));
    }
  }
  a.valid.to = last_day;
  JX_CHECK(tx.run(sql::absence_decide, id, static_cast<std::int64_t>(AbsenceState::ended), a.valid.to, ctx.now(), ctx.actor.account));
  return record(tx, ctx, "absence.ended", a);
}

Result<std::vector<Absence>> absences_of(db::Tx& tx, const PersonId& person, LocalDate on) {
  JX_TRY(rows, tx.all(sql::absences_of, person, on, static_cast<std::int64_t>(absences_max)));
  return absences(tx, rows);
}

Result<std::vector<Absence>> absences_to_approve(db::Tx& tx, const Context& ctx, bool grants_rights) {
  JX_TRY(rows, tx.all(sql::absences_asked, static_cast<std::int64_t>(absences_max)));
  JX_TRY(asked, absences(tx, rows));
  std::vector<Absence> list;
  for (auto& a : asked) {
    JX_TRY(may, decides(tx, ctx, a, grants_rights));
    if (may) list.push_back(std::move(a));
  }
  return list;
}

}  // namespace jx::identity
