// delivery.cpp - one program that makes deliveries until none is left to be made, or it is killed. Usage: fault_delivery <database> <folder>
#include "deliveries.hpp"

#include <algorithm>
#include <thread>

int main(int argc, char** argv) {
  using namespace jx;
  if (argc != 3) return 2;
  fault::Units units(argv[1], argv[2]);
  for (;;) {
    const bool made = fault::must(units.deliveries().step());
    if (made) continue;
    fault::must(units.deliveries().tidy());
    if (std::ranges::none_of(units.list(), [](const auto& one) { return one.state == exchange::DeliveryState::ordered; })) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}
