// site.hpp - what all connections of one server share. Written before the first connection, then read by all threads, but for the atomics.
#pragma once
#include <jx/http/server.hpp>

#include "head.hpp"
#include "metrics.hpp"
#include "router.hpp"
#include "static_files.hpp"
#include "workers.hpp"

#include <atomic>

namespace jx::http {

struct Site {
  Site(Options given, Router table, StaticFiles pages)
      : options(std::move(given)), router(std::move(table)), files(std::move(pages)), metrics(router.routes()) {}

  const Options options;
  const Router router;
  const StaticFiles files;
  const std::size_t health = router.match(Method::get, "/healthz").index;  // of the route that a connection answers by itself
  Metrics metrics;
  std::function<bool(Workers::Job)> submit;  // false: the queue is full
  std::function<bool(Workers::Job)> go_on;
  std::function<std::size_t()> waiting;  // jobs in the queue
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> body_bytes{0};  // promised to requests under way
};

}  // namespace jx::http
