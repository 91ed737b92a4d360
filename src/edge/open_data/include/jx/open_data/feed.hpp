// feed.hpp - what is published of the catalogue, as DCAT and CKAN both say it.
#pragma once
#include <jx/catalogue.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace jx::open_data {

/// A unit that provides data.
struct Publisher {
  UnitId id;
  LocalizedText name;
  std::string code;  // its social credit code, or empty
};

/// An entry of the catalogue; the resource is borrowed.
struct Entry {
  const catalogue::Resource& resource;
  Publisher publisher;
  Instant since;    // published first
  Instant changed;  // published last
};

/// The site that publishes. `base` is how browsers call it, without a slash at its end.
struct Site {
  std::string base;
  LocalizedText title;
  LocalizedText description;
  Publisher publisher;  // of the catalogue
  std::string place;    // GB/T 2260 code of the jurisdiction, or empty
};

/// A UUID (RFC 9562 version 8) that a name always has: CKAN tells things apart by UUIDs.
[[nodiscard]] Uuid id_of(std::string_view kind, std::string_view name);

/// A name in the letters of an address, of any text: 基础信息资源 is ji-chu-xin-xi-zi-yuan. Never empty.
[[nodiscard]] std::string slug(std::string_view text);

/// Whether everyone may have its rows: only then are they given without a grant, and only the fields of sensitivity `open`.
[[nodiscard]] bool is_open(const catalogue::Resource& resource);
[[nodiscard]] std::vector<catalogue::Field> open_fields(const catalogue::Resource& resource);

/// A licence as catalogues name it, by its SPDX identifier; a licence of another name stands for itself.
struct License {
  std::string id;
  std::string title;
  std::string url;
  bool open = true;  // by the Open Definition
};
[[nodiscard]] License license_of(const catalogue::Resource& resource);

}  // namespace jx::open_data
