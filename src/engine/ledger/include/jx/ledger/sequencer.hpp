// sequencer.hpp - gives committed entries their places, grows the tree, signs and publishes checkpoints; fills the index of subjects.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/db/leader.hpp>
#include <jx/ledger/log.hpp>
#include <jx/ledger/signer.hpp>
#include <jx/log.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace jx::ledger {

/// One in each program that serves; of several on one database one leads (db::Leader, "ledger") and the others wait. Even two that both believe they
/// lead neither fork the tree nor leave a gap: who integrates holds the log's row and changes its size by compare-and-swap.
class Sequencer {
 public:
  struct Options {
    std::chrono::milliseconds poll_ms{200};    // how soon it sees what another program committed
    std::chrono::milliseconds pause_ms{50};    // between two steps: acts of that time share one checkpoint
    std::uint64_t batch_max = 4096;            // entries of one transaction
    std::chrono::milliseconds index_ms{1000};  // between two times that the index of subjects takes over what waits for it
    std::function<Result<>(Instant deadline)> also_index;  // what else is taken over behind the commit, at the same times; none
    log::Log* log = nullptr;                   // where a refusal is said, once
  };
  struct Step {
    std::uint64_t integrated = 0;  // entries that got their place
    std::uint64_t size = 0;        // of the tree after it
    bool published = false;        // a new checkpoint
  };
  struct Status {
    bool leading = false;
    std::uint64_t size = 0;                // of the tree, as last seen
    std::uint64_t published = 0;           // leaves under the newest checkpoint, as last seen
    std::optional<Error> refusal;          // why the last step failed; a `corrupt` one needs an operator (docs/ledger.md, "Recovery")
    std::optional<Instant> refused_since;  // when the first of the steps failed that have failed since one went well
  };

  /// The database has an open log (open_log). References outlive it.
  Sequencer(db::Database& database, const Signer& signer, Options options);
  Sequencer(db::Database& database, const Signer& signer) : Sequencer(database, signer, Options()) {}
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  /// Begins a thread that steps when woken, and every poll_ms, while it leads.
  void start();
  /// Ends the thread after the step that it is at.
  void stop();
  /// There may be new entries. From any thread; returns at once.
  void wake();

  /// Indexes and integrates all that is committed, then signs and publishes, in the caller's thread and without asking who leads. May run at the same
  /// time elsewhere. Errors: corrupt (the tree is behind what was signed or differs from it, or its tiles contradict it: nothing is changed);
  /// conflict, stale (another was faster; try again); those of the database.
  [[nodiscard]] Result<Step> step(Instant deadline = no_deadline);

  /// From any thread.
  [[nodiscard]] Status status() const;
  /// Waits until the entry is under a published checkpoint. Errors: not_found; timeout.
  [[nodiscard]] Result<> wait_for(EntryId id, std::chrono::milliseconds wait_ms_max);

 private:
  void run(const std::stop_token& stop);
  bool lead();
  Result<Step> step_once(Instant deadline);
  Result<bool> publish(const LogInfo& log, Instant deadline);
  Result<Step> step_until_done(Instant deadline);
  Result<> index(Instant deadline);
  void note(const Result<Step>& step);
  [[nodiscard]] Signer::RootAt root_reader(std::int64_t log, Instant deadline);

  db::Database& database_;
  const Signer& signer_;
  const Options options_;
  std::unique_ptr<db::Leader> leader_;                // of the thread alone
  std::chrono::steady_clock::time_point indexed_at_;  // of the thread alone
  std::atomic<bool> checked_ = false;                 // the tree was held against the signer's folder since this object began

  mutable std::mutex mutex_;
  std::condition_variable_any woken_;
  std::condition_variable stepped_;
  bool wake_ = false;    // guarded by mutex_
  Status status_;        // guarded by mutex_
  std::jthread thread_;  // the last member: it ends before the others go
};

/// Whether the newest tree continues what was signed last, also while another program lets it grow and signs. Errors: those of Signer::check.
[[nodiscard]] Result<> check_signed(db::Database& database, const Signer& signer);

}  // namespace jx::ledger
