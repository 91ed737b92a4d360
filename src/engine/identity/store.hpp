// store.hpp - what the files of identity share: rows to structs, and ledger entries; private to the module.
#pragma once
#include <jx/identity/directory.hpp>
#include <jx/identity/rights.hpp>
#include <jx/ledger.hpp>
#include <jx/ledger/state.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace jx::identity {

/// What a text says. Every call asks for the same posts and roles: a thread keeps what it decoded, by the text itself.
template <class T>
[[nodiscard]] Result<T> decoded(const std::string& text, const Words& what) {
  constexpr std::size_t kept_max = 256;
  thread_local std::unordered_map<std::string, T> kept;
  if (const auto found = kept.find(text); found != kept.end()) return found->second;
  auto value = wire::decode<T>(text);
  if (!value)
    return fail_because(std::move(value).error(), ErrorCode::corrupt, {"a stored " + what.en + " cannot be read", "存储的" + what.zh + "无法读取"});
  if (kept.size() >= kept_max) kept.clear();
  kept.emplace(text, *value);
  return value;
}

/// One row's JSON body as a struct. Errors: not_found; corrupt.
template <class T, class... P>
[[nodiscard]] Result<T> body_of(db::Tx& tx, const db::Query& query, const Words& what, const P&... key) {
  JX_TRY(row, tx.one(query, key...));
  if (!row) return fail(ErrorCode::not_found, {"there is no such " + what.en, "没有该" + what.zh});
  return decoded<T>(row->text(0), what);
}

template <class T>
[[nodiscard]] Result<std::vector<T>> bodies_of(db::Tx& tx, const db::Query& query, const Words& what) {
  std::vector<T> out;
  JX_CHECK(tx.each(query, [&](db::Row&& row) -> Result<> {
    JX_TRY(value, decoded<T>(row.text(0), what));
    out.push_back(std::move(value));
    return {};
  }));
  return out;
}

[[nodiscard]] Result<LocalizedText> localized(const std::string& json);
/// A name in each of its languages, cleaned. Errors: invalid (field /name/<language>).
[[nodiscard]] Result<LocalizedText> clean_name(const LocalizedText& name);
[[nodiscard]] Mandate mandate_of(const db::Row& row, std::size_t first);
[[nodiscard]] Holding holding_of(const db::Row& row);

/// From `from` on the person is the firm's representative; adds the states of the rows that changed.
[[nodiscard]] Result<> put_representative(db::Tx& tx, const FirmId& firm, const PersonId& person, LocalDate from,
                                          std::vector<ledger::StateHash>& states);

/// The tables of state_tables(), by what they hold.
struct Tables {
  static const ledger::StateTable unit, division, post, role, person, person_code, firm, firm_code, representative, mandate, mandate_before,
      account_1, account, holding, absence, absence_post, certificate;
};

}  // namespace jx::identity
