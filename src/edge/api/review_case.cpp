// review_case.cpp - POST /api/v1/cases/{case}/review (operation reviewCase): what its applicant thinks of a matter that has ended, once.
#include "review_views.hpp"

namespace jx::api {

namespace {

struct ReviewCase {
  services::ReviewGrade grade = services::ReviewGrade::very_satisfied;
  std::optional<services::ReviewChannel> channel;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> words;
  std::optional<bool> anonymous;
  std::optional<std::string> phone;
};
BOOST_DESCRIBE_STRUCT(ReviewCase, (), (grade, channel, tags, words, anonymous, phone))

}  // namespace

Call::Answer review_case(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_CHECK(call.require(tx, "services.apply"));
    JX_TRY(id, call.path<CaseId>("case"));
    JX_TRY(said, call.body<ReviewCase>());
    JX_CHECK(require_own_matter(call, tx, id));
    using enum services::ReviewChannel;
    const auto channel = said.channel.value_or(online);
    if (channel != online && channel != mobile && channel != self_service)
      return fail(ErrorCode::invalid, {"the channel is online, mobile or self_service", "渠道应为 online、mobile 或 self_service"}, "/channel");
    JX_TRY(rules, call.deps.reviews.rules(tx));
    const auto here = call.deps.jurisdiction();
    JX_CHECK(services::review_matter(tx, call.ctx, {call.deps.cases, rules.get(), here->zone}, id, channel,
                                     {said.grade, said.tags, said.words, said.anonymous, said.phone}));
    JX_TRY(view, case_review_view(call, tx, id));
    return created("/api/v1/cases/" + id.text() + "/review", view);
  });
}

}  // namespace jx::api
