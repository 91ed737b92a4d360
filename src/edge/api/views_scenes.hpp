// views_scenes.hpp - scenes and the guides that come of them, as the API shows them.
#pragma once
#include "views_services.hpp"

#include <jx/services/scenes.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jx::api {

struct SceneList {
  std::vector<SceneSummary> items;
};
BOOST_DESCRIBE_STRUCT(SceneList, (), (items))

struct OptionView {
  std::string key;
  LocalizedText name;
  std::optional<LocalizedText> hint;
};
BOOST_DESCRIBE_STRUCT(OptionView, (), (key, name, hint))

struct QuestionView {
  std::string key;
  LocalizedText title;
  std::optional<LocalizedText> hint;
  std::vector<OptionView> options;
};
BOOST_DESCRIBE_STRUCT(QuestionView, (), (key, title, hint, options))

struct SceneView {
  services::SceneId key;
  LocalizedText name, summary;
  std::string topic;
  std::vector<QuestionView> questions;
};
BOOST_DESCRIBE_STRUCT(SceneView, (), (key, name, summary, topic, questions))

/// An item that is applied for, and what its form begins with.
struct GuideStart {
  ItemId item;
  LocalizedText name;
  std::vector<services::ApplicantKind> who_may_apply;
  Json form;
};
BOOST_DESCRIBE_STRUCT(GuideStart, (), (item, name, who_may_apply, form))

struct GuideItem {
  ItemId key;
  LocalizedText name;
  std::vector<UnitName> units;
  int promised_wd = 0;
  LocalizedText fee, result;
  int stage = 1;
  LocalizedText because;
  std::optional<LocalizedText> law;
};
BOOST_DESCRIBE_STRUCT(GuideItem, (), (key, name, units, promised_wd, fee, result, stage, because, law))

struct GuideCounts {
  std::int64_t forms = 0, fields = 0, asked = 0, prefilled = 0, answered = 0;
};
BOOST_DESCRIBE_STRUCT(GuideCounts, (), (forms, fields, asked, prefilled, answered))

struct GuideView {
  services::SceneId scene;
  std::vector<GuideStart> apply;
  std::vector<GuideItem> items;
  std::vector<services::AdvisedNote> notes;
  std::vector<services::Material> materials;
  std::vector<LocalizedText> conditions;
  std::vector<StepView> steps;
  int promised_wd = 0, visits = 0;
  std::vector<LocalizedText> fees;
  GuideCounts counts;
  std::vector<DataOffer> data;
};
BOOST_DESCRIBE_STRUCT(GuideView, (), (scene, apply, items, notes, materials, conditions, steps, promised_wd, visits, fees, counts, data))

[[nodiscard]] SceneSummary scene_summary(const services::Scene& scene);
[[nodiscard]] SceneView scene_view(const services::Scene& scene);
/// Errors: those of services::advise.
[[nodiscard]] Result<GuideView> guide_view(db::Tx& tx, const Context& ctx, Deps& deps, const services::Scene& scene,
                                           const services::SceneAnswers& answers);

}  // namespace jx::api
