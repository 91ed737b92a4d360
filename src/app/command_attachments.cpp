#include "commands.hpp"
#include "jurisdiction.hpp"
#include "keys.hpp"
#include "terminal.hpp"

#include <jx/attachments.hpp>

#include <cstdio>

namespace jx::app {
namespace {

Result<ledger::EntryId> erase_files(Store& store, const std::string& case_id, const std::string& law, const std::string& reason) {
  JX_TRY(id, CaseId::parse(case_id));
  JX_TRY(keys, load_keys(store.config.keys));
  JX_TRY(jurisdiction, store.database->read(no_deadline, load_jurisdiction));
  const cases::Registry none;
  cases::Engine engine({none, [&] { return jurisdiction->calendar; }, nullptr, nullptr});
  const attachments::Store files(keys.attachments, engine, {});
  const auto context = store.system_context();
  return store.database->write(no_deadline, [&](db::Tx& tx) { return files.erase(tx, context, id, law, reason); });
}

}  // namespace

int attachments_erase(const std::filesystem::path& config, const std::string& case_id, const std::string& law, const std::string& reason) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto done = erase_files(**store, case_id, law, reason);
  if (!done) return failed(done.error());
  std::printf("%s %s\n", say({"the files of the case are erased, recorded as", "该办件的附件已清除，登记为"}).c_str(), done->text().c_str());
  return 0;
}

}  // namespace jx::app
