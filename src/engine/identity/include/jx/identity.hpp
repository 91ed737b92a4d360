// identity.hpp - who there is, what they may do, and who is signed in.
//
//   directory.hpp  units, divisions, posts, roles, people, firms, representatives, mandates
//   access.hpp     permissions, the three powers, conditions in FEEL
//   rights.hpp     accounts, posts held for a time, stand-ins
//   certificates.hpp  the client certificates of departments' systems
//   absence.hpp    who is away, and who stands in for her
//   session.hpp    sign-in, sessions, the Actor of a request
#pragma once
#include <jx/identity/absence.hpp>
#include <jx/identity/access.hpp>
#include <jx/identity/certificates.hpp>
#include <jx/identity/directory.hpp>
#include <jx/identity/rights.hpp>
#include <jx/identity/session.hpp>
#include <jx/ledger/state.hpp>
#include <jx/pack.hpp>

#include <memory>
#include <span>

namespace jx::identity {

/// The part of a pack that identity owns: units, divisions, posts, roles, accounts, mandates (yaml), people and firms (csv). See README.md.
/// `conditions` checks the `when` of roles; it must outlive the part.
[[nodiscard]] std::unique_ptr<pack::Part> pack_part(const Conditions& conditions);

/// The tables whose rows ledger entries of this module vouch for.
[[nodiscard]] std::span<const ledger::StateTable> state_tables();

}  // namespace jx::identity
