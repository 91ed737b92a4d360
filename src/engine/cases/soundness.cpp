// soundness.cpp - what `db check` looks at beyond the rows that ledger entries vouch for: timelines, definitions, forms.
#include "act.hpp"
#include "cases_sql.hpp"

namespace jx::cases {

Result<bool> timeline_holds(db::Tx& tx, CaseId id, std::int64_t last_event, const Bytes& recorded) {
  Bytes history;
  std::int64_t last = 0;
  bool whole = true;
  JX_CHECK(tx.each(
      sql::timeline_of_case,
      [&](db::Row&& r) -> Result<> {
        const auto events = events_of(r);
        whole = whole && r.integer(0) == last + 1 && events_text(events) == r.text(4);
        for (const auto& event : events) history = next_history(history, event);
        last += static_cast<std::int64_t>(events.size());
        return {};
      },
      id));
  return whole && last == last_event && history == recorded;
}

namespace {

constexpr std::int64_t cases_a_read = 200;

Result<> check_timelines(db::Tx& tx, std::vector<Unsound>& found) {
  for (CaseId after;;) {
    JX_TRY(rows, tx.all(sql::histories, after, cases_a_read));
    for (const auto& row : rows) {
      JX_TRY(holds, timeline_holds(tx, row.id<CaseId>(0), row.integer(2), row.bytes(3)));
      if (!holds)
        found.push_back({"cases.case_timeline " + row.text(1), {"the timeline of this case was changed by hand", "该办件的办理经过被手工改动"}});
    }
    if (static_cast<std::int64_t>(rows.size()) < cases_a_read) return {};
    after = rows.back().id<CaseId>(0);
  }
}

Result<> check_definitions(db::Tx& tx, std::vector<Unsound>& found) {
  const Registry none;
  Engine::Impl engine({none, {}, nullptr, nullptr});
  JX_TRY(rows, tx.all(sql::definition_hashes));
  for (const auto& row : rows) {
    crypto::Digest hash{};
    std::copy_n(row.bytes(0).begin(), std::min(hash.size(), row.bytes(0).size()), hash.begin());
    if (engine.definition(tx, hash)) continue;
    found.push_back({"cases.process_definition " + to_hex(hash).substr(0, 16), {"this process is not what was applied", "该流程与已应用的内容不符"}});
  }
  return {};
}

Result<> check_forms(db::Tx& tx, std::vector<Unsound>& found) {
  return tx.each(sql::form_definitions, [&](db::Row&& row) -> Result<> {
    if (!form_holds(row))
      found.push_back(
          {"cases.form_definition " + to_hex(row.bytes(0)).substr(0, 16), {"this form is not what was applied", "该表单与已应用的内容不符"}});
    return {};
  });
}

}  // namespace

bool form_holds(const db::Row& row) {
  const auto& schema = row.text(1);
  const auto& layout = row.text(2);
  const auto same = [&](const crypto::Digest& digest) { return std::ranges::equal(digest, row.bytes(0)); };
  return same(crypto::sha256(bytes_of(schema), bytes_of(layout))) || (layout == "{}" && same(crypto::sha256(bytes_of(schema))));
}

Result<std::vector<Unsound>> check_soundness(db::Database& database) {
  return database.read(no_deadline, [](db::Tx& tx) -> Result<std::vector<Unsound>> {
    std::vector<Unsound> found;
    JX_CHECK(check_timelines(tx, found));
    JX_CHECK(check_definitions(tx, found));
    JX_CHECK(check_forms(tx, found));
    return found;
  });
}

}  // namespace jx::cases
