// handlers.hpp - the handlers, one a file, in the order of api/openapi.yaml.
#pragma once
#include "call.hpp"

namespace jx::api {

// session
Call::Answer get_session(Call& call);
Call::Answer sign_in(Call& call);
Call::Answer sign_out(Call& call);
Call::Answer choose_post(Call& call);
Call::Answer sign_out_everywhere(Call& call);

// jurisdiction
Call::Answer get_jurisdiction(Call& call);

// ledger
Call::Answer get_ledger(Call& call);
Call::Answer get_ledger_entry(Call& call);
Call::Answer get_consistency(Call& call);
Call::Answer get_ledger_file(Call& call);

}  // namespace jx::api
