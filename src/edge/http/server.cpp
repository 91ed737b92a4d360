#include <jx/http/server.hpp>

#include "network.hpp"
#include "site.hpp"

namespace jx::http {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

/// The routes of operations, which a node has whatever its API is. /healthz is answered by the connection itself.
void add_own_routes(const std::shared_ptr<Site*>& site, std::vector<Route>& routes) {
  routes.push_back({Method::get, "/healthz", [](const Request&) { return content(plain_text, "ok\n"); }, 0, "health"});
  routes.push_back({Method::get, "/readyz",
                    [site](const Request&) {
                      const auto& ready = (*site)->options.ready;
                      const Result<> state = ready ? ready() : Result<>();
                      Response response = content(plain_text, state ? "ready\n" : state.error().message.en + "\n");
                      if (!state) response.status = 503;
                      return response;
                    },
                    0, "ready"});
  routes.push_back({Method::get, "/metrics",
                    [site](const Request& request) {
                      const Options& options = (*site)->options;
                      if (options.metrics_loopback_only && !request.peer().loopback) {
                        return problem(
                            {ErrorCode::forbidden, {"Figures are shown on the machine itself only.", "运行指标只能在本机查看。"}, {}, nullptr});
                      }
                      std::string out;
                      (*site)->metrics.render(out, (*site)->waiting());
                      if (options.more_metrics) options.more_metrics(out);
                      return content("text/plain; version=0.0.4; charset=utf-8", std::move(out));
                    },
                    0, "metrics", true});
}

class RunningServer final : public Server {
 public:
  RunningServer(std::unique_ptr<Site> site, std::unique_ptr<Network> network)
      : site_(std::move(site)), workers_(site_->options.workers, site_->options.queue_max), network_(std::move(network)) {
    site_->submit = [this](Workers::Job job) { return workers_.submit(std::move(job)); };
    site_->waiting = [this] { return workers_.waiting(); };
    site_->go_on = [this](Workers::Job job) { return workers_.go_on(std::move(job)); };
    network_->run();
  }
  ~RunningServer() override { stop(Millis(0)); }

  std::vector<std::uint16_t> ports() const override { return network_->ports(); }
  Result<> reload() override { return network_->reload(); }

  bool stop(Millis grace) override {
    if (stopped_) return true;
    stopped_ = true;
    const bool ended = network_->drain(grace);
    workers_.stop();
    network_->end();
    return ended;
  }

 private:
  std::unique_ptr<Site> site_;
  Workers workers_;
  std::unique_ptr<Network> network_;
  bool stopped_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(Options options, std::vector<Route> routes, std::vector<Mount> mounts) {
  const auto self = std::make_shared<Site*>(nullptr);  // shared by the handlers that need the site, which is made after them
  add_own_routes(self, routes);
  Router router;
  for (Route& route : routes) JX_CHECK(router.add(std::move(route)));
  JX_TRY(files, StaticFiles::load(std::move(mounts)));
  auto site = std::make_unique<Site>(std::move(options), std::move(router), std::move(files));
  *self = site.get();
  JX_TRY(network, Network::open(*site));
  return std::make_unique<RunningServer>(std::move(site), std::move(network));
}

}  // namespace jx::http
