// late_read.hpp - a read that takes a connection when it first asks for something; private to the module.
#pragma once
#include <jx/db.hpp>

#include <optional>

namespace jx::db {

/// What is answered from memory (Tx::generation) needs no connection, nor a snapshot. It knows the generation of before its snapshot: what it sees is
/// at least as new.
template <class Inner>
class LateRead : public Tx {
 public:
  explicit LateRead(std::uint64_t generation) : generation_(generation) {}

  [[nodiscard]] std::optional<std::uint64_t> generation() const final { return generation_; }
  Result<std::int64_t> execute(const Query& query, std::span<const Param> params, const std::function<Result<>(Row&&)>* take) final {
    JX_CHECK(begin());
    return tx_->execute(query, params, take);
  }
  Result<> execute_later(const Query& query, std::span<const Param> params) final {
    JX_CHECK(begin());
    return tx_->execute_later(query, params);
  }
  Result<> prepare(const Query& query) final {
    JX_CHECK(begin());
    return tx_->prepare(query);
  }
  Result<> script(std::string_view text) final {
    JX_CHECK(begin());
    return tx_->script(text);
  }

 protected:
  /// Takes a connection, begins on it and makes `tx_`; called once.
  virtual Result<> take_and_begin() = 0;

  std::optional<Result<>> begun_;  // what that answered
  std::optional<Inner> tx_;

 private:
  Result<> begin() {
    if (!begun_) begun_ = take_and_begin();
    return *begun_;
  }

  const std::uint64_t generation_;
};

}  // namespace jx::db
