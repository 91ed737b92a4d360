// get_jurisdiction.cpp - GET /api/v1/jurisdiction (operation getJurisdiction).
#include "handlers.hpp"

namespace jx::api {

BOOST_DESCRIBE_STRUCT(DemoAccount, (), (sign_in, password, name, about, staff))

namespace {

struct JurisdictionView {
  std::string key;
  LocalizedText name;
  std::vector<std::string> languages;
  std::string zone;
  LocalDate today;
  bool demo = false;
  std::vector<DemoAccount> accounts;
  std::optional<pack::PersonCode> person_code;
};
BOOST_DESCRIBE_STRUCT(JurisdictionView, (), (key, name, languages, zone, today, demo, accounts, person_code))

}  // namespace

Call::Answer get_jurisdiction(Call& call) {
  const auto here = call.deps.jurisdiction();
  const auto& manifest = here->manifest;
  return ok(JurisdictionView{manifest.key, manifest.name, manifest.languages, here->zone.name(), here->zone.date_of(call.ctx.now()),
                             manifest.demo.value_or(false), here->demo_accounts, manifest.person_code});
}

}  // namespace jx::api
