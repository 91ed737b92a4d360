// Deliveries against both databases, from a source made up here.
#include "delivery_make.hpp"
#include "test_deliveries.hpp"

#include <jx/exchange/delays.hpp>
#include <jx/exchange/retention.hpp>

#include <boost/json/parse.hpp>

namespace jx::exchange {
namespace {

using namespace deliveries_testing;  // NOLINT(*-using-namespace): what this file tests with

struct DeliveriesOf : MadeDeliveries {};
JX_ON_BOTH(DeliveriesOf);

TEST_P(DeliveriesOf, hold_only_granted_columns_and_rows_masked) {
  const auto delivered = made();
  EXPECT_EQ(delivered.state, DeliveryState::released) << (delivered.why ? delivered.why->en : "");
  EXPECT_EQ(text(delivered.id),
            "{\"citizen_id\":\"A1\",\"name\":\"Wang Fang\",\"phone\":\"138****5678\"}\n"
            "{\"citizen_id\":\"C3\",\"name\":\"Li \\\"Na\\\"\",\"phone\":\"137****0000\"}\n");
  EXPECT_EQ(source.asked, (std::vector<std::string>{"cid", "full_name", "tel", "age"})) << "the rule's column is asked for, and never leaves";
  EXPECT_EQ(delivered.records, 2);
  const auto recorded = uses();
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_EQ(recorded[0].id, delivered.usage);
  EXPECT_EQ(recorded[0].records, 2);
  EXPECT_EQ(recorded[0].fields, (std::vector<std::string>{"citizen_id", "name", "phone"}));
  EXPECT_EQ(recorded[0].programme.text(), "inspections");
  const auto about = db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{3}}), 10, ""); });
  EXPECT_EQ(about->items.size(), 1U) << "she finds it among what was read about her";
  expect_sound();
}

TEST_P(DeliveriesOf, are_files_of_csv_with_a_header_too) {
  apply(with(files_grant, "{format: ndjson, changes: true}", "{format: csv, changes: false}"));
  source.people[0].name = "Wang, Fang";
  EXPECT_EQ(text(made().id), "citizen_id,name,phone\r\nA1,\"Wang, Fang\",138****5678\r\nC3,\"Li \"\"Na\"\"\",137****0000\r\n");
}

TEST_P(DeliveriesOf, are_ordered_by_the_grants_own_unit_for_its_programme_alone) {
  const auto as = [&](const char* unit, const char* of) {
    return act(
        [&](db::Tx& tx, const Context& ctx) {
          return order_delivery(tx, ctx, facts.day, {GrantId::trusted("files"), ProgrammeId::trusted(of), DeliveryKind::snapshot, {}});
        },
        unit);
  };
  EXPECT_EQ(as("market", "inspections").error().code, ErrorCode::forbidden);
  EXPECT_EQ(as("fire", "other").error().code, ErrorCode::forbidden);
  EXPECT_EQ(order(DeliveryKind::changes).error().code, ErrorCode::conflict) << "nothing was acknowledged";
  EXPECT_EQ(order(DeliveryKind::snapshot, boost::json::parse(R"({"field": "phone", "op": "eq", "value": "1"})")).error().code, ErrorCode::forbidden);
  EXPECT_EQ(order(DeliveryKind::snapshot, boost::json::parse(R"({"field": "name", "op": "like", "value": "1"})")).error().code, ErrorCode::invalid);
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return suspend(tx, ctx, GrantId::trusted("files"), "a complaint"); }));
  EXPECT_EQ(order().error().code, ErrorCode::forbidden);
  apply(with(files_grant, "delivery: {format: ndjson, changes: true}\n", ""));
  EXPECT_EQ(order().error().code, ErrorCode::forbidden);
}

TEST_P(DeliveriesOf, take_a_filter) {
  const auto ordered = order(DeliveryKind::snapshot, boost::json::parse(R"({"field": "citizen_id", "op": "eq", "value": "C3"})"));
  ASSERT_TRUE(ordered) << ordered.error().text();
  make_all();
  EXPECT_EQ(now(ordered->id).records, 1);
}

TEST_P(DeliveriesOf, are_not_released_when_the_grant_was_suspended_while_they_were_made) {
  const auto ordered = order();
  source.at_row = [&](std::size_t row) -> Result<> {
    if (row == 1) JX_CHECK(act([&](db::Tx& tx, const Context& ctx) { return suspend(tx, ctx, GrantId::trusted("files"), "a complaint"); }));
    return {};
  };
  make_all();
  const auto failed = now(ordered->id);
  EXPECT_EQ(failed.state, DeliveryState::failed);
  ASSERT_TRUE(failed.why);
  EXPECT_NE(failed.why->en.find("suspended"), std::string::npos);
  EXPECT_TRUE(uses().empty());
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "deliveries" / ordered->id.text()));
  expect_sound();
}

TEST_P(DeliveriesOf, are_stopped_in_the_middle_when_the_grant_is_ended) {
  source.people.assign(static_cast<std::size_t>(rows_between_checks) * 3, source.people[0]);
  for (std::size_t i = 0; i < source.people.size(); ++i) source.people[i].id = "A" + std::to_string(i);
  const auto ordered = order();
  std::size_t read = 0;
  source.at_row = [&](std::size_t row) -> Result<> {
    read = row;
    if (row == 100) JX_CHECK(act([&](db::Tx& tx, const Context& ctx) { return end(tx, ctx, GrantId::trusted("files"), "over"); }));
    return {};
  };
  make_all();
  EXPECT_EQ(now(ordered->id).state, DeliveryState::failed);
  EXPECT_LT(read, static_cast<std::size_t>(rows_between_checks)) << "the source was read to its end";
}

TEST_P(DeliveriesOf, keep_to_the_records_of_a_day) {
  apply(std::string(files_grant) + "records_per_day: 1\n");
  EXPECT_EQ(made().state, DeliveryState::failed);
  EXPECT_TRUE(uses().empty());
}

TEST_P(DeliveriesOf, begin_anew_where_an_attempt_was_broken_off) {
  const auto ordered = order();
  source.at_row = [&](std::size_t row) -> Result<> {
    if (row == 2) {
      source.at_row = nullptr;
      return fail(ErrorCode::unavailable, {"the source is down", "数据源不可用"});
    }
    return {};
  };
  make_all();
  EXPECT_EQ(now(ordered->id).state, DeliveryState::ordered);
  clock.advance(std::chrono::hours(1));
  make_all();
  const auto whole = now(ordered->id);
  EXPECT_EQ(whole.state, DeliveryState::released);
  EXPECT_EQ(whole.attempts, 2);
  EXPECT_EQ(whole.records, 2);
  expect_sound();
}

TEST_P(DeliveriesOf, of_a_worker_that_is_heard_of_no_more_are_taken_over_and_its_release_is_refused) {
  const auto ordered = order();
  auto second = make_worker();
  bool begun = false;
  source.at_row = [&](std::size_t row) -> Result<> {
    if (row != 1 || begun) return {};
    begun = true;
    clock.advance(delivery_lease * 2);
    const auto done = second->step();
    EXPECT_TRUE(done && *done);
    return {};
  };
  make_all();
  const auto whole = now(ordered->id);
  EXPECT_EQ(whole.state, DeliveryState::released);
  EXPECT_EQ(whole.attempts, 2);
  EXPECT_EQ(uses().size(), 1U);
  EXPECT_TRUE(file(ordered->id));
  expect_sound();
}

TEST_P(DeliveriesOf, of_changes_say_what_is_new_different_and_gone) {
  const auto first = made();
  acknowledge_it(first.id);
  EXPECT_EQ(file(first.id).error().code, ErrorCode::conflict) << "it is acknowledged";
  source.people.erase(source.people.begin());        // A1 is gone
  source.people[0].age = 18;                         // B2 is one of them now
  source.people[1].phone = "13700009999";            // C3 is different
  source.people.push_back({"D4", "Zhao", "1", 17});  // not of age
  const auto second = made(DeliveryKind::changes);
  ASSERT_EQ(second.state, DeliveryState::released) << (second.why ? second.why->en : "");
  EXPECT_EQ(second.base, first.id);
  EXPECT_EQ(text(second.id),
            "{\"op\":\"delete\",\"citizen_id\":\"A1\"}\n"
            "{\"op\":\"insert\",\"citizen_id\":\"B2\",\"name\":\"Wang Wei\",\"phone\":\"139****0000\"}\n"
            "{\"op\":\"update\",\"citizen_id\":\"C3\",\"name\":\"Li \\\"Na\\\"\",\"phone\":\"137****9999\"}\n");
  acknowledge_it(second.id);
  const auto third = made(DeliveryKind::changes);
  EXPECT_EQ(third.base, second.id);
  EXPECT_EQ(third.records, 0);
  EXPECT_EQ(text(third.id), "");
  expect_sound();
}

TEST_P(DeliveriesOf, of_changes_are_superseded_when_the_consumer_has_taken_others) {
  const auto first = made();
  acknowledge_it(first.id);
  source.people[0].name = "Wang Fei";
  const auto one = made(DeliveryKind::changes);
  const auto other = made(DeliveryKind::changes);
  acknowledge_it(other.id);
  EXPECT_EQ(now(one.id).state, DeliveryState::superseded);
  make_all();
  EXPECT_FALSE(file(one.id));
  expect_sound();
}

TEST_P(DeliveriesOf, of_changes_have_no_base_in_another_format_or_by_another_key) {
  acknowledge_it(made().id);
  ASSERT_TRUE(order(DeliveryKind::changes));
  apply(with(files_grant, "format: ndjson", "format: csv"));
  EXPECT_EQ(order(DeliveryKind::changes).error().code, ErrorCode::conflict);
  apply(with(files_grant, "changes: true", "changes: true, key: name"));
  EXPECT_EQ(order(DeliveryKind::changes).error().code, ErrorCode::conflict);
}

TEST_P(DeliveriesOf, of_changes_need_a_key_that_is_one) {
  source.people[2].id = "A1";
  const auto twice = made();
  EXPECT_EQ(twice.state, DeliveryState::failed);
  EXPECT_NE(twice.why->en.find("key field"), std::string::npos);
}

TEST_P(DeliveriesOf, are_sent_again_recalled_and_destroyed) {
  const auto first = made();
  acknowledge_it(first.id);
  const auto again = act([&](db::Tx& tx, const Context& ctx) { return resend(tx, ctx, facts.day, first.id); });
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_TRUE(file(first.id));
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return recall(tx, ctx, first.id, " "); }).error().code, ErrorCode::invalid);
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return recall(tx, ctx, first.id, "a fault in the source"); }, "police"));
  EXPECT_EQ(file(first.id).error().code, ErrorCode::conflict);
  make_all();
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "deliveries" / first.id.text()));
  EXPECT_EQ(order(DeliveryKind::changes).error().code, ErrorCode::conflict) << "what was recalled is no base";
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return confirm_destruction(tx, ctx, first.id, "shredded"); }));
  EXPECT_EQ(act([&](db::Tx& tx, const Context& ctx) { return confirm_destruction(tx, ctx, first.id, "twice"); }).error().code, ErrorCode::conflict);
  EXPECT_TRUE(now(first.id).destroyed_at);
  expect_sound();
}

TEST_P(DeliveriesOf, expire_and_leave_the_index_that_changes_are_told_by) {
  const auto first = made();
  acknowledge_it(first.id);
  const auto never = made();
  clock.advance(std::chrono::days(delivery_days) + std::chrono::hours(1));
  make_all();
  EXPECT_EQ(now(first.id).state, DeliveryState::expired);
  EXPECT_EQ(now(never.id).state, DeliveryState::expired);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "deliveries" / never.id.text()));
  source.people[0].name = "Wang Fei";
  const auto changes = made(DeliveryKind::changes);
  EXPECT_EQ(changes.records, 1) << (changes.why ? changes.why->en : "");
  acknowledge_it(changes.id);
  make_all();
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "deliveries" / first.id.text())) << "nobody needs its index any more";
  expect_sound();
}

TEST_P(DeliveriesOf, of_a_grant_that_is_ended_are_deleted_with_their_index) {
  const auto first = made();
  acknowledge_it(first.id);
  const auto second = made();
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return end(tx, ctx, GrantId::trusted("files"), "over"); }));
  EXPECT_EQ(file(second.id).error().code, ErrorCode::forbidden);
  make_all();
  EXPECT_EQ(now(second.id).state, DeliveryState::expired);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "deliveries"));
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return confirm_destruction(tx, ctx, second.id, "shredded"); }));
  expect_sound();
}

TEST_P(DeliveriesOf, superseded_while_they_are_made_leave_nothing) {
  acknowledge_it(made().id);
  const auto whole = made();
  const auto changes = order(DeliveryKind::changes);
  ASSERT_TRUE(changes);
  source.at_row = [&](std::size_t row) -> Result<> {
    if (row == 1) acknowledge_it(whole.id);
    return {};
  };
  make_all();
  EXPECT_EQ(now(changes->id).state, DeliveryState::superseded);
  EXPECT_EQ(uses().size(), 2U);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "deliveries" / changes->id.text()));
  expect_sound();
}

TEST_P(DeliveriesOf, come_by_themselves_once_a_cycle_until_three_are_not_acknowledged) {
  apply(with(files_grant, "changes: true", "changes: true, every: daily"));
  const auto listed = [&] {
    return db().read(no_deadline, [&](db::Tx& tx) { return deliveries_of(tx, {UnitId::trusted("police"), {}}, 200, ""); })->items;
  };
  const auto day = [&] {
    facts.day = facts.day + 1;
    clock.advance(std::chrono::hours(24));
    ASSERT_TRUE(worker->subscribe());
    ASSERT_TRUE(worker->subscribe());
    make_all();
  };
  for (int i = 0; i < 5; ++i) day();
  EXPECT_EQ(listed().size(), 3U);
  const auto held = db().read(no_deadline, [&](db::Tx& tx) { return subscriptions_of(tx, facts.day, UnitId::trusted("fire")); });
  ASSERT_EQ(held->size(), 1U);
  EXPECT_TRUE(held->front().held_back);
  acknowledge_it(listed()[0].id);
  clock.advance(std::chrono::hours(1));
  ASSERT_TRUE(worker->subscribe());
  make_all();
  ASSERT_EQ(listed().size(), 4U);
  EXPECT_EQ(listed()[0].kind, DeliveryKind::changes);
  facts.day = LocalDate::of(2026, 12, 1);  // the programme is over
  ASSERT_TRUE(worker->subscribe());
  EXPECT_EQ(listed().size(), 4U);
  expect_sound();
}

TEST(RowSorter, gives_a_million_keys_in_order_from_runs_on_the_disk) {
  const db::TempFolder folder;
  RowSorter sorter(folder.path());
  const std::string line(60, 'x');
  for (std::uint32_t i = 0; i < 1'000'000; ++i) ASSERT_TRUE(sorter.add(std::to_string((std::uint64_t{i} * 7'919U) % 1'000'003U), {}, line));
  std::string last;
  std::size_t count = 0;
  ASSERT_TRUE(sorter.merge([&](std::string_view key, const RowHash&, std::string_view of) -> Result<> {
    EXPECT_LT(last, key);
    EXPECT_EQ(of, line);
    last = key;
    ++count;
    return {};
  }));
  EXPECT_EQ(count, 1'000'000U);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

/// Every mask of the house on every kind of cell says what FEEL says, in both formats.
TEST(CellWriters, mask_as_the_expressions_of_the_masks_do) {
  using enum catalogue::FieldType;
  const std::vector<Cell> cells{std::monostate(),
                                true,
                                std::int64_t{0},
                                std::int64_t{-7},
                                std::int64_t{1234567},
                                std::int64_t{INT64_MAX},
                                0.5,
                                -12.75,
                                1e300,
                                std::string_view(""),
                                std::string_view("a"),
                                std::string_view("abcd"),
                                std::string_view("abcde"),
                                std::string_view("13812345678"),
                                std::string_view("王小明"),
                                std::string_view("云溪县溪口镇老街17号"),
                                std::string_view("城关街道镇"),
                                std::string_view("乡"),
                                std::string_view("1985-02-28"),
                                std::string_view("1985-02-30"),
                                std::string_view("a,\"b\"\r\n\t\x01"),
                                std::string_view("12"),
                                std::string_view("0985-01-01")};
  const db::TempFolder keys_folder;
  const auto keys = crypto::KeyRing::create(keys_folder.path() / "masks.keys");
  ASSERT_TRUE(keys);
  for (const auto type : {text, integer, number, date, boolean}) {
    for (const char* mask : {"partial", "generalise", "drop", "string length(value)", "value", "pseudonym"}) {
      for (const auto format : {DeliveryFormat::ndjson, DeliveryFormat::csv}) {
        catalogue::Field field;
        field.type = type;
        auto writer = CellWriter::make(field, mask, format, {UnitId::trusted("fire"), ResourceId::trusted("resident"), &*keys});
        ASSERT_TRUE(writer);
        for (std::size_t i = 0; i < cells.size() * 2; ++i) {  // the second time from what is remembered
          std::string scratch, fast, feel;
          const auto cell = typed_cell(type, cells[i % cells.size()], scratch);
          writer->append(cell, fast);
          writer->append_by_feel(cell, feel);
          EXPECT_EQ(fast, feel) << mask << " of cell " << i << " as type " << static_cast<int>(type);
        }
      }
    }
  }
}

TEST(CellWriters, write_json_that_reads_back) {
  for (const std::string_view cell : {"", "plain", "\"quoted\\\"", "\n\r\t\x01\x1f", "汉字🙂", "\x7f"}) {
    std::string out;
    append_json(cell, out);
    EXPECT_EQ(boost::json::parse(out).as_string(), cell);
  }
  std::string out;
  append_json("\xff\xfe", out);
  EXPECT_EQ(out, "\"\xef\xbf\xbd\"");
}

TEST_P(DeliveriesOf, names_whose_data_was_delivered_where_codes_are_numbers) {
  facts.known = "3";
  source.people = {{"3", "Li Na", "13700000000", 44}};
  apply(files_grant, with(resident, "Citizen id}, type: text", "Citizen id}, type: integer"));
  const auto done = made();
  ASSERT_EQ(done.state, DeliveryState::released);
  EXPECT_EQ(db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{3}}), 10, ""); })->items.size(), 1U);
}

TEST_P(DeliveriesOf, is_kept_counted_and_told_by_the_time_of_its_release) {
  const auto before = *Instant::parse("2026-11-20T16:00:00Z");
  clock.advance_to(before - std::chrono::hours(2));
  const auto ordered = order();
  ASSERT_TRUE(ordered);
  clock.advance_to(before + std::chrono::minutes(5));
  facts.day = LocalDate::of(2026, 11, 21);
  make_all();
  const auto between = [&](Instant from, Instant until) {
    return db().read(no_deadline, [&](db::Tx& tx) { return usage_between(tx, from, until); })->lines.size();
  };
  EXPECT_EQ(between(before - std::chrono::days(1), before), 0U);
  EXPECT_EQ(between(before, before + std::chrono::days(1)), 1U);
  const auto told = [&](Instant from, Instant until) {
    return db().read(no_deadline, [&](db::Tx& tx) { return reads_between(tx, from, until, clock.now()); })->size();
  };
  EXPECT_EQ(told(before - std::chrono::days(1), before), 0U);
  EXPECT_EQ(told(before, before + std::chrono::days(1)), 1U);

  clock.advance_to(clock.now() + std::chrono::days(4 * 365));
  const auto moved = move_usage(db(), context("data"), folder.path() / "usage", clock.now() - std::chrono::days(3 * 365));
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(moved->uses, 1);
  EXPECT_EQ(moved->left, 0);
  const auto found = db().read(no_deadline, [&](db::Tx& tx) { return moved_usage(tx, ordered->usage); });
  ASSERT_TRUE(found) << found.error().text();
  EXPECT_EQ(found->consumer.text(), "fire");
  expect_sound();
}

TEST_P(DeliveriesOf, are_not_ordered_while_three_wait_to_be_acknowledged) {
  const auto first = made();
  made();
  made();
  EXPECT_EQ(order().error().code, ErrorCode::limited);
  acknowledge_it(first.id);
  EXPECT_TRUE(order());
}

TEST_P(DeliveriesOf, made_under_other_fields_are_not_handed_out_after_a_change) {
  auto grant = db().read(no_deadline, [&](db::Tx& tx) { return exchange::grant(tx, facts.day, GrantId::trusted("files")); })->grant;
  grant.id = GrantId::trusted("ds-1");
  const CaseId request(Uuid{{5}});
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return give(tx, ctx, grant, request); }));
  const auto ordered = act([&](db::Tx& tx, const Context& ctx) {
    return order_delivery(tx, ctx, facts.day, {grant.id, ProgrammeId::trusted("inspections"), DeliveryKind::snapshot, {}});
  });
  ASSERT_TRUE(ordered) << ordered.error().text();
  make_all();
  grant.calls_per_minute = 9;
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return change(tx, ctx, grant, request); }));
  EXPECT_EQ(now(ordered->id).state, DeliveryState::released);
  grant.fields.pop_back();
  ASSERT_TRUE(act([&](db::Tx& tx, const Context& ctx) { return change(tx, ctx, grant, request); }));
  EXPECT_EQ(now(ordered->id).state, DeliveryState::expired);
  EXPECT_FALSE(file(ordered->id));
  expect_sound();
}

TEST_P(DeliveriesOf, changes_name_whose_row_is_gone) {
  acknowledge_it(made().id);
  source.people.pop_back();
  clock.advance_to(clock.now() + std::chrono::seconds(1));
  ASSERT_EQ(made(DeliveryKind::changes).records, 1);
  EXPECT_EQ(db().read(no_deadline, [&](db::Tx& tx) { return usage_about(tx, PersonId(Uuid{{3}}), 10, ""); })->items.size(), 2U);
}

}  // namespace
}  // namespace jx::exchange
