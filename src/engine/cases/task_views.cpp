#include "task_views.hpp"

#include "marks.hpp"

#include <charconv>

namespace jx::cases {
namespace {

crypto::Digest digest_of(const Bytes& octets) {
  crypto::Digest digest{};
  if (octets.size() == digest.size()) std::copy(octets.begin(), octets.end(), digest.begin());
  return digest;
}

}  // namespace

Result<TaskView> Tasks::view(const db::Row& r) const {
  JX_TRY(definition, engine_.definition(tx_, digest_of(r.bytes(20))));
  const auto index = static_cast<std::size_t>(r.integer(3));
  if (index >= definition->nodes.size())
    return fail(ErrorCode::corrupt, {"a task names an element that its definition has not", "任务对应的流程元素不存在"});
  const Node& n = definition->nodes[index];
  TaskView t;
  t.id = r.id<TaskId>(0);
  t.case_id = r.id<CaseId>(1);
  t.number = r.text(19);
  t.element = n.id;
  t.name = n.name.empty() ? LocalizedText({{"en", n.id}}) : n.name;
  t.state = static_cast<TaskState>(r.integer(4));
  t.unit = r.key<UnitId>(5);
  t.post = r.key<PostId>(6);
  t.role = r.key<RoleId>(7);
  if (!r.null(8)) t.holder = r.id<AccountId>(8);
  t.created_at = r.instant(9);
  if (!r.null(10)) t.done_at = r.instant(10);
  if (!r.null(13)) t.due_on = r.date(13);
  if (t.state == TaskState::free || t.state == TaskState::claimed) t.mark = mark_of(*calendar_, t.due_on, yellow_days(n.yellow, r.text(12)), today_);
  t.form = r.text(15);
  if (!r.null(17)) t.outcome = r.text(17);
  if (!r.null(18)) t.opinion = r.text(18);
  t.item = r.key<ItemId>(21);
  t.applicant = party_of(r.integer(22), r.bytes(23));
  t.title = r.text(24);
  for (const auto& o : n.outcomes) t.outcomes.push_back({o.key, o.name.empty() ? LocalizedText({{"en", o.key}}) : o.name, o.needs_reason});
  return t;
}

std::string text_of_cursor(std::int64_t key, const Uuid& id) { return std::to_string(key) + "." + to_hex(id.bytes()); }

Result<std::optional<Cursor>> parse_cursor(const std::string& text) {
  if (text.empty()) return std::optional<Cursor>();
  Cursor cursor;
  const auto dot = text.find('.');
  const auto wrong = [] { return fail(ErrorCode::invalid, {"this cursor is not one that was given", "分页标记无效"}, "/cursor"); };
  if (dot == std::string::npos) return wrong();
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, cursor.key);
  if (error != std::errc{} || end != text.data() + dot) return wrong();
  auto octets = from_hex(std::string_view(text).substr(dot + 1));
  if (!octets) return wrong();
  auto id = Uuid::from_bytes(*octets);
  if (!id) return wrong();
  cursor.id = *id;
  return std::optional<Cursor>(cursor);
}

Result<> check_page(const Page& page) {
  if (page.limit < 1 || page.limit > page_max) return fail(ErrorCode::invalid, {"a page has 1 to 200 rows", "每页应为 1 到 200 行"}, "/limit");
  return {};
}

}  // namespace jx::cases
