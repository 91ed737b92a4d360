// open_views.hpp - what several operations of the open catalogue share: the site, its entries, and lists of resources.
#pragma once
#include "call.hpp"
#include "views_exchange.hpp"

#include <jx/catalogue/finder.hpp>
#include <jx/open_data/ckan.hpp>

namespace jx::api {

struct ResourceList {
  std::vector<ResourceView> items;
  std::size_t total = 0;  // of all pages
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ResourceList, (), (items, total, next))

/// How browsers call the program, without a slash at the end.
[[nodiscard]] std::string base_address(const Call& call);

/// The site and the entries that everybody may see.
struct OpenCatalogue {
  std::shared_ptr<const catalogue::Listing> listing;  // what the entries borrow from
  open_data::Site site;
  std::vector<open_data::Entry> entries;
  std::vector<std::optional<std::size_t>> place;  // of a listed entry among them
  Instant changed;

  [[nodiscard]] std::vector<search::Hit> find(std::string_view words) const;
};
[[nodiscard]] Result<OpenCatalogue> open_catalogue(const Call& call, db::Tx& tx);

/// Hands the rows of an open resource to `take`, with its open fields in their order, until that answers false. Errors: those of the source.
[[nodiscard]] Result<> each_open_row(const Call& call, const catalogue::Resource& resource,
                                     const std::function<Result<bool>(std::span<const exchange::Cell>)>& take);

// handlers of the open catalogue, and of what goes with answers
Call::Answer get_dcat(Call& call);
Call::Answer get_ckan_action(Call& call);
Call::Answer post_ckan_action(Call& call);
Call::Answer get_open_data(Call& call);
Call::Answer get_data(Call& call);
Call::Answer get_receipt(Call& call);
Call::Answer list_duplicates(Call& call);
Call::Answer designate_source(Call& call);

}  // namespace jx::api
