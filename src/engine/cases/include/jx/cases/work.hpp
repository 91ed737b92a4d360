// work.hpp - what people do with a task beside deciding it: have it prepared, ask for opinions, bring in others, send it back, urge, comment.
//
// Tasks beside the model: a preparation (委派) for a colleague, an opinion (征求意见, 会签) of another unit, a contribution (协办) of an outside
// body, a supplement (补正) of the applicant. Each is a task of its own in work lists and is answered by Engine::complete; its step cannot be decided while one is open. Who may do what
// beyond "it is hers" is asked of identity by the caller.
#pragma once
#include <jx/cases.hpp>

namespace jx::cases {

inline constexpr std::size_t sides_max = 50;      // beside one step, ever
inline constexpr std::size_t urges_max = 100;     // of one task
inline constexpr std::size_t comments_max = 500;  // of one case
inline constexpr std::size_t comment_chars_max = 4'000;

/// Asks a colleague to prepare a task that the actor holds.
struct Delegation {
  AccountId account;  // holds a post in the actor's unit, as its own or as a stand-in
  std::string note;   // at most reason_chars_max characters
  std::string term;   // "3 WD" or "5 D"; empty: none of its own
};
/// Answers the preparation. Errors: not_found; conflict (not the actor's task; one is open already; the case paused or ended);
///   invalid (/account, /note, /term); forbidden (four-eyes rule).
[[nodiscard]] Result<TaskId> delegate(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const Delegation& delegation);

/// Asks another unit or post for its opinion on a task that the actor holds. Its outcomes: agree, disagree (with a reason), no-comment.
struct Question {
  UnitId unit;
  PostId post;           // empty: any of the unit
  std::string question;  // 1 to reason_chars_max characters
  std::string term;
  bool binding = false;  // the last answer of a unit and post, if negative, forbids an approving outcome
};
/// Answers the opinion. Errors: as delegate; invalid (/unit; /question; /binding: the task has no outcomes).
[[nodiscard]] Result<TaskId> ask_opinion(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const Question& question);

/// Gives another unit, or one account, one task in the case. A contribution lets nobody see the case.
struct Participation {
  UnitId unit;
  PostId post;
  AccountId account;  // instead of a unit
  std::string note;   // what it is given and asked to do; 1 to reason_chars_max characters
  std::string term;
  std::string form;  // of the applied pack; empty: text only
};
/// Answers the contribution. Errors: as ask_opinion; invalid (/account, /unit, /note, /form).
[[nodiscard]] Result<TaskId> add_participant(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const Participation& participation);

inline constexpr std::size_t supplements_max = 50;  // of one case

/// Tells the applicant all that is missing, once for a step (一次性告知: Administrative Licensing Law art. 32).
struct SupplementNotice {
  std::string missing;      // 1 to reason_chars_max characters
  std::string legal_basis;  // law and article, as text
  std::string term;         // until when: "10 WD" or "15 D"; empty: not said
};
/// Until it is answered the clock of the case stands still and the step is not decided; the other steps go on.
/// Errors: as ask_opinion; conflict (this step has asked already; nobody applied); invalid (/missing, /legal_basis, /term).
[[nodiscard]] Result<TaskId> ask_supplement(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, const SupplementNotice& notice);
/// The answer of the applicant, whom the caller has made sure of; files are added to the case apart. The clock goes on when nothing else is asked.
/// Errors: not_found; conflict (answered, taken back; the case ended); invalid (/answer).
[[nodiscard]] Result<> answer_supplement(Engine& engine, db::Tx& tx, const Context& ctx, TaskId supplement, std::string_view answer);

struct Supplement {
  TaskId id, step;
  LocalizedText name;
  UnitId asked_unit;
  Instant asked_at;
  std::string missing;
  std::string legal_basis;
  std::optional<LocalDate> due_on;
  TaskState state = TaskState::claimed;  // until it is done or cancelled
  std::optional<Instant> answered_at;
  std::string answer;
  std::string withdrawn;  // why it was taken back
};
/// All of a case, in the order they were asked.
[[nodiscard]] Result<std::vector<Supplement>> supplements_of(Engine& engine, db::Tx& tx, const Context& ctx, CaseId id);

/// Takes an open task beside the actor's own task back. Errors: not_found; conflict (answered; not beside a task of hers); invalid (/reason).
[[nodiscard]] Result<> withdraw_side(Engine& engine, db::Tx& tx, const Context& ctx, TaskId side, std::string_view reason);

/// A task beside the model, with what it was given and what came back.
struct SideView {
  TaskView task;
  AccountId asked_by;
  UnitId asked_unit;
  Instant asked_at;
  std::string question;
  bool binding = false;
  boost::json::object form;   // as answered
  std::string closed_reason;  // why it was withdrawn or declined
};
/// All that stand or stood beside a step, in the order they were asked.
[[nodiscard]] Result<std::vector<SideView>> sides_of(Engine& engine, db::Tx& tx, const Context& ctx, TaskId step);
/// Errors: not_found (no task beside a step).
[[nodiscard]] Result<SideView> side(Engine& engine, db::Tx& tx, const Context& ctx, TaskId id);

/// A step that a task can be sent back to.
struct ReturnStep {
  std::string element;
  LocalizedText name;
};
/// Those, the latest first. Errors: not_found.
[[nodiscard]] Result<std::vector<ReturnStep>> returns_of(Engine& engine, db::Tx& tx, TaskId task);
/// Sends a task that the actor holds back to an earlier one. Errors: not_found; conflict (not hers; something beside it is open; paused, ended);
///   invalid (/to, in words why not; /reason).
[[nodiscard]] Result<> return_task(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, std::string_view to, std::string_view reason);

/// Urges an open task. Errors: not_found; conflict (done; the applicant did so on this working day; urges_max); invalid (/note).
[[nodiscard]] Result<> urge(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task, std::string_view note, bool by_applicant);

using CommentId = Id<struct CommentTag>;
struct Comment {
  CommentId id;
  TaskId task;  // nil: about the case
  Instant at;
  AccountId account;
  UnitId unit;
  std::string body;
};
/// Errors: not_found (case); invalid (/body; /task: not of this case); conflict (comments_max).
[[nodiscard]] Result<CommentId> add_comment(Engine& engine, db::Tx& tx, const Context& ctx, CaseId id, TaskId task, std::string_view body);
/// Oldest first.
[[nodiscard]] Result<std::vector<Comment>> comments_of(db::Tx& tx, CaseId id);

/// Whether a task is the actor's own, or for her desk.
[[nodiscard]] Result<bool> is_hers(Engine& engine, db::Tx& tx, const Context& ctx, TaskId task);
/// Whether the account has an open contribution: then it has a work list, though it may hold no post.
[[nodiscard]] Result<bool> contributes(db::Tx& tx, AccountId account);

/// What the actor can do with a task now, by the names of the operations: claim, release, hand_over, complete, delegate, answer, return, ask_opinion,
/// add_participant, ask_supplement; of a task beside her own: withdraw. Permissions of identity come on top.
[[nodiscard]] Result<std::vector<std::string>> acts_on(Engine& engine, db::Tx& tx, const Context& ctx, const TaskView& task);

/// Whether the clock of a case stands as long as a step of its process takes (jx:clock-stands): nobody starts it by hand. Errors: not_found.
[[nodiscard]] Result<bool> stands_by_step(db::Tx& tx, CaseId id);

}  // namespace jx::cases
