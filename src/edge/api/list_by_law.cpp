// list_by_law.cpp - GET /api/v1/decisions/by-law (operation listByLaw).
#include "handlers.hpp"
#include "views.hpp"

#include <algorithm>

namespace jx::api {

namespace {

struct RuleByLaw {
  std::size_t rule = 0;
  std::string id;
  std::vector<std::string> laws;
};
BOOST_DESCRIBE_STRUCT(RuleByLaw, (), (rule, id, laws))

struct DecisionByLaw {
  DecisionId id;
  std::string name, question, file;
  std::vector<std::string> laws;
  std::vector<RuleByLaw> rules;
};
BOOST_DESCRIBE_STRUCT(DecisionByLaw, (), (id, name, question, file, laws, rules))

struct ItemByLaw {
  ItemId key;
  LocalizedText name;
  std::vector<LawReference> legal_basis;
};
BOOST_DESCRIBE_STRUCT(ItemByLaw, (), (key, name, legal_basis))

struct GrantByLaw {
  GrantId key;
  LocalizedText resource_name;
  UnitName provider, consumer;
  LocalizedText purpose;
  std::vector<LawReference> legal_basis;
};
BOOST_DESCRIBE_STRUCT(GrantByLaw, (), (key, resource_name, provider, consumer, purpose, legal_basis))

struct ByLaw {
  std::string law;
  std::optional<std::string> article;
  std::vector<DecisionByLaw> decisions;
  std::vector<ItemByLaw> items;
  std::vector<GrantByLaw> grants;
};
BOOST_DESCRIBE_STRUCT(ByLaw, (), (law, article, decisions, items, grants))

/// What is asked for.
struct Wanted {
  std::string law, article;

  [[nodiscard]] bool in(const std::vector<decisions::Citation>& cited) const {
    return std::ranges::any_of(cited, [&](const auto& each) { return decisions::cites(each, law, article); });
  }
  [[nodiscard]] std::vector<LawReference> among(const std::vector<LawReference>& references) const {
    std::vector<LawReference> meant;
    for (const auto& reference : references) {
      const auto number = decisions::plain_article(reference.article.value_or(""));
      const bool same = std::ranges::any_of(reference.law.by_language(), [&](const auto& name) {
        return decisions::cites({decisions::plain_law(name.second), number, {}}, law, article);
      });
      if (same) meant.push_back(reference);
    }
    return meant;
  }
};

std::optional<DecisionByLaw> resting(const decisions::Decision& decision, const Wanted& wanted) {
  DecisionByLaw found{decision.id, decision.about.name, decision.about.question, decision.file, {}, {}};
  const auto& outline = *decision.outline;
  const bool itself = wanted.in(outline.cited);
  if (itself) found.laws = outline.laws;
  for (const auto& rule : outline.rules)
    if (wanted.in(rule.cited)) found.rules.push_back({rule.number, rule.id, rule.laws});
  return itself || !found.rules.empty() ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace

Call::Answer list_by_law(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "decisions.read"));
    JX_TRY(law, call.query("law", 900));
    JX_TRY(article, call.query("article", 180));
    if (!law || decisions::plain_law(*law).empty()) return fail(ErrorCode::invalid, {"Name the law.", "请给出法律名称。"}, "/law");
    if (article && article->empty())
      return fail(ErrorCode::invalid, {"Name the article, or leave it out.", "请给出条号，或省略该参数。"}, "/article");
    const Wanted wanted{*law, article.value_or("")};
    ByLaw view{*law, article, {}, {}, {}};

    JX_TRY(all, call.deps.decisions.decisions(tx));
    for (const auto& decision : all)
      if (auto found = resting(decision, wanted)) view.decisions.push_back(std::move(*found));

    JX_TRY(items, services::items(tx));
    for (const auto& item : items)
      if (auto basis = wanted.among(item.legal_basis); !basis.empty()) view.items.push_back({item.id, item.name, std::move(basis)});

    JX_TRY(grants, exchange::grants(tx, call.today()));
    for (const auto& [grant, state, resource, programme] : grants) {
      auto basis = wanted.among(grant.legal_basis);
      if (basis.empty()) continue;
      JX_TRY(provider, unit_name(tx, resource.provider));
      JX_TRY(consumer, unit_name(tx, grant.consumer));
      view.grants.push_back({grant.id, resource.name, std::move(provider), std::move(consumer), grant.purpose, std::move(basis)});
    }
    return ok(view);
  });
}

}  // namespace jx::api
