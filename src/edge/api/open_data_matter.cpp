// open_data_matter.cpp - POST /api/v1/data-matters (operation openDataMatter): a correction (Order 809, art. 26), what a person asks about her data,
// a dispute (art. 28).
#include "matter_views.hpp"
#include "views_services.hpp"

namespace jx::api {

Call::Answer open_data_matter(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(require_asking(call, tx));
    JX_TRY(wanted, call.body<sharing::Matter>());
    JX_TRY(receipt, sharing::open_matter(tx, call.ctx, call.deps.cases, call.today(), wanted));
    const ReceiptView view{receipt.id, receipt.number, receipt.entry, receipt.due_on, receipt.provisional};
    return created("/api/v1/data-matters/" + receipt.id.text(), view);
  });
}

}  // namespace jx::api
