// Any octets as a BPMN file: it is refused with findings, or accepted, and then it runs in virtual time without a fault of the program.
#include <jx/cases/model.hpp>
#include <jx/cases/simulation.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace jx;
  if (size > 64 * 1024) return 0;
  cases::ModelOptions options;
  options.script_formats = {"text/x-trace"};
  const auto compiled = cases::compile(text_of({data, size}), options);
  if (compiled.findings.empty() == (compiled.definition == nullptr)) std::abort();
  if (!compiled.definition) return 0;
  for (const auto& process : cases::processes_of(*compiled.definition)) {
    cases::Simulation simulation(compiled.definition, Instant{0});
    int left = 2'000;
    simulation.on_script("text/x-trace", [&left](std::string_view text, const boost::json::object&) -> Result<cases::ScriptAnswer> {
      if (--left < 0) return fail(ErrorCode::limited, "enough");
      cases::ScriptAnswer answer;
      if (text == "THROW_ERROR") answer.error_code = "ERR_CODE";
      return answer;
    });
    (void)simulation.start(process, {{"test", "a"}, {"integerVariable", 0}});
    simulation.run_for(Micros{60'000'000});
    for (const auto& task : simulation.tasks()) (void)simulation.complete(task, {});
    (void)simulation.instances();
  }
  return 0;
}
