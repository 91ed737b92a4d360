// testing.hpp - databases for tests: of their own, removed at the end, of both kinds. For *_test.cpp files only.
#pragma once
#include <jx/db.hpp>
#include <jx/db/migrate.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace jx::db {

/// An empty folder that goes with its owner.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// JUNXIAN_TEST_POSTGRES: the URL of a superuser on a private server, as tools/with-postgres sets it; or nullptr.
[[nodiscard]] const char* test_postgres();

/// An empty database that goes with its owner.
class TempDatabase {
 public:
  /// Errors: unavailable for PostgreSQL without test_postgres().
  static Result<std::unique_ptr<TempDatabase>> make(Dialect dialect);
  ~TempDatabase();
  TempDatabase(const TempDatabase&) = delete;
  TempDatabase& operator=(const TempDatabase&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] Dialect dialect() const { return dialect_; }

 private:
  explicit TempDatabase(Dialect dialect) : dialect_(dialect) {}
  TempFolder folder_;
  Dialect dialect_;
  std::string url_;
  std::string name_;  // on the PostgreSQL server
};

/// Prepares every query and migration of the bundles that is meant for this database, which has their tables.
/// Errors: the first that the database refuses, with its name.
[[nodiscard]] Result<> prepare_all(Database& database, std::span<const SqlBundle* const> bundles);

/// A test that runs on both databases:
///
///   struct Entries : db::OnBoth {
///     std::vector<const db::SqlBundle*> bundles() const override { return {&db::sql_bundle(), &ledger::sql_bundle()}; }
///   };
///   JX_ON_BOTH(Entries);
///   TEST_P(Entries, are_kept) { db().write(...); }
///
/// On PostgreSQL it is skipped, and says so, where JUNXIAN_TEST_POSTGRES is not set.
class OnBoth : public ::testing::TestWithParam<Dialect> {
 protected:
  /// Whose migrations the database gets before the test. base/db's own first.
  [[nodiscard]] virtual std::vector<const SqlBundle*> bundles() const { return {}; }
  [[nodiscard]] virtual Options options() const { return {}; }

  void SetUp() override {
    if (GetParam() == Dialect::postgres && test_postgres() == nullptr)
      GTEST_SKIP() << "PostgreSQL: set JUNXIAN_TEST_POSTGRES, or run under tools/with-postgres";
    auto temp = TempDatabase::make(GetParam());
    ASSERT_TRUE(temp) << temp.error().text();
    temp_ = std::move(*temp);
    reopen();
    if (HasFatalFailure()) return;
    const auto wanted = bundles();
    const auto migrated = migrate(*database_, wanted);
    ASSERT_TRUE(migrated) << migrated.error().text();
  }
  void TearDown() override {
    database_.reset();
    temp_.reset();
  }

  [[nodiscard]] Database& db() { return *database_; }
  [[nodiscard]] const std::string& url() const { return temp_->url(); }
  /// Closes the database and opens it again, as after a restart of the program.
  void reopen() {
    database_.reset();
    auto wanted = options();
    wanted.url = temp_->url();
    auto opened = Database::open(wanted);
    ASSERT_TRUE(opened) << opened.error().text();
    database_ = std::move(*opened);
  }

 private:
  std::unique_ptr<TempDatabase> temp_;
  std::unique_ptr<Database> database_;
};

}  // namespace jx::db

// NOLINTNEXTLINE(*-macro-*)
#define JX_ON_BOTH(Fixture)                                                                                        \
  INSTANTIATE_TEST_SUITE_P(On, Fixture, ::testing::Values(::jx::db::Dialect::sqlite, ::jx::db::Dialect::postgres), \
                           [](const auto& test) { return std::string(test.param == ::jx::db::Dialect::sqlite ? "sqlite" : "postgres"); })
