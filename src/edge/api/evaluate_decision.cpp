// evaluate_decision.cpp - POST /api/v1/decisions/{decision}/evaluate (operation evaluateDecision).
#include "handlers.hpp"
#include "views_decisions.hpp"

#include <jx/rules/json.hpp>

#include <boost/json/serialize.hpp>

namespace jx::api {

namespace {

constexpr rules::Limits limits{.steps = 2'000'000, .depth = 200, .list_items = 100'000, .string_bytes = 1 << 20, .time_ms = 2'000, .parts = 200'000};

struct DecisionEvaluation {
  Json input;
  std::optional<LocalDate> as_of;
  std::optional<bool> explain;
};
BOOST_DESCRIBE_STRUCT(DecisionEvaluation, (), (input, as_of, explain))

Result<rules::Value> input_of(const Json& json) {
  auto input = rules::from_json(json);
  if (!input) return std::unexpected(under("/input", std::move(input).error()));
  if (!input->is(rules::Kind::context))
    return fail(ErrorCode::invalid, {"The input is an object of values by name.", "输入应为按名称给值的对象。"}, "/input");
  return input;
}

}  // namespace

Call::Answer evaluate_decision(Call& call) {
  JX_TRY(decision, find_decision(call));  // the evaluation takes its time, and no snapshot
  JX_TRY(wanted, call.body<DecisionEvaluation>());
  JX_TRY(input, input_of(wanted.input));
  const auto jurisdiction = call.deps.jurisdiction();
  rules::Options options;
  options.now = call.ctx.now();
  options.zone = jurisdiction->manifest.zone;
  options.as_of = wanted.as_of;
  options.explain = wanted.explain.value_or(false);
  options.limits = limits;
  auto explained = rules::explained(decision.model->decide(decision.about.id, input, options));
  if (!options.explain) {
    explained.erase("decisions");
    explained.erase("explanation");
  }
  return http::json(boost::json::serialize(explained));
}

}  // namespace jx::api
