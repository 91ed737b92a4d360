// deliverer.hpp - carries out what messages put into the outbox: a mail or a text message that says there is something to read, never what.
#pragma once
#include <jx/cases/outbox.hpp>
#include <jx/messages/contacts.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace jx::messages {

/// One mail or text message.
struct Letter {
  Uuid id;  // the same at every attempt
  std::string to;
  std::string subject, text;  // UTF-8
};

/// A way out. Called by one thread. Errors: invalid (this address takes nothing: it is given up at once); any other (it is tried again). No error
/// quotes the address.
class Sender {
 public:
  virtual ~Sender() = default;
  virtual Result<> send(const Letter& letter) = 0;
};

/// Takes what is due, sends it, and tries again after 30 s, 1 min, 2 min ... at most an hour; gives up after attempts_max. An attempt that the other
/// side took is never repeated, unless the program was killed before it had noted that.
class Deliverer {
 public:
  static constexpr int attempts_max = 8;
  struct Needs {
    db::Database& database;
    const Clock& clock;
    std::unique_ptr<Sender> mail, sms;    // null: not set up, and what waits for it is not wanted
    std::function<LocalizedText()> name;  // of the jurisdiction
    std::string origin;                   // where one signs in
    std::function<void(const cases::Outgoing& what, const Error& error)> given_up;
    std::function<LocalDate()> today;  // of the jurisdiction
  };
  explicit Deliverer(Needs needs) : needs_(std::move(needs)) {}
  ~Deliverer() { stop(); }
  Deliverer(const Deliverer&) = delete;
  Deliverer& operator=(const Deliverer&) = delete;

  [[nodiscard]] bool offers(Channel channel) const { return (channel == Channel::mail ? needs_.mail : needs_.sms) != nullptr; }
  /// Carries out a few of what is due. Answers how many. Errors: those of the database.
  [[nodiscard]] Result<std::size_t> step();
  /// A thread that steps until stop().
  void start(std::function<void(const Error&)> failed);
  void stop();
  void wake();  // something was put out; thread-safe

 private:
  [[nodiscard]] Result<> carry_out(const cases::Outgoing& what);
  [[nodiscard]] Result<> failed(const cases::Outgoing& what, const Error& error);
  [[nodiscard]] Letter letter_of(const cases::Outgoing& what, std::string address) const;
  [[nodiscard]] Result<std::optional<std::string>> address_of(db::Tx& tx, const cases::Outgoing& what) const;
  [[nodiscard]] Result<> end(const cases::Outgoing& what, bool sent);

  Needs needs_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool wake_ = false;    // guarded by mutex_
  std::jthread thread_;  // the last member: it ends before the others go
};

}  // namespace jx::messages
