// Runs tests/scenario/cases/*.yaml (README.md): one test a story and database.
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/cases/batch.hpp>
#include <jx/cases/notices.hpp>
#include <jx/cases/pack_part.hpp>
#include <jx/cases/sql.hpp>
#include <jx/cases/work_list.hpp>
#include <jx/cases/work.hpp>
#include <jx/db/sql.hpp>
#include <jx/db/testing.hpp>
#include <jx/ledger/sql.hpp>
#include <jx/pack/sql.hpp>
#include <jx/wire/yaml.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace jx::cases {

namespace scenario {
using Json = boost::json::value;
using Names = std::vector<std::string>;

struct Person {
  std::optional<std::string> unit, post, same_as;
  std::optional<Names> roles;
};
BOOST_DESCRIBE_STRUCT(Person, (), (unit, post, same_as, roles))

struct Given {
  Names processes;
  std::string now;
  std::optional<Names> holidays;
  std::map<std::string, Person> people;
  std::optional<std::map<std::string, Json>> services;
  std::optional<std::map<std::string, std::string>> heads;
};
BOOST_DESCRIBE_STRUCT(Given, (), (processes, now, holidays, people, services, heads))

struct Then {
  std::optional<std::string> state, due_on, statutory_on, clock, refused, field, says;
  std::optional<std::map<std::string, Names>> work, notices, lists, requests, answers, returns, actions;
  std::optional<std::map<std::string, std::string>> marks, task_clock, last_words;
  std::optional<Names> timeline, batch;
  std::optional<std::map<std::string, int>> urged;
  std::optional<int> comments;
};
BOOST_DESCRIBE_STRUCT(Then, (),
                      (state, due_on, statutory_on, clock, refused, field, says, work, notices, lists, requests, answers, returns, actions, marks,
                       task_clock, last_words, timeline, batch, urged, comments))

struct Step {
  std::string when;
  std::optional<std::string> at, by, open, term, claim, release, complete, hand_over, to, outcome, opinion, reason, law, message, correlation, signal,
      withdraw, retry, as, see, statutory, decide_all, delegate, return_, back_to, ask, take_back, participant, urge, comment, about, unit, post,
      missing, supply;
  std::optional<bool> pause, resume, for_applicant, binding;
  std::optional<std::map<std::string, Json>> form, variables, services;
  std::optional<Then> then;
};
BOOST_DESCRIBE_STRUCT(Step, (),
                      (when, at, by, open, term, claim, release, complete, hand_over, to, outcome, opinion, reason, law, message, correlation, signal,
                       withdraw, retry, as, see, statutory, decide_all, delegate, return_, back_to, ask, take_back, participant, urge, comment, about,
                       unit, post, missing, supply, pause, resume, for_applicant, binding, form, variables, services, then))

struct Story {
  LocalizedText title;
  Given given;
  std::vector<Step> story;
};
BOOST_DESCRIBE_STRUCT(Story, (), (title, given, story))

}  // namespace scenario

namespace {

namespace fs = std::filesystem;
using namespace scenario;

const fs::path folder = fs::path(JX_SOURCE_DIR) / "tests" / "scenario";
const fs::path packs = fs::path(JX_SOURCE_DIR) / "packs";
const fs::path examples = fs::path(JX_SOURCE_DIR) / "docs" / "examples";

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

boost::json::object object_of(const std::optional<std::map<std::string, Json>>& members) {
  boost::json::object out;
  for (const auto& [key, value] : members.value_or(std::map<std::string, Json>{})) out[key] = value;
  return out;
}

/// The county of one story: its database, people, clock and engine.
class County final : public Offices {
 public:
  County(db::Database& database, const Given& given) : db_(database), given_(given), clock_(*Instant::parse(given.now)) {}

  void build() {
    calendar::Spec spec;
    spec.id = "story";
    spec.zone = "Asia/Shanghai";
    const LocalizedText holiday(std::map<std::string, std::string>{{"en", "holiday"}, {"zh-CN", "节假日"}});
    for (int year = 2025; year <= 2030; ++year) {
      calendar::Notice notice;
      notice.year = year;
      for (const auto& text : given_.holidays.value_or(Names{})) {
        const auto day = *LocalDate::parse(text);
        if (static_cast<int>(day.ymd().year()) == year) notice.days.push_back({day, day, false, holiday});
      }
      spec.notices.push_back(std::move(notice));
    }
    auto calendar = calendar::Calendar::make(spec);
    ASSERT_TRUE(calendar) << calendar.error().text();
    calendar_ = std::make_shared<const calendar::Calendar>(std::move(*calendar));
    services_ = given_.services.value_or(std::map<std::string, Json>{});
    for (const auto& [name, answer] : services_) {
      handlers_.inside(name, [this, name = name](db::Tx&, const Context&, const Call&) -> Result<Answer> {
        const Json& now = services_.at(name);
        if (now.is_string()) return fail(ErrorCode::invalid, {"the service fails", "服务失败"});
        return Answer{now.get_object(), ""};
      });
    }
    engine_ = std::make_unique<Engine>(Engine::Needs{handlers_, [this] { return calendar_; }, nullptr, this});
    worker_ = std::make_unique<Worker>(*engine_, db_, clock_, random_, Worker::Options{});
    apply();
  }

  void run(const Step& step) {
    SCOPED_TRACE(step.when);
    if (step.at) move_to(*Instant::parse(*step.at));
    for (const auto& [name, answer] : step.services.value_or(std::map<std::string, Json>{})) services_[name] = answer;
    const auto done = act(step);
    const Then then = step.then.value_or(Then{});
    if (then.refused) {
      ASSERT_FALSE(done) << "it was not refused";
      EXPECT_EQ(name(done.error().code), *then.refused) << done.error().text();
      if (then.field) {
        EXPECT_EQ(done.error().field, *then.field);
      }
    } else {
      ASSERT_TRUE(done) << done.error().text();
    }
    settle();
    expect(then);
  }

  Result<std::vector<RoleId>> roles_of(db::Tx&, const Actor& actor) override {
    std::vector<RoleId> roles;
    for (const auto& [name, person] : given_.people) {
      const auto in_post = actor.stand_in_for.nil() ? actor.account : AccountId(actor.stand_in_for.uuid());
      if (account(name) != in_post) continue;
      for (const auto& role : person.roles.value_or(Names{})) roles.push_back(RoleId::trusted(role));
    }
    return roles;
  }

  Result<std::vector<Absent>> stands_in_for(db::Tx&, const Context& ctx) override {
    if (ctx.actor.stand_in_for.nil()) return std::vector<Absent>();
    return std::vector<Absent>{{AccountId(ctx.actor.stand_in_for.uuid()), ctx.actor.stand_in_for}};
  }
  Result<LocalizedText> name_of(db::Tx&, const PersonId& person) override {
    for (const auto& [name, who] : given_.people) {
      if (account(name).uuid() == person.uuid()) return LocalizedText({{"en", name}, {"zh-CN", name}});
    }
    return LocalizedText();
  }
  Result<std::optional<Desk>> head_of(db::Tx&, const UnitId& unit, const PostId&, bool) override {
    const auto heads = given_.heads.value_or(std::map<std::string, std::string>{});
    const auto head = heads.find(unit.text());
    return head == heads.end() ? std::optional<Desk>() : std::optional(Desk{unit, PostId::trusted(head->second), {}});
  }
  Result<PersonId> person_of(db::Tx&, AccountId who) override {
    for (const auto& [name, person] : given_.people) {
      if (account(name) == who) return PersonId(account(person.same_as.value_or(name)).uuid());
    }
    return PersonId();
  }

  Result<std::optional<UnitId>> seat_of(db::Tx&, const Context&, AccountId who, const Desk& desk) override {
    for (const auto& [name, person] : given_.people) {
      if (account(name) != who || !person.unit || !person.post) continue;
      const auto roles = person.roles.value_or(Names{});
      const bool fits = (desk.unit.empty() || desk.unit.text() == *person.unit) && (desk.post.empty() || desk.post.text() == *person.post) &&
                        (desk.role.empty() || std::ranges::find(roles, desk.role.text()) != roles.end());
      if (fits) return std::optional(UnitId::trusted(*person.unit));
    }
    return std::optional<UnitId>();
  }

 private:
  void apply() {
    std::map<std::string, std::string> files{
        {"pack.yaml", "key: story\nname: {en: Story}\nversion: \"1\"\nlanguages: [en]\nzone: Asia/Shanghai\ncalendar: cn\n"}};
    for (const auto& process : given_.processes) {
      const auto file = process + ".bpmn";
      const auto own = folder / "processes" / file;
      const auto cut = process.find('/');  // yunxi/data-request: that of a pack
      if (cut != std::string::npos) {
        files["processes/" + process.substr(cut + 1) + ".bpmn"] =
            read_file(packs / process.substr(0, cut) / "processes" / (process.substr(cut + 1) + ".bpmn"));
        continue;
      }
      files["processes/" + file] = read_file(fs::exists(own) ? own : examples / file);
    }
    auto pack = pack::Pack::of(std::move(files));
    ASSERT_TRUE(pack) << pack.error().text();
    const auto part = pack_part(&handlers_);
    pack::Findings findings;
    pack::Names names;
    part->declare(*pack, names, findings);
    for (const auto& [name, person] : given_.people) declare(names, person, pack->files().front(), findings);
    part->check(*pack, names, findings);
    for (const auto& f : findings.sorted()) ADD_FAILURE() << f.file << ":" << f.line << ": " << f.message.en;
    const auto applied = db_.write(no_deadline, [&](db::Tx& tx) { return part->apply(tx, context(""), *pack); });
    ASSERT_TRUE(applied) << applied.error().text();
  }
  static void declare(pack::Names& names, const Person& person, const pack::File& file, pack::Findings& findings) {
    const auto once = [&](pack::Kind kind, const std::string& key) {
      if (!names.has(kind, key)) names.declare(kind, key, file, 1, findings);
    };
    if (person.unit) once(pack::Kind::unit, *person.unit);
    if (person.post) once(pack::Kind::post, *person.post);
    for (const auto& role : person.roles.value_or(Names{})) once(pack::Kind::role, role);
  }

  AccountId account(const std::string& name) const {
    Uuid id;
    id.octets[15] = static_cast<std::uint8_t>(1 + std::distance(given_.people.begin(), given_.people.find(name)));
    return AccountId(id);
  }
  Context context(const std::string& name) {
    Context ctx{{.kind = Actor::Kind::person}, no_deadline, RequestId(), clock_, random_, "en"};
    const auto it = given_.people.find(name);
    if (it == given_.people.end()) return ctx;
    ctx.actor.account = account(name);
    ctx.actor.person = PersonId(account(it->second.same_as.value_or(name)).uuid());
    if (it->second.unit) ctx.actor.unit = UnitId::trusted(*it->second.unit);
    if (it->second.post) ctx.actor.post = PostId::trusted(*it->second.post);
    return ctx;
  }

  /// `name`, or `name as absent`: in the post of somebody who is away.
  Context context_of(const std::string& who) {
    const auto cut = who.find(" as ");
    auto ctx = context(who.substr(0, cut));
    if (cut == std::string::npos) return ctx;
    const auto absent = context(who.substr(cut + 4));
    ctx.actor.post = absent.actor.post;
    ctx.actor.unit = absent.actor.unit;
    ctx.actor.stand_in_for = absent.actor.person;
    return ctx;
  }

  /// Lets everything run that is due until `at`, each at its own time.
  void move_to(Instant at) {
    for (;;) {
      settle();
      auto next = worker_->next_due();
      if (!next || !*next || **next > at) break;
      clock_.advance_to(**next);
    }
    clock_.advance_to(at);
    settle();
  }
  void settle() {
    for (int i = 0; i < 1'000; ++i) {
      auto ran = worker_->step();
      ASSERT_TRUE(ran) << ran.error().text();
      if (*ran == 0) return;
    }
    FAIL() << "the jobs never end";
  }

  /// `food_check`; of a task beside it `opinion:food_check`.
  static std::string called(const TaskView& t) { return (t.kind == TaskKind::step ? "" : std::string(name(t.kind)) + ":") + t.element; }

  /// The task of that name that the person has in her list; else the newest one of the case.
  Result<TaskId> task(const Context& ctx, const std::string& element) {
    return db_.read(no_deadline, [&](db::Tx& tx) -> Result<TaskId> {
      JX_TRY(list, engine_->work_list(tx, ctx, Engine::List::open, {}));
      for (const auto& t : list.items) {
        if (called(t) == element && t.case_id == case_) return t.id;
      }
      JX_TRY(view, engine_->view(tx, context(""), case_));
      for (auto it = view.tasks.rbegin(); it != view.tasks.rend(); ++it) {
        if (called(*it) == element) return it->id;
      }
      return fail(ErrorCode::not_found, "the case has no task " + element);
    });
  }

  /// What people do with a task beside deciding it; nothing if the step is no such.
  std::optional<Result<>> work(const Step& s, const Context& ctx) {
    const auto why = s.reason.value_or("");
    const auto term = s.term.value_or("");
    const auto unit = s.unit ? UnitId::trusted(*s.unit) : UnitId();
    const auto post = s.post ? PostId::trusted(*s.post) : PostId();
    const auto on = [&](const std::string& element, auto&& f) -> Result<> {
      JX_TRY(id, task(ctx, element));
      JX_CHECK(db_.write(no_deadline, [&](db::Tx& tx) { return f(tx, id); }));
      return {};
    };
    if (s.delegate)
      return on(*s.delegate, [&](db::Tx& tx, TaskId id) { return delegate(*engine_, tx, ctx, id, {account(s.to.value_or("")), why, term}); });
    if (s.return_) return on(*s.return_, [&](db::Tx& tx, TaskId id) { return return_task(*engine_, tx, ctx, id, s.back_to.value_or(""), why); });
    if (s.ask)
      return on(*s.ask,
                [&](db::Tx& tx, TaskId id) { return ask_opinion(*engine_, tx, ctx, id, {unit, post, why, term, s.binding.value_or(false)}); });
    if (s.missing)
      return on(*s.missing, [&](db::Tx& tx, TaskId id) { return ask_supplement(*engine_, tx, ctx, id, {why, s.law.value_or(""), term}); });
    if (s.supply) return on(*s.supply, [&](db::Tx& tx, TaskId id) { return answer_supplement(*engine_, tx, ctx, id, s.opinion.value_or("")); });
    if (s.take_back) return on(*s.take_back, [&](db::Tx& tx, TaskId id) { return withdraw_side(*engine_, tx, ctx, id, why); });
    if (s.participant) {
      return on(*s.participant, [&](db::Tx& tx, TaskId id) {
        return add_participant(*engine_, tx, ctx, id, {unit, post, s.to ? account(*s.to) : AccountId(), why, term, {}});
      });
    }
    if (s.urge) return on(*s.urge, [&](db::Tx& tx, TaskId id) { return urge(*engine_, tx, ctx, id, why, ctx.actor.unit.empty()); });
    if (!s.comment) return std::nullopt;
    return db_.write(no_deadline, [&](db::Tx& tx) -> Result<> {
      TaskId about;
      if (s.about) {
        JX_TRY(view, engine_->view(tx, ctx, case_));
        for (const auto& t : view.tasks) {
          if (called(t) == *s.about) about = t.id;
        }
      }
      JX_CHECK(add_comment(*engine_, tx, ctx, case_, about, *s.comment));
      return {};
    });
  }

  Result<> act(const Step& s) {
    const Context ctx = context_of(s.by.value_or("") + (s.as ? " as " + *s.as : ""));
    const auto write = [&](auto&& f) { return db_.write(no_deadline, f); };
    if (s.open) {
      Opening o;
      o.process = ProcessId::trusted(*s.open);
      o.applicant = Party(ctx.actor.person);
      o.form = object_of(s.form);
      o.variables = object_of(s.variables);
      o.term = s.term.value_or("");
      o.statutory = s.statutory.value_or("");
      JX_TRY(receipt, write([&](db::Tx& tx) { return engine_->open(tx, ctx, o); }));
      case_ = receipt.id;
      opened_.push_back(case_);
      return {};
    }
    for (const auto* element : {&s.claim, &s.release, &s.complete, &s.hand_over}) {
      if (!*element) continue;
      JX_TRY(id, task(ctx, **element));
      return write([&](db::Tx& tx) -> Result<> {
        if (s.claim) return engine_->claim(tx, ctx, id);
        if (s.release) return engine_->release(tx, ctx, id, s.reason.value_or(""));
        if (s.hand_over) return engine_->hand_over(tx, ctx, id, {account(s.to.value_or("")), {}, {}, s.reason.value_or("")});
        return engine_->complete(tx, ctx, id, {s.outcome.value_or(""), s.opinion.value_or(""), object_of(s.form)});
      });
    }
    if (s.decide_all) return decide_all(ctx, s);
    if (s.see) return see(ctx, context(*s.see));
    if (auto done = work(s, ctx)) return *done;
    if (s.pause)
      return write([&](db::Tx& tx) {
        return engine_->pause(tx, ctx, case_, {s.reason.value_or(""), s.law.value_or(""), "", s.for_applicant.value_or(false)});
      });
    if (s.resume) return write([&](db::Tx& tx) { return engine_->resume(tx, ctx, case_); });
    if (s.message) {
      JX_TRY(to, write([&](db::Tx& tx) { return engine_->message(tx, ctx, *s.message, s.correlation.value_or(""), object_of(s.variables)); }));
      case_ = to;
      return {};
    }
    if (s.signal) return write([&](db::Tx& tx) { return engine_->signal(tx, ctx, *s.signal, object_of(s.variables)); });
    if (s.withdraw) return write([&](db::Tx& tx) { return engine_->cancel(tx, ctx, case_, CaseState::withdrawn, *s.withdraw); });
    if (s.retry) {
      return write([&](db::Tx& tx) -> Result<> {
        JX_TRY(open, engine_->incidents(tx, {}));
        for (const auto& i : open.items) {
          if (i.element == *s.retry) return engine_->retry(tx, ctx, i.id, object_of(s.variables));
        }
        return fail(ErrorCode::not_found, "no incident at " + *s.retry);
      });
    }
    return {};
  }

  /// One decision on every task of that element that there ever was, each in a transaction of its own.
  Result<> decide_all(const Context& ctx, const Step& s) {
    batch_.clear();
    std::vector<TaskId> tasks;
    JX_CHECK(db_.read(no_deadline, [&](db::Tx& tx) -> Result<> {
      for (const auto id : opened_) {
        JX_TRY(view, engine_->view(tx, ctx, id));
        for (const auto& task : view.tasks) {
          if (task.element == *s.decide_all) tasks.push_back(task.id);
        }
      }
      return check_batch(*engine_, tx, ctx, tasks, s.outcome.value_or(""));
    }));
    for (const auto id : tasks) {
      const auto done = db_.write(no_deadline, [&](db::Tx& tx) { return engine_->complete(tx, ctx, id, {s.outcome.value_or(""), "", {}}); });
      JX_TRY(before, db_.read(no_deadline, [&](db::Tx& tx) { return was_done(*engine_, tx, ctx, id, s.outcome.value_or("")); }));
      batch_.emplace_back(before ? "done" : name(done.error().code));
    }
    return {};
  }

  /// Marks all that `whose` has not seen yet.
  Result<> see(const Context& ctx, const Context& whose) {
    JX_TRY(list, db_.read(no_deadline, [&](db::Tx& tx) { return notices(*engine_, tx, whose, {}); }));
    for (const auto& notice : list.items) {
      if (!notice.seen_at) JX_CHECK(db_.write(no_deadline, [&](db::Tx& tx) { return see_notice(*engine_, tx, ctx, notice.id); }));
    }
    return {};
  }

  void expect_told(const Then& then) {
    for (const auto& [person, expected] : then.notices.value_or(std::map<std::string, Names>{})) {
      auto list = db_.read(no_deadline, [&](db::Tx& tx) { return notices(*engine_, tx, context_of(person), {}); });
      ASSERT_TRUE(list) << list.error().text();
      Names found;
      for (const auto& notice : list->items) {
        if (notice.seen_at) continue;
        const auto task = db_.read(no_deadline, [&](db::Tx& tx) { return engine_->task(tx, context(""), notice.task); });
        ASSERT_TRUE(task) << task.error().text();
        found.push_back(std::string(name(notice.kind)) + " " + task->element);
      }
      EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(expected)) << "the notices of " << person;
    }
    for (const auto& [unit, expected] : then.lists.value_or(std::map<std::string, Names>{})) {
      const WorkQuery query{.scope = WorkQuery::Scope::units, .units = {UnitId::trusted(unit)}, .item = {}, .mark = {}, .text = {}};
      auto list = db_.read(no_deadline, [&](db::Tx& tx) { return open_work(*engine_, tx, context(""), query, {}); });
      ASSERT_TRUE(list) << list.error().text();
      Names found;
      for (const auto& t : list->items) found.push_back(t.element);
      EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(expected)) << "the list of " << unit;
    }
  }

  void expect_time(const Then& then, const CaseView& view) {
    if (then.statutory_on) {
      EXPECT_EQ(view.statutory && view.statutory->due_on ? view.statutory->due_on->text() : "none", *then.statutory_on);
    }
    for (const auto& task : view.tasks) {
      if (then.marks && then.marks->contains(task.element)) {
        EXPECT_EQ(name(task.mark), then.marks->at(task.element)) << task.element;
        expect_listed(task);
      }
      if (then.task_clock && then.task_clock->contains(task.element)) {
        EXPECT_EQ(task.clock ? task.clock->words.en : "none", then.task_clock->at(task.element));
      }
    }
    for (const auto& [kind, words] : then.last_words.value_or(std::map<std::string, std::string>{})) {
      const auto found = std::find_if(view.timeline.rbegin(), view.timeline.rend(), [&](const TimelineEvent& e) { return e.kind == kind; });
      EXPECT_EQ(found == view.timeline.rend() ? "none" : found->words.en, words);
    }
  }

  /// The mark that the calendar says is the mark by which the lists find a task.
  void expect_listed(const TaskView& task) {
    for (const auto mark : {Mark::yellow, Mark::red}) {
      const WorkQuery query{.scope = WorkQuery::Scope::units, .units = {task.unit}, .item = {}, .mark = mark, .text = {}};
      auto list = db_.read(no_deadline, [&](db::Tx& tx) { return open_work(*engine_, tx, context(""), query, {}); });
      ASSERT_TRUE(list) << list.error().text();
      EXPECT_EQ(std::ranges::count(list->items, task.id, &TaskView::id), task.mark == mark ? 1 : 0) << name(mark);
    }
  }

  static TaskView newest(const CaseView& view, const std::string& called_so) {
    TaskView found;
    for (const auto& t : view.tasks) {
      if (called(t) == called_so) found = t;
    }
    return found;
  }
  /// `opinion fire agree`; while it is open `opinion fire -`, taken back `opinion fire x`.
  static std::string line_of(const SideView& side) {
    const auto state = side.task.state == TaskState::done        ? (side.task.outcome.empty() ? "done" : side.task.outcome)
                       : side.task.state == TaskState::cancelled ? "x"
                                                                 : "-";
    return std::string(name(side.task.kind)) + " " + (side.task.unit.empty() ? "account" : side.task.unit.text()) + " " + state;
  }
  void expect_work(const Then& then, const CaseView& view) {
    const auto read = [&](auto&& f) { return db_.read(no_deadline, f); };
    const std::map<std::string, Names> none;
    for (const auto& [element, lines] : then.requests.value_or(none)) {
      auto sides = read([&](db::Tx& tx) { return sides_of(*engine_, tx, context(""), newest(view, element).id); });
      ASSERT_TRUE(sides) << sides.error().text();
      Names found;
      for (const auto& side : *sides) found.push_back(line_of(side));
      EXPECT_EQ(found, lines) << "what was asked beside " << element;
    }
    for (const auto& [element, lines] : then.answers.value_or(none)) {  // of a task that several units have: `fire agree`, `health - 2026-11-25`
      Names found;
      for (const auto& t : view.tasks) {
        if (called(t) != element) continue;
        const std::string due = t.due_on ? " " + t.due_on->text() : "";
        found.push_back(t.unit.text() + " " + (t.state == TaskState::done ? t.outcome : t.state == TaskState::cancelled ? "x" : "-" + due));
      }
      EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(lines)) << "the answers to " << element;
    }
    for (const auto& [element, steps] : then.returns.value_or(none)) {
      auto found = read([&](db::Tx& tx) { return returns_of(*engine_, tx, newest(view, element).id); });
      ASSERT_TRUE(found) << found.error().text();
      Names names;
      for (const auto& step : *found) names.push_back(step.element);
      EXPECT_EQ(names, steps) << "to where " << element << " can be sent back";
    }
    for (const auto& [who, acts] : then.actions.value_or(none)) {  // `li food_check`
      const auto cut = who.find(' ');
      auto found = read([&](db::Tx& tx) { return acts_on(*engine_, tx, context(who.substr(0, cut)), newest(view, who.substr(cut + 1))); });
      ASSERT_TRUE(found) << found.error().text();
      EXPECT_THAT(*found, ::testing::UnorderedElementsAreArray(acts)) << "what can be done: " << who;
    }
    for (const auto& [element, times] : then.urged.value_or(std::map<std::string, int>{}))
      EXPECT_EQ(newest(view, element).urged, times) << element << " was urged";
    if (then.comments) {
      auto found = read([&](db::Tx& tx) { return comments_of(tx, case_); });
      ASSERT_TRUE(found) << found.error().text();
      EXPECT_EQ(static_cast<int>(found->size()), *then.comments);
    }
  }

  void expect(const Then& then) {
    if (then.batch) {
      EXPECT_EQ(batch_, *then.batch);
    }
    expect_told(then);
    if (case_.nil()) return;
    auto view = db_.read(no_deadline, [&](db::Tx& tx) { return engine_->view(tx, context(""), case_); });
    ASSERT_TRUE(view) << view.error().text();
    if (then.state) {
      EXPECT_EQ(name(view->summary.state), *then.state);
    }
    if (then.due_on) {
      EXPECT_EQ(view->summary.due_on ? view->summary.due_on->text() : "none", *then.due_on);
    }
    if (then.clock) {
      EXPECT_EQ(view->clock ? view->clock->words.en : "none", *then.clock);
    }
    expect_time(then, *view);
    if (then.timeline) {
      Names kinds;
      for (const auto& e : view->timeline) kinds.push_back(e.kind);
      EXPECT_EQ(kinds, *then.timeline);
    }
    for (const auto& [person, elements] : then.work.value_or(std::map<std::string, Names>{})) {
      auto list = db_.read(no_deadline, [&](db::Tx& tx) { return engine_->work_list(tx, context_of(person), Engine::List::open, {}); });
      ASSERT_TRUE(list) << list.error().text();
      Names found;
      for (const auto& t : list->items) found.push_back(called(t));
      EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(elements)) << "the work list of " << person;
    }
    if (then.says) {
      ASSERT_FALSE(view->timeline.empty());
      EXPECT_EQ(view->timeline.back().words.en, *then.says);
    }
    expect_work(then, *view);
    auto report = ledger::check_state(db_, state_tables());
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_EQ(report->rows_altered, 0U);
  }

  db::Database& db_;
  const Given& given_;
  VirtualClock clock_;
  SeededRandom random_{1};
  Registry handlers_;
  std::map<std::string, Json> services_;
  std::shared_ptr<const calendar::Calendar> calendar_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Worker> worker_;
  CaseId case_;
  std::vector<CaseId> opened_;
  Names batch_;  // what became of each, of the last decide_all
};

class Stories : public db::OnBoth {
 protected:
  std::vector<const db::SqlBundle*> bundles() const override {
    return {&db::sql_bundle(), &ledger::sql_bundle(), &pack::sql_bundle(), &sql_bundle()};
  }

  void tell(const fs::path& path) {
    SCOPED_TRACE(path.filename().string());
    auto document = wire::parse_yaml(read_file(path));
    ASSERT_TRUE(document) << document.error().text();
    auto story = wire::decode<Story>(document->value());
    ASSERT_TRUE(story) << "line " << document->line_of(story.error().field) << ": " << story.error().text();
    County county(db(), story->given);
    county.build();
    for (const auto& step : story->story) {
      if (HasFatalFailure()) return;
      county.run(step);
    }
  }
};

TEST_P(Stories, come_out_as_they_are_told) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder / "cases")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  ASSERT_FALSE(files.empty());
  for (const auto& path : files) {
    tell(path);
    TearDown();  // the next story has a database of its own
    SetUp();
  }
  std::printf("%zu stories\n", files.size());
}

JX_ON_BOTH(Stories);

}  // namespace
}  // namespace jx::cases
