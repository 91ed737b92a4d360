#include "operations.hpp"

#include "handlers.hpp"

namespace jx::api {
namespace {

using enum http::Method;

constexpr std::size_t small = 4 * 1024;  // octets of a body with a few short fields

constexpr Operation table[] = {
    {"getJurisdiction", get, "/api/v1/jurisdiction", get_jurisdiction, Who::anyone},

    {"getSession", get, "/api/v1/session", get_session, Who::anyone},
    {"signIn", post, "/api/v1/session", sign_in, Who::anyone, small},
    {"signOut", del, "/api/v1/session", sign_out},
    {"choosePost", put, "/api/v1/session/post", choose_post, Who::signed_in, small},
    {"signOutEverywhere", post, "/api/v1/session/end-all", sign_out_everywhere},

    {"getLedger", get, "/api/v1/ledger", get_ledger, Who::anyone},
    {"getLedgerEntry", get, "/api/v1/ledger/entries/{entry}", get_ledger_entry},
    {"getConsistency", get, "/api/v1/ledger/consistency", get_consistency, Who::anyone},
    {"getLedgerFile", get, "/ledger/{path+}", get_ledger_file, Who::anyone},
};

}  // namespace

std::span<const Operation> operations() { return table; }

}  // namespace jx::api
