#include <jx/exchange/persons.hpp>
#include <jx/exchange/figures.hpp>

#include "test_gateway.hpp"

#include <array>
#include <barrier>
#include <regex>
#include <thread>

namespace jx::exchange {
namespace {

JX_ON_BOTH(Gateways);

TEST_P(Gateways, answers_only_granted_fields_masked_and_records_first) {
  const auto answer = gateway->call(context("market"), case_call());
  ASSERT_TRUE(answer) << answer.error().text();
  ASSERT_EQ(answer->rows.size(), 1U);
  EXPECT_EQ(answer->rows[0], (std::vector<boost::json::value>{"Wang Fang", "138****"}));
  const auto uses = uses_by("market");
  ASSERT_EQ(uses.size(), 1U);
  EXPECT_EQ(uses[0].id, answer->usage);
  EXPECT_EQ(uses[0].entry, answer->entry);
  EXPECT_EQ(uses[0].fields, (std::vector<std::string>{"name", "phone"}));
  EXPECT_EQ(uses[0].records, 1);
  const auto about = db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, facts.open_case.person, 10, ""); });
  ASSERT_EQ(about->items.size(), 1U);
}

TEST_P(Gateways, asks_the_source_for_no_column_that_is_not_needed) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  ASSERT_EQ(source.reads.size(), 1U);
  EXPECT_EQ(std::ranges::find(source.reads[0].columns, "secret"), source.reads[0].columns.end());
  ASSERT_EQ(source.reads[0].where.size(), 1U);
  EXPECT_EQ(source.reads[0].where[0].column, "cid");
  EXPECT_EQ(source.reads[0].where[0].value, "A1");
}

TEST_P(Gateways, holds_back_rows_that_the_rule_does_not_allow) {
  facts.open_case.codes = {{"cn.citizen-id", "B2"}};
  const auto answer = gateway->call(context("market"), case_call());
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_TRUE(answer->rows.empty());
  EXPECT_EQ(uses_by("market")[0].records, 0);
}

TEST_P(Gateways, refuses_what_the_grant_does_not_cover_and_records_the_refusal) {
  expect_refused("fire", case_call(), ErrorCode::forbidden, "not given to your unit");
  auto call = case_call();
  call.fields = {"secret"};
  expect_refused("market", call, ErrorCode::forbidden, "does not cover this field");
  facts.open_case.open = false;
  expect_refused("market", case_call(), ErrorCode::forbidden, "closed");
  facts.open_case.open = true;
  facts.open_case.item = ItemId::trusted("other");
  expect_refused("market", case_call(), ErrorCode::forbidden, "not for cases of this item");
  facts.open_case.item = ItemId::trusted("restaurant");
  facts.open_case.units = {};
  expect_refused("market", case_call(), ErrorCode::forbidden, "not handled by your unit");
  facts.day = LocalDate::of(2027, 1, 1);
  expect_refused("market", case_call(), ErrorCode::forbidden, "expired");
  facts.day = LocalDate::of(2025, 12, 31);
  expect_refused("market", case_call(), ErrorCode::forbidden, "not valid yet");
  EXPECT_TRUE(source.reads.empty());
  const auto uses = uses_by("market");
  EXPECT_EQ(uses.size(), 6U);
  EXPECT_EQ(uses_by("fire").size(), 1U);  // the refusal is the asking unit's, not the holder's
  EXPECT_TRUE(std::ranges::none_of(uses, [](const Usage& usage) { return !usage.refused; }));
}

TEST_P(Gateways, refuses_a_suspended_grant_at_the_next_call) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  const auto suspended = db().write(no_deadline, [&](db::Tx& tx) { return suspend(tx, context("data"), GrantId::trusted("by-case"), "complaint"); });
  ASSERT_TRUE(suspended) << suspended.error().text();
  expect_refused("market", case_call(), ErrorCode::forbidden, "suspended");
}

TEST_P(Gateways, refuse_a_grant_from_its_suspension_until_it_is_resumed_and_for_good_when_it_is_ended) {
  const auto id = GrantId::trusted("by-case");
  const auto act = [&](auto&& f) { return db().write(no_deadline, [&](db::Tx& tx) { return f(tx, context("data")); }); };
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return suspend(tx, ctx, id, "complaint"); }));
  expect_refused("market", case_call(), ErrorCode::forbidden, "suspended");
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return suspend(tx, ctx, id, "again"); }).error().code, ErrorCode::conflict);
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return resume(tx, ctx, id, " "); }).error().field, "/reason");
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return resume(tx, ctx, id, "settled"); }));
  EXPECT_TRUE(gateway->call(context("market"), case_call()));
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return confirm_disposal(tx, ctx, facts.day, id, "deleted"); }).error().code,
            ErrorCode::conflict);
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return end(tx, ctx, id, "the purpose is gone"); }));
  expect_refused("market", case_call(), ErrorCode::forbidden, "ended");
  apply({});  // the pack still lists it
  expect_refused("market", case_call(), ErrorCode::forbidden, "ended");
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return confirm_disposal(tx, ctx, facts.day, id, "deleted"); }));
  const auto record = db().read(no_deadline, [&](db::Tx& tx) { return grant_record(tx, facts.day, id); });
  ASSERT_TRUE(record) << record.error().text();
  EXPECT_EQ(record->ended_reason, "the purpose is gone");
  EXPECT_TRUE(record->disposed_at);
  const auto checked = ledger::check_state(db(), state_tables());
  ASSERT_TRUE(checked) << checked.error().text();
  EXPECT_EQ(checked->rows_altered, 0U);
}

TEST_P(Gateways, give_and_change_a_grant_by_request_which_a_pack_leaves_alone) {
  const CaseId request(Uuid{{5}});
  auto grant = *wire::decode<Grant>(R"({"id": "ds-1", "resource": "resident", "consumer": "fire", "binding": "programme", "programme": "inspections",
    "purpose": {"en": "Plan", "zh-CN": "计划"}, "legal_basis": [{"law": {"en": "Fire law", "zh-CN": "消防法"}}], "fields": [{"id": "name"}], "lookup": ["name"],
    "calls_per_minute": 10, "valid_from": "2026-01-01"})");
  const auto act = [&](auto&& f) { return db().write(no_deadline, [&](db::Tx& tx) { return f(tx, context("fire")); }); };
  auto wrong = grant;
  wrong.fields.push_back({"absent", {}});
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return give(tx, ctx, wrong, request); }).error().field, "/fields/1/id");
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return give(tx, ctx, grant, request); }));
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return give(tx, ctx, grant, request); }).error().code, ErrorCode::conflict);
  auto call = programme_call("Li Na");
  call.grant = grant.id;
  ASSERT_TRUE(gateway->call(context("fire"), call));
  grant.fields.push_back({"age", {}});
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return change(tx, ctx, grant, request); }));
  const auto answer = gateway->call(context("fire"), call);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->fields.size(), 2U) << "the change holds at the next call";
  auto of_pack = grant;
  of_pack.id = GrantId::trusted("by-programme");
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return change(tx, ctx, of_pack, request); }).error().code, ErrorCode::conflict);
  apply({});
  EXPECT_TRUE(gateway->call(context("fire"), call)) << "the pack does not list it";
  const auto checked = ledger::check_state(db(), state_tables());
  ASSERT_TRUE(checked) << checked.error().text();
  EXPECT_EQ(checked->rows_altered, 0U);
}

TEST_P(Gateways, refuse_a_resource_that_was_withdrawn_and_still_tell_of_its_uses) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  const auto gone = db().write(no_deadline, [&](db::Tx& tx) {
    return tx.run({"test.end", "UPDATE catalogue_resource SET ended_at = 1", "UPDATE catalogue_resource SET ended_at = 1"});
  });
  ASSERT_TRUE(gone);
  expect_refused("market", case_call(), ErrorCode::forbidden, "withdrawn");
  EXPECT_EQ(uses_by("market").size(), 2U);
  EXPECT_TRUE(db().read(no_deadline, [&](db::Tx& tx) { return grant(tx, facts.day, GrantId::trusted("by-case")); }));
}

TEST_P(Gateways, drops_an_answer_whose_grant_was_suspended_while_the_source_was_read) {
  source.while_reading = [&] {
    source.while_reading = nullptr;
    ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) { return suspend(tx, context("data"), GrantId::trusted("by-case"), "complaint"); }));
  };
  expect_refused("market", case_call(), ErrorCode::forbidden, "suspended");
  ASSERT_EQ(uses_by("market").size(), 1U);
  EXPECT_TRUE(uses_by("market")[0].refused);
}

TEST_P(Gateways, binds_a_programme_to_its_period_and_its_look_ups) {
  const auto answer = gateway->call(context("fire"), programme_call("Li"));
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->rows, (std::vector<std::vector<boost::json::value>>{{"Li Na", 44}}));
  EXPECT_EQ(uses_by("fire")[0].programme.text(), "inspections");
  const auto about = db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{3}}), 10, ""); });
  EXPECT_EQ(about->items.size(), 1U);  // the row was about a person who is known

  auto call = programme_call("Li");
  call.programme = ProgrammeId::trusted("other");
  expect_refused("fire", call, ErrorCode::forbidden, "another programme");
  call = programme_call("Li");
  call.where.clear();
  expect_refused("fire", call, ErrorCode::invalid, "at least one condition");
  expect_refused("fire", programme_call("L"), ErrorCode::invalid, "two characters");
  call = programme_call("Li");
  call.where[0].field = "phone";
  expect_refused("fire", call, ErrorCode::forbidden, "look up by this field");
  facts.day = LocalDate::of(2026, 12, 1);
  expect_refused("fire", programme_call("Li"), ErrorCode::forbidden, "not today");
}

TEST_P(Gateways, record_whose_data_was_read_for_a_firm_under_the_firm) {
  facts.code_of_firm = "C3";
  ASSERT_TRUE(gateway->call(context("fire"), programme_call("Li")));
  const auto about = [&](std::uint8_t id) {
    return db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{id}}), 10, ""); })->items.size();
  };
  EXPECT_EQ(about(7), 1U);
  EXPECT_EQ(about(3), 0U) << "the code is a firm's, and nobody else's";
}

TEST_P(Gateways, limits_the_calls_of_a_minute) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
  expect_refused("fire", programme_call("Wang"), ErrorCode::limited, "calls a minute");
  clock.advance(std::chrono::seconds(61));
  EXPECT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
}

TEST_P(Gateways, a_unit_that_is_refused_does_not_use_up_the_rate_of_the_one_that_holds_the_grant) {
  for (int i = 0; i < 8; ++i) expect_refused("market", programme_call("Wang"), ErrorCode::forbidden, "not given to your unit");
  EXPECT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
  EXPECT_EQ(uses_by("market").size(), 1U) << "what is refused again is on record once a minute";
  EXPECT_EQ(uses_by("fire").size(), 1U);
  clock.advance(std::chrono::seconds(61));
  expect_refused("market", programme_call("Wang"), ErrorCode::forbidden, "not given to your unit");
  EXPECT_EQ(uses_by("market").size(), 2U);
}

TEST_P(Gateways, records_once_a_minute_that_the_rate_is_used_up) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
  for (int i = 0; i < 3; ++i) expect_refused("fire", programme_call("Wang"), ErrorCode::limited, "calls a minute");
  EXPECT_EQ(uses_by("fire").size(), 6U);
  clock.advance(std::chrono::seconds(61));
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
  expect_refused("fire", programme_call("Wang"), ErrorCode::limited, "calls a minute");
  EXPECT_EQ(uses_by("fire").size(), 12U);
}

TEST_P(Gateways, drops_an_answer_whose_grant_resource_or_source_was_changed_while_it_was_read) {
  const auto changed = [](std::string_view text, std::string_view from, std::string_view to) {
    std::string out(text);
    return out.replace(out.find(from), from.size(), to);
  };
  const auto while_reading = [&](const std::map<std::string, std::string>& files) {
    source.while_reading = [&] { apply(files); };
    expect_refused("market", case_call(), ErrorCode::conflict, "changed while its data was read");
    EXPECT_TRUE(uses_by("market").empty());
    source.while_reading = nullptr;
    apply({});
  };
  while_reading({{"grants/by-case.yaml", changed(case_grant, "  - {id: name}\n", "  - {id: age}\n")}});
  while_reading({{"grants/by-case.yaml", changed(case_grant, "rows: age >= 18", "rows: age >= 40")}});
  while_reading({{"resources/resident.yaml", changed(resident_resource, "field: citizen_id}", "field: secret}")}});
  while_reading({{"sources/population.yaml", changed(resident_source, "p.sqlite", "q.sqlite")}});
  EXPECT_TRUE(gateway->call(context("market"), case_call()));
}

TEST_P(Gateways, records_nothing_as_read_when_the_source_is_down) {
  source.broken = Error{ErrorCode::unavailable, {"the source is down", "数据源不可用"}, {}, nullptr};
  expect_refused("market", case_call(), ErrorCode::unavailable, "down");
  EXPECT_TRUE(uses_by("market").empty());
}

TEST_P(Gateways, lets_only_the_applicant_authorise_a_read_for_a_draft) {
  facts.open_case.draft = true;
  auto call = case_call();
  expect_refused("market", call, ErrorCode::forbidden, "not handled by your unit");
  call.by_applicant = true;
  expect_refused("market", call, ErrorCode::forbidden, "only the applicant");
  facts.open_case.person = PersonId(Uuid{{8}});
  EXPECT_TRUE(gateway->call(context("market"), call));
}

TEST_P(Gateways, show_where_a_use_its_matter_or_its_persons_were_changed_by_hand) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  const auto altered = [&] { return ledger::check_state(db(), state_tables())->rows_altered; };
  const auto by_hand = [&](const char* sql) { ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) { return tx.script(sql); })); };
  const auto before = altered();
  EXPECT_TRUE(uses_with_other_persons(db())->empty());
  by_hand("UPDATE exchange_usage SET matter_number = 'another'");
  EXPECT_EQ(altered(), before + 1);
  ASSERT_TRUE(index_persons(db(), no_deadline));
  EXPECT_TRUE(uses_with_other_persons(db())->empty());
  by_hand("DELETE FROM exchange_usage_person");
  EXPECT_EQ(uses_with_other_persons(db())->size(), 1U);
}

TEST_P(Gateways, find_the_uses_of_a_persons_data_before_and_after_they_are_in_order_by_person) {
  const auto found = [&] { return *db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, facts.open_case.person, 10, ""); }); };
  const auto first = gateway->call(context("market"), case_call());
  ASSERT_TRUE(first) << first.error().text();
  ASSERT_TRUE(index_persons(db(), no_deadline));
  clock.advance(std::chrono::seconds(1));
  const auto second = gateway->call(context("market"), case_call());
  ASSERT_TRUE(second) << second.error().text();
  for (int i = 0; i < 2; ++i) {
    const auto uses = found().items;
    ASSERT_EQ(uses.size(), 2U);
    EXPECT_EQ(uses[0].id, second->usage);
    EXPECT_EQ(uses[1].id, first->usage);
    EXPECT_TRUE(uses_with_other_persons(db())->empty());
    ASSERT_TRUE(index_persons(db(), no_deadline));
  }
  // Taking it over was interrupted: it stands in both.
  ASSERT_TRUE(db().write(no_deadline, [&](db::Tx& tx) {
    return tx.script("INSERT INTO exchange_usage_person_new (usage, person) SELECT usage, person FROM exchange_usage_person");
  }));
  EXPECT_EQ(found().items.size(), 2U);
  EXPECT_TRUE(uses_with_other_persons(db())->empty());
}

TEST_P(Gateways, vouch_for_a_use_anew_when_its_draft_becomes_a_case) {
  ASSERT_TRUE(gateway->call(context("market"), case_call()));
  const auto uses = uses_by("market");
  const auto states = db().write(no_deadline, [&](db::Tx& tx) { return rebind(tx, *uses[0].matter, CaseId(Uuid{{9}}), "YX-2"); });
  ASSERT_TRUE(states) << states.error().text();
  ASSERT_EQ(states->size(), 1U);
  const auto now = db().read(no_deadline, [&](db::Tx& tx) { return ledger::state_of(tx, state_tables()[2], uses[0].id); });
  EXPECT_EQ(states->front().sha256, now->sha256);
}

/// A text with one piece of it put in place of another.
std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  return out.replace(out.find(from), from.size(), to);
}

Filter filter_of(boost::json::value json) { return *parse_filter(json); }

TEST_P(Gateways, filters_rows_by_granted_fields_only) {
  auto call = programme_call("Wang");
  call.filter = filter_of({{"field", "age"}, {"op", "ge"}, {"value", 18}});
  const auto answer = gateway->call(context("fire"), call);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->rows, (std::vector<std::vector<boost::json::value>>{{"Wang Fang", 30}}));
  EXPECT_EQ(uses_by("fire")[0].records, 1);
  call.fields = {"name"};  // what is filtered by need not be shown
  EXPECT_EQ(gateway->call(context("fire"), call)->rows, (std::vector<std::vector<boost::json::value>>{{"Wang Fang"}}));
  ASSERT_EQ(source.reads.back().columns.size(), 3U);
  call.filter = filter_of({{"not", {{"field", "secret"}, {"op", "eq"}, {"value", "x"}}}});
  expect_refused("fire", call, ErrorCode::forbidden, "does not cover this field");
}

TEST_P(Gateways, send_nothing_of_a_filter_to_the_source) {
  for (const char* value : {"' OR 1=1 --", "\"; DROP TABLE resident; --", "%", "\\", "x') UNION SELECT secret FROM resident --"}) {
    auto call = programme_call("Wang");
    call.filter = filter_of({{"field", "name"}, {"op", "eq"}, {"value", value}});
    source.reads.clear();
    const auto answer = gateway->call(context("fire"), call);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_TRUE(answer->rows.empty());
    ASSERT_EQ(source.reads.size(), 1U);
    ASSERT_EQ(source.reads[0].where.size(), 1U);
    EXPECT_EQ(source.reads[0].where[0].value, "Wang");
    call.filter = filter_of({{"field", value}, {"op", "eq"}, {"value", 1}});
    expect_refused("fire", call, ErrorCode::forbidden, "does not cover this field");
    clock.advance(std::chrono::minutes(2));
  }
}

TEST_P(Gateways, do_not_let_a_masked_field_be_found_out_by_filtering) {
  auto call = case_call();
  call.filter = filter_of({{"field", "phone"}, {"op", "eq"}, {"value", "13812345678"}});
  expect_refused("market", call, ErrorCode::forbidden, "masked");
  EXPECT_TRUE(source.reads.empty());
}

TEST_P(Gateways, limit_the_records_of_a_day) {
  apply({{"grants/by-programme.yaml", std::string(programme_grant) + "records_per_day: 3\n"}});
  ASSERT_EQ(gateway->call(context("fire"), programme_call("Wang"))->rows.size(), 2U);
  expect_refused("fire", programme_call("Wang"), ErrorCode::limited, "3 records in 24 hours");  // one more would be allowed, two are not
  EXPECT_TRUE(gateway->call(context("fire"), programme_call("Li")));
  const auto reads = source.reads.size();
  expect_refused("fire", programme_call("Li"), ErrorCode::limited, "3 records in 24 hours");
  EXPECT_EQ(source.reads.size(), reads);
  EXPECT_TRUE(uses_by("fire")[0].refused);
  clock.advance(std::chrono::hours(25));
  EXPECT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
}

TEST_P(Gateways, answer_yes_no_or_unknown_where_a_grant_only_verifies) {
  const auto verifying = with(with(with(programme_grant, "[{id: name}, {id: age}]", "[]"), "[name]", "[citizen_id]"), "calls_per_minute: 5",
                              "calls_per_minute: 50\nverify: age >= 18 and secret != \"w\"");
  apply({{"grants/by-programme.yaml", verifying}});
  const auto ask = [&](const char* id) {
    auto call = programme_call("");
    call.where = {{"citizen_id", Op::eq, id}};
    auto answer = gateway->call(context("fire"), call);
    EXPECT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(answer->fields.size(), 1U);
    EXPECT_EQ(answer->fields[0].id, verdict_field);
    EXPECT_EQ(answer->rows.size(), 1U);
    EXPECT_EQ(answer->rows[0].size(), 1U);
    return std::string(answer->rows[0][0].as_string());
  };
  EXPECT_EQ(ask("A1"), "yes");
  EXPECT_EQ(ask("B2"), "no");
  EXPECT_EQ(ask("Z9"), "unknown");
  source.rows[2]["age"] = nullptr;
  EXPECT_EQ(ask("C3"), "unknown");
  EXPECT_TRUE(uses_by("fire")[0].fields.empty());

  auto call = programme_call("");
  call.where = {{"citizen_id", Op::starts_with, "A1"}};
  expect_refused("fire", call, ErrorCode::forbidden, "whole values");
  call.where = {{"citizen_id", Op::eq, "A1"}};
  call.fields = {"name"};
  expect_refused("fire", call, ErrorCode::forbidden, "does not cover this field");
  call.fields.clear();
  call.filter = filter_of({{"field", "age"}, {"op", "eq"}, {"value", 30}});
  expect_refused("fire", call, ErrorCode::forbidden, "takes no filter");
}

TEST_P(Gateways, mask_by_name) {
  const auto masked = with(with(programme_grant, "{id: name}, {id: age}",
                                "{id: name, mask: partial}, {id: phone, mask: partial}, {id: age, mask: generalise}, "
                                "{id: secret, mask: drop}"),
                           "[name]", "[citizen_id]");
  apply({{"grants/by-programme.yaml", masked}});
  auto call = programme_call("");
  call.where = {{"citizen_id", Op::eq, "A1"}};
  const auto answer = gateway->call(context("fire"), call);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->rows, (std::vector<std::vector<boost::json::value>>{{"W****g", "138****5678", "30-39", nullptr}}));
}

TEST_P(Gateways, count_calls_records_and_refusals_by_the_hour) {
  const auto since = clock.now();
  ASSERT_TRUE(gateway->call(context("fire"), programme_call("Wang")));
  clock.advance(std::chrono::minutes(59));
  auto beyond = programme_call("Wang");
  beyond.fields = {"secret"};
  expect_refused("fire", beyond, ErrorCode::forbidden, "does not cover this field");
  clock.advance(std::chrono::hours(25));
  ASSERT_TRUE(gateway->call(context("fire"), programme_call("Li")));
  ASSERT_TRUE(gateway->call(context("market"), case_call()));

  const auto read = [&](Instant from) {
    auto list = db().read(no_deadline, [&](db::Tx& tx) { return figures(tx, GrantId::trusted("by-programme"), from); });
    EXPECT_TRUE(list) << list.error().text();
    std::vector<std::array<std::int64_t, 4>> rows;
    for (const auto& one : *list) rows.push_back({(one.at - from) / figure_step, one.answered, one.refused, one.records});
    return rows;
  };
  EXPECT_EQ(read(since), (std::vector<std::array<std::int64_t, 4>>{{0, 1, 1, 2}, {25, 1, 0, 1}}));
  EXPECT_EQ(read(since + std::chrono::hours(1)), (std::vector<std::array<std::int64_t, 4>>{{24, 1, 0, 1}}));
  const auto all = db().read(no_deadline, [&](db::Tx& tx) { return usage_of_all(tx, 200, ""); });
  ASSERT_TRUE(all);
  EXPECT_EQ(all->items.size(), 4U);
}

TEST_P(Gateways, find_fault_with_a_grant_that_cannot_be_kept) {
  const auto resource = db().read(no_deadline, [&](db::Tx& tx) { return catalogue::resource(tx, ResourceId::trusted("resident")); });
  auto view = db().read(no_deadline, [&](db::Tx& tx) { return grant(tx, facts.day, GrantId::trusted("by-programme")); });
  ASSERT_TRUE(view);
  EXPECT_TRUE(faults_of(view->grant, *resource).empty());
  view->grant.verify = "age >=";
  view->grant.records_per_day = 0;
  std::vector<std::string> pointers;
  for (const auto& fault : faults_of(view->grant, *resource)) pointers.push_back(fault.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/fields", "/verify", "/records_per_day"}));
}

// A code of digits alone may be a number in the source and in the description.
TEST_P(Gateways, names_whose_data_was_read_where_codes_are_numbers) {
  apply({{"resources/resident.yaml",
          std::regex_replace(std::string(resident_resource), std::regex("Citizen id\\}, type: text"), "Citizen id}, type: integer")}});
  facts.code_of_firm = "4711";
  source.rows[2]["cid"] = "4711";
  ASSERT_TRUE(gateway->call(context("fire"), programme_call("Li")));
  const auto page = db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{7}}), 10, ""); });
  ASSERT_TRUE(page);
  EXPECT_EQ(page->items.size(), 1U);
}

TEST_P(Gateways, names_who_was_asked_for_although_nothing_was_found) {
  apply({{"grants/by-programme.yaml", std::regex_replace(std::string(programme_grant), std::regex("\\{id: age\\}\\]\nlookup: \\[name\\]"),
                                                         "{id: age}, {id: citizen_id}]\nlookup: [name, citizen_id]")}});
  const auto about = [&] { return db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{3}}), 10, ""); })->items; };
  source.rows.pop_back();
  auto call = programme_call("Li");
  call.where = {{"citizen_id", Op::eq, "C3"}};
  ASSERT_TRUE(gateway->call(context("fire"), call));
  ASSERT_EQ(about().size(), 1U);
  EXPECT_EQ(about()[0].records, 1);
  call = programme_call("Wang");
  call.filter = *parse_filter(
      boost::json::object{{"not", boost::json::object{{"field", "citizen_id"}, {"op", "in"}, {"value", boost::json::array{"C3", "A1"}}}}});
  ASSERT_TRUE(gateway->call(context("fire"), call));
  EXPECT_EQ(about().size(), 2U);
}

TEST_P(Gateways, keep_no_text_of_a_caller_who_is_refused) {
  auto call = case_call();
  call.fields = {"name", std::string(60'000, 'x'), "secret", "name"};
  expect_refused("market", call, ErrorCode::forbidden, "does not cover this field");
  ASSERT_EQ(uses_by("market").size(), 1U);
  EXPECT_EQ(uses_by("market")[0].fields, (std::vector<std::string>{"name", "secret"}));
}

TEST_P(Gateways, find_out_no_value_letter_by_letter_that_is_not_shown) {
  auto call = case_call();
  call.where = {{"citizen_id", Op::starts_with, "A1"}};
  expect_refused("market", call, ErrorCode::forbidden, "whole value");
  call.where[0].op = Op::contains;
  expect_refused("market", call, ErrorCode::forbidden, "whole value");
  EXPECT_TRUE(source.reads.empty());
  call.where[0].op = Op::eq;
  EXPECT_TRUE(gateway->call(context("market"), call));
  apply({{"grants/by-programme.yaml", std::regex_replace(std::string(programme_grant), std::regex("\\{id: name\\}"), "{id: name, mask: partial}")}});
  expect_refused("fire", programme_call("Wang"), ErrorCode::forbidden, "whole value");
}

TEST_P(Gateways, ask_a_source_about_the_applicant_before_whatever_the_caller_names) {
  auto call = case_call();
  call.where = {{"citizen_id", Op::eq, "C3"}};
  ASSERT_TRUE(gateway->call(context("market"), call));
  ASSERT_EQ(source.reads.size(), 1U);
  EXPECT_EQ(source.reads[0].where[0].value, "A1");
}

TEST_P(Gateways, turn_no_pages_of_an_answer_that_has_one) {
  auto call = programme_call("Wang");
  call.count = true;
  call.cursor = "2";
  expect_refused("fire", call, ErrorCode::invalid, "one page");
}

TEST_P(Gateways, ask_for_the_caller_s_right_again_after_a_slow_read) {
  bool right = true;
  const auto may = [&](db::Tx&) { return right ? Result<>() : Result<>(fail(ErrorCode::forbidden, {"not any more", "无权"})); };
  source.while_reading = [&] {
    right = false;
    clock.advance(std::chrono::seconds(2));
  };
  const auto answer = gateway->call(context("market"), case_call(), may);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message.en, "not any more");
  EXPECT_TRUE(uses_by("market").empty());
}

/// Two calls meet when both have counted the records of the day and neither has recorded its own.
struct Meeting final : Random {
  explicit Meeting(std::barrier<>& both) : both_(both) {}
  void fill(std::span<std::uint8_t> out) override {
    system_.fill(out);
    if (++asked_ == 2) both_.arrive_and_wait();  // first the nonce, then the id of the use; a second try of the act waits for nobody
  }

 private:
  std::barrier<>& both_;
  SystemRandom system_;
  int asked_ = 0;
};

TEST_P(Gateways, keep_to_the_records_of_a_day_when_two_calls_are_made_side_by_side) {
  if (GetParam() == db::Dialect::sqlite) GTEST_SKIP() << "there one act follows the other";
  apply({{"grants/by-programme.yaml", std::string(programme_grant) + "records_per_day: 1\n"}});
  struct OneRow final : Sources {
    Result<ReadRows> read(const Read& read, Instant) override {
      return ReadRows{{std::vector<boost::json::value>(read.columns.size(), "1")}, false, false};
    }
  } one_row;
  Gateway both_use(db(), one_row, facts);
  std::barrier<> both(2);
  std::array<std::optional<ErrorCode>, 2> failed;
  {
    std::array<std::jthread, 2> callers;
    for (std::size_t i = 0; i < callers.size(); ++i) {
      callers[i] = std::jthread([&, i] {
        Meeting meeting(both);
        const auto usual = context("fire");
        const Context ctx{usual.actor, usual.deadline, usual.request, usual.clock, meeting, usual.language};
        const auto answer = both_use.call(ctx, programme_call("Wang"));
        if (!answer) failed[i] = answer.error().code;
        both.arrive_and_drop();
      });
    }
  }
  EXPECT_NE(failed[0].has_value(), failed[1].has_value()) << "one is answered";
  EXPECT_EQ(failed[0] ? failed[0] : failed[1], ErrorCode::limited);
}

}  // namespace
}  // namespace jx::exchange
