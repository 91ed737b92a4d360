#include <jx/crypto/hash.hpp>
#include <jx/open_data/feed.hpp>
#include <jx/text.hpp>
#include <jx/text/search.hpp>

#include <algorithm>
#include <array>

namespace jx::open_data {
namespace {

struct Known {
  std::string_view id, title;
  bool open;
};
constexpr std::array<Known, 8> licences{{
    {"CC0-1.0", "Creative Commons Zero 1.0", true},
    {"CC-BY-4.0", "Creative Commons Attribution 4.0", true},
    {"CC-BY-SA-4.0", "Creative Commons Attribution-ShareAlike 4.0", true},
    {"CC-BY-NC-4.0", "Creative Commons Attribution-NonCommercial 4.0", false},
    {"PDDL-1.0", "Open Data Commons Public Domain Dedication and License 1.0", true},
    {"ODC-By-1.0", "Open Data Commons Attribution License 1.0", true},
    {"ODbL-1.0", "Open Data Commons Open Database License 1.0", true},
    {"MulanPSL-2.0", "Mulan Permissive Software License 2", true},
}};

}  // namespace

Uuid id_of(std::string_view kind, std::string_view name) {
  auto digest = crypto::sha256(bytes_of(kind), bytes_of("\n" + std::string(name)));
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0fU) | 0x80U);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3fU) | 0x80U);
  return *Uuid::from_bytes(ByteView(digest).first(16));
}

std::string slug(std::string_view text) {
  std::string out;
  const auto add = [&](std::string_view word) {
    if (!out.empty()) out += '-';
    out += word;
  };
  const auto folded = text::search_form(text);
  for (const auto& word : text::words(folded)) {
    if (text::is_han(word.text)) {
      for (const auto& syllable : text::syllables(word.text)) add(syllable);
      continue;
    }
    std::string plain;
    for (const char c : word.text) {
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
    }
    if (!plain.empty()) add(plain);
  }
  return out.empty() ? "x-" + id_of("slug", text).text().substr(0, 8) : out.substr(0, 100);
}

bool is_open(const catalogue::Resource& resource) { return resource.open && resource.open->to == catalogue::OpenTo::everyone; }

std::vector<catalogue::Field> open_fields(const catalogue::Resource& resource) {
  std::vector<catalogue::Field> fields;
  std::ranges::copy_if(resource.fields, std::back_inserter(fields),
                       [](const auto& field) { return field.sensitivity == catalogue::Sensitivity::open; });
  return fields;
}

License license_of(const catalogue::Resource& resource) {
  if (!resource.open || !resource.open->license) return {"notspecified", "License not specified", "", false};
  const auto& id = *resource.open->license;
  const auto found = std::ranges::find(licences, id, &Known::id);
  if (found == licences.end()) return {id, id, id.starts_with("https://") ? id : "", false};
  return {id, std::string(found->title), "https://spdx.org/licenses/" + id, found->open};
}

}  // namespace jx::open_data
