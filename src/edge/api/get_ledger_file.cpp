// get_ledger_file.cpp - GET /ledger/{path} (operation getLedgerFile): the log as any C2SP tlog-tiles client reads it.
#include "handlers.hpp"

#include <jx/ledger/log.hpp>

namespace jx::api {

Call::Answer get_ledger_file(Call& call) {
  return call.read([&](db::Tx& tx) -> Call::Answer {
    JX_TRY(found, ledger::resource(tx, call.request.param("path")));
    http::Response response = http::content(found.media_type, std::string(text_of(found.octets)));
    response.with("Cache-Control", found.immutable ? "public, max-age=31536000, immutable" : "public, max-age=1");
    response.with("Access-Control-Allow-Origin", "*");  // verifiers run in pages of others too
    return response;
  });
}

}  // namespace jx::api
