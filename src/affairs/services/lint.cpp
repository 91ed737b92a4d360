#include <jx/services/lint.hpp>

#include "terms.hpp"
#include "topics.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace jx::services {
namespace {

namespace json = boost::json;

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

/// Whether a value says something: a text, a list with something in it, a text by language, a number.
bool says_something(const json::value* value) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_string()) return !blank(value->get_string());
  if (value->is_array()) return std::ranges::any_of(value->get_array(), [](const json::value& one) { return says_something(&one); });
  if (value->is_object()) return std::ranges::any_of(value->get_object(), [](const auto& member) { return says_something(&member.value()); });
  return true;
}

class Lint {
 public:
  explicit Lint(const json::object& item) : item_(item) {}

  std::vector<ItemFault> run() {
    handling();
    results();
    visits();
    fees();
    telephones();
    topics();
    licence();
    limits();
    return std::move(faults_);
  }

 private:
  void fault(std::string rule, std::string field, Words message) { faults_.push_back({std::move(rule), std::move(field), std::move(message)}); }

  /// The value at a pointer of names, or null.
  const json::value* at(std::string_view pointer) const {
    const json::object* in = &item_;
    const json::value* found = nullptr;
    while (!pointer.empty()) {
      pointer.remove_prefix(1);
      const auto end = std::min(pointer.find('/'), pointer.size());
      if (in == nullptr) return nullptr;
      found = in->if_contains(pointer.substr(0, end));
      in = found != nullptr ? found->if_object() : nullptr;
      pointer.remove_prefix(end);
    }
    return found;
  }
  std::string text(std::string_view pointer) const {
    const auto* value = at(pointer);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  }
  /// Of the wrong form: a fault. Absent: nothing.
  std::optional<bool> yes(std::string_view pointer) {
    const auto* value = at(pointer);
    if (value == nullptr || value->is_null()) return std::nullopt;
    if (value->is_bool()) return value->get_bool();
    fault("form", std::string(pointer), {"must be true or false", "应为 true 或 false"});
    return std::nullopt;
  }
  std::size_t count(std::string_view pointer) const {
    const auto* value = at(pointer);
    return value != nullptr && value->is_array() ? value->get_array().size() : 0;
  }
  bool applicants(std::string_view kind) const {
    const auto* value = at("/who_may_apply");
    return value != nullptr && value->is_array() &&
           std::ranges::any_of(value->get_array(), [&](const json::value& one) { return one.is_string() && one.get_string() == kind; });
  }

  /// A limit as a term; nothing where there is none, and a fault where it cannot be read.
  std::optional<Term> limit(std::string_view name, std::string& field) {
    field = "/" + std::string(name);
    const auto* term = at(field);
    if (term != nullptr && !term->is_null()) {
      const auto read = term->is_string() ? parse_term(term->get_string()) : std::nullopt;
      if (!read) fault("form", field, {"a limit is such as \"20 WD\", \"30 D\", \"4 H\" or \"at once\"", "时限应如“20 WD”“30 D”“4 H”或“at once”"});
      return read;
    }
    field += "_wd";
    const auto* days = at(field);
    if (days == nullptr || days->is_null()) return std::nullopt;
    if (days->is_int64() && days->get_int64() >= 0)
      return Term{static_cast<int>(std::min<std::int64_t>(days->get_int64(), 10'000)), TermUnit::working_days};
    if (days->is_uint64()) return Term{10'000, TermUnit::working_days};
    fault("form", field, {"a limit is a number of working days, not below 0", "时限应为不小于 0 的工作日数"});
    return std::nullopt;
  }

  void handling() {
    const auto kind = text("/handling");
    if (kind != "at_once") return;
    std::string field;
    const auto promised = limit("promised", field);
    if (!promised || promised->hours() > 0)
      fault("at-once-promise", field,
            {"an item that is handled at once promises it at once: write \"at once\"", "即办件的承诺时限应为即时：请填“at once”"});
    if (yes("/decided_on_acceptance") != true)
      fault("at-once-decision", "/decided_on_acceptance",
            {"an item that is handled at once is decided when it is accepted: write true", "即办件应当受理即决定：请填 true"});
  }

  void results() {
    if (text("/result_kind") != "certificate") return;
    const auto* list = at("/results");
    if (!says_something(list) || !list->is_array()) {
      fault("certificate-named", "/results", {"the result is a certificate: name it and give a sample", "结果为证照：请写明名称并附样本"});
      return;
    }
    const auto& all = list->get_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto* one = all[i].if_object();
      const auto where = "/results/" + std::to_string(i);
      if (one == nullptr || !says_something(one->if_contains("name")))
        fault("certificate-named", where + "/name", {"name the certificate", "请写明证照名称"});
      if (one == nullptr || !says_something(one->if_contains("sample")))
        fault("certificate-sampled", where + "/sample", {"give a sample of the certificate", "请附证照样本"});
    }
  }

  /// I to IV as 1 to 4; 0: not said; nothing: not readable.
  std::optional<int> depth() {
    const auto* value = at("/online_depth");
    if (!says_something(value)) return 0;
    if (value->is_int64() && value->get_int64() >= 1 && value->get_int64() <= 4) return static_cast<int>(value->get_int64());
    static const std::map<std::string, int, std::less<>> names{{"I", 1}, {"II", 2}, {"III", 3}, {"IV", 4}, {"Ⅰ", 1}, {"Ⅱ", 2},
                                                               {"Ⅲ", 3}, {"Ⅳ", 4},  {"1", 1},   {"2", 2},  {"3", 3}, {"4", 4}};
    const auto found = value->is_string() ? names.find(std::string_view(value->get_string())) : names.end();
    if (found != names.end()) return found->second;
    fault("form", "/online_depth", {"the depth of online handling is I, II, III or IV", "网办深度应为 I、II、III 或 IV"});
    return std::nullopt;
  }

  void visits() {
    const auto online = depth();
    const auto* value = at("/visits");
    if (value == nullptr || value->is_null()) return;
    if (!value->is_int64() || value->get_int64() < 0) {
      fault("form", "/visits", {"the number of visits is a whole number, not below 0", "到现场次数应为不小于 0 的整数"});
      return;
    }
    const auto visits = value->get_int64();
    if (online == 4 && visits > 0)
      fault("depth-visits", "/visits",
            {"online depth IV means no visit: write 0, or a lower depth", "网办深度为 IV 级的，到现场次数应为 0，或者降低网办深度"});
    if (visits > 0 && !says_something(at("/visit_reason")))
      fault("visit-reason", "/visit_reason", {"say why one must come in person", "到现场次数大于 0 的，请写明必须现场办理的原因"});
    const bool is_online = online && *online >= 3;
    if (visits == 0 && online && !is_online && yes("/post") != true)
      fault("no-visit-post", "/post",
            {"no visit and not online: then papers are taken by post (write true), or the depth of online handling is III or IV",
             "不到现场又不能全程网办的，应当支持邮寄：请填 true，或者将网办深度提高到 III、IV 级"});
  }

  void fees() {
    if (yes("/charges/charged") != true) return;
    if (!says_something(at("/charges/basis"))) fault("fee-basis", "/charges/basis", {"a fee rests on a law: say which", "收费的，请写明收费依据"});
    const auto* items = at("/charges/items");
    const bool named =
        items != nullptr && items->is_array() && !items->get_array().empty() && std::ranges::all_of(items->get_array(), [](const json::value& one) {
          return one.is_object() && says_something(one.get_object().if_contains("name"));
        });
    if (!named) fault("fee-items", "/charges/items", {"name each fee", "收费的，请写明收费项目名称"});
    if (!says_something(at("/charges/ways"))) fault("fee-ways", "/charges/ways", {"say how a fee is paid", "收费的，请写明缴费方式"});
  }

  void telephones() {
    const auto digits = [](std::string_view number) {
      std::string out;
      for (const char c : number) {
        if (c >= '0' && c <= '9') out += c;
      }
      if (out.starts_with("0086")) out.erase(0, 4);
      if (out.starts_with("86") && out.size() > 11) out.erase(0, 2);
      return out;
    };
    // Several numbers in one field are separate; none may stand in both.
    const auto numbers = [&](const std::string& field) {
      std::vector<std::string> list;
      std::string part;
      const auto end = [&] {
        if (auto number = digits(part); !number.empty()) list.push_back(std::move(number));
        part.clear();
      };
      for (std::size_t i = 0; i < field.size(); ++i) {
        const std::string_view rest = std::string_view(field).substr(i);
        if (field[i] == ',' || field[i] == ';' || field[i] == '/') {
          end();
        } else if (rest.starts_with("，") || rest.starts_with("；") || rest.starts_with("、")) {
          end();
          i += 2;
        } else {
          part += field[i];
        }
      }
      end();
      return list;
    };
    const auto same = [](std::string_view a, std::string_view b) {  // with or without the area code
      if (a == b) return true;
      const auto& longer = a.size() > b.size() ? a : b;
      const auto& shorter = a.size() > b.size() ? b : a;
      return shorter.size() >= 7 && longer.starts_with('0') && longer.ends_with(shorter) && longer.size() - shorter.size() <= 4;
    };
    const auto complaints = numbers(text("/telephones/complaints"));
    for (const auto& number : numbers(text("/telephones/questions"))) {
      if (std::ranges::none_of(complaints, [&](const std::string& other) { return same(number, other); })) continue;
      fault("telephones-differ", "/telephones/complaints", {"complaints go to another telephone than questions", "监督投诉电话不得与咨询电话相同"});
      return;
    }
  }

  void topics() {
    for (const std::string kind : {"person", "firm"}) {
      const auto pointer = "/topics/" + kind;
      const auto* list = at(pointer);
      if (!says_something(list) || !list->is_array()) continue;
      if (at("/who_may_apply") != nullptr && !applicants(kind)) {
        fault("topic-fits", pointer,
              kind == "person"
                  ? Words{"people cannot apply for this item: give it topics of legal persons", "本事项不面向自然人：请改用法人主题分类"}
                  : Words{"legal persons cannot apply for this item: give it topics of people", "本事项不面向法人：请改用自然人主题分类"});
        continue;
      }
      const auto& all = list->get_array();
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].is_string()) continue;
        const std::string_view topic = all[i].get_string();
        const bool fits = kind == "person" ? is_topic_of_people(topic) : is_topic_of_firms(topic);
        const bool of_others = kind == "person" ? is_topic_of_firms(topic) : is_topic_of_people(topic);
        if (!fits && of_others)
          fault("topic-fits", pointer + "/" + std::to_string(i),
                kind == "person" ? Words{"this is a topic of legal persons, not of people", "该主题属于法人主题分类，不属于自然人主题分类"}
                                 : Words{"this is a topic of people, not of legal persons", "该主题属于自然人主题分类，不属于法人主题分类"});
      }
    }
  }

  void licence() {
    if (text("/kind") != "licence") return;
    if (count("/stages") < 5)
      fault("licence-stages", "/stages",
            {"a licence tells at least five stages: accept, examine, approve, conclude, deliver",
             "行政许可至少写明五个环节：受理、审核、审批、办结、送达"});
    const auto* list = at("/faq");
    const bool answered = list != nullptr && list->is_array() && std::ranges::any_of(list->get_array(), [](const json::value& one) {
                            return one.is_object() && says_something(one.get_object().if_contains("question")) &&
                                   says_something(one.get_object().if_contains("answer"));
                          });
    if (!answered) fault("licence-faq", "/faq", {"a licence answers at least one frequent question", "行政许可至少有一个常见问题及解答"});
  }

  void limits() {
    std::string where, of_law;
    const auto promised = limit("promised", where);
    const auto statutory = limit("statutory", of_law);
    if (promised && statutory && promised->hours() > statutory->hours())
      fault("promise-within-law", where,
            {"the promise (" + promised->text() + ") is longer than the law allows (" + statutory->text() + ")",
             "承诺时限（" + promised->text() + "）超过法定时限（" + statutory->text() + "）"});
  }

  const json::object& item_;
  std::vector<ItemFault> faults_;
};

}  // namespace

std::vector<ItemFault> lint(const json::object& item) {
  auto faults = Lint(item).run();
  // A limit that cannot be read is asked for by two rules.
  std::vector<ItemFault> once;
  for (auto& fault : faults) {
    if (std::ranges::none_of(once, [&](const ItemFault& other) { return other.rule == fault.rule && other.field == fault.field; }))
      once.push_back(std::move(fault));
  }
  return once;
}

}  // namespace jx::services
