// entries.cpp - append, read and erase. What comes of an entry after its commit is in sequencer.cpp.
#include <jx/ledger.hpp>
#include <jx/ledger/tiles.hpp>
#include <jx/wire.hpp>
#include <jx/wire/canonical.hpp>

#include "ledger_sql.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <set>

namespace jx::ledger {
namespace {

namespace json = boost::json;

constexpr std::int64_t body_version = 1;
constexpr std::size_t entries_a_call_max = 1000;

std::string_view kind_name(Actor::Kind kind) {
  switch (kind) {
    case Actor::Kind::anonymous: return "anonymous";
    case Actor::Kind::person: return "person";
    case Actor::Kind::machine: return "machine";
    case Actor::Kind::system: break;
  }
  return "system";
}

/// Lays out RFC 8785 JSON whose members are written in their order: the body of an entry is made at every act, and most of it has a known form.
class Canonical {
 public:
  void open(char bracket) {
    separate();
    text_.push_back(bracket);
    first_ = true;
  }
  void close(char bracket) {
    text_.push_back(bracket);
    first_ = false;
  }
  /// In the order of RFC 8785; a name of this file's own, in ASCII.
  Canonical& key(std::string_view name) {
    separate();
    text_.append(1, '"').append(name).append("\":");
    first_ = true;
    return *this;
  }
  void words(std::string_view text) {
    separate();
    whole_ = wire::append_canonical_text(text_, text) && whole_;
  }
  void object(const json::object& value) {
    separate();
    whole_ = wire::append_canonical(text_, value) && whole_;
  }
  void number(std::int64_t number) {
    separate();
    text_.append(std::to_string(number));
  }
  void null() {
    separate();
    text_.append("null");
  }
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  /// Errors: invalid (a text is not UTF-8, a number is not finite).
  Result<std::string> take() && {
    if (whole_) return std::move(text_);
    return fail(ErrorCode::invalid,
                {"a number that is not finite, or a text that is not UTF-8, has no canonical JSON", "含有非有限数或非 UTF-8 文本，无法规范化"});
  }

 private:
  void separate() {
    if (!first_) text_.push_back(',');
    first_ = false;
  }

  std::string text_;
  bool first_ = true;
  bool whole_ = true;
};

void put_actor(Canonical& out, const Actor& actor) {
  out.open('{');
  if (!actor.account.nil()) out.key("account").words(actor.account.text());
  out.key("kind").words(kind_name(actor.kind));
  if (!actor.person.nil()) out.key("person").words(actor.person.text());
  if (!actor.post.empty()) out.key("post").words(actor.post.text());
  if (!actor.stand_in_for.nil()) out.key("stand_in_for").words(actor.stand_in_for.text());
  if (!actor.unit.empty()) out.key("unit").words(actor.unit.text());
  out.close('}');
}

void put_state(Canonical& out, const StateHash& state) {
  out.open('{');
  out.key("key").words(state.key);
  out.key("sha256");
  if (state.sha256)
    out.words(to_base64(*state.sha256));
  else
    out.null();
  out.key("table").words(state.table);
  out.key("version").number(state.version);
  out.close('}');
}

// RFC 8785 writes a number as a double; one that would come back as another must not be recorded.
Result<> check_numbers(const json::value& value) {
  constexpr std::int64_t exact_max = std::int64_t{1} << 53;
  const bool inexact = (value.is_int64() && (value.get_int64() > exact_max || value.get_int64() < -exact_max)) ||
                       (value.is_uint64() && value.get_uint64() > std::uint64_t{exact_max});
  if (inexact) return fail(ErrorCode::invalid, {"a number beyond 2^53 must be recorded as text", "超过2^53的数须以文本记录"});
  // The way to a number is put together only where it is needed.
  const auto check = [](const json::value& member, const auto& step) -> Result<> {
    auto checked = check_numbers(member);
    if (!checked) checked.error().field.insert(0, step());
    return checked;
  };
  if (const auto* array = value.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) JX_CHECK(check((*array)[i], [&] { return "/" + std::to_string(i); }));
  }
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) JX_CHECK(check(member.value(), [&] { return wire::pointer_step(member.key()); }));
  }
  return {};
}

Result<> check_subject(std::string_view subject, std::size_t index) {
  const auto colon = subject.find(':');
  if (colon != std::string_view::npos && check_key(subject.substr(0, colon)) && check_key(subject.substr(colon + 1))) return {};
  return fail(ErrorCode::invalid, {"a subject of an entry is <kind>:<id>, both keys", "条目的对象应写作 <类别>:<编号>"},
              "/subjects/" + std::to_string(index));
}

Result<> check_entry(const Entry& entry) {
  if (!check_key(entry.kind))
    return fail(ErrorCode::invalid, {"the kind of an entry is a key, such as case.opened", "条目类别应为标识符，如 case.opened"}, "/kind");
  if (entry.subjects.size() > subjects_max)
    return fail(ErrorCode::too_large, {"an entry has at most 64 subjects", "一条记录最多涉及64个对象"}, "/subjects");
  if (entry.state.size() > state_hashes_max)
    return fail(ErrorCode::too_large, {"an entry vouches for at most 8,192 rows", "一条记录最多证明8192行"}, "/state");
  for (std::size_t i = 0; i < entry.subjects.size(); ++i) JX_CHECK(check_subject(entry.subjects[i], i));
  for (const auto& member : entry.body) {
    if (auto checked = check_numbers(member.value()); !checked) {
      checked.error().field.insert(0, "/body" + wire::pointer_step(member.key()));
      return checked;
    }
  }
  return {};
}

Result<std::string> body_of(const Context& ctx, EntryId id, Instant at, const Entry& entry) {
  Canonical out;
  out.reserve(512 + 160 * entry.state.size());
  out.open('{');
  put_actor(out.key("actor"), ctx.actor);
  out.key("at").words(at.text());
  out.key("body").object(entry.body);
  out.key("id").words(id.text());
  out.key("kind").words(entry.kind);
  if (!ctx.request.nil()) out.key("request").words(ctx.request.text());
  out.key("state").open('[');
  for (const auto& row : entry.state) put_state(out, row);
  out.close(']');
  out.key("subjects").open('[');
  for (const auto& subject : entry.subjects) out.words(subject);
  out.close(']');
  out.key("version").number(body_version);
  out.close('}');
  JX_TRY(text, std::move(out).take());
  if (text.size() > body_bytes_max)
    return fail(ErrorCode::too_large, {"the record of an act has at most 1 MiB", "一次操作的记录不得超过1 MiB"}, "/body");
  return std::move(text);
}

StoredEntry stored(const db::Row& row) {
  StoredEntry entry{row.id<EntryId>(0), row.instant(1), row.text(2), std::nullopt, std::nullopt};
  if (!row.null(3)) entry.place = Place{row.integer(3), static_cast<std::uint64_t>(row.integer(4))};
  if (!row.null(5)) entry.body = row.text(5);
  return entry;
}

Result<std::vector<StoredEntry>> stored(Result<std::vector<db::Row>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  std::vector<StoredEntry> entries;
  entries.reserve(rows->size());
  for (const auto& row : *rows) entries.push_back(stored(row));
  return entries;
}

}  // namespace

Result<EntryId> append(db::Tx& tx, const Context& ctx, const Entry& entry) {
  JX_CHECK(check_entry(entry));
  const auto id = EntryId::make(ctx.clock, ctx.random);
  const auto at = ctx.now();
  JX_TRY(body, body_of(ctx, id, at, entry));
  std::array<std::uint8_t, salt_bytes> salt{};
  ctx.random.fill(salt);
  const auto hash = body_hash(salt, body);
  std::string subjects;  // keys, so without a space
  for (const auto& subject : entry.subjects) subjects.append(subjects.empty() ? " " : "").append(subject).append(1, ' ');
  if (tx.dialect() == db::Dialect::postgres) {
    JX_CHECK(tx.later(sql::insert_whole_entry, id, at, entry.kind, ByteView(hash), ByteView(salt), body, subjects));
    return id;
  }
  JX_CHECK(tx.later(sql::insert_entry, id, at, entry.kind, ByteView(hash), ByteView(salt), body));
  JX_CHECK(tx.later(sql::insert_pending));
  if (!subjects.empty()) JX_CHECK(tx.later(sql::insert_unindexed, subjects));
  return id;
}

Result<StoredEntry> read(db::Tx& tx, EntryId id) {
  JX_TRY(row, tx.one(sql::entry_by_id, id));
  if (!row) return fail(ErrorCode::not_found, {"the ledger has no such entry", "账本中没有这条记录"});
  return stored(*row);
}

Result<std::vector<StoredEntry>> about(db::Tx& tx, std::string_view subject, EntryId after, std::size_t count_max) {
  return stored(tx.all(sql::entries_about, subject, after, std::min(count_max, entries_a_call_max)));
}

Result<std::vector<StoredEntry>> feed(db::Tx& tx, Place from, std::size_t count_max) {
  return stored(tx.all(sql::entries_from, from.log, from.index, std::min(count_max, entries_a_call_max)));
}

namespace {

/// The ids in the member `erased` of an entry's body; nothing if it has none or is not what was recorded.
std::vector<std::string> erased_by(const db::Row& row) {
  std::vector<std::string> ids;
  if (row.null(2) || !std::ranges::equal(body_hash(row.bytes(2), row.text(3)), row.bytes(1))) return ids;
  const auto parsed = wire::parse(row.text(3), {.bytes = body_bytes_max, .values = 1'000'000, .string_bytes = body_bytes_max});
  const auto* body = parsed && parsed->is_object() ? parsed->get_object().if_contains("body") : nullptr;
  const auto* erased = body != nullptr && body->is_object() ? body->get_object().if_contains("erased") : nullptr;
  if (erased == nullptr || !erased->is_array()) return ids;
  for (const auto& id : erased->get_array()) {
    if (id.is_string()) ids.emplace_back(id.get_string());
  }
  return ids;
}

Result<std::vector<std::string>> subjects_in(const std::string& body) {
  const auto parsed = wire::parse(body, {.bytes = body_bytes_max, .values = 1'000'000, .string_bytes = body_bytes_max});
  const auto* list = parsed && parsed->is_object() ? parsed->get_object().if_contains("subjects") : nullptr;
  if (list == nullptr || !list->is_array())
    return fail(ErrorCode::corrupt, {"the body of this entry is not what was recorded; run: junxian ledger verify",
                                     "该记录的内容与登记不符；请执行 junxian ledger verify"});
  std::vector<std::string> subjects;
  for (const auto& subject : list->get_array()) {
    if (subject.is_string()) subjects.emplace_back(subject.get_string());
  }
  return subjects;
}

}  // namespace

Result<std::vector<EntryId>> erased_without_record(db::Tx& tx) {
  std::set<std::string, std::less<>> recorded;
  JX_CHECK(tx.each(sql::erasures, [&](db::Row&& row) -> Result<> {
    for (auto& id : erased_by(row)) recorded.insert(std::move(id));
    return {};
  }));
  std::vector<EntryId> unrecorded;
  JX_CHECK(tx.each(sql::erased_entries, [&](db::Row&& row) -> Result<> {
    if (!recorded.contains(row.id<EntryId>(0).text())) unrecorded.push_back(row.id<EntryId>(0));
    return {};
  }));
  return unrecorded;
}

Result<EntryId> erase(db::Tx& tx, const Context& ctx, std::span<const EntryId> ids, const Entry& act) {
  auto recorded = act;
  json::array erased;
  std::set<EntryId> records;
  JX_CHECK(tx.each(sql::erasures, [&](db::Row&& row) -> Result<> {
    if (!erased_by(row).empty()) records.insert(row.id<EntryId>(0));
    return {};
  }));
  for (const auto id : ids) {
    if (records.contains(id))
      return fail(ErrorCode::conflict, {"this entry is the record of an erasure, which stays", "这条记录是清除操作的登记，不得清除"});
    JX_TRY(known, tx.one(sql::body_of, id));
    if (!known) return fail(ErrorCode::not_found, {"the ledger has no such entry", "账本中没有这条记录"});
    if (known->null(1)) return fail(ErrorCode::conflict, {"this entry was erased before", "这条记录已被清除"});
    JX_TRY(subjects, subjects_in(known->text(1)));
    JX_CHECK(tx.run(sql::erase_unindexed, known->integer(0)));
    for (const auto& subject : subjects) JX_CHECK(tx.run(sql::erase_subject, subject, known->integer(0)));
    JX_CHECK(tx.run(sql::erase_entry, id));
    erased.emplace_back(id.text());
  }
  recorded.body["erased"] = std::move(erased);
  return append(tx, ctx, recorded);
}

}  // namespace jx::ledger
