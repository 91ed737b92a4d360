#include "run.hpp"

#include "code.hpp"
#include "lexer.hpp"

#include <fmt/format.h>

namespace jx::rules {
namespace {

constexpr std::uint64_t check_every = 4096;
constexpr std::ptrdiff_t machine_stack_max = 1 << 20;  // octets; a worker thread has at least four times that

}  // namespace

void Frame::next_block() {
  auto& s = stack_;
  while (s.block_ < s.blocks_.size()) {
    auto& block = s.blocks_[s.block_++];
    s.top_ = block.begin;
    s.end_ = block.end;
    if (static_cast<std::size_t>(s.end_ - s.top_) >= size_) return;
  }
  const std::size_t count = std::max(ValueStack::block_size, size_);
  auto octets = std::make_unique<unsigned char[]>(count * sizeof(Value));
  auto* begin = reinterpret_cast<Value*>(octets.get());  // NOLINT(*-reinterpret-cast)
  s.blocks_.push_back({std::move(octets), begin, begin + count});
  s.block_ = s.blocks_.size();
  s.top_ = begin;
  s.end_ = begin + count;
}

Run::Run(const Options& o, std::vector<Diagnostic>& d) : options(o), diagnostics(d), next_check_(std::min(check_every, o.limits.steps)) {
  stack_base_ = static_cast<const char*>(__builtin_frame_address(0));
}

bool Run::check_limits() {
  if (stopped_) return false;
  const auto now = std::chrono::steady_clock::now();
  if (deadline_ == std::chrono::steady_clock::time_point{}) deadline_ = now + std::chrono::milliseconds(options.limits.time_ms);
  if (steps_ >= options.limits.steps) {
    stop(0, {fmt::format("stopped after {} steps; the expression does too much", options.limits.steps),
             fmt::format("已执行 {} 步，计算量过大，已停止", options.limits.steps)});
    return false;
  }
  if (now >= deadline_) {
    stop(0, {fmt::format("stopped after {} ms", options.limits.time_ms), fmt::format("已超过 {} 毫秒，已停止", options.limits.time_ms)});
    return false;
  }
  next_check_ = std::min(steps_ + check_every, options.limits.steps);
  return true;
}

Value Run::report(DiagnosticCode code, std::uint32_t at, Words message) {
  if (diagnostics.size() >= diagnostics_max || (stopped_ && code != DiagnosticCode::limit)) return {};
  Diagnostic diagnostic{code, std::move(message), {}, {}};
  if (site) {
    diagnostic.where = site->where;
    diagnostic.position = position_of(site->text, std::min(at, static_cast<std::uint32_t>(site->text.size())));
  }
  diagnostics.push_back(std::move(diagnostic));
  return {};
}

Value Run::stop(std::uint32_t at, Words message) {
  if (!stopped_) report(DiagnosticCode::limit, at, std::move(message));
  stopped_ = true;
  next_check_ = 0;
  return {};
}

Value Run::result(Value value) {
  if (stopped_) return {};
  if (value.weight() <= options.limits.parts) return value;
  return stop(0, {fmt::format("the result has more than {} parts", options.limits.parts), fmt::format("结果超过 {} 个部分", options.limits.parts)});
}

Value Run::list(std::vector<Value> items, std::uint32_t at) {
  if (items.size() > options.limits.list_items)
    return stop(at,
                {fmt::format("a list of more than {} items", options.limits.list_items), fmt::format("列表超过 {} 项", options.limits.list_items)});
  auto list = Value::list(std::move(items));
  if (list.is_null()) return stop(at, {"lists and contexts are nested too deeply or hold too much", "列表和上下文嵌套过深或内容过多"});
  return list;
}

Value Run::string(std::string_view text, std::uint32_t at) {
  if (text.size() > options.limits.string_bytes)
    return stop(at, {fmt::format("a text of more than {} octets", options.limits.string_bytes),
                     fmt::format("文本超过 {} 字节", options.limits.string_bytes)});
  return Value(text);
}

bool Run::room(std::uint32_t at) {
  const std::ptrdiff_t used = stack_base_ - static_cast<const char*>(__builtin_frame_address(0));
  if (depth_ < options.limits.depth && used < machine_stack_max && -used < machine_stack_max) return true;
  stop(at, {fmt::format("calls within calls, more than {} deep", depth_), fmt::format("函数嵌套调用超过 {} 层", depth_)});
  return false;
}

Value Run::call(const Value& function, std::span<const Value> arguments, std::uint32_t at) {
  const auto& data = function.function();
  if (!data.unsupported.empty())
    return report(DiagnosticCode::unsupported, at,
                  {fmt::format("the function '{}' is external ({}); only functions in FEEL are supported", data.name, data.unsupported),
                   fmt::format("函数“{}”为外部函数（{}），仅支持 FEEL 函数", data.name, data.unsupported)});
  if (!room(at) || !step()) return {};
  if (data.native) return data.native(arguments);
  ++depth_;
  Value result = data.service ? call_service(*this, data, arguments, at) : call_lambda(data, arguments, at);
  --depth_;
  return result;
}

Value Run::call_lambda(const FunctionData& data, std::span<const Value> arguments, std::uint32_t at) {
  const auto body = [](Run& run, const FunctionData& function, std::span<const Value> given, std::uint32_t position) -> Value {
    const Lambda& lambda = *function.lambda;
    Frame locals(run.stack, lambda.frame_size);
    for (std::size_t i = 0; i < lambda.parameters.size(); ++i) {
      auto fitted = fit(given[i], lambda.parameters[i].type);
      const std::string* broken = fitted ? broken_constraint(run, *fitted, lambda.parameters[i].type) : nullptr;
      if (!fitted || broken) {
        const auto& name = lambda.parameters[i].name;
        return run.report(DiagnosticCode::type, position,
                          {fmt::format("the argument '{}' is no {}", name, type_text(lambda.parameters[i].type)),
                           fmt::format("参数“{}”不是{}", name, type_text(lambda.parameters[i].type))});
      }
      locals[i] = std::move(*fitted);
    }
    for (std::size_t i = 0; i < lambda.captures.size(); ++i) locals[lambda.captures[i].slot] = function.captured[i];
    Value* const outer_frame = std::exchange(run.frame, locals.data());
    const Site* const outer_site = std::exchange(run.site, lambda.site);
    const auto* const outer_owner = std::exchange(run.owner, &function.owner);
    Value result = lambda.body->eval(run);
    if (lambda.result) {
      auto fitted = fit(result, lambda.result);
      if (!fitted || broken_constraint(run, *fitted, lambda.result)) {
        result = run.report(
            DiagnosticCode::type, 0,
            {fmt::format("the result of the function is no {}", type_text(lambda.result)), fmt::format("函数结果不是{}", type_text(lambda.result))});
      } else {
        result = std::move(*fitted);
      }
    }
    run.frame = outer_frame;
    run.site = outer_site;
    run.owner = outer_owner;
    return result;
  };
  return data.model ? call_in_model(*this, data, arguments, at, body) : body(*this, data, arguments, at);
}

}  // namespace jx::rules
