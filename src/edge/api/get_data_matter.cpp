// get_data_matter.cpp - GET /api/v1/data-matters/{case} (operation getDataMatter): for who asks, and for those who see the case.
#include "matter_views.hpp"
#include "views_cases.hpp"

namespace jx::api {

Call::Answer get_data_matter(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(record, sharing::matter(tx, id));
    JX_TRY(view, data_matter_view(call, tx, record));
    if (view.mine) {
      JX_CHECK(require_asking(call, tx));
    } else {
      JX_CHECK(sight(call, tx, id));
    }
    return call.deps.archive.reading(tx, id, [&](db::Tx& seen) -> Call::Answer {
      JX_TRY(whole, call.deps.cases.view(seen, call.ctx, id));
      const auto text = [&](const char* key) -> std::optional<std::string> {
        const auto* value = whole.form.if_contains(key);
        return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string())) : std::nullopt;
      };
      view.what = text("what");
      view.field = text("field");
      view.record = text("record");
      view.evidence = text("evidence");
      return ok(view);
    });
  });
}

}  // namespace jx::api
