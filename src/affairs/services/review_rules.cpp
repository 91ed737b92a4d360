// reviews.yaml of a pack: checked, and kept at hand.
#include <jx/services/items.hpp>
#include <jx/services/reviews.hpp>

namespace jx::services {
namespace {

constexpr int within_days_max = 365;

void check_tags(const pack::File& file, const pack::Decoded<ReviewRules>& rules, const std::vector<ReviewTagRule>& tags, const std::string& at,
                std::set<std::string>& ids, pack::Findings& findings) {
  if (tags.empty() || tags.size() > review_tags_max) findings.error(file, rules.line_of(at), {"name 1 to 12 of them", "应有1至12项"});
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto place = at + "/" + std::to_string(i) + "/id";
    if (const auto key = ItemId::parse(tags[i].id); !key)
      findings.error(file, rules.line_of(place), {"an id is of a-z 0-9 . _ - /", "标识只能用 a-z 0-9 . _ - /"});
    if (!ids.insert(tags[i].id).second) findings.error(file, rules.line_of(place), {"two tags have this id", "两个标签使用了同一标识"});
  }
}

}  // namespace

void check_review_rules(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings) {
  const auto* file = pack.file(std::string(review_rules_file));
  if (file == nullptr) return;
  const auto decoded = pack::decode_yaml<ReviewRules>(*file, findings);
  if (!decoded) return;
  const auto& rules = decoded->value;
  names.require(pack::Kind::process, rules.process.text(), *file, decoded->line_of("/process"), findings);
  names.require(pack::Kind::unit, rules.supervision.unit.text(), *file, decoded->line_of("/supervision/unit"), findings);
  names.require(pack::Kind::role, rules.supervision.role.text(), *file, decoded->line_of("/supervision/role"), findings);
  if (rules.within_days < 1 || rules.within_days > within_days_max)
    findings.error(*file, decoded->line_of("/within_days"), {"within_days is a number from 1 to 365", "within_days 应在 1 至 365 之间"});
  std::set<std::string> ids;
  check_tags(*file, *decoded, rules.good, "/good", ids, findings);
  check_tags(*file, *decoded, rules.bad, "/bad", ids, findings);
}

Result<std::optional<ReviewRules>> review_rules_of(const pack::Pack& pack) {
  const auto* file = pack.file(std::string(review_rules_file));
  if (file == nullptr) return std::optional<ReviewRules>();
  pack::Findings findings;
  auto decoded = pack::decode_yaml<ReviewRules>(*file, findings);
  if (!decoded) return fail(ErrorCode::invalid, findings.sorted().front().message);
  return std::optional(std::move(decoded->value));
}

Result<std::shared_ptr<const ReviewRules>> ReviewBook::rules(db::Tx& tx) {
  JX_TRY(current, pack::current(tx));
  const auto hash = current ? current->hash : pack::Digest();
  {
    const std::lock_guard lock(mutex_);
    if (pack_ == hash) return rules_;
  }
  std::shared_ptr<const ReviewRules> made;
  if (current) {
    JX_TRY(pack, pack::load(tx, hash));
    JX_TRY(found, review_rules_of(pack));
    if (found) made = std::make_shared<const ReviewRules>(std::move(*found));
  }
  const std::lock_guard lock(mutex_);
  pack_ = hash;
  rules_ = made;
  return made;
}

}  // namespace jx::services
