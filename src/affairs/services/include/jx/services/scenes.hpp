// scenes.hpp - scenes: what people want to do in their own words ("open a restaurant"), a few questions, and a decision that makes a guide of the
// answers.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/rules.hpp>
#include <jx/pack.hpp>
#include <jx/search.hpp>
#include <jx/services/items.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jx::services {

using SceneId = Key<struct SceneTag>;

inline constexpr std::size_t scene_questions_max = 12;
inline constexpr std::size_t scene_options_max = 12;
inline constexpr std::size_t scene_answers_checked_max = 5'000;  // combinations that the check of a pack tries

/// A possible answer. `fills`: item -> JSON Pointer into its form -> the value that the answer gives.
struct SceneOption {
  std::string id;
  LocalizedText name;
  std::optional<LocalizedText> hint;
  std::optional<std::map<std::string, std::map<std::string, boost::json::value>>> fills;
  std::optional<std::vector<GrantId>> not_read;  // reads of `prefill` that would find nothing after this answer
};
BOOST_DESCRIBE_STRUCT(SceneOption, (), (id, name, hint, fills, not_read))

struct SceneQuestion {
  std::string id;  // a name of FEEL: letters, digits, _
  LocalizedText title;
  std::optional<LocalizedText> hint;
  std::vector<SceneOption> options;
};
BOOST_DESCRIBE_STRUCT(SceneQuestion, (), (id, title, hint, options))

/// Wire form: README.md, scenes/*.yaml. `decision` gets each answer under the id of its question, and gives a SceneAdvice.
struct Scene {
  SceneId id;
  LocalizedText name;
  LocalizedText summary;
  std::string topic;  // the life event, of the national lists of topics
  std::optional<std::vector<std::string>> keywords;
  std::vector<SceneQuestion> questions;
  DecisionId decision;
};
BOOST_DESCRIBE_STRUCT(Scene, (), (id, name, summary, topic, keywords, questions, decision))

/// One item of a guide, and why.
struct AdvisedItem {
  ItemId item;
  int stage = 1;  // items of one stage are handled at the same time
  LocalizedText because;
  std::optional<LocalizedText> law;
};
BOOST_DESCRIBE_STRUCT(AdvisedItem, (), (item, stage, because, law))
struct AdvisedNote {
  LocalizedText text;
  std::optional<LocalizedText> law;
};
BOOST_DESCRIBE_STRUCT(AdvisedNote, (), (text, law))
/// What a scene's decision gives.
struct SceneAdvice {
  std::vector<ItemId> apply;  // what is applied for: one item that holds all, or each by itself
  std::vector<AdvisedItem> items;
  std::vector<AdvisedNote> notes;
};
BOOST_DESCRIBE_STRUCT(SceneAdvice, (), (apply, items, notes))

using SceneAnswers = std::map<std::string, std::string>;  // question -> option

/// The options that were chosen, in the order of the questions.
/// Errors: invalid (/answers/<question>: an unknown question or option, or none chosen).
[[nodiscard]] Result<std::vector<const SceneOption*>> chosen(const Scene& scene, const SceneAnswers& answers);
/// What the decision of the scene says to complete answers. Errors: invalid (as chosen); internal (the decision gives no advice).
[[nodiscard]] Result<SceneAdvice> advise(const rules::Model& model, const Scene& scene, const SceneAnswers& answers, const rules::Options& options);
/// What the form of an item begins with after these answers.
[[nodiscard]] boost::json::object filled_by(const std::vector<const SceneOption*>& options, const ItemId& item);

/// scenes/*.yaml of a checked pack.
[[nodiscard]] std::vector<Scene> scenes_of(const pack::Pack& pack);

/// Scenes as people look for them; document n of the index is scene n. Immutable.
struct SceneListing {
  pack::Digest pack{};
  std::vector<Scene> scenes;
  search::Index index;

  /// Null: there is none of this id.
  [[nodiscard]] const Scene* scene(const SceneId& id) const;
};
[[nodiscard]] std::shared_ptr<const SceneListing> make_scene_listing(const pack::Digest& pack, std::vector<Scene> scenes,
                                                                     const search::Synonyms& synonyms);

/// The scenes of the applied pack: in memory, made anew when a pack is applied. Thread-safe.
class SceneFinder {
 public:
  /// As the snapshot of `tx` has it.
  [[nodiscard]] Result<std::shared_ptr<const SceneListing>> listing(db::Tx& tx);

 private:
  std::mutex mutex_;
  std::shared_ptr<const SceneListing> last_;  // guarded by mutex_
};

/// Every fault of scenes/*.yaml: names that are not there, and combinations of answers to which the decision gives no advice.
void check_scenes(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings);

}  // namespace jx::services
