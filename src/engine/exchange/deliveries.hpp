// deliveries.hpp - deliveries as rows; private to the module.
#pragma once
#include <jx/exchange/deliveries.hpp>

#include "grants.hpp"

namespace jx::exchange {

[[nodiscard]] const ledger::StateTable& delivery_table();
[[nodiscard]] const ledger::StateTable& delivery_part_table();

[[nodiscard]] Result<Delivery> decode_delivery(const db::Row& row);

/// What a delivery rests on, as texts and decoded.
struct Basis {
  std::string grant_text, resource_text, source_text;
  Grant grant;
  catalogue::Resource resource;
  catalogue::Source source;

  [[nodiscard]] bool same(const Basis& other) const {
    return grant_text == other.grant_text && resource_text == other.resource_text && source_text == other.source_text;
  }
};
/// The grant as it may deliver today. Errors: not_found; forbidden (not active; not for files; its programme does not run; the resource was
/// withdrawn).
[[nodiscard]] Result<Basis> delivery_basis(db::Tx& tx, LocalDate today, const GrantId& grant);

/// Puts it down as ordered, with its entry. `cycle`: of a subscription, whose cycle may have one already: then nothing.
[[nodiscard]] Result<std::optional<Delivery>> put_order(db::Tx& tx, const Context& ctx, const Basis& basis, DeliveryKind kind,
                                                        const std::string& filter, const std::optional<DeliveryId>& base,
                                                        const std::optional<LocalDate>& cycle);
struct Base {
  DeliveryId id;
  std::string filter;
};
/// What the consumer has under a grant, by its last acknowledgement, in the format and by the key that the grant says today.
[[nodiscard]] Result<std::optional<Base>> base_of(db::Tx& tx, const Basis& basis);

/// One entry about a delivery, which vouches for its row.
[[nodiscard]] Result<ledger::EntryId> record_delivery(db::Tx& tx, const Context& ctx, std::string kind, const Delivery& delivery,
                                                      boost::json::object body, std::vector<ledger::StateHash> states = {});

}  // namespace jx::exchange
