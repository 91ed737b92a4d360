// merkle.cpp - how fast leaves become a tree, in memory, on one core; beside what SHA-256 alone takes for the same blocks in the same run.
//
// A leaf of 256 octets costs 5 blocks of SHA-256 (with prefix and padding), its share of the inner nodes 2 more: 448 octets of hashing.
// Usage: bench_merkle [leaves]
#include <jx/crypto/hash.hpp>
#include <jx/ledger/merkle.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

namespace {

using namespace jx;

constexpr std::size_t leaf_bytes = 256;
constexpr std::size_t blocks_a_leaf = 7;
constexpr int rounds = 5;

// Of this thread on its core: what else the machine does is not counted.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class F>
double seconds(F&& work) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const double begin = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - begin);
  }
  return best;
}

// The leaves lie in 16 MiB that are used again and again, so that the memory of the machine is not what is measured.
class Leaves {
 public:
  Leaves() : octets_(16U << 20U) {
    for (std::size_t i = 0; i < octets_.size(); ++i) octets_[i] = static_cast<std::uint8_t>(i * 31 + i / 257);
  }
  [[nodiscard]] ByteView operator[](std::uint64_t index) const { return {octets_.data() + index * leaf_bytes % octets_.size(), leaf_bytes}; }
  [[nodiscard]] ByteView all() const { return octets_; }

 private:
  Bytes octets_;
};

double integrate(const Leaves& leaves, std::uint64_t count) {
  std::uint64_t tiles = 0;
  const double time = seconds([&] {
    ledger::TreeEdge edge;
    for (std::uint64_t i = 0; i < count; ++i)
      edge.append(ledger::leaf_hash(leaves[i]), [&](unsigned, std::uint64_t, ledger::TileHashes) { ++tiles; });
    if (edge.root() == ledger::empty_root()) std::abort();
  });
  if (tiles < rounds * (count / 256)) std::abort();
  return time;
}

double raw(const Leaves& leaves, std::uint64_t octets) {
  return seconds([&] {
    crypto::Sha256 hash;
    for (std::uint64_t done = 0; done < octets; done += leaves.all().size())
      hash.update(leaves.all().first(std::min<std::uint64_t>(leaves.all().size(), octets - done)));
    if (hash.finish()[0] == 0 && octets == 0) std::abort();
  });
}

// The same nodes by EVP with the algorithm fetched once: what the low-level functions save.
double evp_nodes(std::uint64_t count) {
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const double time = seconds([&] {
    std::array<std::uint8_t, 65> node{1};
    for (std::uint64_t i = 0; i < count; ++i) {
      EVP_DigestInit_ex2(context, algorithm, nullptr);
      EVP_DigestUpdate(context, node.data(), node.size());
      EVP_DigestFinal_ex(context, node.data() + 1, nullptr);
    }
  });
  EVP_MD_CTX_free(context);
  EVP_MD_free(algorithm);
  return time;
}

double own_nodes(std::uint64_t count) {
  return seconds([&] {
    ledger::Hash hash{};
    for (std::uint64_t i = 0; i < count; ++i) hash = ledger::node_hash(hash, hash);
    if (hash == ledger::Hash{}) std::abort();
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const Leaves leaves;
  const double tree = integrate(leaves, count);
  const double limit = raw(leaves, count * blocks_a_leaf * 64);
  const auto n = static_cast<double>(count);
  std::printf("integrate   %9.0f leaves/s  (%llu leaves of 256 octets, %.3f s of CPU, best of %d)\n", n / tree,
              static_cast<unsigned long long>(count), tree, rounds);
  std::printf("raw SHA-256 %9.0f leaves/s  (%.0f MB/s over the same %zu blocks a leaf)\n", n / limit, n * blocks_a_leaf * 64 / limit / 1e6,
              blocks_a_leaf);
  std::printf("ratio       %9.2f\n", limit / tree);
  std::printf("node hash   %9.0f ns; by EVP %.0f ns\n", own_nodes(1'000'000) * 1e3, evp_nodes(1'000'000) * 1e3);
  return 0;
}
