#include "identity_sql.hpp"
#include "pack_contents.hpp"
#include "pack_sync.hpp"

#include <algorithm>
#include <array>

namespace jx::identity {
namespace {

class IdentityPart final : public pack::Part {
 public:
  explicit IdentityPart(const Conditions& conditions) : conditions_(conditions) {}

  std::string_view name() const override { return "identity"; }

  bool owns(std::string_view path) const override {
    static constexpr std::array<std::string_view, 8> paths{"accounts.yaml", "divisions.yaml", "firms.csv",  "mandates.yaml",
                                                           "people.csv",    "posts.yaml",     "roles.yaml", "units.yaml"};
    return std::ranges::find(paths, path) != paths.end();
  }

  void declare(const pack::Pack& pack, pack::Names& names, pack::Findings& findings) const override {
    pack::Findings left_to_check;
    const auto contents = Contents::read(pack, left_to_check);
    const auto declare_all = [&](pack::Kind kind, std::string_view path, std::string_view list, const auto& decoded, const auto& things,
                                 const auto& key_of) {
      for (std::size_t i = 0; i < things.size(); ++i) {
        names.declare(kind, key_of(things[i]), *pack.file(path), decoded.line_of("/" + std::string(list) + "/" + std::to_string(i)), findings);
      }
    };
    const auto id = [](const auto& thing) -> const std::string& { return thing.id.text(); };
    if (contents.divisions)
      declare_all(pack::Kind::division, "divisions.yaml", "divisions", *contents.divisions, contents.divisions->value.divisions,
                  [](const auto& thing) { return thing.code; });
    if (contents.units) declare_all(pack::Kind::unit, "units.yaml", "units", *contents.units, contents.units->value.units, id);
    if (contents.roles_file) declare_all(pack::Kind::role, "roles.yaml", "roles", *contents.roles_file, contents.roles_file->value.roles, id);
    if (contents.posts) declare_all(pack::Kind::post, "posts.yaml", "posts", *contents.posts, contents.posts->value.posts, id);
    if (contents.mandates)
      declare_all(pack::Kind::mandate, "mandates.yaml", "mandates", *contents.mandates, contents.mandates->value.mandates,
                  [](const auto& thing) { return thing.id; });
    if (contents.accounts)
      declare_all(pack::Kind::account, "accounts.yaml", "accounts", *contents.accounts, contents.accounts->value.accounts,
                  [](const auto& thing) { return thing.username; });
    for (const auto& person : contents.people) names.declare(pack::Kind::person, person.key, *pack.file("people.csv"), person.line, findings);
    for (const auto& firm : contents.firms) names.declare(pack::Kind::firm, firm.key, *pack.file("firms.csv"), firm.line, findings);
  }

  void check(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) const override {
    const auto contents = Contents::read(pack, findings);
    check_contents(pack, contents, names, conditions_, findings);
  }

  Result<std::vector<pack::Change>> plan(db::Tx& tx, const Context& ctx, const pack::Pack& pack) const override {
    pack::Findings checked_before;
    return plan_contents(tx, ctx, pack, Contents::read(pack, checked_before));
  }

  Result<> apply(db::Tx& tx, const Context& ctx, const pack::Pack& pack) const override {
    pack::Findings checked_before;
    return apply_contents(tx, ctx, pack, Contents::read(pack, checked_before), hasher_);
  }

 private:
  const Conditions& conditions_;
  mutable crypto::PasswordHasher hasher_;  // of the accounts that a pack brings; thread-safe
};

}  // namespace

std::unique_ptr<pack::Part> pack_part(const Conditions& conditions) { return std::make_unique<IdentityPart>(conditions); }

}  // namespace jx::identity
