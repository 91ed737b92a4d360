// A server with nothing but its own operations, access log on: what bench/healthz.sh measures beside nginx.
//   bench_healthz PORT LOG_FILE     runs until SIGTERM
#include <jx/http.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bench_healthz PORT LOG_FILE\n", stderr);
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const jx::SystemClock clock;
  jx::log::Options log_options;
  log_options.path = argv[2];
  log_options.file_bytes_max = 1U << 30U;
  auto log = jx::log::AsyncLog::open(log_options, clock);
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().text().c_str());
    return 1;
  }
  jx::http::Options options;
  options.listen = {{"127.0.0.1", static_cast<std::uint16_t>(std::atoi(argv[1])), false}};
  options.workers = 1;
  options.log = log->get();
  auto server = jx::http::Server::start(std::move(options), {});
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().text().c_str());
    return 1;
  }
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->stop(jx::http::Millis(1000));
  std::printf("lines dropped: %llu\n", static_cast<unsigned long long>((*log)->dropped()));
  return 0;
}
