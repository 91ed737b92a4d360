// connection_tx.hpp - Tx over a connection of either database, with the rules that both keep alike.
#pragma once
#include <jx/db.hpp>
#include <jx/db/ahead.hpp>

#include <exception>

namespace jx::db {

/// What an act throws is its failure.
inline Result<> guarded_act(const std::function<Result<>(Tx&)>& act, Tx& tx) {
  try {
    return act(tx);
  } catch (const std::exception& fault) {
    return fail(ErrorCode::internal, std::string("an act threw: ") + fault.what());
  }
}

/// A statement that failed ends the transaction, as it does on PostgreSQL; `take` may not use the Tx that is calling it.
template <class Connection, Dialect kind>
class ConnectionTx final : public Tx, public AsksAhead {
 public:
  using Generation = std::function<std::optional<std::uint64_t>()>;
  explicit ConnectionTx(Connection& connection, Generation generation = {}) : connection_(connection), generation_(std::move(generation)) {}

  [[nodiscard]] Dialect dialect() const override { return kind; }
  [[nodiscard]] std::optional<std::uint64_t> generation() const override { return generation_ ? generation_() : std::nullopt; }

  Result<std::int64_t> execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take) override {
    bool stopped = false;  // by the caller, not by the database
    const std::function<Result<>(Row&&)> watched = [&](Row&& row) -> Result<> {
      auto taken = (*take)(std::move(row));
      stopped = !taken;
      return taken;
    };
    return guarded([&] { return connection_.execute(query, params, take == nullptr ? nullptr : &watched); }, stopped);
  }
  Result<> execute_later(const Query& query, std::span<const Param> params) override {
    return guarded([&] { return connection_.execute_later(query, params); });
  }
  Result<> ask_ahead(const Query& query, std::span<const Param> params) override {
    if constexpr (kind == Dialect::postgres) {
      return guarded([&] { return connection_.ask_ahead(query, params); });
    } else {
      return {};
    }
  }
  Result<> prepare(const Query& query) override {
    return guarded([&] { return connection_.prepare(query); });
  }
  Result<> script(std::string_view sql) override {
    return guarded([&] { return connection_.script(sql); });
  }

  /// Runs `act`; a statement that failed is its failure even if it says otherwise.
  Result<> run(const std::function<Result<>(Tx&)>& act) { return outcome(guarded_act(act, *this)); }
  /// Of an act that answered `done`.
  Result<> outcome(Result<> done) const {
    if (done && failure_) return std::unexpected(*failure_);
    return done;
  }

 private:
  template <class Call>
  auto guarded(Call&& call, const bool& stopped = never) -> std::invoke_result_t<Call> {
    if (failure_) return std::unexpected(*failure_);
    if (busy_) return fail(ErrorCode::internal, "a query was run inside the answer of another one");
    busy_ = true;
    auto done = call();
    busy_ = false;
    if (!done && !stopped) failure_ = done.error();
    return done;
  }

  static constexpr bool never = false;
  Connection& connection_;
  const Generation generation_;
  std::optional<Error> failure_;
  bool busy_ = false;
};

}  // namespace jx::db
