// Reviews: given once, followed up where they are bad, counted.
#include "services_sql.hpp"

#include <jx/ledger.hpp>
#include <jx/services.hpp>
#include <jx/services/reviews.hpp>

#include <algorithm>

namespace jx::services {
namespace {

namespace json = boost::json;

constexpr std::size_t code_bytes = 16;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U; }));
}
bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

Result<Review> decode_row(const db::Row& row) {
  Review review;
  review.id = row.id<ReviewId>(0);
  review.case_id = row.id<CaseId>(1);
  review.occasion = static_cast<ReviewOccasion>(row.integer(2));
  review.item = row.key<ItemId>(3);
  review.unit = row.key<UnitId>(4);
  review.channel = static_cast<ReviewChannel>(row.integer(5));
  review.grade = static_cast<ReviewGrade>(row.integer(6));
  JX_TRY(tags, wire::decode<std::vector<std::string>>(row.text(7)));
  review.tags = std::move(tags);
  review.words = row.text(8);
  review.anonymous = row.integer(9) != 0;
  review.at = row.instant(10);
  review.state = static_cast<ReviewState>(row.integer(11));
  if (!row.null(12)) review.followup = row.id<CaseId>(12);
  if (!row.null(13)) review.due_on = row.date(13);
  if (const auto finding = wire::enum_of<ReviewFinding>(row.text(14))) review.finding = *finding;
  review.answer = row.text(15);
  if (!row.null(16)) review.answered_on = row.date(16);
  if (!row.null(17)) review.settled_on = row.date(17);
  return review;
}

const ledger::StateTable& review_table() { return *std::ranges::find(state_tables(), "services.review", &ledger::StateTable::name); }

/// What is said fits the grade and the rules.
Result<> check(const ReviewRules& rules, const NewReview& said) {
  const auto& known = rules.tags_for(said.grade);
  const auto tags = said.tags.value_or(std::vector<std::string>());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto at = "/tags/" + std::to_string(i);
    if (std::ranges::find(known, tags[i], &ReviewTagRule::id) == known.end())
      return fail(ErrorCode::invalid, {"there is no such choice for this grade", "该评价等级没有此选项"}, at);
    if (std::ranges::count(tags, tags[i]) > 1) return fail(ErrorCode::invalid, {"this is chosen twice", "重复选择"}, at);
  }
  const auto words = said.words.value_or("");
  if (characters(words) > review_words_chars_max) return fail(ErrorCode::invalid, {"at most 500 characters", "不超过500字"}, "/words");
  if (is_bad(said.grade) && tags.empty() && blank(words))
    return fail(ErrorCode::invalid, {"say what was wrong: choose a reason, or write it", "请选择或填写不满意的原因"}, "/words");
  if (!said.phone) return {};
  if (!is_bad(said.grade)) return fail(ErrorCode::invalid, {"nobody calls back about a good review", "好评无需留电话"}, "/phone");
  if (characters(*said.phone) > review_phone_chars_max) return fail(ErrorCode::invalid, {"at most 30 characters", "不超过30字"}, "/phone");
  return {};
}

/// What those who follow it up are told: nothing of who she is but what she gave them for it.
json::object followup_form(const ReviewRules& rules, const Review& review, const NewReview& said, const Item& of, std::string_view number,
                           const std::string& language) {
  std::string tags;
  for (const auto& id : review.tags) {
    const auto tag = std::ranges::find(rules.bad, id, &ReviewTagRule::id);
    if (tag != rules.bad.end()) tags += (tags.empty() ? "" : (language.starts_with("zh") ? "、" : ", ")) + std::string(tag->name.in(language));
  }
  json::object form{{"item", of.name.in(language)},
                    {"occasion", wire::name_of(review.occasion)},
                    {"channel", wire::name_of(review.channel)},
                    {"grade", wire::name_of(review.grade)}};
  if (!tags.empty()) form["tags"] = tags;
  if (!blank(review.words)) form["words"] = review.words;
  if (!review.anonymous) form["matter"] = number;
  if (said.phone && !blank(*said.phone)) form["phone"] = *said.phone;
  return form;
}

Result<cases::Receipt> follow_up(db::Tx& tx, const Context& ctx, const Reviewing& with, const Review& review, const NewReview& said,
                                 std::string_view number) {
  JX_TRY(of, item(tx, review.item));
  cases::Opening opening;
  opening.process = with.rules->process;
  opening.title = (ctx.language.starts_with("zh") ? "差评：" : "Bad review: ") + std::string(of.name.in(ctx.language));
  opening.number_prefix = with.rules->number;
  opening.form = followup_form(*with.rules, review, said, of, number, ctx.language);
  opening.variables["review"] = {{"unit", review.unit.text()},
                                 {"item", review.item.text()},
                                 {"grade", static_cast<std::int64_t>(review.grade)},
                                 {"supervision", {{"unit", with.rules->supervision.unit.text()}, {"role", with.rules->supervision.role.text()}}}};
  return with.engine.open(tx, ctx, opening);
}

Result<> must_be_open(db::Tx& tx, const Reviewing& with, const Context& ctx, CaseId id, ReviewOccasion occasion, Instant since) {
  JX_TRY(before, review_of(tx, id, occasion));
  if (before) {
    return fail(ErrorCode::conflict, occasion == ReviewOccasion::visit ? Words{"this visit was reviewed already", "本次办理已评价过"}
                                                                       : Words{"you have reviewed this matter already", "该办件已评价过"});
  }
  if (!review_in_time(*with.rules, with.zone, since, ctx.now())) {
    const auto days = std::to_string(with.rules->within_days);
    return fail(ErrorCode::conflict, {"a review is given within " + days + " days", "请在" + days + "天内评价，现已超过期限"});
  }
  return {};
}

Result<Review> record(db::Tx& tx, const Context& ctx, const Reviewing& with, Review review, const NewReview& said, const std::string& number) {
  JX_CHECK(check(*with.rules, said));
  review.id = ReviewId::make(ctx.clock, ctx.random);
  review.grade = said.grade;
  review.tags = said.tags.value_or(std::vector<std::string>());
  review.words = said.words.value_or("");
  review.anonymous = said.anonymous.value_or(false);
  review.at = ctx.now();
  if (is_bad(review.grade)) {
    review.state = ReviewState::open;
    JX_TRY(receipt, follow_up(tx, ctx, with, review, said, number));
    review.followup = receipt.id;
    review.due_on = receipt.due_on;
  }
  JX_CHECK(tx.run(sql::review_insert, review.id, review.case_id, static_cast<std::int64_t>(review.occasion), review.item, review.unit,
                  static_cast<std::int64_t>(review.channel), static_cast<std::int64_t>(review.grade), wire::encode(review.tags), review.words,
                  review.anonymous ? 1 : 0, review.at, static_cast<std::int64_t>(review.state), review.followup, review.due_on));
  JX_TRY(state, ledger::state_of(tx, review_table(), review.id));
  ledger::Entry entry{"review.given",
                      {ledger::subject("case", review.case_id), ledger::subject("review", review.id)},
                      {{"item", review.item.text()},
                       {"unit", review.unit.text()},
                       {"grade", wire::name_of(review.grade)},
                       {"channel", wire::name_of(review.channel)},
                       {"occasion", wire::name_of(review.occasion)}},
                      {std::move(state)}};
  if (review.followup) entry.subjects.push_back(ledger::subject("case", *review.followup));
  JX_CHECK(ledger::append(tx, ctx, entry));
  return review;
}

std::unexpected<Error> not_taken() { return fail(ErrorCode::conflict, {"reviews are not taken here", "本地区未开通评价"}); }

// ---- what the process that follows up asks for ----

Result<Review> followed_by(db::Tx& tx, CaseId id) {
  JX_TRY(row, tx.one(sql::review_followed_by, id));
  if (!row) return fail(ErrorCode::not_found, {"this case follows up no review", "该办件不对应任何评价"});
  return decode_row(*row);
}

Result<std::string> words_of(const cases::Call& call) {
  const auto* words = call.parameters.if_contains("words");
  if (words == nullptr || !words->is_string() || words->get_string().empty())
    return fail(ErrorCode::invalid, {"the answer has no words: give the task's opinion", "答复没有内容：请填写办理意见"});
  return std::string(words->get_string());
}

Result<cases::Answer> told(db::Tx& tx, const Context& ctx, const Review& review, CaseId followup, const char* kind, ReviewFinding finding) {
  JX_TRY(state, ledger::state_of(tx, review_table(), review.id));
  json::object body;
  if (finding != ReviewFinding::none) body["finding"] = wire::name_of(finding);
  JX_CHECK(ledger::append(tx, ctx,
                          {kind,
                           {ledger::subject("case", review.case_id), ledger::subject("case", followup), ledger::subject("review", review.id)},
                           body,
                           {std::move(state)}}));
  return cases::Answer{};
}

Result<cases::Answer> answer(db::Tx& tx, const Context& ctx, const cases::Call& call, LocalDate today) {
  JX_TRY(words, words_of(call));
  const auto* said = call.parameters.if_contains("finding");
  const auto finding = said != nullptr && said->is_string() ? wire::enum_of<ReviewFinding>(std::string_view(said->get_string())) : std::nullopt;
  if (finding != ReviewFinding::put_right && finding != ReviewFinding::explained)
    return fail(ErrorCode::invalid, {"the finding is put_right or explained", "处理结果应为 put_right 或 explained"});
  JX_TRY(review, followed_by(tx, call.case_id));
  JX_CHECK(tx.run(sql::review_answer, review.id, wire::name_of(*finding), words, today));
  return told(tx, ctx, review, call.case_id, "review.answered", *finding);
}

Result<cases::Answer> strike(db::Tx& tx, const Context& ctx, const cases::Call& call, LocalDate today) {
  JX_TRY(words, words_of(call));
  JX_TRY(review, followed_by(tx, call.case_id));
  JX_CHECK(tx.run(sql::review_answer, review.id, wire::name_of(ReviewFinding::struck), words, today));
  JX_CHECK(tx.run(sql::review_settle, review.id, static_cast<std::int64_t>(ReviewState::struck), today));
  return told(tx, ctx, review, call.case_id, "review.struck", ReviewFinding::struck);
}

Result<cases::Answer> settle(db::Tx& tx, const Context& ctx, const cases::Call& call, LocalDate today) {
  JX_TRY(review, followed_by(tx, call.case_id));
  JX_CHECK(tx.run(sql::review_settle, review.id, static_cast<std::int64_t>(ReviewState::settled), today));
  return told(tx, ctx, review, call.case_id, "review.settled", ReviewFinding::none);
}

}  // namespace

void register_review_handlers(cases::Registry& registry, std::function<LocalDate()> today) {
  registry.inside("reviews.answer", [today](db::Tx& tx, const Context& ctx, const cases::Call& call) { return answer(tx, ctx, call, today()); });
  registry.inside("reviews.strike", [today](db::Tx& tx, const Context& ctx, const cases::Call& call) { return strike(tx, ctx, call, today()); });
  registry.inside("reviews.settle", [today](db::Tx& tx, const Context& ctx, const cases::Call& call) { return settle(tx, ctx, call, today()); });
}

bool review_in_time(const ReviewRules& rules, const calendar::Zone& zone, Instant since, Instant now) {
  return zone.date_of(now) <= zone.date_of(since) + rules.within_days;
}

Result<Review> review_matter(db::Tx& tx, const Context& ctx, const Reviewing& with, CaseId id, ReviewChannel channel, const NewReview& said) {
  if (with.rules == nullptr) return not_taken();
  JX_TRY(summary, with.engine.summary(tx, id));
  if (summary.item.empty()) return fail(ErrorCode::not_found, {"this case did not come from an application", "该办件并非由申请产生"});
  if (!summary.closed_at) return fail(ErrorCode::conflict, {"a matter is reviewed when it has ended", "办结后才能评价"});
  JX_CHECK(must_be_open(tx, with, ctx, id, ReviewOccasion::matter, *summary.closed_at));
  JX_TRY(of, item(tx, summary.item));
  Review review;
  review.case_id = id;
  review.occasion = ReviewOccasion::matter;
  review.item = of.id;
  review.unit = of.units.front();
  review.channel = channel;
  return record(tx, ctx, with, std::move(review), said, summary.number);
}

Result<Review> review_visit(db::Tx& tx, const Context& ctx, const Reviewing& with, std::string_view code, ReviewChannel channel,
                            const NewReview& said) {
  if (with.rules == nullptr) return not_taken();
  JX_TRY(of, visit(tx, code));
  JX_CHECK(must_be_open(tx, with, ctx, of.case_id, ReviewOccasion::visit, of.at));
  JX_TRY(summary, with.engine.summary(tx, of.case_id));
  Review review;
  review.case_id = of.case_id;
  review.occasion = ReviewOccasion::visit;
  review.item = of.item;
  review.unit = of.unit;
  review.channel = channel;
  return record(tx, ctx, with, std::move(review), said, summary.number);
}

Result<Visit> visit(db::Tx& tx, std::string_view code) {
  JX_TRY(row, tx.one(sql::visit_one, code));
  if (!row) return fail(ErrorCode::not_found, {"this link is not for a visit, or it was not copied whole", "链接无效或不完整"});
  return Visit{row->id<CaseId>(0), row->key<ItemId>(1), row->key<UnitId>(2), row->instant(3)};
}

Result<std::optional<std::string>> visit_code(db::Tx& tx, CaseId id) {
  JX_TRY(row, tx.one(sql::visit_code, id));
  if (!row) return std::optional<std::string>();
  return std::optional(row->text(0));
}

std::string make_visit_code(Random& random) {
  Bytes bytes(code_bytes);
  random.fill(bytes);
  return to_base64url(bytes);
}

Result<std::optional<Review>> review_of(db::Tx& tx, CaseId id, ReviewOccasion occasion) {
  JX_TRY(row, tx.one(sql::review_of_case, id, static_cast<std::int64_t>(occasion)));
  if (!row) return std::optional<Review>();
  JX_TRY(review, decode_row(*row));
  return std::optional(std::move(review));
}

Result<ReviewPage> reviews_of(db::Tx& tx, const std::set<UnitId>& units, const ReviewQuery& query, LocalDate today) {
  if (query.limit < 1 || query.limit > review_page_max) return fail(ErrorCode::invalid, {"the limit is 1 to 200", "每页条数应为1至200"}, "/limit");
  Bytes before(16, 0xff);
  if (!query.cursor.empty()) {
    const auto id = ReviewId::parse(query.cursor);
    if (!id) return fail(ErrorCode::invalid, {"this is not a cursor of this list", "翻页标记无效"}, "/cursor");
    before.assign(id->bytes().begin(), id->bytes().end());
  }
  const auto show = query.show;
  const auto worst = static_cast<std::int64_t>(show == ReviewShow::all ? ReviewGrade::very_satisfied : ReviewGrade::dissatisfied);
  const int open = show == ReviewShow::open || show == ReviewShow::late ? 1 : 0;
  const auto due_before = show == ReviewShow::late ? today.text() : std::string();
  ReviewPage page;
  for (const auto& unit : units) {
    JX_TRY(rows, tx.all(sql::reviews_of_unit, unit, before, worst, open, due_before, query.with_words ? 1 : 0, query.limit + 1));
    for (const auto& row : rows) {
      JX_TRY(one, decode_row(row));
      page.items.push_back(std::move(one));
    }
  }
  std::ranges::sort(page.items, std::ranges::greater(), &Review::id);
  if (page.items.size() > query.limit) {
    page.items.resize(query.limit);
    page.next = page.items.back().id.text();
  }
  return page;
}

Result<std::vector<ReviewCounts>> review_counts(db::Tx& tx, Instant since, LocalDate today) {
  JX_TRY(rows, tx.all(sql::review_figures, since, today));
  std::vector<ReviewCounts> list;
  for (const auto& row : rows)
    list.push_back({row.key<ItemId>(0), row.key<UnitId>(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5), row.integer(6),
                    row.integer(7), row.integer(8), row.integer(9)});
  return list;
}

Result<ReviewScore> review_score(db::Tx& tx, const ItemId& item, Instant since) {
  JX_TRY(row, tx.one(sql::review_score, item, since));
  ReviewScore score;
  if (row) score.count = row->integer(0);
  if (score.count > 0) score.average = static_cast<double>(row->integer(1)) / static_cast<double>(score.count);
  return score;
}

}  // namespace jx::services
