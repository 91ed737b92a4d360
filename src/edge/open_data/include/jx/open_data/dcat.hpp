// dcat.hpp - the catalogue as DCAT-AP 3.0.1, in Turtle and JSON-LD, a page of data sets at a time.
// Pages are said with the Hydra terms that harvesters follow (hydra:PagedCollection, hydra:nextPage).
#pragma once
#include <jx/open_data/feed.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace jx::open_data {

inline constexpr std::size_t datasets_per_page = 100;

struct DcatPage {
  const Site& site;
  std::span<const Entry> entries;  // of this page
  std::size_t number = 1;          // of the page, from 1
  std::size_t total = 0;           // data sets of all pages
  Instant changed;                 // of the whole catalogue
  std::string file;                // catalog.ttl or catalog.jsonld: how pages name each other
};

[[nodiscard]] std::string turtle(const DcatPage& page);
[[nodiscard]] std::string json_ld(const DcatPage& page);

}  // namespace jx::open_data
