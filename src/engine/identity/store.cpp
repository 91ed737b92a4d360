#include "store.hpp"

#include "identity_sql.hpp"

#include <jx/identity.hpp>
#include <jx/text.hpp>

#include <array>

namespace jx::identity {

const ledger::StateTable Tables::unit{"identity.unit", 1, 1, &sql::unit_state, &sql::unit_states};
const ledger::StateTable Tables::division{"identity.division", 1, 1, &sql::division_state, &sql::division_states};
const ledger::StateTable Tables::post{"identity.post", 1, 1, &sql::post_state, &sql::post_states};
const ledger::StateTable Tables::role{"identity.role", 1, 1, &sql::role_state, &sql::role_states};
const ledger::StateTable Tables::person{"identity.person", 1, 1, &sql::person_state, &sql::person_states};
const ledger::StateTable Tables::person_code{"identity.person_code", 1, 2, &sql::person_code_state, &sql::person_code_states};
const ledger::StateTable Tables::firm{"identity.firm", 1, 1, &sql::firm_state, &sql::firm_states};
const ledger::StateTable Tables::firm_code{"identity.firm_code", 1, 2, &sql::firm_code_state, &sql::firm_code_states};
const ledger::StateTable Tables::representative{"identity.representative", 1, 2, &sql::representative_state, &sql::representative_states};
const ledger::StateTable Tables::mandate{"identity.mandate", 2, 1, &sql::mandate_state_2, &sql::mandate_states_2};
const ledger::StateTable Tables::mandate_before{"identity.mandate", 1, 1, &sql::mandate_state, &sql::mandate_states};
const ledger::StateTable Tables::account_1{"identity.account", 1, 1, &sql::account_state, &sql::account_states};
const ledger::StateTable Tables::account{"identity.account", 2, 1, &sql::account_state_2, &sql::account_states_2};
const ledger::StateTable Tables::holding{"identity.holding", 1, 1, &sql::holding_state, &sql::holding_states};
const ledger::StateTable Tables::absence{"identity.absence", 1, 1, &sql::absence_state, &sql::absence_states};
const ledger::StateTable Tables::absence_post{"identity.absence_post", 1, 2, &sql::absence_post_state, &sql::absence_post_states};
const ledger::StateTable Tables::certificate{"identity.certificate", 1, 1, &sql::certificate_state, &sql::certificate_states};

std::span<const ledger::StateTable> state_tables() {
  static const std::array all{Tables::unit,           Tables::division,   Tables::post,      Tables::role,           Tables::person,
                              Tables::person_code,    Tables::firm,       Tables::firm_code, Tables::representative, Tables::mandate,
                              Tables::account_1,      Tables::account,    Tables::holding,   Tables::absence,        Tables::absence_post,
                              Tables::mandate_before, Tables::certificate};
  return all;
}

Result<LocalizedText> localized(const std::string& json) {
  auto text = wire::decode<LocalizedText>(json);
  if (!text) return fail_because(std::move(text).error(), ErrorCode::corrupt, {"a stored text cannot be read", "存储的文本无法读取"});
  return text;
}

Result<LocalizedText> clean_name(const LocalizedText& name) {
  if (name.empty()) return fail(ErrorCode::invalid, {"a name is needed", "须有名称"}, "/name");
  std::map<std::string, std::string> out;
  for (const auto& [language, text] : name.by_language()) {
    auto line = text::clean_line(text, name_bytes_max);
    if (!line) return std::unexpected(under("/name" + wire::pointer_step(language), std::move(line).error()));
    out.emplace(language, std::move(*line));
  }
  return LocalizedText(std::move(out));
}

}  // namespace jx::identity
