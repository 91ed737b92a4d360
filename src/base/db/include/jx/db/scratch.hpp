// scratch.hpp - rows that are not in the database, read by the queries that read the database.
#pragma once
#include <jx/db.hpp>

#include <functional>
#include <memory>
#include <span>

namespace jx::db {

/// Tables in memory, of one thread, gone with their owner. Speaks SQLite, whatever the node's database is.
class Scratch {
 public:
  /// With the tables that the migrations of this module make. Errors: internal (one of them needs tables of another module).
  [[nodiscard]] static Result<std::unique_ptr<Scratch>> make(const SqlBundle& bundle);
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] Tx& tx();

 private:
  struct Impl;
  explicit Scratch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Answers some queries from one transaction and all others from another one. For reading: nothing may be written through it.
class Overlay final : public Tx {
 public:
  /// Both outlive it.
  Overlay(Tx& below, Tx& above, std::function<bool(const Query&)> is_above) : below_(below), above_(above), is_above_(std::move(is_above)) {}

  [[nodiscard]] Dialect dialect() const override { return below_.dialect(); }
  Result<std::int64_t> execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take) override {
    if (take == nullptr) return no_writing();
    return (is_above_(query) ? above_ : below_).execute(query, params, take);
  }
  Result<> execute_later(const Query&, std::span<const Param>) override { return no_writing(); }
  Result<> prepare(const Query& query) override { return below_.prepare(query); }
  Result<> script(std::string_view) override { return no_writing(); }

 private:
  static std::unexpected<Error> no_writing() { return fail(ErrorCode::internal, "a write through an overlay, which is for reading"); }
  Tx& below_;
  Tx& above_;
  std::function<bool(const Query&)> is_above_;
};

}  // namespace jx::db
