// declarations.hpp - an account that somebody asks for herself. What she says of who she is counts for nothing until a clerk has seen her document:
// till then nobody can sign in with it, and no right hangs on it.
#pragma once
#include <jx/core.hpp>
#include <jx/db.hpp>

#include <string>
#include <string_view>

namespace jx::identity {

inline constexpr std::int32_t declaration_days = 30;           // then it is forgotten
inline constexpr std::int64_t declarations_open_max = 20'000;  // that wait at one time
inline constexpr std::int64_t declarations_an_hour_max = 20;   // from one network (network_of)
inline constexpr std::size_t telephone_digits_min = 5, telephone_digits_max = 15;

struct NewDeclaration {
  std::string username;
  std::string name;  // of the person, in one language
  Code code;         // by which people are known here
  std::string telephone;
};

/// Whether any role may confirm an account: else none is taken.
[[nodiscard]] Result<bool> takes_declarations(db::Tx& tx);
/// What can be said before the password is hashed. Errors: invalid (/username, /name, /code, /telephone); conflict (the user name is taken, or waits
/// for somebody; nothing is said of the code); limited (declarations_open_max, declarations_an_hour_max).
[[nodiscard]] Result<> check_declaration(db::Tx& tx, const Context& ctx, const NewDeclaration& declared, std::string_view client_address);
/// Keeps it until it is confirmed, or for declaration_days; removes some of those whose time is over. Errors: as above; internal (not hashed).
[[nodiscard]] Result<> declare(db::Tx& tx, const Context& ctx, const NewDeclaration& declared, std::string_view client_address,
                               const std::string& password_phc);

struct Confirmation {
  std::string username;
  std::string name;  // as the document has it
  Code code;
};
/// The actor has seen the document: the account is opened for whom it names, who is registered if nobody has the number yet. `language` is that of
/// the name. The caller has checked `accounts.confirm`. Errors: not_found (nothing waits under this user name with this name and number); conflict
/// (the register has another name for the number; she has an account already; she works in an office, whose accounts others open).
[[nodiscard]] Result<AccountId> confirm_declaration(db::Tx& tx, const Context& ctx, const Confirmation& seen, std::string_view language,
                                                    LocalDate today);

}  // namespace jx::identity
