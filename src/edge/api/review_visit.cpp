// review_visit.cpp - POST /api/v1/visits/{code}/review (operation reviewVisit): what somebody thinks of a visit to a counter, once; by the link that
// she was given, not by who she is.
#include "review_views.hpp"

namespace jx::api {

namespace {

struct ReviewVisit {
  services::ReviewGrade grade = services::ReviewGrade::very_satisfied;
  std::optional<services::ReviewChannel> channel;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> words;
  std::optional<std::string> phone;
};
BOOST_DESCRIBE_STRUCT(ReviewVisit, (), (grade, channel, tags, words, phone))

}  // namespace

Call::Answer review_visit(Call& call) {
  return call.act([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(said, call.body<ReviewVisit>());
    const auto code = std::string(call.request.param("code"));
    const auto channel = said.channel.value_or(services::ReviewChannel::code);
    if (channel != services::ReviewChannel::code && channel != services::ReviewChannel::counter)
      return fail(ErrorCode::invalid, {"the channel is code or counter", "渠道应为 code 或 counter"}, "/channel");
    JX_TRY(rules, call.deps.reviews.rules(tx));
    const auto here = call.deps.jurisdiction();
    JX_CHECK(services::review_visit(tx, call.ctx, {call.deps.cases, rules.get(), here->zone}, code, channel,
                                    {said.grade, said.tags, said.words, false, said.phone}));
    JX_TRY(visit, services::visit(tx, code));
    JX_TRY(view, visit_view(call, tx, visit));
    return created("/api/v1/visits/" + code, view);
  });
}

}  // namespace jx::api
