#include <jx/identity/access.hpp>
#include <jx/rules.hpp>
#include <jx/rules/json.hpp>

#include <boost/json/value.hpp>

#include <map>
#include <mutex>

namespace jx::identity {
namespace {

constexpr std::size_t compiled_max = 4'000;

Result<rules::Expression> compile(std::string_view condition) {
  return rules::Expression::compile(condition, {{{"actor", {}}, {"object", {}}}, false});
}

class FeelConditions final : public Conditions {
 public:
  Result<> check(std::string_view condition) const override {
    JX_CHECK(compile(condition));
    return {};
  }

  bool holds(std::string_view condition, const boost::json::object& names) const override {
    const auto expression = compiled(condition);
    const auto input = rules::from_json(boost::json::value(names));
    return expression && input && expression->evaluate(*input).holds();
  }

 private:
  std::optional<rules::Expression> compiled(std::string_view condition) const {
    const std::lock_guard lock(mutex_);
    if (const auto found = compiled_.find(condition); found != compiled_.end()) return found->second;
    auto made = compile(condition);
    if (!made) return std::nullopt;  // the pack's check refuses such a condition
    if (compiled_.size() >= compiled_max) compiled_.clear();
    return compiled_.emplace(std::string(condition), std::move(*made)).first->second;
  }

  mutable std::mutex mutex_;
  mutable std::map<std::string, rules::Expression, std::less<>> compiled_;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<Conditions> feel_conditions() { return std::make_unique<FeelConditions>(); }

}  // namespace jx::identity
