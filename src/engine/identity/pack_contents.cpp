#include "pack_contents.hpp"

#include <jx/text.hpp>
#include <jx/wire/csv.hpp>

#include <algorithm>
#include <map>

namespace jx::identity {
namespace {

template <class T>
FileOf<T> read_yaml(const pack::Pack& pack, std::string_view path, pack::Findings& findings) {
  const auto* file = pack.file(path);
  if (file == nullptr) return std::nullopt;
  return pack::decode_yaml<T>(*file, findings);
}

/// Hands each record to `take(fields by column, line)`. Columns must be exactly `columns`, in any order; those after `needed` may be absent.
template <class Take>
void each_record(const pack::File& file, std::span<const std::string_view> columns, std::size_t needed, pack::Findings& findings, Take take) {
  auto reader = wire::CsvReader::open(file.text);
  if (!reader) return findings.error(file, 1, reader.error().message);
  std::vector<std::optional<std::size_t>> at;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto found = std::ranges::find(reader->columns(), columns[i]);
    at.push_back(found == reader->columns().end() ? std::nullopt
                                                  : std::optional<std::size_t>(static_cast<std::size_t>(found - reader->columns().begin())));
    if (!at.back() && i < needed)
      findings.error(file, 1, {"the column `" + std::string(columns[i]) + "` is missing", "缺少列 " + std::string(columns[i])});
  }
  for (const auto& column : reader->columns()) {
    if (std::ranges::find(columns, column) == columns.end())
      findings.error(file, 1, {"the column `" + column + "` is not known here", "未知的列 " + column});
  }
  if (!std::all_of(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(needed), [](const auto& place) { return place.has_value(); })) return;
  while (true) {
    auto record = reader->next();
    if (!record) return findings.error(file, reader->line(), record.error().message);
    if (!*record) return;
    std::map<std::string_view, std::string> fields;
    for (std::size_t i = 0; i < columns.size(); ++i) fields[columns[i]] = at[i] ? std::string((**record)[*at[i]]) : std::string();
    take(fields, reader->line());
  }
}

std::optional<LocalDate> date_field(const pack::File& file, int line, const std::string& text, pack::Findings& findings) {
  if (text.empty()) return std::nullopt;
  auto date = LocalDate::parse(text);
  if (!date) findings.error(file, line, date.error().message);
  return date ? std::optional(*date) : std::nullopt;
}

/// people.csv and firms.csv: rows with the same key are one party with several codes.
std::vector<CsvParty> read_parties(const pack::Pack& pack, std::string_view path, bool firms, pack::Findings& findings) {
  static constexpr std::array<std::string_view, 8> columns{"key",  "name",           "name_en",    "code_scheme",
                                                           "code", "representative", "founded_on", "dissolved_on"};
  std::vector<CsvParty> out;
  const auto* file = pack.file(path);
  if (file == nullptr) return out;
  std::map<std::string, std::size_t> by_key;
  const auto used = std::span(columns).first(firms ? 8 : 5);
  each_record(*file, used, 5, findings, [&](auto& fields, int line) {
    CsvParty row{fields["key"], fields["name"], fields["name_en"], {{fields["code_scheme"], fields["code"]}}, {line}, {}, {}, {}, line};
    if (firms) {
      row.representative = fields["representative"];
      row.founded_on = date_field(*file, line, fields["founded_on"], findings);
      row.dissolved_on = date_field(*file, line, fields["dissolved_on"], findings);
    }
    const auto [known, added] = by_key.try_emplace(row.key, out.size());
    if (added) return out.push_back(std::move(row));
    auto& first = out[known->second];
    if (first.name != row.name || first.name_en != row.name_en || first.representative != row.representative || first.founded_on != row.founded_on ||
        first.dissolved_on != row.dissolved_on) {
      findings.error(*file, line,
                     {"rows of one key differ in nothing but the code; the first is on line " + std::to_string(first.line),
                      "同一 key 的各行除号码外须一致（首行为第" + std::to_string(first.line) + "行）"});
    }
    first.codes.push_back(row.codes.front());
    first.code_lines.push_back(line);
  });
  return out;
}

Result<Role> role_of(const RoleEntry& entry) {
  Role role{entry.id, entry.name, entry.given_to.value_or(GivenTo::post), {}};
  for (std::size_t i = 0; i < entry.permissions.size(); ++i) {
    const auto& value = entry.permissions[i];
    if (value.is_string()) {
      role.permissions.push_back({std::string(value.as_string()), std::nullopt});
      continue;
    }
    auto allowance = wire::decode<Allowance>(value);
    if (!allowance) return std::unexpected(under("/permissions/" + std::to_string(i), std::move(allowance).error()));
    role.permissions.push_back(std::move(*allowance));
  }
  return role;
}

}  // namespace

Contents Contents::read(const pack::Pack& pack, pack::Findings& findings) {
  Contents out;
  out.units = read_yaml<UnitsFile>(pack, "units.yaml", findings);
  out.divisions = read_yaml<DivisionsFile>(pack, "divisions.yaml", findings);
  out.posts = read_yaml<PostsFile>(pack, "posts.yaml", findings);
  out.roles_file = read_yaml<RolesFile>(pack, "roles.yaml", findings);
  out.accounts = read_yaml<AccountsFile>(pack, "accounts.yaml", findings);
  out.mandates = read_yaml<MandatesFile>(pack, "mandates.yaml", findings);
  out.people = read_parties(pack, "people.csv", false, findings);
  out.firms = read_parties(pack, "firms.csv", true, findings);
  if (out.roles_file) {
    const auto& entries = out.roles_file->value.roles;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      auto role = role_of(entries[i]);
      if (role)
        out.roles.push_back(std::move(*role));
      else
        findings.error(*pack.file("roles.yaml"), out.roles_file->document, under("/roles/" + std::to_string(i), std::move(role).error()));
    }
  }
  return out;
}

Result<std::vector<ItemId>> items_of(const MandateEntry& mandate) {
  if (mandate.items.is_string() && mandate.items.as_string() == "all") return std::vector<ItemId>();
  auto items = wire::decode<std::vector<ItemId>>(mandate.items);
  if (!items) return std::unexpected(under("/items", std::move(items).error()));
  if (items->empty()) return fail(ErrorCode::invalid, {"a mandate names items, or `all`", "授权须列明事项，或写 all"}, "/items");
  return items;
}

LocalizedText name_of(const CsvParty& party, const pack::Manifest& manifest) {
  std::map<std::string, std::string> names;
  names[manifest.languages.empty() ? "zh-CN" : manifest.languages.front()] = party.name;
  if (!party.name_en.empty()) names["en"] = party.name_en;
  return LocalizedText(std::move(names));
}

}  // namespace jx::identity
