// verify.cpp - how long a whole log takes to verify, and how much memory; beside the plain time to read the same files and hash the same octets.
//
// Makes a log of tlog-tiles files in a temporary folder, which is gone afterwards. Usage: bench_verify [entries]
#include <jx/core.hpp>
#include <jx/crypto/sign.hpp>
#include <jx/ledger/verify.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

using namespace jx;
namespace fs = std::filesystem;

struct TempFolder {
  fs::path path;
  TempFolder() {
    std::string pattern = (fs::temp_directory_path() / "junxian-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path = pattern;
  }
  ~TempFolder() { fs::remove_all(path); }
};

void write(const fs::path& path, ByteView octets) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text_of(octets);
}

void make_log(const fs::path& folder, std::uint64_t entries, const ledger::NoteSigner& signer) {
  ledger::TreeEdge edge;
  Bytes bundle;
  const auto put_tile = [&](unsigned level, std::uint64_t n, ledger::TileHashes hashes) {
    write(folder / ledger::TilePath{false, level, n, hashes.size()}.text(), ledger::tile_octets(hashes));
  };
  for (std::uint64_t i = 0; i < entries; ++i) {
    const std::array<std::uint8_t, 8> body{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i >> 16)};
    const auto leaf = ledger::Leaf{Instant{1'795'251'836'500'000 + static_cast<std::int64_t>(i)}, crypto::sha256(body)}.text();
    if (!ledger::add_to_bundle(bundle, bytes_of(leaf))) std::abort();
    edge.append(ledger::leaf_hash(bytes_of(leaf)), put_tile);
    if (i % 256 == 255 || i + 1 == entries) {
      write(folder / ledger::TilePath{true, 0, i / 256, i % 256 + 1}.text(), bundle);
      bundle.clear();
    }
  }
  for (unsigned level = 0; level < ledger::tile_levels_max; ++level) {
    if (!edge.partial(level).empty()) put_tile(level, entries >> (8 * level) >> 8, edge.partial(level));
  }
  write(folder / "checkpoint", bytes_of(signer.sign(ledger::Checkpoint{signer.name, entries, edge.root()}.text()).encode()));
}

// Every file read whole, every octet of it hashed once: less than a verification can do, which hashes each tile into the one above too.
std::uint64_t read_and_hash(const fs::path& folder) {
  std::uint64_t octets = 0;
  crypto::Sha256 hash;
  const auto source = ledger::folder_source(folder);
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    const auto content = source.fetch(fs::relative(file.path(), folder).string());
    octets += (*content)->size();
    hash.update(**content);
  }
  if (hash.finish()[0] == 0 && octets == 0) std::abort();
  return octets;
}

struct Stopwatch {
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  std::clock_t cpu_begin = std::clock();
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); }
  [[nodiscard]] double cpu_seconds() const { return static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC; }
};

double peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t entries = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const TempFolder folder;
  const ledger::NoteSigner signer{"bench.example/ledger", crypto::Ed25519Key::generate(), crypto::Sm2Key::generate()};
  make_log(folder.path, entries, signer);

  const Stopwatch plain_watch;
  const auto octets = read_and_hash(folder.path);
  const double plain = plain_watch.seconds();
  const double plain_cpu = plain_watch.cpu_seconds();

  const Stopwatch watch;
  const auto report = ledger::verify(ledger::folder_source(folder.path), signer.keys());
  const double verified = watch.seconds();
  const double verified_cpu = watch.cpu_seconds();
  if (!report || !report->good() || report->entries != entries) {
    std::fprintf(stderr, "the log does not verify\n");
    return 1;
  }
  std::printf("verify          %7.3f s (%.3f s of CPU)  %llu entries, %llu tiles, both signatures; peak memory %.0f MB\n", verified, verified_cpu,
              static_cast<unsigned long long>(report->entries), static_cast<unsigned long long>(report->tiles), peak_mb());
  std::printf("read and hash   %7.3f s (%.3f s of CPU)  the same %.0f MB once\n", plain, plain_cpu, static_cast<double>(octets) / 1e6);
  std::printf("ratio of CPU    %7.2f\n", verified_cpu / plain_cpu);
  return 0;
}
