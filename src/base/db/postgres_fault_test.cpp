// Connections that are lost under PostgreSQL: an act is done once or not at all, and the caller is told which, or that it is not known.
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>

#include "cutting_proxy.hpp"

#include <libpq-fe.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <atomic>

namespace jx::db {
namespace {

using Cut = CuttingProxy::Cut;

// The second table sleeps when a row of it is committed.
constexpr Migration tables{9001, "thing", "", R"(CREATE TABLE thing (id bigint PRIMARY KEY);
  CREATE TABLE slow (id bigint PRIMARY KEY);
  CREATE FUNCTION sleep_a_while() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.4); RETURN NULL; END';
  CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sleep_a_while())"};
constexpr SqlBundle things{"test", {}, {&tables, 1}};
constexpr Query put{"t.put", "", "INSERT INTO thing (id) VALUES ($1)"};
constexpr Query put_slow{"t.put_slow", "", "INSERT INTO slow (id) VALUES ($1)"};
constexpr Query count_things{"t.count", "", "SELECT (SELECT count(*) FROM thing), (SELECT count(*) FROM slow)"};
constexpr Query own_backend{"t.pid", "", "SELECT pg_backend_pid()"};
constexpr Query forget_epoch{"t.forget_epoch", "", "DELETE FROM act_epoch"};
constexpr Query fill{"t.fill", "", "INSERT INTO full_disk.thing (body) SELECT repeat('x', 100000) FROM generate_series(1, 100)"};

Instant in(std::chrono::milliseconds time) { return SystemClock().now() + std::chrono::duration_cast<Micros>(time); }

struct PostgresFaults : testing::Test {
  std::unique_ptr<TempDatabase> temp;
  std::unique_ptr<CuttingProxy> proxy;
  std::unique_ptr<Database> db;  // by way of the proxy
  std::unique_ptr<Database> direct;
  int runs = 0;

  void SetUp() override {
    if (test_postgres() == nullptr) GTEST_SKIP() << "PostgreSQL: set JUNXIAN_TEST_POSTGRES, or run under tools/with-postgres";
    temp = std::move(*TempDatabase::make(Dialect::postgres));
    direct = std::move(*Database::open({.url = temp->url()}));
    const std::array<const SqlBundle*, 2> bundles{&sql_bundle(), &things};
    ASSERT_TRUE(migrate(*direct, bundles));
    const auto host = temp->url().find('@') + 1;
    const auto colon = temp->url().find(':', host);
    const auto slash = temp->url().find('/', colon);
    proxy = std::make_unique<CuttingProxy>(std::stoi(temp->url().substr(colon + 1, slash - colon - 1)));
    db = std::move(*Database::open(
        {.url = temp->url().substr(0, host) + "127.0.0.1:" + std::to_string(proxy->port()) + temp->url().substr(slash), .connections = 2}));
  }
  void TearDown() override {
    db.reset();
    proxy.reset();
    direct.reset();
    temp.reset();
  }

  /// An act whose COMMIT meets `cut`, the first time it runs.
  Result<> put_and_cut(const Query& query, Cut cut, Instant deadline, const ActKey* key = nullptr, bool then_refuse = false) {
    const auto act = [&](Tx& tx) -> Result<> {
      JX_CHECK(tx.run(query, 1));
      if (++runs == 1) {
        proxy->refuse(then_refuse);
        proxy->cut(cut);
      }
      return {};
    };
    return key == nullptr ? db->write(deadline, act) : db->write(deadline, *key, act);
  }
  std::pair<std::int64_t, std::int64_t> counts() {
    const auto row = direct->read(no_deadline, [](Tx& tx) { return tx.one(count_things); });
    return {(*row)->integer(0), (*row)->integer(1)};
  }
};

TEST_F(PostgresFaults, a_commit_that_never_arrived_is_run_again) {
  const auto done = put_and_cut(put, Cut::before_request, in(std::chrono::seconds{20}));
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(counts().first, 1);
}

TEST_F(PostgresFaults, a_commit_whose_answer_was_lost_is_not_run_again) {
  const auto done = put_and_cut(put, Cut::before_answer, in(std::chrono::seconds{20}));
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(counts().first, 1);
}

TEST_F(PostgresFaults, a_commit_that_is_still_under_way_is_waited_for) {
  const auto done = put_and_cut(put_slow, Cut::after_request, in(std::chrono::seconds{20}));
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(counts().second, 1) << "the server may see the loss before or after it commits; either way the act is done once";
}

TEST_F(PostgresFaults, a_keyed_commit_whose_answer_was_lost_is_done_once) {
  const ActKey key{{4, 2}};
  EXPECT_TRUE(put_and_cut(put, Cut::before_answer, in(std::chrono::seconds{20}), &key));
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(db->write(no_deadline, key, [](Tx& tx) { return tx.run(put, 2); }).error().code, ErrorCode::conflict);
  EXPECT_EQ(counts().first, 1);
}

TEST_F(PostgresFaults, an_outcome_that_cannot_be_learnt_is_said_to_be_unknown_with_the_key_to_ask_by) {
  const ActKey key{{0xab, 0xcd}};
  const auto done = put_and_cut(put, Cut::before_answer, in(std::chrono::milliseconds{100}), &key, true);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::unavailable);
  EXPECT_NE(done.error().message.en.find("not known"), std::string::npos);
  EXPECT_NE(done.error().message.en.find("key abcd"), std::string::npos);
  EXPECT_NE(done.error().message.zh.find("abcd"), std::string::npos);
  proxy->refuse(false);
  EXPECT_EQ(db->write(no_deadline, key, [](Tx& tx) { return tx.run(put, 2); }).error().code, ErrorCode::conflict)
      << "asked for, the key tells that it was done";
  EXPECT_EQ(counts().first, 1);
}

// After a crash of the server, which empties the unlogged table act_epoch, a transaction's number may mean another one.
TEST_F(PostgresFaults, a_number_from_before_a_crash_of_the_server_is_not_trusted_and_a_key_is) {
  const auto crash = [&] { EXPECT_TRUE(direct->write(no_deadline, [](Tx& tx) { return tx.run(forget_epoch); })); };
  const auto put_and_crash = [&](std::int64_t id, const ActKey* key) {
    runs = 0;
    const auto act = [&](Tx& tx) -> Result<> {
      JX_CHECK(tx.run(put, id));
      if (++runs == 1) {
        crash();
        proxy->cut(Cut::before_answer);
      }
      return {};
    };
    const auto deadline = in(std::chrono::seconds{20});
    return key == nullptr ? db->write(deadline, act) : db->write(deadline, *key, act);
  };
  const ActKey key{{5}};
  EXPECT_TRUE(put_and_crash(1, &key));
  EXPECT_EQ(runs, 1);
  const auto keyless = put_and_crash(2, nullptr);
  ASSERT_FALSE(keyless);
  EXPECT_NE(keyless.error().message.en.find("not known"), std::string::npos) << keyless.error().text();
  EXPECT_EQ(counts().first, 2);
}

TEST_F(PostgresFaults, an_act_whose_session_is_ended_is_run_again) {
  const auto done = db->write(in(std::chrono::seconds{20}), [&](Tx& tx) -> Result<> {
    JX_CHECK(tx.run(put, 1));
    JX_TRY(pid, tx.one(own_backend));
    if (++runs == 1) {
      PGconn* operator_session = PQconnectdb(temp->url().c_str());
      PQclear(PQexec(operator_session, ("SELECT pg_terminate_backend(" + std::to_string(pid->integer(0)) + ", 5000)").c_str()));
      PQfinish(operator_session);
    }
    JX_CHECK(tx.run(put, 2));
    return {};
  });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(counts().first, 2);
}

TEST_F(PostgresFaults, sessions_that_ended_while_idle_are_not_noticed_by_callers) {
  ASSERT_TRUE(db->read(no_deadline, [](Tx& tx) { return tx.one(count_things); }));
  PGconn* operator_session = PQconnectdb(temp->url().c_str());
  PQclear(PQexec(operator_session,
                 "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  PQfinish(operator_session);
  EXPECT_TRUE(db->read(no_deadline, [](Tx& tx) { return tx.one(count_things); }));
  EXPECT_TRUE(db->write(no_deadline, [](Tx& tx) { return tx.run(put, 1); }));
}

TEST_F(PostgresFaults, a_server_that_is_gone_is_told_at_the_deadline_and_used_when_it_is_back) {
  proxy->refuse(true);
  PGconn* operator_session = PQconnectdb(temp->url().c_str());
  PQclear(PQexec(operator_session,
                 "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  PQfinish(operator_session);
  const auto refused = db->write(in(std::chrono::milliseconds{200}), [](Tx& tx) { return tx.run(put, 1); });
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable) << refused.error().text();
  proxy->refuse(false);
  EXPECT_TRUE(db->write(no_deadline, [](Tx& tx) { return tx.run(put, 2); }));
  EXPECT_EQ(counts().first, 1);
}

TEST_F(PostgresFaults, a_full_disk_of_the_server_is_told_and_passes) {
  TempFolder folder;
  const auto disk = folder.path() / "disk";
  ::chmod(folder.path().c_str(), 0755);
  std::filesystem::create_directory(disk);
  const char* data = std::getenv("JUNXIAN_TEST_POSTGRES_DATA");
  struct stat owner{};
  if (data == nullptr || ::stat(data, &owner) != 0 || ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") != 0)
    GTEST_SKIP() << "needs the right to mount a small disk";
  EXPECT_EQ(::chown(disk.c_str(), owner.st_uid, owner.st_gid), 0);
  PGconn* operator_session = PQconnectdb(temp->url().c_str());
  const auto run = [&](const std::string& sql) {
    PGresult* result = PQexec(operator_session, sql.c_str());
    EXPECT_TRUE(PQresultStatus(result) == PGRES_COMMAND_OK) << PQerrorMessage(operator_session);
    PQclear(result);
  };
  const std::string space = "small_" + std::to_string(::getpid());
  run("SET client_min_messages = warning");
  run("CREATE TABLESPACE " + space + " LOCATION '" + disk.string() + "'");
  run("CREATE SCHEMA full_disk CREATE TABLE thing (body text) TABLESPACE " + space);
  run("ALTER TABLE full_disk.thing ALTER body SET STORAGE EXTERNAL");
  const auto full = db->write(no_deadline, [](Tx& tx) -> Result<> {
    JX_CHECK(tx.run(put, 1));
    JX_CHECK(tx.run(fill));
    return {};
  });
  EXPECT_EQ(full.error().code, ErrorCode::unavailable) << full.error().text();
  EXPECT_NE(full.error().message.en.find("disk is full"), std::string::npos) << full.error().text();
  EXPECT_TRUE(db->write(no_deadline, [](Tx& tx) { return tx.run(put, 2); }));
  EXPECT_EQ(counts().first, 1);
  run("DROP SCHEMA full_disk CASCADE");
  run("DROP TABLESPACE " + space);
  PQfinish(operator_session);
  ::umount2(disk.c_str(), MNT_DETACH);
}

TEST(PostgresUrl, that_leads_nowhere_is_told) {
  const auto opened = Database::open({.url = "postgresql://nobody@127.0.0.1:1/none"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
}

TEST(PostgresUrl, that_is_malformed_is_refused_without_telling_its_password) {
  for (const char* url :
       {"postgresql://junxian:hun/ter2@127.0.0.1:1/none", "postgresql://junxian:hun%ter2@127.0.0.1:1/none",
        "postgresql://junxian:1/hunter2@127.0.0.1:1/none", "postgresql://junxian@127.0.0.1:1/none?password=hunter2&colour=hunter2"}) {
    const auto opened = Database::open({.url = url});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::invalid) << opened.error().text();
    EXPECT_EQ(opened.error().text().find("ter2"), std::string::npos) << opened.error().text();
    EXPECT_NE(opened.error().message.en.find("malformed"), std::string::npos);
  }
}

}  // namespace
}  // namespace jx::db
