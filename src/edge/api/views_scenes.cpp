#include "views_scenes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <set>

namespace jx::api {

namespace {

using Options = std::vector<const services::SceneOption*>;

void pointers_of(const boost::json::object& data, const std::string& at, std::set<std::string>& out) {
  for (const auto& [key, value] : data) {
    const auto pointer = at + "/" + std::string(key);
    if (value.is_object())
      pointers_of(value.get_object(), pointer, out);
    else
      out.insert(pointer);
  }
}

bool is_read(const Options& options, const GrantId& grant) {
  return std::ranges::none_of(
      options, [&](const auto* option) { return option->not_read && std::ranges::find(*option->not_read, grant) != option->not_read->end(); });
}

template <class T, class Same>
void add_new(std::vector<T>& list, const std::vector<T>& more, Same same) {
  for (const auto& one : more) {
    if (std::ranges::none_of(list, [&](const T& there) { return same(there, one); })) list.push_back(one);
  }
}

/// Adds what one application asks for: what several ask for stands once.
Result<> add_application(db::Tx& tx, const Context& ctx, Deps& deps, const services::Item& item, const Options& options, GuideView& guide) {
  JX_TRY(view, item_view(tx, deps, item));
  auto form = services::filled_by(options, item.id);
  std::set<std::string> answered;
  pointers_of(form, "", answered);
  JX_TRY(check, cases::check_form(tx, ctx, deps.cases, item.form_key(), form));

  std::set<std::string> read;
  for (auto& offer : view.data) {
    if (!is_read(options, offer.grant)) continue;
    for (const auto& field : offer.fields) {
      if (!field.fills.empty()) read.insert(field.fills);
    }
    guide.data.push_back(std::move(offer));
  }
  std::set<std::string> not_asked(check.hidden.begin(), check.hidden.end());
  for (const auto& pointer : read) answered.erase(pointer);
  not_asked.insert(read.begin(), read.end());
  not_asked.insert(answered.begin(), answered.end());
  // What is left of the item's own count, which is without all reads, once it is known which reads and questions there are.
  const auto distinct = view.counts.asked + view.counts.prefilled;
  guide.counts.forms += view.counts.forms;
  guide.counts.fields += view.counts.fields;
  guide.counts.prefilled += static_cast<std::int64_t>(read.size());
  guide.counts.answered += static_cast<std::int64_t>(answered.size());
  guide.counts.asked += distinct - static_cast<std::int64_t>(not_asked.size());

  add_new(guide.materials, view.materials, [](const auto& a, const auto& b) { return a.name == b.name; });
  add_new(guide.conditions, view.conditions, [](const auto& a, const auto& b) { return a == b; });
  add_new(guide.fees, {view.fee}, [](const auto& a, const auto& b) { return a == b; });
  guide.visits += view.visits;
  guide.apply.push_back({item.id, item.name, item.who_may_apply, std::move(form)});
  if (guide.steps.empty()) guide.steps = std::move(view.steps);
  return {};
}

/// Several applications beside and after each other: a step for each, and the longest of each stage.
void arrange(GuideView& guide) {
  guide.steps.clear();
  std::map<int, int> longest;
  for (const auto& item : guide.items) {
    longest[item.stage] = std::max(longest[item.stage], item.promised_wd);
    std::optional<UnitName> unit;
    if (!item.units.empty()) unit = item.units.front();
    guide.steps.push_back({item.stage, item.name, std::move(unit), std::nullopt});
  }
  std::ranges::stable_sort(guide.steps, {}, &StepView::stage);
  for (const auto& [stage, days] : longest) guide.promised_wd += days;
}

}  // namespace

SceneSummary scene_summary(const services::Scene& scene) {
  return {scene.id, scene.name, scene.summary, scene.topic, static_cast<std::int64_t>(scene.questions.size())};
}

SceneView scene_view(const services::Scene& scene) {
  SceneView view{scene.id, scene.name, scene.summary, scene.topic, {}};
  for (const auto& question : scene.questions) {
    QuestionView shown{question.id, question.title, question.hint, {}};
    for (const auto& option : question.options) shown.options.push_back({option.id, option.name, option.hint});
    view.questions.push_back(std::move(shown));
  }
  return view;
}

Result<GuideView> guide_view(db::Tx& tx, const Context& ctx, Deps& deps, const services::Scene& scene, const services::SceneAnswers& answers) {
  JX_TRY(options, services::chosen(scene, answers));
  JX_TRY(decision, deps.decisions.decision(tx, scene.decision));
  rules::Options at;
  const auto jurisdiction = deps.jurisdiction();
  at.now = ctx.now();
  at.zone = jurisdiction->manifest.zone;
  JX_TRY(advice, services::advise(*decision.model, scene, answers, at));

  GuideView guide;
  guide.scene = scene.id;
  guide.notes = std::move(advice.notes);
  for (auto& advised : advice.items) {
    JX_TRY(item, services::item(tx, advised.item));
    JX_TRY(summary, item_summary(tx, item));
    guide.items.push_back({item.id, item.name, std::move(summary.units), item.promised_wd, item.fee, item.result, advised.stage,
                           std::move(advised.because), std::move(advised.law)});
  }
  int promised = 0;
  for (const auto& id : advice.apply) {
    JX_TRY(item, services::item(tx, id));
    JX_CHECK(add_application(tx, ctx, deps, item, options, guide));
    promised = item.promised_wd;
  }
  if (guide.apply.size() == 1)
    guide.promised_wd = promised;
  else
    arrange(guide);
  return guide;
}

}  // namespace jx::api
