// form_pack.hpp - the forms of a pack: forms/*.json with their layouts, and the merges that its processes ask for.
#pragma once
#include <jx/db.hpp>
#include <jx/pack.hpp>

#include <vector>

namespace jx::cases {

/// Names of forms: each file, and each merge as its keys with spaces between (`jx:form="a b c"`).
void declare_forms(const pack::Pack& pack, pack::Names& names, pack::Findings& findings);
void check_forms(const pack::Pack& pack, pack::Findings& findings);
[[nodiscard]] Result<> plan_forms(db::Tx& tx, const pack::Pack& pack, std::vector<pack::Change>& changes);
[[nodiscard]] Result<> apply_forms(db::Tx& tx, const pack::Pack& pack);

}  // namespace jx::cases
