// The passwords of sources and the checks of what they hold, against both databases.
#include <jx/catalogue/check.hpp>
#include <jx/catalogue/resources.hpp>
#include <jx/catalogue/secrets.hpp>
#include <jx/catalogue/sql.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>

#include <unistd.h>

#include <filesystem>

namespace jx::catalogue {
namespace {

LocalizedText named(const std::string& name) { return LocalizedText({{"en", name}, {"zh-CN", name}}); }

Source database() {
  Source source{SourceId::trusted("insurance"), named("Insurance"), UnitId::trusted("police"), SourceKind::postgresql};
  source.host = "db.example.gov";
  source.database = "insurance";
  source.user = "reader";
  source.secret = "insurance-reader";
  return source;
}

struct SourceSecrets : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &catalogue::sql_bundle()};
  }
  Context context() {
    return Context{{Actor::Kind::person, AccountId(Uuid{{9}}), PersonId(Uuid{{8}}), PostId::trusted("officer"), UnitId::trusted("police")},
                   no_deadline,
                   {},
                   clock,
                   random,
                   "en"};
  }
  template <class F>
  auto act(F&& f) {
    return db().write(no_deadline, [&](db::Tx& tx) { return f(tx, context()); });
  }
  auto put(const Source& source) {
    return act([&](auto& tx, const auto& ctx) { return connect(tx, ctx, source); });
  }
  auto give(const std::string& value) {
    return act([&](auto& tx, const auto& ctx) { return set_secret(tx, ctx, keys(), SourceId::trusted("insurance"), value); });
  }
  Result<std::string> opened(const Source& source) {
    return db().read(no_deadline, [&](db::Tx& tx) -> Result<std::string> {
      JX_TRY(value, secret(tx, keys(), source));
      return std::string(value.text());
    });
  }
  const crypto::KeyRing& keys() {
    if (!ring) {
      std::string name = (std::filesystem::temp_directory_path() / "secrets-XXXXXX").string();
      if (::mkdtemp(name.data()) != nullptr) ring = *crypto::KeyRing::create(std::filesystem::path(name) / "keys");
      std::filesystem::remove_all(name);
    }
    return *ring;
  }

  std::optional<crypto::KeyRing> ring;
  VirtualClock clock{*Instant::parse("2026-11-20T02:00:00Z")};
  SeededRandom random{1};
};
JX_ON_BOTH(SourceSecrets);

TEST_P(SourceSecrets, are_sealed_and_go_only_where_they_were_given_for) {
  ASSERT_TRUE(put(database()));
  EXPECT_EQ(opened(database()).error().code, ErrorCode::unavailable) << "none was given";
  ASSERT_TRUE(give("correct horse"));
  EXPECT_EQ(*opened(database()), "correct horse");
  auto elsewhere = database();
  elsewhere.host = "evil.example";
  EXPECT_EQ(opened(elsewhere).error().code, ErrorCode::unavailable);
  auto other = database();
  other.secret = "another";
  EXPECT_FALSE(opened(other));
  ASSERT_TRUE(give("another one"));
  EXPECT_EQ(*opened(database()), "another one");
  const auto kept = db().read(
      no_deadline, [](db::Tx& tx) { return tx.all({"test.kept", "SELECT sealed FROM catalogue_secret", "SELECT sealed FROM catalogue_secret"}); });
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().text(0).find("another"), std::string::npos);
}

TEST_P(SourceSecrets, are_one_line_of_a_source_that_names_one_and_gone_with_it) {
  ASSERT_TRUE(put(database()));
  for (const auto& bad : {std::string(), std::string("a\nb"), std::string("a\0b", 3), std::string(5'000, 'x')})
    EXPECT_EQ(give(bad).error().field, "/secret_value");
  ASSERT_TRUE(give("x"));
  ASSERT_TRUE(act([](auto& tx, const auto& ctx) { return disconnect(tx, ctx, SourceId::trusted("insurance")); }));
  ASSERT_TRUE(put(database()));
  EXPECT_FALSE(opened(database()));
  auto without = database();
  without.secret.reset();
  ASSERT_TRUE(put(without));
  EXPECT_EQ(give("x").error().field, "/secret");
}

TEST_P(SourceSecrets, officers_connect_nothing_on_the_machine_itself) {
  for (const auto* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "169.254.169.254", "0.0.0.0", "127.1", "2130706433", "0x7f.1", "0",
                           "LOCALHOST", "localhost.", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1", "fe80::1"}) {
    auto source = database();
    source.host = host;
    EXPECT_EQ(put(source).error().field, "/host") << host;
  }
  Source api{SourceId::trusted("api"), named("Api"), UnitId::trusted("police"), SourceKind::http};
  api.tables = std::vector<SourceTable>{{"t"}};
  api.tables->front().path = "t";
  api.tables->front().columns = std::map<std::string, std::string>{{"id", "id"}};
  for (const auto* url : {"http://127.0.0.1:8080", "https://[::1]/x", "https://localhost"}) {
    api.url = url;
    EXPECT_EQ(put(api).error().field, "/url") << url;
  }
  api.url = "https://api.example.gov/v1";
  EXPECT_TRUE(put(api));
}

TEST(SourceRules, refuse_what_would_reach_further_than_it_says) {
  const auto pointer = [](Source source) {
    const auto faults = faults_of(source);
    return faults.empty() ? std::string() : faults.front().pointer;
  };
  EXPECT_EQ(pointer(database()), "");
  const auto with = [&](auto change) {
    auto source = database();
    change(source);
    return pointer(source);
  };
  EXPECT_EQ(with([](auto& s) { s.host = "a,b"; }), "/host");
  EXPECT_EQ(with([](auto& s) { s.host = "/tmp"; }), "/host");
  EXPECT_EQ(with([](auto& s) { s.database = std::string("a\0b", 3); }), "/database");
  EXPECT_EQ(with([](auto& s) { s.user.reset(); }), "/user");
  EXPECT_EQ(with([](auto& s) { s.port = 70'000; }), "/port");
  EXPECT_EQ(with([](auto& s) { s.secret = "not a key!"; }), "/secret");
  EXPECT_EQ(with([](auto& s) { s.path = "x"; }), "/path");
  EXPECT_EQ(with([](auto& s) { s.tls_ca = "../ca.pem"; }), "/tls_ca");
  Source api{SourceId::trusted("api"), named("Api"), UnitId::trusted("police"), SourceKind::http};
  api.tables = std::vector<SourceTable>{{"t"}};
  auto& table = api.tables->front();
  table.path = "t/{id}";
  table.columns = std::map<std::string, std::string>{{"id", "id"}};
  for (const auto* url : {"http://api.example.gov", "https://user@host", "https://host/?q", "ftp://host", "https:///x", "https://a b"}) {
    api.url = url;
    EXPECT_EQ(pointer(api), "/url") << url;
  }
  api.url = "http://127.0.0.1:9/x";
  EXPECT_EQ(pointer(api), "");
  for (const auto* path : {"t/{other}", "t/{id", "../t", "t#x", "//evil/x"}) {
    table.path = path;
    EXPECT_EQ(pointer(api), "/tables/0/path") << path;
  }
}

TEST_P(SourceSecrets, what_a_source_lacks_stays_known_while_it_cannot_be_reached) {
  Resource resource;
  resource.id = ResourceId::trusted("insured");
  resource.source = SourceId::trusted("insurance");
  resource.table = "insured";
  resource.fields = {{"id", "id", named("Id"), FieldType::text, Sensitivity::open},
                     {"name", "name", named("Name"), FieldType::text, Sensitivity::open}};
  const std::vector<TableColumns> tables{{"insured", {"id"}}};
  SourceCheck found{true, std::nullopt, lacks_of(resource.source, std::span(&resource, 1), tables), std::nullopt};
  ASSERT_EQ(found.missing.size(), 1U);
  EXPECT_EQ(found.missing.front().column, "name");
  const auto whole = lacks_of(resource.source, std::span(&resource, 1), {});
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_FALSE(whole.front().column);
  const auto save = [&](const SourceCheck& check) {
    clock.advance(std::chrono::hours(1));
    return db().write(no_deadline, [&](db::Tx& tx) { return save_check(tx, resource.source, clock.now(), check); });
  };
  const auto last = [&] { return *db().read(no_deadline, [&](db::Tx& tx) { return last_check(tx, resource.source); }); };
  EXPECT_FALSE(last());
  ASSERT_TRUE(save(found));
  const auto first = last()->at;
  ASSERT_TRUE(save({false, named("down"), {}, std::nullopt}));
  EXPECT_EQ(last()->found.missing.size(), 1U);
  EXPECT_EQ(last()->found.since, first);
  ASSERT_TRUE(save({true, std::nullopt, {}, std::nullopt}));
  EXPECT_TRUE(last()->found.missing.empty());
  EXPECT_FALSE(last()->found.since);
}

}  // namespace
}  // namespace jx::catalogue
