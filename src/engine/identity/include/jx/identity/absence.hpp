// absence.hpp - who is away, and who stands in for her (代理): asked for by herself, approved by her head or by who grants rights.
//
// A stand-in has a post of somebody else for a time. It is no post of her own: nobody stands in for a stand-in, and who is away stands in for nobody.
// It begins and ends with its days by itself.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>
#include <jx/identity/rights.hpp>

#include <optional>
#include <string>
#include <vector>

namespace jx::identity {

using AbsenceId = Id<struct AbsenceTag>;

inline constexpr int absence_days_max = 366;
inline constexpr std::size_t absence_note_chars_max = 200;
inline constexpr std::size_t absences_max = 200;  // of one answer

enum class AbsenceState { asked, approved, ended };
BOOST_DESCRIBE_ENUM(AbsenceState, asked, approved, ended)

struct Absence {
  AbsenceId id;
  PersonId person;
  PersonId stand_in;
  std::vector<PostId> posts;  // in which she stands in
  Period valid;
  AbsenceState state = AbsenceState::asked;
  std::string note;
  Instant entered_at;
};

struct NewAbsence {
  PersonId stand_in;
  std::vector<PostId> posts;  // of the actor's own; empty: all that she holds in all that time
  Period valid;               // from today on, at most absence_days_max days
  std::string note;
};

/// The actor asks for it; nothing changes until it is approved.
/// Errors: invalid (/stand_in, /from, /to, /posts, /note); conflict (she is absent from a post then already; she stands in for somebody then; the
/// stand-in is away then herself).
[[nodiscard]] Result<AbsenceId> enter_absence(db::Tx& tx, const Context& ctx, const NewAbsence& absence, LocalDate today);

/// Grants the stand-in the posts. `grants_rights`: the caller has asked for `rights.grant`. Else the actor acts in the post that heads the unit of
/// each post, or a unit above it, and none of them carries one of the three powers. Nobody approves what is about herself: neither the absence nor
/// the stand-in. Errors: not_found; forbidden; conflict (decided already; over; what grant_post answers).
[[nodiscard]] Result<> approve_absence(db::Tx& tx, const Context& ctx, const AbsenceId& id, LocalDate today, bool grants_rights);

/// Refuses or takes back one that is asked for; of an approved one yesterday becomes the last day. By herself, or by who could approve it.
/// Errors: not_found; forbidden; conflict (over already).
[[nodiscard]] Result<> end_absence(db::Tx& tx, const Context& ctx, const AbsenceId& id, LocalDate today, bool grants_rights);

/// Of a person, and where she stands in, that are not over on a day.
[[nodiscard]] Result<std::vector<Absence>> absences_of(db::Tx& tx, const PersonId& person, LocalDate on);
/// Those asked for that the actor may approve.
[[nodiscard]] Result<std::vector<Absence>> absences_to_approve(db::Tx& tx, const Context& ctx, bool grants_rights);

}  // namespace jx::identity
