#include "cases_sql.hpp"
#include "task_views.hpp"
#include "form_values.hpp"

#include <jx/cases/work_list.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace jx::cases {
namespace {

constexpr std::size_t rows_at_once = 32;  // of tasks_by_ids
const Cursor before_all{INT64_MIN, {}};

/// Open tasks of one holder, desk or unit by their due time: a part of one index, read piece by piece.
class Range {
 public:
  using Fetch = std::function<Result<std::vector<db::Row>>(const Cursor& after, std::int64_t n)>;

  Range(Fetch fetch, Cursor after, std::size_t piece) : fetch_(std::move(fetch)), last_(after), piece_(piece) {}

  /// Null: no more.
  [[nodiscard]] Result<const Cursor*> first() {
    if (at_ == keys_.size() && !ended_) JX_CHECK(refill());
    return at_ < keys_.size() ? &keys_[at_] : nullptr;
  }
  void pop() { ++at_; }
  [[nodiscard]] Result<std::size_t> count(std::size_t most) const {
    JX_TRY(rows, fetch_(last_, static_cast<std::int64_t>(most)));
    return rows.size();
  }

 private:
  Result<> refill() {
    JX_TRY(rows, fetch_(last_, static_cast<std::int64_t>(piece_)));
    keys_.clear();
    at_ = 0;
    for (const auto& r : rows) keys_.push_back({r.integer(0), r.id<TaskId>(1).uuid()});
    ended_ = keys_.size() < piece_;
    if (!keys_.empty()) last_ = keys_.back();
    return {};
  }

  Fetch fetch_;
  Cursor last_;
  std::size_t piece_;
  std::vector<Cursor> keys_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

class WorkList {
 public:
  WorkList(Engine& engine, db::Tx& tx, const Context& ctx, const WorkQuery& query)
      : impl_(engine.impl()), tx_(tx), ctx_(ctx), query_(query), views_(engine.impl(), tx, ctx) {}

  Result<> prepare() {
    if (impl_.needs.offices == nullptr) return {};
    JX_TRY(roles, impl_.needs.offices->roles_of(tx_, ctx_.actor));
    for (const auto& role : roles) roles_.push_back(role.text());
    JX_TRY(absent, impl_.needs.offices->stands_in_for(tx_, ctx_));
    absent_ = std::move(absent);
    return {};
  }

  /// Where the tasks of the scope stand, from `after` on; with `mark` only those of it.
  [[nodiscard]] std::vector<Range> ranges(std::optional<Mark> mark, const Cursor& after, std::size_t piece) const {
    std::vector<Range> out;
    const auto add = [&](Range::Fetch fetch) { out.emplace_back(std::move(fetch), after, piece); };
    using enum WorkQuery::Scope;
    if (query_.scope == desk || query_.scope == mine) add_claimed(mark, add);
    if (query_.scope == desk || query_.scope == post) add_free(mark, add);
    if (query_.scope == units) {
      for (const auto& unit : query_.units) {
        add([this, mark, unit](const Cursor& c, std::int64_t n) {
          return mark ? tx_.all(sql::keys_of_unit_marked, unit, number(*mark), c.key, c.id.bytes(), n)
                      : tx_.all(sql::keys_of_unit, unit, c.key, c.id.bytes(), n);
        });
      }
    }
    return out;
  }

  Result<Slice<TaskView>> page(const Page& page, const std::optional<Cursor>& cursor) const {
    // Of many units each gives a few of a page: read some at a time.
    const auto piece = std::max<std::size_t>(4, 2 * (page.limit + 1) / std::max<std::size_t>(query_.units.size(), 2));
    auto sources = ranges(query_.mark, cursor.value_or(before_all), query_.units.size() > 1 ? piece : page.limit + 1);
    Slice<TaskView> slice;
    std::vector<Cursor> kept;
    for (std::size_t looked_at = 0; looked_at < list_scan_max;) {
      JX_TRY(keys, next(sources, query_.item.empty() ? page.limit + 1 - kept.size() : rows_at_once));
      if (keys.empty()) return slice;
      looked_at += keys.size();
      JX_TRY(rows, load(keys));
      for (const auto& key : keys) {
        const auto row = rows.find(key.id);
        if (row == rows.end() || !wanted(row->second)) continue;
        if (kept.size() == page.limit) {
          slice.next = text_of_cursor(kept.back().key, kept.back().id);
          return slice;
        }
        JX_TRY(view, views_.view(row->second));
        slice.items.push_back(std::move(view));
        kept.push_back(key);
      }
      if (looked_at >= list_scan_max) slice.next = text_of_cursor(keys.back().key, keys.back().id);
    }
    return slice;
  }

  /// By what the number or the title begins with: the cases are few, so their tasks are looked at one by one.
  Result<Slice<TaskView>> search(const Page& page, const std::optional<Cursor>& cursor) const {
    std::string number = query_.text;
    for (char& c : number) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const std::string after_all = "\xF4\x8F\xBF\xBF";  // U+10FFFF
    const auto most = static_cast<std::int64_t>(list_text_cases_max);
    std::set<Cursor> found;
    for (const auto& [query, text] : {std::pair(&sql::tasks_by_number, number), std::pair(&sql::tasks_by_title, query_.text)}) {
      JX_TRY(rows, tx_.all(*query, text, text + after_all, most));
      for (const auto& r : rows) {
        const Cursor key{r.integer(0), r.id<TaskId>(1).uuid()};
        if ((!cursor || *cursor < key) && in_scope(r)) found.insert(key);
      }
    }
    const std::vector<Cursor> keys(found.begin(), found.end());
    Slice<TaskView> slice;
    std::optional<Cursor> last;
    for (std::size_t i = 0; i < keys.size(); i += rows_at_once) {
      const std::span<const Cursor> some(keys.data() + i, std::min(rows_at_once, keys.size() - i));
      JX_TRY(rows, load(some));
      for (const auto& key : some) {
        const auto row = rows.find(key.id);
        if (row == rows.end() || !wanted(row->second)) continue;
        JX_TRY(view, views_.view(row->second));
        if (query_.mark && view.mark != *query_.mark) continue;
        if (slice.items.size() == page.limit) {
          slice.next = text_of_cursor(last->key, last->id);
          return slice;
        }
        slice.items.push_back(std::move(view));
        last = key;
      }
    }
    return slice;
  }

  Result<Count> count(std::optional<Mark> mark) const {
    std::size_t n = 0;
    const std::size_t most = count_max + 1;
    for (const auto& range : ranges(mark, before_all, 1)) {
      JX_TRY(some, range.count(most - n));
      n += some;
      if (n >= most) return Count{count_max, true};
    }
    return Count{static_cast<int>(n), false};
  }

 private:
  static std::int64_t number(Mark mark) { return static_cast<std::int64_t>(mark); }

  template <class Add>
  void add_claimed(std::optional<Mark> mark, const Add& add) const {
    add([this, mark](const Cursor& c, std::int64_t n) {
      const auto& holder = ctx_.actor.account;
      return mark ? tx_.all(sql::keys_claimed_marked, holder, number(*mark), c.key, c.id.bytes(), n)
                  : tx_.all(sql::keys_claimed, holder, c.key, c.id.bytes(), n);
    });
    for (const auto& absent : absent_) {
      add([this, mark, holder = absent.account](const Cursor& c, std::int64_t n) {
        const auto& actor = ctx_.actor;
        return mark ? tx_.all(sql::keys_stood_in_marked, holder, actor.unit, actor.post, number(*mark), c.key, c.id.bytes(), n)
                    : tx_.all(sql::keys_stood_in, holder, actor.unit, actor.post, c.key, c.id.bytes(), n);
      });
    }
  }

  /// A task is for a desk: a unit, a post and a role, each of which may be left open. Each desk is one range of one index.
  template <class Add>
  void add_free(std::optional<Mark> mark, const Add& add) const {
    if (ctx_.actor.post.empty()) return;
    for (const std::string& unit : {std::string(), ctx_.actor.unit.text()}) {
      for (const std::string& post : {std::string(), ctx_.actor.post.text()}) {
        for (const std::string& role : roles_) {
          add([this, mark, unit, post, role](const Cursor& c, std::int64_t n) {
            return mark ? tx_.all(sql::keys_free_marked, unit, number(*mark), post, role, c.key, c.id.bytes(), n)
                        : tx_.all(sql::keys_free, unit, post, role, c.key, c.id.bytes(), n);
          });
        }
      }
    }
  }

  /// Of a row of tasks_by_number: due_at, id, state, unit, post, role, holder.
  bool in_scope(const db::Row& r) const {
    using enum WorkQuery::Scope;
    const auto unit = r.key<UnitId>(3);
    if (query_.scope == units) return std::ranges::find(query_.units, unit) != query_.units.end();
    const auto& actor = ctx_.actor;
    const auto post_of_task = r.key<PostId>(4);
    const bool for_post = (unit.empty() || unit == actor.unit) && (post_of_task.empty() || post_of_task == actor.post);
    if (r.integer(2) == static_cast<std::int64_t>(TaskState::claimed)) {
      if (query_.scope == post || r.null(6)) return false;
      const auto holder = r.id<AccountId>(6);
      return holder == actor.account || (for_post && std::ranges::find(absent_, holder, &Absent::account) != absent_.end());
    }
    return query_.scope != mine && !actor.post.empty() && for_post && std::ranges::find(roles_, r.text(5)) != roles_.end();
  }

  bool wanted(const db::Row& row) const { return query_.item.empty() || row.key<ItemId>(21) == query_.item; }

  /// The next `most` keys of all sources by their order, none twice.
  static Result<std::vector<Cursor>> next(std::vector<Range>& sources, std::size_t most) {
    std::vector<Cursor> keys;
    while (keys.size() < most) {
      Range* best = nullptr;
      const Cursor* best_key = nullptr;
      for (auto& source : sources) {
        JX_TRY(key, source.first());
        if (key != nullptr && (best_key == nullptr || *key < *best_key)) {
          best = &source;
          best_key = key;
        }
      }
      if (best == nullptr) break;
      if (keys.empty() || keys.back() != *best_key) keys.push_back(*best_key);
      best->pop();
    }
    return keys;
  }

  Result<std::map<Uuid, db::Row>> load(std::span<const Cursor> keys) const {
    std::map<Uuid, db::Row> rows;
    for (std::size_t i = 0; i < keys.size(); i += rows_at_once) {
      std::vector<db::Param> ids;
      for (std::size_t k = i; k < i + rows_at_once; ++k) ids.emplace_back(keys[std::min(k, keys.size() - 1)].id.bytes());
      const std::function<Result<>(db::Row&&)> take = [&](db::Row&& row) -> Result<> {
        const auto id = row.id<TaskId>(0).uuid();
        rows.emplace(id, std::move(row));
        return {};
      };
      JX_CHECK(tx_.execute(sql::tasks_by_ids, ids, &take));
    }
    return rows;
  }

  Engine::Impl& impl_;
  db::Tx& tx_;
  const Context& ctx_;
  const WorkQuery& query_;
  Tasks views_;
  std::vector<std::string> roles_{""};
  std::vector<Absent> absent_;  // in whose place the actor's post now is
};

Result<> check(const WorkQuery& query) {
  if (query.units.size() > list_units_max) return fail(ErrorCode::too_large, {"a list of at most 1,000 units", "单位数量不得超过 1000 个"}, "/unit");
  if (characters(query.text) > list_text_chars_max || query.text.find('\0') != std::string::npos)
    return fail(ErrorCode::invalid, {"at most 100 characters", "最多 100 个字符"}, "/text");
  if (query.mark == Mark::none) return fail(ErrorCode::invalid, {"the mark is yellow or red", "标记应为 yellow 或 red"}, "/mark");
  return {};
}

}  // namespace

Result<Slice<TaskView>> open_work(Engine& engine, db::Tx& tx, const Context& ctx, const WorkQuery& query, const Page& page) {
  JX_CHECK(check_page(page));
  JX_CHECK(check(query));
  JX_TRY(cursor, parse_cursor(page.cursor));
  WorkList list(engine, tx, ctx, query);
  JX_CHECK(list.prepare());
  return query.text.empty() ? list.page(page, cursor) : list.search(page, cursor);
}

Result<WorkCounts> count_work(Engine& engine, db::Tx& tx, const Context& ctx, const WorkQuery& query) {
  JX_CHECK(check(query));
  WorkList list(engine, tx, ctx, query);
  JX_CHECK(list.prepare());
  WorkCounts counts;
  JX_TRY(open, list.count(std::nullopt));
  JX_TRY(yellow, list.count(Mark::yellow));
  JX_TRY(red, list.count(Mark::red));
  counts = {open, yellow, red};
  return counts;
}

Result<Slice<TaskView>> Engine::work_list(db::Tx& tx, const Context& ctx, List list, const Page& page) {
  if (list == List::open) return open_work(*this, tx, ctx, {}, page);
  JX_CHECK(check_page(page));
  JX_TRY(cursor, parse_cursor(page.cursor));
  Uuid last_id;
  last_id.octets.fill(0xff);
  JX_TRY(rows, tx.all(sql::tasks_done, ctx.actor.account, cursor ? cursor->key : never, cursor ? cursor->id.bytes() : last_id.bytes(),
                      static_cast<std::int64_t>(page.limit) + 1));
  Slice<TaskView> slice;
  const Tasks tasks(*impl_, tx, ctx);
  for (const auto& row : rows) {
    if (slice.items.size() == page.limit) {
      const auto& last = rows[page.limit - 1];
      slice.next = text_of_cursor(last.integer(10), last.id<TaskId>(0).uuid());
      break;
    }
    JX_TRY(view, tasks.view(row));
    slice.items.push_back(std::move(view));
  }
  return slice;
}

}  // namespace jx::cases
