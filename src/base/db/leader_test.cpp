#include <jx/db/leader.hpp>
#include <jx/db/testing.hpp>

#include <libpq-fe.h>

namespace jx::db {
namespace {

struct Leaders : OnBoth {};
JX_ON_BOTH(Leaders);

TEST_P(Leaders, are_one_at_a_time_and_give_way_when_they_end) {
  auto first = Leader::try_become(db(), "ledger");
  ASSERT_TRUE(first) << first.error().text();
  ASSERT_NE(*first, nullptr);
  EXPECT_TRUE((*first)->leads());
  auto other = Database::open({.url = url()});
  EXPECT_EQ(*Leader::try_become(**other, "ledger"), nullptr);
  EXPECT_EQ(*Leader::try_become(db(), "ledger"), nullptr);
  EXPECT_NE(*Leader::try_become(**other, "deliveries"), nullptr);
  first->reset();
  EXPECT_NE(*Leader::try_become(**other, "ledger"), nullptr);
  EXPECT_EQ(Leader::try_become(db(), "No key").error().code, ErrorCode::invalid);
}

TEST_P(Leaders, on_a_server_know_that_their_connection_is_gone) {
  if (GetParam() == Dialect::sqlite) GTEST_SKIP() << "a file lock has no connection";
  auto first = Leader::try_become(db(), "ledger");
  ASSERT_TRUE((*first)->leads());
  PGconn* operator_session = PQconnectdb(url().c_str());
  PQclear(PQexec(operator_session, "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"));
  EXPECT_FALSE((*first)->leads());
  EXPECT_NE(*Leader::try_become(db(), "ledger"), nullptr);
  EXPECT_FALSE((*first)->leads());
  PQfinish(operator_session);
}

}  // namespace
}  // namespace jx::db
