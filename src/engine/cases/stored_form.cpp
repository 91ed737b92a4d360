#include "stored_form.hpp"

#include "form_values.hpp"

#include <algorithm>

namespace jx::cases {
namespace {

namespace json = boost::json;

constexpr unsigned rounds_max = 3;  // of values that one form computes and another uses

bool holds(const std::vector<std::string>& list, const std::string& text) { return std::ranges::find(list, text) != list.end(); }
void add(std::vector<std::string>& list, const std::string& text) {
  if (!holds(list, text)) list.push_back(text);
}

FormCheck check_one(const StoredForm& form, json::object data, Instant now, std::string_view zone) {
  auto checked = form.rules.evaluate(std::move(data), now, zone);
  auto faults = form.compiled.validate(json::value(checked.data));
  std::erase_if(faults, [&](const Fault& f) { return f.code == "required" && is_hidden(checked.hidden, form.rules.fields(), f.pointer); });
  for (auto& fault : checked.faults) {
    const bool told =
        std::ranges::any_of(faults, [&](const Fault& f) { return f.pointer == fault.pointer && (f.code == fault.code || fault.code == "options"); });
    if (!told && faults.size() < form_faults_max) faults.push_back(std::move(fault));
  }
  checked.faults = std::move(faults);
  return checked;
}

/// What several forms say to one datum: it is hidden where all of them hide it, and asked for where one of them does.
class MergedCheck {
 public:
  MergedCheck(const StoredForm& form, json::object data) : form_(form) { out_.data = std::move(data); }

  FormCheck run(Instant now, std::string_view zone) {
    compute(now, zone);
    for (std::size_t i = 0; i < form_.parts.size(); ++i) take(form_.parts[i], checks_[i]);
    hide();
    unknown();
    return std::move(out_);
  }

 private:
  void compute(Instant now, std::string_view zone) {
    for (unsigned round = 0; round < rounds_max; ++round) {
      checks_.clear();
      bool changed = false;
      for (const auto& part : form_.parts) {
        checks_.push_back(part.stored->check(split(part.fields, out_.data), now, zone));
        for (const auto& [pointer, value] : checks_.back().computed) changed = put(merged_pointer(part.form, part.fields, pointer), value) || changed;
      }
      if (!changed) return;
    }
  }
  bool put(const std::string& at, const json::value& value) {
    const auto* there = value_at(out_.data, at);
    if (value.is_null()) return take_out(out_.data, at);
    if (there != nullptr && same(*there, value)) return false;
    put_value(out_.data, at, value);
    return true;
  }

  void take(const FormPart& part, const FormCheck& check) {
    const auto at = [&](std::string_view pointer) { return merged_pointer(part.form, part.fields, pointer); };
    for (const auto& [from, to] : part.fields) {
      if (!is_hidden(check.hidden, part.stored->rules.fields(), from)) add(shown_, to);
    }
    for (const auto& pointer : check.hidden) add(out_.hidden, at(pointer));
    for (const auto& pointer : check.required) add(out_.required, at(pointer));
    for (const auto& pointer : check.readonly) add(out_.readonly, at(pointer));
    for (const auto& [pointer, value] : check.computed) {
      const auto to = at(pointer);
      if (std::ranges::none_of(out_.computed, [&](const auto& one) { return one.first == to; })) out_.computed.emplace_back(to, value);
    }
    for (const auto& [pointer, choices] : check.options) offer(at(pointer), choices);
    for (const auto& fault : check.faults) {
      Fault told{at(fault.pointer), fault.code, fault.message};
      const bool known = std::ranges::any_of(out_.faults, [&](const Fault& f) { return f.pointer == told.pointer && f.code == told.code; });
      if (!known && out_.faults.size() < form_faults_max) out_.faults.push_back(std::move(told));
    }
  }
  void offer(const std::string& pointer, const json::array& choices) {
    const auto found = std::ranges::find(out_.options, pointer, [](const auto& one) { return one.first; });
    if (found == out_.options.end()) return void(out_.options.emplace_back(pointer, choices));
    json::array both;
    for (const auto& x : found->second) {
      if (std::ranges::any_of(choices, [&](const auto& y) { return same(x, y); })) both.push_back(x);
    }
    found->second = std::move(both);
  }
  void hide() {
    std::erase_if(out_.hidden, [&](const auto& pointer) { return holds(shown_, pointer); });
    for (const auto& pointer : out_.hidden) take_out(out_.data, pointer);
  }
  /// What belongs to no form is refused as it would be by each of them.
  void unknown() {
    json::object known;
    for (const auto& part : form_.parts) {
      for (const auto& [from, to] : part.fields) {
        if (const auto* value = value_at(out_.data, to)) put_value(known, to, *value);
      }
    }
    if (same(json::value(known), json::value(out_.data))) return;
    for (auto& fault : form_.compiled.validate(json::value(out_.data))) {
      if (fault.code == "additionalProperties" && out_.faults.size() < form_faults_max) out_.faults.push_back(std::move(fault));
    }
  }

  const StoredForm& form_;
  FormCheck out_;
  std::vector<FormCheck> checks_;
  std::vector<std::string> shown_;
};

}  // namespace

FormCheck StoredForm::check(json::object data, Instant now, std::string_view zone) const {
  return parts.empty() ? check_one(*this, std::move(data), now, zone) : MergedCheck(*this, std::move(data)).run(now, zone);
}

Result<json::object> StoredForm::complete(json::object data, Instant now, std::string_view zone) const {
  auto checked = check(std::move(data), now, zone);
  if (checked.faults.empty()) return std::move(checked.data);
  return std::unexpected(under("/form", first_of(checked.faults)));
}

json::object StoredForm::parts_of(const json::object& data) const {
  json::object out;
  for (const auto& part : parts) {
    std::string name = part.form;
    std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.' || c == '/'; }, '_');
    out[name] = split(part.fields, data);
  }
  return out;
}

FormCounts StoredForm::counts() const {
  FormCounts counts;
  const auto count = [](const StoredForm& form) { return static_cast<std::int64_t>(form.rules.leaves()); };
  counts.distinct = count(*this);
  counts.computed = static_cast<std::int64_t>(rules.computed().size());
  counts.fields = parts.empty() ? counts.distinct : 0;
  counts.forms = parts.empty() ? 1 : static_cast<std::int64_t>(parts.size());
  for (const auto& part : parts) counts.fields += count(*part.stored);
  return counts;
}

}  // namespace jx::cases
