// Scenes: the questions, what a decision makes of the answers, and the check of scenes/*.yaml.
#include <jx/services/scenes.hpp>

#include "pointers.hpp"

#include <jx/cases/forms.hpp>
#include <jx/decisions/in_pack.hpp>
#include <jx/pack/records.hpp>
#include <jx/rules/json.hpp>
#include <jx/wire.hpp>

#include <algorithm>
#include <set>
#include <span>

namespace jx::services {
namespace {

constexpr rules::Limits limits{.steps = 200'000, .depth = 100, .list_items = 1'000, .string_bytes = 64 << 10, .time_ms = 200, .parts = 20'000};

const SceneOption* option_of(const SceneQuestion& question, std::string_view id) {
  const auto found = std::ranges::find(question.options, id, &SceneOption::id);
  return found == question.options.end() ? nullptr : &*found;
}

/// Calls `take` with every combination of answers; until it says false. Those beyond the limit differ from the first in one answer only.
template <class Take>
void each_answers(const Scene& scene, Take take) {
  std::size_t all = 1;
  for (const auto& question : scene.questions) all = std::min(all * question.options.size(), scene_answers_checked_max + 1);
  SceneAnswers first;
  for (const auto& question : scene.questions) first[question.id] = question.options.front().id;
  if (all > scene_answers_checked_max) {
    for (const auto& question : scene.questions) {
      for (const auto& option : question.options) {
        auto answers = first;
        answers[question.id] = option.id;
        if (!take(answers)) return;
      }
    }
    return;
  }
  for (std::size_t n = 0; n < all; ++n) {
    auto rest = n;
    for (const auto& question : scene.questions) {
      first[question.id] = question.options[rest % question.options.size()].id;
      rest /= question.options.size();
    }
    if (!take(first)) return;
  }
}

using Items = std::map<std::string, Item>;

class SceneCheck {
 public:
  SceneCheck(const pack::Pack& pack, const pack::Names& names, const Items& items, pack::Findings& findings, const pack::File& file,
             const pack::Decoded<Scene>& decoded)
      : pack_(pack), names_(names), items_(items), findings_(findings), file_(file), decoded_(decoded), scene_(decoded.value) {}

  void run() {
    pack::check_file_name(file_, scene_.id.text(), line("/id"), findings_);
    if (shape()) advice();
  }

 private:
  int line(const std::string& at) const { return decoded_.line_of(at); }
  void error(const std::string& at, Words message) { findings_.error(file_, line(at), std::move(message)); }

  bool shape() {
    if (scene_.questions.empty() || scene_.questions.size() > scene_questions_max) {
      error("/questions", {"a scene has 1 to 12 questions", "一个情形有1至12个问题"});
      return false;
    }
    std::set<std::string> ids;
    bool sound = true;
    for (std::size_t q = 0; q < scene_.questions.size(); ++q) {
      const auto& question = scene_.questions[q];
      const auto at = "/questions/" + std::to_string(q);
      if (!ids.insert(question.id).second) error(at + "/id", {"two questions have this id", "两个问题使用了同一标识"});
      std::set<std::string> options;
      for (const auto& option : question.options) {
        if (!options.insert(option.id).second)
          error(at + "/options", {"two answers have the id " + option.id, "两个答案使用了同一标识 " + option.id});
        fills(option, at + "/options");
      }
      if (question.options.size() >= 2 && question.options.size() <= scene_options_max) continue;
      error(at + "/options", {"a question has 2 to 12 answers", "一个问题有2至12个答案"});
      sound = false;
    }
    return sound;
  }

  void fills(const SceneOption& option, const std::string& at) {
    for (const auto& [key, values] : option.fills.value_or(std::map<std::string, std::map<std::string, boost::json::value>>())) {
      if (!names_.require(pack::Kind::item, key, file_, line(at), findings_)) continue;
      const auto item = items_.find(key);
      if (item == items_.end()) continue;
      const auto forms =
          item->second.forms ? *item->second.forms : (item->second.form ? std::vector<std::string>{*item->second.form} : std::vector<std::string>());
      const auto form = cases::schema_in(pack_, forms);
      for (const auto& [pointer, value] : values) {
        if (form && !has_field(*form, pointer))
          error(at, {"the form of " + key + " has no field " + pointer, "事项 " + key + " 的表单中没有字段 " + pointer});
      }
    }
    for (const auto& grant : option.not_read.value_or(std::vector<GrantId>()))
      names_.require(pack::Kind::grant, grant.text(), file_, line(at), findings_);
  }

  void advice() {
    if (!names_.require(pack::Kind::decision, scene_.decision.text(), file_, line("/decision"), findings_)) return;
    const auto model = decisions::model_in(pack_, scene_.decision);
    if (!model) return;
    each_answers(scene_, [&](const SceneAnswers& answers) {
      const auto given = advise(*model, scene_, answers, {});
      std::string of;
      for (const auto& [question, option] : answers) of += (of.empty() ? "" : ", ") + question + " = " + option;
      if (!given) {
        error("/decision", {"to " + of + ": " + given.error().message.en, of + "：" + given.error().message.zh});
        return false;
      }
      for (const auto& item : named_in(*given)) {
        if (names_.has(pack::Kind::item, item.text())) continue;
        error("/decision", {"to " + of + " it names an item that is not there: " + item.text(), of + " 时给出的事项不存在：" + item.text()});
        return false;
      }
      return true;
    });
  }

  static std::vector<ItemId> named_in(const SceneAdvice& advice) {
    auto items = advice.apply;
    for (const auto& one : advice.items) items.push_back(one.item);
    return items;
  }

  const pack::Pack& pack_;
  const pack::Names& names_;
  const Items& items_;
  pack::Findings& findings_;
  const pack::File& file_;
  const pack::Decoded<Scene>& decoded_;
  const Scene& scene_;
};

}  // namespace

Result<std::vector<const SceneOption*>> chosen(const Scene& scene, const SceneAnswers& answers) {
  for (const auto& [question, option] : answers) {
    if (std::ranges::find(scene.questions, question, &SceneQuestion::id) == scene.questions.end())
      return fail(ErrorCode::invalid, {"the scene has no such question", "该情形没有这个问题"}, "/answers/" + question);
  }
  std::vector<const SceneOption*> options;
  for (const auto& question : scene.questions) {
    const auto given = answers.find(question.id);
    const auto* option = given == answers.end() ? nullptr : option_of(question, given->second);
    if (option == nullptr) return fail(ErrorCode::invalid, {"choose one of the answers", "请选择一个答案"}, "/answers/" + question.id);
    options.push_back(option);
  }
  return options;
}

Result<SceneAdvice> advise(const rules::Model& model, const Scene& scene, const SceneAnswers& answers, const rules::Options& options) {
  JX_CHECK(chosen(scene, answers));
  boost::json::object input;
  for (const auto& [question, option] : answers) input[question] = option;
  JX_TRY(value, rules::from_json(boost::json::value(std::move(input))));
  auto bounded = options;
  bounded.limits = limits;
  const auto outcome = model.decide(scene.decision.text(), value, bounded);
  if (!outcome.ok()) {
    const auto& fault = outcome.diagnostics.front();
    return fail(ErrorCode::internal, {"the decision " + scene.decision.text() + " fails: " + fault.text("en"),
                                      "决策 " + scene.decision.text() + " 出错：" + fault.text("zh-CN")});
  }
  auto advice = wire::decode<SceneAdvice>(rules::to_json(outcome.value));
  if (!advice)
    return fail(ErrorCode::internal,
                {"the decision " + scene.decision.text() + " gives no advice: " + advice.error().field + " " + advice.error().message.en,
                 "决策 " + scene.decision.text() + " 未给出指南：" + advice.error().field + " " + advice.error().message.zh});
  if (advice->apply.empty() || advice->items.empty())
    return fail(ErrorCode::internal, {"the decision " + scene.decision.text() + " names no item", "决策 " + scene.decision.text() + " 未给出事项"});
  return advice;
}

boost::json::object filled_by(const std::vector<const SceneOption*>& options, const ItemId& item) {
  boost::json::object form;
  for (const auto* option : options) {
    if (!option->fills) continue;
    const auto of_item = option->fills->find(item.text());
    if (of_item == option->fills->end()) continue;
    for (const auto& [pointer, value] : of_item->second) (void)set_pointer(form, pointer, value);  // pack check has seen that each is a field
  }
  return form;
}

std::vector<Scene> scenes_of(const pack::Pack& pack) {
  std::vector<Scene> scenes;
  pack::Findings checked_before;
  pack::each_yaml<Scene>(pack, "scenes", checked_before, [&](const auto&, const auto& scene) { scenes.push_back(scene.value); });
  return scenes;
}

const Scene* SceneListing::scene(const SceneId& id) const {
  const auto found = std::ranges::find(scenes, id, &Scene::id);
  return found == scenes.end() ? nullptr : &*found;
}

std::shared_ptr<const SceneListing> make_scene_listing(const pack::Digest& pack, std::vector<Scene> scenes, const search::Synonyms& synonyms) {
  auto made = std::make_shared<SceneListing>();
  made->pack = pack;
  made->scenes = std::move(scenes);
  made->index = search::Index(synonyms);
  for (const auto& scene : made->scenes) {
    std::vector<search::Part> parts;
    for (const auto& [language, words] : scene.name.by_language()) parts.push_back({words, 2});
    for (const auto& word : scene.keywords.value_or(std::vector<std::string>())) parts.push_back({word, 2});
    for (const auto& [language, words] : scene.summary.by_language()) parts.push_back({words, 0.5});
    made->index.add(parts);
  }
  return made;
}

Result<std::shared_ptr<const SceneListing>> SceneFinder::listing(db::Tx& tx) {
  JX_TRY(current, pack::current(tx));
  const auto hash = current ? current->hash : pack::Digest();
  {
    const std::lock_guard lock(mutex_);
    if (last_ && last_->pack == hash) return last_;
  }
  std::vector<Scene> scenes;
  search::Synonyms synonyms;
  if (current) {
    JX_TRY(pack, pack::load(tx, hash));
    JX_TRY(groups, synonyms_of(pack));
    synonyms = std::move(groups);
    scenes = scenes_of(pack);
  }
  auto made = make_scene_listing(hash, std::move(scenes), synonyms);
  const std::lock_guard lock(mutex_);
  last_ = made;
  return made;
}

void check_scenes(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) {
  Items items;
  pack::Findings checked_as_items;
  pack::each_yaml<Item>(pack, "items", checked_as_items, [&](const auto&, const auto& item) { items.emplace(item.value.id.text(), item.value); });
  pack::each_yaml<Scene>(pack, "scenes", findings,
                         [&](const auto& file, const auto& scene) { SceneCheck(pack, names, items, findings, file, scene).run(); });
}

}  // namespace jx::services
