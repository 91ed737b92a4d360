// rules.cpp - how many decisions a second one core makes with a table of 10 rules over 3 inputs (the peers' table: elig.dmn), and what memory a
// decision takes.
//
// Usage: bench_rules FOLDER-OF-PEERS [largest-model.dmn]      FOLDER-OF-PEERS holds elig.dmn
// The same 1,000 inputs as the peers' script: age 0..99, income 0..3999, urban or rural.
#include <jx/rules.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <vector>

namespace {

std::size_t allocations = 0;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class F>
double seconds(F&& work) {
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    const double begin = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - begin);
  }
  return best;
}

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

int main(int argc, char** argv) {
  using namespace jx::rules;
  if (argc < 2) return std::fprintf(stderr, "usage: bench_rules FOLDER-OF-PEERS [MODEL.dmn]\n"), 2;
  const auto model = Model::load(slurp(std::string(argv[1]) + "/elig.dmn"));
  const auto index = model ? model->index_of("elig") : std::nullopt;
  if (!index) return std::fprintf(stderr, "no decision elig there\n"), 1;

  std::vector<Value> contexts;
  std::vector<std::vector<Value>> rows;
  std::uint64_t seed = 7;
  const auto next = [&](std::uint64_t bound) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((seed >> 33) % bound);
  };
  for (int i = 0; i < 1000; ++i) {
    const Value age = next(100), income = next(4000), area = next(2) ? "urban" : "rural";
    rows.push_back({age, income, area});
    contexts.push_back(Value::context({{"age", age}, {"income", income}, {"area", area}}));
  }
  const Options options;
  constexpr int repeat = 200;
  std::size_t answered = 0;
  const auto by_slot = [&] {
    for (int r = 0; r < repeat; ++r)
      for (const auto& row : rows) answered += model->decide(*index, row, options).value.is_null() ? 0 : 1;
  };
  const auto by_name = [&] {
    for (int r = 0; r < repeat; ++r)
      for (const auto& context : contexts) answered += model->decide("elig", context, options).value.is_null() ? 0 : 1;
  };
  by_slot();  // warm
  const std::size_t before = allocations;
  by_slot();
  const double per_decision = static_cast<double>(allocations - before) / (repeat * 1000.0);
  std::printf("table of 10 rules, inputs by slot     %10.0f decisions/s   %.3f allocations each\n", repeat * 1000.0 / seconds(by_slot), per_decision);
  std::printf("table of 10 rules, inputs by name     %10.0f decisions/s\n", repeat * 1000.0 / seconds(by_name));
  if (argc > 2) {
    const auto xml = slurp(argv[2]);
    bool loaded = false;
    const double load = seconds([&] { loaded = Model::load(xml).has_value(); });
    std::printf("load and compile %zu kB of DMN        %10.1f ms%s\n", xml.size() / 1000, load * 1e3, loaded ? "" : " (refused)");
  }
  return answered > 0 ? 0 : 1;
}
