#include "people.hpp"

#include <jx/wire/csv.hpp>
#include <jx/wire/yaml.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <set>

namespace jx::simulation {
namespace {

constexpr int adult_years = 20;
constexpr int oldest_years = 78;

struct Listed {  // an account of the pack
  std::string username, person;
};

Result<std::vector<Listed>> accounts_of(const pack::Pack& pack) {
  std::vector<Listed> list;
  const auto* file = pack.file("accounts.yaml");
  if (file == nullptr) return list;
  JX_TRY(document, wire::parse_yaml(file->text));
  for (const auto& account : document.value().at("accounts").as_array()) {
    const auto& entry = account.as_object();
    const auto* person = entry.if_contains("person");
    if (person != nullptr && person->is_string()) list.push_back({std::string(entry.at("username").as_string()), std::string(person->get_string())});
  }
  return list;
}

/// The year of birth that a Chinese citizen id holds; nothing of other codes.
std::optional<int> born_in(std::string_view code) {
  int year = 0;
  if (code.size() != 18 || std::from_chars(code.data() + 6, code.data() + 10, year).ec != std::errc()) return std::nullopt;
  return year;
}

std::string surname_of(const std::string& name) {
  constexpr std::size_t character = 3;  // octets of one in UTF-8
  return name.substr(0, std::min(character, name.size()));
}

/// `Wang Fang` of r0173 -> wang.fang.0173: nobody else's, and easy to read.
std::string username_of(std::string_view english, std::string_view key) {
  std::string name;
  for (const char c : english) {
    if (c >= 'A' && c <= 'Z') name += static_cast<char>(c - 'A' + 'a');
    if (c >= 'a' && c <= 'z') name += c;
    if (c == ' ' && !name.empty() && name.back() != '.') name += '.';
  }
  while (!name.empty() && name.back() == '.') name.pop_back();
  return name + "." + std::string(key.substr(key.starts_with('r') ? 1 : 0));
}

Result<std::map<std::string, std::size_t>> read_people(const pack::Pack& pack, const Plan& plan, LocalDate on, const std::set<std::string>& taken,
                                                       Dice& dice, std::vector<Applicant>& people) {
  std::map<std::string, std::size_t> by_key;
  const auto* file = pack.file("people.csv");
  if (file == nullptr) return by_key;
  JX_TRY(reader, wire::CsvReader::open(file->text));
  JX_TRY(key, reader.column("key"));
  JX_TRY(name, reader.column("name"));
  JX_TRY(english, reader.column("name_en"));
  JX_TRY(scheme, reader.column("code_scheme"));
  JX_TRY(code, reader.column("code"));
  const int year = static_cast<int>(on.ymd().year());
  while (true) {
    JX_TRY(record, reader.next());
    if (!record) return by_key;
    const auto& fields = *record;
    const auto born = born_in(fields[code]);
    if (taken.contains(std::string(fields[key])) || (born && (year - *born < adult_years || year - *born > oldest_years))) continue;
    const std::string called(fields[name]);
    Profile profile{called, surname_of(called), std::string(fields[code]), "1025552" + std::to_string(dice.between(1000, 9999)),
                    dice.pick(plan.streets) + std::to_string(dice.between(1, 180)) + "号"};
    by_key.emplace(std::string(fields[key]), people.size());
    people.push_back(
        {{std::string(fields[scheme]), std::string(fields[code])}, std::move(profile), username_of(fields[english], fields[key]), {}, {}});
  }
}

Result<std::vector<Business>> read_firms(const pack::Pack& pack, const std::map<std::string, std::size_t>& people) {
  std::vector<Business> firms;
  const auto* file = pack.file("firms.csv");
  if (file == nullptr) return firms;
  JX_TRY(reader, wire::CsvReader::open(file->text));
  JX_TRY(name, reader.column("name"));
  JX_TRY(scheme, reader.column("code_scheme"));
  JX_TRY(code, reader.column("code"));
  JX_TRY(representative, reader.column("representative"));
  JX_TRY(dissolved, reader.column("dissolved_on"));
  while (true) {
    JX_TRY(record, reader.next());
    if (!record) return firms;
    const auto& fields = *record;
    const auto who = people.find(std::string(fields[representative]));
    if (who == people.end() || !fields[dissolved].empty()) continue;
    firms.push_back({{std::string(fields[scheme]), std::string(fields[code])}, std::string(fields[name]), who->second});
  }
}

}  // namespace

std::vector<std::size_t> Population::at_desk(const cases::TaskView& task, Instant at) const {
  std::vector<std::size_t> fit;
  for (std::size_t i = 0; i < clerks.size(); ++i) {
    const auto& clerk = clerks[i];
    if (!task.unit.empty() && clerk.actor.unit != task.unit) continue;
    if (!task.post.empty() && clerk.actor.post != task.post) continue;
    if (!task.role.empty() && std::ranges::find(clerk.roles, task.role) == clerk.roles.end()) continue;
    if (std::ranges::any_of(clerk.away, [&](const auto& span) { return at >= span.first && at < span.second; })) continue;
    fit.push_back(i);
  }
  return fit;
}

const Clerk* Population::clerk(std::string_view username) const {
  const auto found = std::ranges::find(clerks, username, &Clerk::username);
  return found == clerks.end() ? nullptr : &*found;
}

Result<Population> population(db::Tx& tx, const pack::Pack& pack, const Plan& plan, LocalDate on, Dice& dice) {
  Population all;
  JX_TRY(listed, accounts_of(pack));
  std::set<std::string> taken;
  for (const auto& one : listed) taken.insert(one.person);
  JX_TRY(people, read_people(pack, plan, on, taken, dice, all.people));
  JX_TRY(firms, read_firms(pack, people));
  all.firms = std::move(firms);
  for (const auto& one : listed) {
    JX_TRY(account, identity::account_by_username(tx, one.username));
    JX_TRY(held, identity::holdings_of(tx, account.person, on));
    for (const auto& holding : held) {
      if (holding.stand_in_for) continue;
      JX_TRY(post, identity::post(tx, holding.post));
      all.clerks.push_back({one.username, {Actor::Kind::person, account.id, account.person, post.id, post.unit, {}}, post.roles, {}});
    }
  }
  return all;
}

}  // namespace jx::simulation
