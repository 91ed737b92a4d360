// Runs tests/scenario/{reviews,fees,mandates}/*.yaml (README.md) on a pack of this repository, with its own people, posts, items and processes: one
// test a story and database.
#include "app.hpp"
#include "jurisdiction.hpp"
#include "store.hpp"

#include <jx/cases/notices.hpp>
#include <jx/db/testing.hpp>
#include <jx/messages.hpp>
#include <jx/services/mandates.hpp>
#include <jx/services/results.hpp>
#include <jx/services/reviews.hpp>
#include <jx/wire/yaml.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace jx::app {

namespace scenario {
using Json = boost::json::value;
using Names = std::vector<std::string>;

struct At {
  std::string item;
  std::map<std::string, Json> form;
  std::optional<Code> bearer;                // at a counter
  std::optional<std::string> name;           // of the bearer
  std::optional<bool> for_firm;              // for the first firm that the applicant represents
  std::optional<std::string> by_mandate_of;  // a username
  std::optional<bool> only_begun;            // a draft, which a later step `submit`s
};
BOOST_DESCRIBE_STRUCT(At, (), (item, form, bearer, name, for_firm, by_mandate_of, only_begun))

struct Given {
  std::string to;  // a username
  std::vector<std::string> items;
  std::string until;
};
BOOST_DESCRIBE_STRUCT(Given, (), (to, items, until))

/// What must be so of the review; `none`: it has none.
struct Seen {
  std::optional<std::string> state, grade, finding, answer, due_on, answered_on, settled_on, unit;
};
BOOST_DESCRIBE_STRUCT(Seen, (), (state, grade, finding, answer, due_on, answered_on, settled_on, unit))

struct Then {
  std::optional<std::string> refused, field;
  std::optional<Seen> review, visit;
  std::optional<std::map<std::string, Names>> work, notices;  // by username
  std::optional<std::map<std::string, std::string>> marks;    // of the follow-up's open tasks
  std::optional<std::map<std::string, std::int64_t>> counts;  // of the item, at all units
  std::optional<std::vector<std::string>> messages;           // of the applicant, by name
  std::optional<std::string> state, due_on;                   // of the matter; `none`: it has no end
  std::optional<Names> fees;                                  // `150.00 USD due by 2026-12-08`, also paid, overdue, lapsed
  std::optional<std::int64_t> fees_due;                       // in minor units, as the figures of the item have it
};
BOOST_DESCRIBE_STRUCT(Then, (), (refused, field, review, visit, work, notices, marks, counts, messages, state, due_on, fees, fees_due))

struct Step {
  std::string when;
  std::optional<std::string> at, by, complete, outcome, opinion;
  std::optional<At> apply;
  std::optional<services::NewReview> review, visit;
  std::optional<Given> mandate;
  std::optional<bool> submit;       // the draft that `apply` has begun
  std::optional<bool> look;         // at that draft
  std::optional<bool> discard;      // that draft
  std::optional<std::string> pays;  // the first fee, with this receipt
  std::optional<Then> then;
};
BOOST_DESCRIBE_STRUCT(Step, (), (when, at, by, complete, outcome, opinion, apply, review, visit, mandate, submit, look, discard, pays, then))

struct Story {
  LocalizedText title;
  std::optional<std::string> pack;  // absent: yunxi
  std::string now;
  std::vector<Step> story;
};
BOOST_DESCRIBE_STRUCT(Story, (), (title, pack, now, story))

}  // namespace scenario

namespace {

namespace fs = std::filesystem;
using namespace scenario;

const fs::path folder = fs::path(JX_SOURCE_DIR) / "tests" / "scenario";

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The county of one story.
struct Stories : db::OnBoth {
  std::vector<const db::SqlBundle*> bundles() const override {
    const auto all = app::bundles();
    return {all.begin(), all.end()};
  }

  void build(std::string_view now, const std::string& of) {
    clock.stand_at(*Instant::parse(now));
    const auto pack = pack::Pack::read(std::string(JX_SOURCE_DIR) + "/packs/" + of);
    ASSERT_TRUE(pack) << pack.error().text();
    const Context system{{.kind = Actor::Kind::system}, no_deadline, {}, clock, random, "en"};
    const auto applied = db().write(no_deadline, [&](db::Tx& tx) { return pack::apply(tx, system, *pack, parts.all()); });
    ASSERT_TRUE(applied) << applied.error().text();
    auto loaded = db().read(no_deadline, load_jurisdiction);
    ASSERT_TRUE(loaded) << loaded.error().text();
    here = *loaded;
    auto made = crypto::KeyRing::create(temp.path() / "keys");
    ASSERT_TRUE(made) << made.error().text();
    keys.emplace(std::move(*made));
    const auto today = [this] { return here->zone.date_of(clock.now()); };
    services::register_review_handlers(handlers, today, [this]() -> cases::Engine& { return *engine; });
    handlers.inside("certificate.issue", [](db::Tx&, const Context&, const cases::Call&) -> Result<cases::Answer> { return cases::Answer{}; });
    engine.emplace(cases::Engine::Needs{handlers, [this] { return here->calendar; }, &decisions, &offices, &listener});
    files.emplace(*keys, *engine, attachments::Limits());
    worker.emplace(*engine, db(), clock, random, cases::Worker::Options{});
  }

  [[nodiscard]] LocalDate today() const { return here->zone.date_of(clock.now()); }

  /// Somebody with an account of the pack, in her post if she holds one.
  Result<Context> as(db::Tx& tx, const std::string& username) {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock, random, "en"};
    JX_TRY(account, identity::account_by_username(tx, username));
    ctx.actor.account = account.id;
    ctx.actor.person = account.person;
    JX_TRY(held, identity::holdings_of(tx, account.person, today()));
    if (held.empty()) return ctx;
    JX_TRY(post, identity::post(tx, held.front().post));
    ctx.actor.post = post.id;
    ctx.actor.unit = post.unit;
    return ctx;
  }

  Result<> apply(db::Tx& tx, const Context& ctx, const At& what) {
    services::NewDraft wanted{ItemId::trusted(what.item), {}, {}, {}};
    if (what.bearer) wanted.bearer = services::Bearer{*what.bearer, what.name.value_or("")};
    if (what.for_firm) {
      JX_TRY(others, identity::represented(tx, ctx.actor.person, today()));
      for (const auto& one : others) {
        if (one.principal.kind == identity::Principal::Kind::firm) wanted.firm = FirmId(one.principal.id);
      }
    }
    if (what.by_mandate_of) {
      JX_TRY(principal, identity::account_by_username(tx, *what.by_mandate_of));
      wanted.principal = principal.person;
    }
    JX_TRY(draft, services::create_draft(tx, ctx, wanted, today()));
    boost::json::object form;
    for (const auto& [key, value] : what.form) form[key] = value;
    JX_TRY(saved, services::save_draft(tx, ctx, draft.id, draft.version, form, today()));
    begun = saved.id;
    return what.only_begun ? Result<>{} : send(tx, ctx);
  }

  Result<> send(db::Tx& tx, const Context& ctx) {
    JX_TRY(receipt, services::submit(tx, ctx, *engine, *files, begun, {}, {today(), here->counter, *here->calendar}));
    matter = receipt.id;
    return {};
  }

  Result<> give(db::Tx& tx, const Context& ctx, const Given& given) {
    JX_TRY(to, identity::account_by_username(tx, given.to));
    JX_TRY(person, identity::person(tx, to.person));
    JX_TRY(until, LocalDate::parse(given.until));
    services::NewMandate wanted;
    wanted.to = {person.codes.front(), std::string(person.name.in("zh-CN"))};
    for (const auto& item : given.items) wanted.items.push_back(ItemId::trusted(item));
    wanted.until = until;
    JX_CHECK(services::give_mandate(tx, ctx, wanted, today()));
    return {};
  }

  Result<> pay(db::Tx& tx, const Context& ctx, const std::string& receipt) {
    JX_TRY(fees, services::fees_of(tx, matter));
    if (fees.empty()) return fail(ErrorCode::not_found, "there is no fee");
    return services::pay_fee(tx, ctx, *engine, matter, fees.front().id, {services::PayWay::counter, receipt});
  }

  /// The open task of that name, of the matter or of what follows its reviews up.
  Result<TaskId> task(db::Tx& tx, const Context& ctx, const std::string& element) {
    for (const auto& id : cases_of_story(tx)) {
      JX_TRY(open, engine->open_tasks(tx, ctx, id));
      const auto found = std::ranges::find(open, element, &cases::TaskView::element);
      if (found != open.end()) return found->id;
    }
    return fail(ErrorCode::not_found, "no open task is called " + element);
  }
  std::vector<CaseId> cases_of_story(db::Tx& tx) {
    std::vector<CaseId> all{matter};
    for (const auto occasion : {services::ReviewOccasion::matter, services::ReviewOccasion::visit}) {
      const auto review = services::review_of(tx, matter, occasion);
      if (review && *review && (*review)->followup) all.push_back(*(*review)->followup);
    }
    return all;
  }

  Result<> act(const Step& step) {
    if (!step.by && !step.visit) return {};
    return db().write(no_deadline, [&](db::Tx& tx) -> Result<> {
      Context ctx{{.kind = Actor::Kind::anonymous}, no_deadline, RequestId(), clock, random, "en"};
      if (step.by) {
        JX_TRY(who, as(tx, *step.by));
        ctx.actor = who.actor;
      }
      if (step.apply) return apply(tx, ctx, *step.apply);
      if (step.submit) return send(tx, ctx);
      if (step.look) {
        JX_CHECK(services::draft(tx, ctx, begun, today()));
        return {};
      }
      if (step.discard) return services::discard_draft(tx, ctx, begun);
      if (step.mandate) return give(tx, ctx, *step.mandate);
      if (step.pays) return pay(tx, ctx, *step.pays);
      JX_TRY(rules, book.rules(tx));
      const services::Reviewing with{*engine, rules.get(), here->zone};
      if (step.review) JX_CHECK(services::review_matter(tx, ctx, with, matter, services::ReviewChannel::mobile, *step.review));
      if (step.visit) {
        JX_TRY(code, services::visit_code(tx, matter));
        JX_CHECK(services::review_visit(tx, ctx, with, code.value_or("none"), services::ReviewChannel::code, *step.visit));
      }
      if (!step.complete) return {};
      JX_TRY(id, task(tx, ctx, *step.complete));
      return engine->complete(tx, ctx, id, {step.outcome.value_or(""), step.opinion.value_or(""), {}});
    });
  }

  void settle() {
    for (int i = 0; i < 1'000; ++i) {
      auto ran = worker->step();
      ASSERT_TRUE(ran) << ran.error().text();
      if (*ran == 0) return;
    }
    FAIL() << "the jobs never end";
  }
  void move_to(Instant at) {
    for (;;) {
      settle();
      const auto next = worker->next_due();
      if (!next || !*next || **next > at) break;
      clock.stand_at(std::max(**next, clock.now()));
    }
    clock.stand_at(at);
    settle();
  }

  void expect_review(db::Tx& tx, services::ReviewOccasion occasion, const Seen& want) {
    const auto found = services::review_of(tx, matter, occasion);
    ASSERT_TRUE(found && *found) << "there is no review";
    const auto& review = **found;
    const auto day = [](const std::optional<LocalDate>& on) { return on ? on->text() : std::string("none"); };
    const auto same = [](const std::optional<std::string>& wanted, std::string_view is, const char* what) {
      EXPECT_EQ(is, wanted.value_or(std::string(is))) << what;
    };
    same(want.state, wire::name_of(review.state), "state");
    same(want.grade, wire::name_of(review.grade), "grade");
    same(want.finding, wire::name_of(review.finding), "finding");
    same(want.answer, review.answer, "answer");
    same(want.unit, review.unit.text(), "unit");
    same(want.due_on, day(review.due_on), "due_on");
    same(want.answered_on, day(review.answered_on), "answered_on");
    same(want.settled_on, day(review.settled_on), "settled_on");
  }

  void expect_people(db::Tx& tx, const Then& then) {
    for (const auto& [username, elements] : then.work.value_or(std::map<std::string, Names>())) {
      const auto ctx = as(tx, username);
      ASSERT_TRUE(ctx) << ctx.error().text();
      const auto list = engine->work_list(tx, *ctx, cases::Engine::List::open, {});
      ASSERT_TRUE(list) << list.error().text();
      Names found;
      for (const auto& one : list->items) found.push_back(one.element);
      EXPECT_EQ(found, elements) << "the work of " << username;
    }
    for (const auto& [username, wanted] : then.notices.value_or(std::map<std::string, Names>())) {
      const auto ctx = as(tx, username);
      ASSERT_TRUE(ctx) << ctx.error().text();
      const auto list = cases::notices(*engine, tx, *ctx, {});
      ASSERT_TRUE(list) << list.error().text();
      Names found;
      for (const auto& one : list->items) found.emplace_back(std::string(cases::name(one.kind)) + " " + std::string(one.name.in("en")));
      std::ranges::sort(found);
      EXPECT_EQ(found, wanted) << "the notices of " << username;
    }
  }

  void expect_counts(db::Tx& tx, const std::map<std::string, std::int64_t>& wanted) {
    const auto all = services::review_counts(tx, Instant{0}, today());
    ASSERT_TRUE(all) << all.error().text();
    services::ReviewCounts sum;
    for (const auto& one : *all) {
      sum.given += one.given;
      sum.counted += one.counted;
      sum.points += one.points;
      sum.bad += one.bad;
      sum.open += one.open;
      sum.late += one.late;
      sum.settled += one.settled;
      sum.in_time += one.in_time;
    }
    const std::map<std::string, std::int64_t> found{{"given", sum.given},     {"counted", sum.counted}, {"points", sum.points},
                                                    {"bad", sum.bad},         {"open", sum.open},       {"late", sum.late},
                                                    {"settled", sum.settled}, {"in_time", sum.in_time}};
    for (const auto& [key, count] : wanted) {
      ASSERT_TRUE(found.contains(key)) << key << " is not counted";
      EXPECT_EQ(found.at(key), count) << key;
    }
  }

  void expect_messages(db::Tx& tx, const Names& wanted) {
    const auto summary = engine->summary(tx, matter);
    ASSERT_TRUE(summary) << summary.error().text();
    const auto list = messages::list(tx, std::vector{messages::Box{summary->applicant, true, {}}}, {});
    ASSERT_TRUE(list) << list.error().text();
    Names found;
    for (const auto& one : list->items) found.emplace_back(wire::name_of(one.kind));
    std::ranges::sort(found);  // those of one instant have no order
    EXPECT_EQ(found, wanted);
  }

  Result<> expect_matter(db::Tx& tx, const Then& then) {
    JX_TRY(summary, engine->summary(tx, matter));
    if (then.state) {
      EXPECT_EQ(cases::name(summary.state), *then.state);
    }
    if (then.due_on) {
      EXPECT_EQ(summary.due_on ? summary.due_on->text() : "none", *then.due_on);
    }
    if (then.fees_due) {
      JX_TRY(totals, services::fee_totals(tx, summary.item, Instant{0}));
      EXPECT_EQ(totals.empty() ? 0 : totals.front().due_amount, *then.fees_due);
    }
    if (!then.fees) return {};
    JX_TRY(fees, services::fees_of(tx, matter));
    Names found;
    for (const auto& fee : fees) {
      const bool closed = summary.closed_at.has_value();
      const char* state = fee.paid_at ? " paid" : fee.lapsed(closed) ? " lapsed" : fee.overdue(closed, today()) ? " overdue" : " due";
      found.push_back(services::money(fee.amount, fee.currency) + state + (fee.pay_by ? " by " + fee.pay_by->text() : ""));
    }
    EXPECT_EQ(found, *then.fees);
    return {};
  }

  Result<> expect(const Then& then) {
    return db().read(no_deadline, [&](db::Tx& tx) -> Result<> {
      if (then.review) expect_review(tx, services::ReviewOccasion::matter, *then.review);
      if (then.visit) expect_review(tx, services::ReviewOccasion::visit, *then.visit);
      expect_people(tx, then);
      if (then.counts) expect_counts(tx, *then.counts);
      if (then.messages) expect_messages(tx, *then.messages);
      if (!matter.nil()) JX_CHECK(expect_matter(tx, then));
      for (const auto& [element, mark] : then.marks.value_or(std::map<std::string, std::string>())) {
        const Context nobody{{.kind = Actor::Kind::system}, no_deadline, {}, clock, random, "en"};
        JX_TRY(id, task(tx, nobody, element));
        JX_TRY(view, engine->task(tx, nobody, id));
        EXPECT_EQ(cases::name(view.mark), mark) << element;
      }
      return {};
    });
  }

  void run(const Step& step) {
    SCOPED_TRACE(step.when);
    if (step.at) move_to(*Instant::parse(*step.at));
    const auto then = step.then.value_or(Then{});
    const auto done = act(step);
    if (then.refused) {
      ASSERT_FALSE(done) << "it was not refused";
      EXPECT_EQ(name(done.error().code), *then.refused) << done.error().text();
      EXPECT_EQ(done.error().field, then.field.value_or(done.error().field));
    } else {
      ASSERT_TRUE(done) << done.error().text();
    }
    settle();
    const auto looked = expect(then);
    ASSERT_TRUE(looked) << looked.error().text();
    const auto report = ledger::check_state(db(), state_tables());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->rows_altered, 0U) << report->rows.front().table;
  }

  void play(const std::string& file) {
    const auto document = wire::parse_yaml(read_file(folder / file));
    ASSERT_TRUE(document) << document.error().text();
    const auto story = wire::decode<Story>(document->value());
    ASSERT_TRUE(story) << story.error().text();
    build(story->now, story->pack.value_or("yunxi"));
    for (const auto& step : story->story) {
      run(step);
      if (HasFatalFailure()) return;
    }
  }

  MovableClock clock;
  SystemRandom random;
  Parts parts;
  db::TempFolder temp;
  std::shared_ptr<const api::Jurisdiction> here;
  identity::Sessions sessions{[this] { return here->zone; }};
  decisions::Store store;
  CaseDecisions decisions{store, clock};
  CaseOffices offices{sessions};
  cases::Registry handlers;
  messages::CaseMessages listener;
  services::ReviewBook book;
  std::optional<crypto::KeyRing> keys;
  std::optional<cases::Engine> engine;
  std::optional<attachments::Store> files;
  std::optional<cases::Worker> worker;
  DraftId begun;
  CaseId matter;
};
JX_ON_BOTH(Stories);

TEST_P(Stories, a_good_review_is_counted_once) { play("reviews/good.yaml"); }
TEST_P(Stories, a_bad_review_is_answered_in_time) { play("reviews/bad-in-time.yaml"); }
TEST_P(Stories, a_late_answer_goes_up) { play("reviews/late.yaml"); }
TEST_P(Stories, an_appealed_review_is_struck) { play("reviews/struck.yaml"); }
TEST_P(Stories, a_visit_is_reviewed_once) { play("reviews/visit.yaml"); }
TEST_P(Stories, a_paid_fee_lets_the_offices_begin) { play("fees/paid.yaml"); }
TEST_P(Stories, a_fee_that_is_not_paid_in_time_ends_the_matter) { play("fees/unpaid.yaml"); }
TEST_P(Stories, a_fee_lapses_with_a_matter_that_is_withdrawn) { play("fees/closed.yaml"); }
TEST_P(Stories, a_mandate_that_is_over_carries_nothing) { play("mandates/over.yaml"); }

TEST(StoryFiles, are_all_played) {
  std::size_t files = 0;
  for (const char* kind : {"reviews", "fees", "mandates"}) {
    for (const auto& entry : fs::directory_iterator(folder / kind)) files += entry.path().extension() == ".yaml" ? 1 : 0;
  }
  EXPECT_EQ(files, 9U);
}

}  // namespace
}  // namespace jx::app
