// network.hpp - sockets: the io threads, the listeners, the connections that are open. All of Asio is behind this.
#pragma once
#include "site.hpp"

#include <memory>
#include <vector>

namespace jx::http {

class Network {
 public:
  virtual ~Network() = default;
  /// Binds and listens; accepts from run() on.
  [[nodiscard]] static Result<std::unique_ptr<Network>> open(Site& site);

  virtual void run() = 0;
  [[nodiscard]] virtual std::vector<std::uint16_t> ports() const = 0;
  /// Reads the certificate files again.
  [[nodiscard]] virtual Result<> reload() = 0;
  /// Stops accepting and asks every connection to end; true if all have within `grace`. Then cuts what is left.
  virtual bool drain(Millis grace) = 0;
  /// Ends the io threads. No worker runs any more.
  virtual void end() = 0;
};

}  // namespace jx::http
