// search_audit.cpp - POST /api/v1/audit/search (operation searchAudit): entries of the ledger by who acted, what was done, about what, and when, each
// with its salt and body. It is asked by POST, since it may name a person, and each use of it is an entry itself.
#include "handlers.hpp"
#include "views_cases.hpp"

#include <jx/ledger/search.hpp>

#include <algorithm>
#include <charconv>

namespace jx::api {

namespace {

struct SearchAudit {
  std::optional<AccountId> account;
  std::optional<std::string> kind, subject;
  std::optional<LocalDate> from, until;  // days of the jurisdiction, both included
  std::optional<std::int64_t> limit;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(SearchAudit, (), (account, kind, subject, from, until, limit, cursor))

struct AuditActor {
  std::string kind;  // person, machine, system, anonymous; unknown once erased
  std::optional<AccountId> account;
  std::optional<LocalizedText> name, post;
};
BOOST_DESCRIBE_STRUCT(AuditActor, (), (kind, account, name, post))

struct AuditSubject {
  std::string subject;  // as it is searched for
  std::string kind;
  std::optional<LocalizedText> name;
  std::optional<std::string> number;  // of a case
};
BOOST_DESCRIBE_STRUCT(AuditSubject, (), (subject, kind, name, number))

struct AuditEntry {
  ledger::EntryId id;
  Instant at;
  std::string kind;
  AuditActor actor;
  std::vector<AuditSubject> subjects;
  std::optional<std::uint64_t> index;
  std::optional<Bytes> salt;
  std::optional<std::string> body;
};
BOOST_DESCRIBE_STRUCT(AuditEntry, (), (id, at, kind, actor, subjects, index, salt, body))

struct AuditPage {
  std::vector<AuditEntry> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(AuditPage, (), (items, next))

constexpr std::int64_t page_most = 100;

/// What has a name that people know; a thing that is gone has none.
template <class IdOrKey, class F>
std::optional<LocalizedText> name_by(std::string_view text, const F& look) {
  const auto id = IdOrKey::parse(text);
  if (!id) return std::nullopt;
  auto name = look(*id);
  return name ? std::optional<LocalizedText>(std::move(*name)) : std::nullopt;
}

Result<LocalizedText> post_words(db::Tx& tx, const PostId& key) {
  JX_TRY(post, identity::post(tx, key));
  JX_TRY(unit, identity::unit(tx, post.unit));
  std::map<std::string, std::string> words;
  for (const auto& [language, name] : post.name.by_language()) {
    const auto& of = unit.short_name.value_or(unit.name);
    words[language] = std::string(of.in(language)) + (language.starts_with("zh") ? "" : ": ") + name;
  }
  return LocalizedText(std::move(words));
}

Result<LocalizedText> holding_words(db::Tx& tx, const identity::HoldingId& id) {
  JX_TRY(holding, identity::holding(tx, id));
  return post_words(tx, holding.post);
}

AuditSubject subject_view(const Call& call, db::Tx& tx, std::string subject) {
  const auto colon = subject.find(':');
  AuditSubject view{subject, subject.substr(0, colon), {}, {}};
  const std::string id = subject.substr(std::min(subject.size(), colon + 1));
  if (view.kind == "case") {
    const auto key = CaseId::parse(id);
    if (!key) return view;
    if (const auto summary = call.deps.cases.summary(tx, *key)) view.number = summary->number;
  } else if (view.kind == "person") {
    view.name = name_by<PersonId>(id, [&](const PersonId& key) -> Result<LocalizedText> {
      JX_TRY(person, identity::person(tx, key));
      return person.name;
    });
  } else if (view.kind == "account") {
    view.name = name_by<AccountId>(id, [&](const AccountId& key) -> Result<LocalizedText> {
      JX_TRY(staff, staff_name(tx, key));
      return staff.name;
    });
  } else if (view.kind == "post") {
    view.name = name_by<PostId>(id, [&](const PostId& key) { return post_words(tx, key); });
  } else if (view.kind == "holding") {
    view.name = name_by<identity::HoldingId>(id, [&](const identity::HoldingId& key) { return holding_words(tx, key); });
  } else if (view.kind == "unit") {
    view.name = name_by<UnitId>(id, [&](const UnitId& key) -> Result<LocalizedText> {
      JX_TRY(unit, identity::unit(tx, key));
      return unit.name;
    });
  } else if (view.kind == "item") {
    view.name = name_by<ItemId>(id, [&](const ItemId& key) -> Result<LocalizedText> {
      JX_TRY(item, services::item(tx, key));
      return item.name;
    });
  }
  return view;
}

AuditActor actor_view(db::Tx& tx, const boost::json::object& actor) {
  AuditActor view{text_member(actor, "kind").value_or("unknown"), {}, {}, {}};
  if (const auto account = text_member(actor, "account")) {
    if (const auto id = AccountId::parse(*account)) {
      view.account = *id;
      if (auto name = staff_name(tx, *id)) view.name = std::move(name->name);
    }
  }
  if (const auto post = text_member(actor, "post")) view.post = name_by<PostId>(*post, [&](const PostId& key) { return post_words(tx, key); });
  return view;
}

Result<AuditEntry> entry_view(const Call& call, db::Tx& tx, const ledger::Found& found) {
  const auto& entry = found.entry;
  AuditEntry view{entry.id, entry.at, entry.kind, {"unknown", {}, {}, {}}, {}, {}, found.salt, entry.body};
  if (entry.place) view.index = entry.place->index;
  if (!entry.body) return view;
  JX_TRY(whole, wire::parse(*entry.body, {.bytes = ledger::body_bytes_max, .values = 1'000'000, .string_bytes = ledger::body_bytes_max}));
  if (!whole.is_object()) return view;
  const auto& object = whole.get_object();
  if (const auto* actor = object.if_contains("actor"); actor != nullptr && actor->is_object()) view.actor = actor_view(tx, actor->get_object());
  const auto* subjects = object.if_contains("subjects");
  if (subjects == nullptr || !subjects->is_array()) return view;
  for (const auto& subject : subjects->get_array()) {
    if (subject.is_string()) view.subjects.push_back(subject_view(call, tx, std::string(subject.get_string())));
  }
  return view;
}

Result<std::int64_t> number_of(const std::string& cursor) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
  if (cursor.empty()) return number;
  if (error != std::errc() || end != cursor.data() + cursor.size() || number <= 0)
    return fail(ErrorCode::invalid, {"this cursor is none of ours", "游标无效"}, "/cursor");
  return number;
}

Result<ledger::Search> search_of(const Call& call, const SearchAudit& wanted) {
  ledger::Search search;
  if (wanted.account) search.account = wanted.account->text();
  for (const auto& [text, field] : {std::pair{&wanted.kind, "/kind"}, {&wanted.subject, "/subject"}}) {
    if (*text && (*text)->size() > 200) return fail(ErrorCode::too_large, {"at most 200 octets", "最多 200 字节"}, field);
  }
  search.kind = wanted.kind.value_or("");
  search.subject = wanted.subject.value_or("");
  const auto here = call.deps.jurisdiction();
  if (wanted.from) search.from = here->zone.at(*wanted.from, 0);
  if (wanted.until) search.until = here->zone.at(*wanted.until + 1, 0);
  return search;
}

/// What the auditor asked for, for the record.
Result<> record_search(const Call& call, db::Tx& tx, const SearchAudit& wanted, std::size_t found) {
  ledger::Entry entry{"audit.searched", {ledger::subject("account", call.ctx.actor.account)}, {{"found", found}}, {}};
  if (wanted.account) entry.body["account"] = wanted.account->text();
  if (wanted.kind) entry.body["kind"] = *wanted.kind;
  if (wanted.subject) entry.body["subject"] = *wanted.subject;
  if (wanted.from) entry.body["from"] = wanted.from->text();
  if (wanted.until) entry.body["until"] = wanted.until->text();
  JX_CHECK(ledger::append(tx, call.ctx, entry));
  return {};
}

}  // namespace

Call::Answer search_audit(Call& call) {
  JX_TRY(wanted, call.body<SearchAudit>());
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "audit.read"));
    const auto limit = wanted.limit.value_or(50);
    if (limit < 1 || limit > page_most) return fail(ErrorCode::invalid, {"1 to 100", "范围 1 至 100"}, "/limit");
    JX_TRY(cursor, number_of(wanted.cursor.value_or("")));
    JX_TRY(search, search_of(call, wanted));
    JX_TRY(found, ledger::search(tx, search, cursor, static_cast<std::size_t>(limit)));
    AuditPage page;
    for (const auto& one : found.entries) {
      JX_TRY(view, entry_view(call, tx, one));
      page.items.push_back(std::move(view));
    }
    if (found.next > 0) page.next = std::to_string(found.next);
    JX_CHECK(record_search(call, tx, wanted, page.items.size()));
    return ok(page);
  });
}

}  // namespace jx::api
