// reviews.hpp - what people think of how they were served: five grades, one review a case and one a visit to a counter; the two lowest grades are
// followed up by a case of the pack. Facts: GB/T 39735-2020, Guobanfa 2019 no. 51.
#pragma once
#include <jx/calendar.hpp>
#include <jx/cases.hpp>
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/pack.hpp>
#include <jx/wire.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace jx::services {

using ReviewId = Id<struct ReviewTag>;

inline constexpr std::string_view review_rules_file = "reviews.yaml";
inline constexpr std::size_t review_words_chars_max = 500;
inline constexpr std::size_t review_phone_chars_max = 30;
inline constexpr std::size_t review_tags_max = 12;      // of one side, in the pack and in a review
inline constexpr std::size_t review_page_max = 200;     // of a list
inline constexpr std::int32_t review_score_days = 365;  // that the public score of an item looks back

/// The two lowest are bad: they need a reason and are followed up.
enum class ReviewGrade { very_dissatisfied = 1, dissatisfied, basically_satisfied, satisfied, very_satisfied };
BOOST_DESCRIBE_ENUM(ReviewGrade, very_dissatisfied, dissatisfied, basically_satisfied, satisfied, very_satisfied)
[[nodiscard]] constexpr bool is_bad(ReviewGrade grade) { return grade <= ReviewGrade::dissatisfied; }

/// Where it came from, by the numbers under which it is reported.
enum class ReviewChannel { online = 1, mobile, code, counter, self_service, hotline, message };
BOOST_DESCRIBE_ENUM(ReviewChannel, online, mobile, code, counter, self_service, hotline, message)

/// What is reviewed: a matter that has ended (一事一评), or one visit to a counter (一次一评).
enum class ReviewOccasion { matter = 1, visit };
BOOST_DESCRIBE_ENUM(ReviewOccasion, matter, visit)

/// counted: nothing is to be done about it. open: a bad one that is followed up. settled: that is done. struck: on appeal; it does not count.
enum class ReviewState { counted = 0, open, settled, struck };
BOOST_DESCRIBE_ENUM(ReviewState, counted, open, settled, struck)

/// What came of following a bad review up.
enum class ReviewFinding { none = 0, put_right, explained, struck };
BOOST_DESCRIBE_ENUM(ReviewFinding, none, put_right, explained, struck)

// ---- reviews.yaml of a pack ----------------------------------------------------------------------------------------------------

struct ReviewTagRule {
  std::string id;
  LocalizedText name;
};
BOOST_DESCRIBE_STRUCT(ReviewTagRule, (), (id, name))

struct ReviewSupervision {
  UnitId unit;
  RoleId role;
};
BOOST_DESCRIBE_STRUCT(ReviewSupervision, (), (unit, role))

/// How a jurisdiction takes reviews. Wire form: README.md, reviews.yaml.
struct ReviewRules {
  ProcessId process;              // that follows up a bad one
  std::string number;             // prefix of the numbers of its cases
  ReviewSupervision supervision;  // who calls back and decides appeals
  int within_days = 90;           // after the end of the matter or the visit
  std::vector<ReviewTagRule> good, bad;

  [[nodiscard]] const std::vector<ReviewTagRule>& tags_for(ReviewGrade grade) const { return is_bad(grade) ? bad : good; }
};
BOOST_DESCRIBE_STRUCT(ReviewRules, (), (process, number, supervision, within_days, good, bad))

/// Nothing where the pack has no reviews.yaml. Errors: invalid.
[[nodiscard]] Result<std::optional<ReviewRules>> review_rules_of(const pack::Pack& pack);
/// The faults of reviews.yaml; for the part of a pack.
void check_review_rules(const pack::Pack& pack, const pack::Names& names, pack::Findings& findings);

/// The rules of the applied pack: in memory, read anew when a pack is applied. Thread-safe.
class ReviewBook {
 public:
  /// As the snapshot of `tx` has it; null where reviews are not taken.
  [[nodiscard]] Result<std::shared_ptr<const ReviewRules>> rules(db::Tx& tx);

 private:
  std::mutex mutex_;
  std::optional<pack::Digest> pack_;          // guarded by mutex_
  std::shared_ptr<const ReviewRules> rules_;  // guarded by mutex_
};

// ---- giving a review -----------------------------------------------------------------------------------------------------------

/// What somebody says. Wire form: api/openapi.yaml#/components/schemas/NewReview.
struct NewReview {
  ReviewGrade grade = ReviewGrade::very_satisfied;
  std::optional<std::vector<std::string>> tags;  // ids of the rules, of the side of the grade
  std::optional<std::string> words;              // at most review_words_chars_max characters
  std::optional<bool> anonymous;                 // who follows it up is not told which case it is about
  std::optional<std::string> phone;              // of a bad one: where to call back; kept with the case that follows it up alone
};
BOOST_DESCRIBE_STRUCT(NewReview, (), (grade, tags, words, anonymous, phone))

struct Review {
  ReviewId id;
  CaseId case_id;
  ReviewOccasion occasion = ReviewOccasion::matter;
  ItemId item;
  UnitId unit;  // that is reviewed
  ReviewChannel channel = ReviewChannel::online;
  ReviewGrade grade = ReviewGrade::very_satisfied;
  std::vector<std::string> tags;
  std::string words;
  bool anonymous = false;
  Instant at;
  ReviewState state = ReviewState::counted;
  std::optional<CaseId> followup;
  std::optional<LocalDate> due_on;  // of the case that follows it up
  ReviewFinding finding = ReviewFinding::none;
  std::string answer;
  std::optional<LocalDate> answered_on, settled_on;
};

/// Somebody at a counter, by the link that she was given there.
struct Visit {
  CaseId case_id;
  ItemId item;
  UnitId unit;  // whose counter it was
  Instant at;
};

struct Reviewing {
  cases::Engine& engine;
  const ReviewRules* rules = nullptr;  // null: reviews are not taken
  const calendar::Zone& zone;
};

/// A matter that has ended, once, by its applicant: the caller asks whether it is hers. A bad review opens the case that follows it up, in the same
/// act. Errors: not_found (case); conflict (reviewed already; not ended; too late; reviews are not taken); invalid (/grade, /tags, /words, /phone).
[[nodiscard]] Result<Review> review_matter(db::Tx& tx, const Context& ctx, const Reviewing& with, CaseId id, ReviewChannel channel,
                                           const NewReview& said);
/// A visit, once, by whoever has its link. Errors: as above; not_found (the link names no visit).
[[nodiscard]] Result<Review> review_visit(db::Tx& tx, const Context& ctx, const Reviewing& with, std::string_view code, ReviewChannel channel,
                                          const NewReview& said);

/// The visit that a link is for. Errors: not_found.
[[nodiscard]] Result<Visit> visit(db::Tx& tx, std::string_view code);
/// The code of the link for the visit at which a case was taken in; nothing: it was sent in, or before there were links.
[[nodiscard]] Result<std::optional<std::string>> visit_code(db::Tx& tx, CaseId id);
/// A new code: 128 bits of chance.
[[nodiscard]] std::string make_visit_code(Random& random);

// ---- reading -------------------------------------------------------------------------------------------------------------------

/// Nothing: it was not reviewed.
[[nodiscard]] Result<std::optional<Review>> review_of(db::Tx& tx, CaseId id, ReviewOccasion occasion);
/// Whether a matter that has ended can be reviewed on that day, as far as time goes.
[[nodiscard]] bool review_in_time(const ReviewRules& rules, const calendar::Zone& zone, Instant since, Instant now);

enum class ReviewShow { all, bad, open, late };
BOOST_DESCRIBE_ENUM(ReviewShow, all, bad, open, late)
struct ReviewQuery {
  ReviewShow show = ReviewShow::all;
  bool with_words = false;
  std::size_t limit = 50;  // 1 to review_page_max
  std::string cursor;      // `next` of the page before; empty: the newest
};
struct ReviewPage {
  std::vector<Review> items;
  std::string next;  // empty: no more
};
/// Those of some units, the newest first. Errors: invalid (/limit, /cursor).
[[nodiscard]] Result<ReviewPage> reviews_of(db::Tx& tx, const std::set<UnitId>& units, const ReviewQuery& query, LocalDate today);

/// Of one item at one unit. What was struck is in `given` and `struck` alone.
struct ReviewCounts {
  ItemId item;
  UnitId unit;
  std::int64_t given = 0, counted = 0, points = 0, bad = 0, open = 0, late = 0, settled = 0, in_time = 0;
};
[[nodiscard]] Result<std::vector<ReviewCounts>> review_counts(db::Tx& tx, Instant since, LocalDate today);

/// What everybody may know of an item: how many reviews, and their average from 1 to 5.
struct ReviewScore {
  std::int64_t count = 0;
  double average = 0;  // 0: there is none
};
[[nodiscard]] Result<ReviewScore> review_score(db::Tx& tx, const ItemId& item, Instant since);

/// The service tasks of the process that follows up: reviews.answer (parameters `finding`: put_right or explained, and `words`: what the reviewer is
/// told; the last one stands), reviews.settle (it is done with), reviews.strike (`words`: why it does not count).
void register_review_handlers(cases::Registry& registry, std::function<LocalDate()> today);

}  // namespace jx::services
