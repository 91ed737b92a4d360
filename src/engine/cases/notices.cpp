#include "act.hpp"
#include "cases_sql.hpp"
#include "reminders.hpp"
#include "task_views.hpp"
#include "texts.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

/// What is for one actor.
class Notices {
 public:
  Notices(Engine& engine, db::Tx& tx, const Context& ctx) : impl_(engine.impl()), tx_(tx), ctx_(ctx) {}

  Result<> prepare() {
    if (impl_.needs.offices == nullptr) return {};
    JX_TRY(roles, impl_.needs.offices->roles_of(tx_, ctx_.actor));
    roles_ = std::move(roles);
    JX_TRY(absent, impl_.needs.offices->stands_in_for(tx_, ctx_));
    for (const auto& one : absent) absent_.push_back(one.account);
    return {};
  }

  /// The latest `most` before `cursor`, of those that are seen or of those that are not.
  Result<std::vector<Cursor>> keys(bool seen, const Cursor& before, std::size_t most) const {
    std::vector<Cursor> found;
    const auto take = [&](const std::vector<db::Row>& rows) {
      for (const auto& r : rows) found.push_back({r.integer(0), r.id<NoticeId>(1).uuid()});
    };
    const auto n = static_cast<std::int64_t>(most);
    std::vector<AccountId> accounts = absent_;
    accounts.push_back(ctx_.actor.account);
    for (const auto& account : accounts) {
      JX_TRY(rows, tx_.all(seen ? sql::notices_of_account_seen : sql::notices_of_account_unseen, account, before.key, before.id.bytes(), n));
      take(rows);
    }
    if (!ctx_.actor.post.empty()) {
      for (const std::string& unit : {std::string(), ctx_.actor.unit.text()}) {
        for (const std::string& post : {std::string(), ctx_.actor.post.text()}) {
          JX_TRY(rows, tx_.all(seen ? sql::notices_of_post_seen : sql::notices_of_post_unseen, unit, post, before.key, before.id.bytes(), n));
          take(rows);
        }
      }
    }
    std::ranges::sort(found, std::greater());
    if (found.size() > most) found.resize(most);
    return found;
  }

  /// Of a row of notice_one: whether it is for the actor. What is for any post of a unit is for those whom its task is for.
  bool is_for_actor(const db::Row& r) const {
    const auto& actor = ctx_.actor;
    const auto is_or_open = [](const std::string& text, const auto& key) { return text.empty() || text == key.text(); };
    if (!r.null(4)) {
      const auto account = r.id<AccountId>(4);
      if (account == actor.account) return true;
      const bool her_post = !r.null(15) && is_or_open(r.text(15), actor.unit) && is_or_open(r.text(16), actor.post);
      return her_post && std::ranges::find(absent_, account) != absent_.end();
    }
    if (actor.post.empty() || !is_or_open(r.text(5), actor.unit) || !is_or_open(r.text(6), actor.post)) return false;
    const bool any_role = static_cast<NoticeKind>(r.integer(1)) == NoticeKind::escalation || r.null(17) || r.text(17).empty();
    return any_role || std::ranges::find(roles_, RoleId::trusted(r.text(17))) != roles_.end();
  }

  Result<Notice> view(const db::Row& r) const {
    Notice n;
    n.id = r.id<NoticeId>(0);
    n.kind = static_cast<NoticeKind>(r.integer(1));
    n.case_id = r.id<CaseId>(2);
    n.at = r.instant(7);
    if (!r.null(8)) n.seen_at = r.instant(8);
    n.number = r.text(9);
    n.title = r.text(10);
    const std::size_t due = r.null(3) ? 12 : 18;
    if (!r.null(due)) n.due_on = r.date(due);
    if (!r.null(3)) {
      n.task = r.id<TaskId>(3);
      n.unit = r.key<UnitId>(15);
      n.open = r.integer(14) <= static_cast<std::int64_t>(TaskState::claimed);
      JX_TRY(definition, impl_.definition(tx_, digest_of(r.bytes(11))));
      const Node& node = definition->node(static_cast<Index>(r.integer(13)));
      n.name = node.name.empty() ? LocalizedText({{"en", node.id}}) : node.name;
    }
    n.words = words_of(n);
    return n;
  }

 private:
  static Words words_of(const Notice& n) {
    const std::string en = "\"" + std::string(n.name.in("en")) + "\" of " + n.number;
    const std::string zh = n.number + "“" + std::string(n.name.in("zh-CN")) + "”";
    if (n.kind == NoticeKind::escalation) return {en + " is late.", zh + "已超期。"};
    if (!n.due_on) return {en + " was about to be late; its clock stands still now.", zh + "临近到期，现已中止计时。"};
    return {en + " is due on " + n.due_on->text() + ".", zh + "将于" + n.due_on->text() + "到期。"};
  }

  Engine::Impl& impl_;
  db::Tx& tx_;
  const Context& ctx_;
  std::vector<RoleId> roles_;
  std::vector<AccountId> absent_;
};

const Cursor latest{INT64_MAX, Uuid{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};

}  // namespace

std::string_view name(NoticeKind kind) { return kind == NoticeKind::escalation ? "escalation" : "reminder"; }

/// A cursor begins with `s` once the unseen ones are over.
Result<Slice<Notice>> notices(Engine& engine, db::Tx& tx, const Context& ctx, const Page& page) {
  JX_CHECK(check_page(page));
  bool seen = page.cursor.starts_with('s');
  JX_TRY(cursor, parse_cursor(seen ? page.cursor.substr(1) : page.cursor));
  Notices mine(engine, tx, ctx);
  JX_CHECK(mine.prepare());
  Slice<Notice> slice;
  Cursor before = cursor.value_or(latest);
  std::string last = page.cursor;
  while (true) {
    const std::size_t most = page.limit + 1;
    JX_TRY(keys, mine.keys(seen, before, most));
    for (const auto& key : keys) {
      JX_TRY(row, tx.one(sql::notice_one, key.id.bytes()));
      before = key;
      if (!row || !mine.is_for_actor(*row)) continue;
      if (slice.items.size() == page.limit) {
        slice.next = last;
        return slice;
      }
      JX_TRY(view, mine.view(*row));
      slice.items.push_back(std::move(view));
      last = (seen ? "s" : "") + text_of_cursor(key.key, key.id);
    }
    if (keys.size() == most) continue;
    if (seen) return slice;
    seen = true;
    before = latest;
  }
}

Result<> see_notice(Engine& engine, db::Tx& tx, const Context& ctx, NoticeId id) {
  const auto none = [] { return fail(ErrorCode::not_found, {"there is no such notice for you", "没有该提醒"}); };
  Notices mine(engine, tx, ctx);
  JX_CHECK(mine.prepare());
  JX_TRY(row, tx.one(sql::notice_one, id));
  if (!row || !mine.is_for_actor(*row)) return none();
  JX_TRY(changed, tx.run(sql::notice_seen, id, ctx.now(), ctx.actor.account));
  if (changed == 0) return {};
  JX_TRY(state, notice_state(tx, id.uuid()));
  JX_CHECK(ledger::append(tx, ctx, {"case.notice-seen", {ledger::subject("case", row->id<CaseId>(2))}, {{"notice", id.text()}}, {std::move(state)}}));
  return {};
}

}  // namespace jx::cases
