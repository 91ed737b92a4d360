#include "commands.hpp"
#include "keys.hpp"
#include "secrets.hpp"
#include "terminal.hpp"

#include <jx/catalogue/check.hpp>
#include <jx/catalogue/examine.hpp>
#include <jx/connectors.hpp>
#include <jx/exchange/check.hpp>
#include <jx/exchange/quality.hpp>
#include <jx/exchange/sheets.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>

namespace jx::app {
namespace {

constexpr Micros check_time_max = std::chrono::seconds(30);
constexpr Micros examine_time_max = std::chrono::minutes(10);

/// The store, the keys, and the sources as the server has them.
struct Opened {
  std::unique_ptr<Store> store;
  Keys keys;
  connectors::LocalSources sources;
  explicit Opened(std::unique_ptr<Store> from, Keys with)
      : store(std::move(from)), keys(std::move(with)), sources(store->config.data, store->clock, secrets_of(*store->database, keys.attachments)) {}
};

Result<std::unique_ptr<Opened>> open(const std::filesystem::path& config) {
  JX_TRY(store, open_store(config));
  JX_TRY(keys, load_keys(store->config.keys));
  return std::make_unique<Opened>(std::move(store), std::move(keys));
}

Result<catalogue::Source> named(Store& store, const std::string& source) {
  JX_TRY(id, SourceId::parse(source));
  return store.database->read(no_deadline, [&](db::Tx& tx) { return catalogue::source(tx, id); });
}

std::string in_language(const LocalizedText& text) { return std::string(text.in(say({"en", "zh-CN"}))); }

/// Its first line, without the line break: what `echo` writes, and what a file of one line holds.
std::string first_line(std::istream& in) {
  std::string line(catalogue::secret_bytes_max + 2, '\0');
  in.getline(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(std::string_view(line.c_str()).size());
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void print(const catalogue::TableReport& table) {
  std::printf("%s: %lld %s%s\n", table.name.c_str(), static_cast<long long>(table.rows), say({"rows", "行"}).c_str(),
              table.whole ? "" : say({", read in part", "，仅读取部分"}).c_str());
  for (const auto& column : table.columns) {
    std::printf("  %s %s, %lld %s, %lld %s\n", column.name.c_str(), std::string(wire::name_of(column.type)).c_str(),
                static_cast<long long>(column.empty), say({"empty", "空"}).c_str(), static_cast<long long>(column.distinct),
                say({"different", "不同值"}).c_str());
  }
}

}  // namespace

catalogue::Secrets secrets_of(db::Database& database, const crypto::KeyRing& keys) {
  return [&database, &keys](const catalogue::Source& source) {
    return database.read(SystemClock().now() + std::chrono::seconds(5), [&](db::Tx& tx) { return catalogue::secret(tx, keys, source); });
  };
}

int source_list(const std::filesystem::path& config) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto done = (*store)->database->read(no_deadline, [](db::Tx& tx) -> Result<> {
    JX_TRY(sources, catalogue::sources(tx));
    for (const auto& source : sources) {
      std::string more = address_of(source);
      if (source.secret) {
        JX_TRY(has, catalogue::has_secret(tx, source.id));
        more += has ? "" : say({" (its secret was not given yet)", "（尚未提供密码）"});
      }
      JX_TRY(last, catalogue::last_check(tx, source.id));
      if (last && !last->found.reached) more += say({" (not reached at the last check)", "（上次检查未连通）"});
      if (last && !last->found.missing.empty()) more += say({" (lacks what resources name)", "（缺少资源所需的表或列）"});
      std::printf("%s\t%s\t%s\t%s\t%s\n", source.id.text().c_str(), std::string(wire::name_of(source.kind)).c_str(), source.unit.text().c_str(),
                  in_language(source.name).c_str(), more.c_str());
    }
    return {};
  });
  return done ? 0 : failed(done.error());
}

int source_examine(const std::filesystem::path& config, const std::string& source, bool as_json) {
  auto opened = open(config);
  if (!opened) return failed(opened.error());
  const auto found = named(*(*opened)->store, source);
  if (!found) return failed(found.error());
  const auto sheets = exchange::read_sheets((*opened)->sources, *found, SystemClock().now() + examine_time_max);
  if (!sheets) return failed(sheets.error());
  auto examination = catalogue::examine(*sheets);
  const auto resources = (*opened)->store->database->read(no_deadline, [](db::Tx& tx) { return catalogue::resources(tx); });
  if (!resources) return failed(resources.error());
  std::vector<catalogue::Resource> published;
  std::ranges::copy_if(*resources, std::back_inserter(published), [&](const catalogue::Resource& one) { return one.source == found->id; });
  if (auto quality = exchange::hold_quality(*sheets, published); !quality.empty()) examination.quality = std::move(quality);
  if (as_json) {
    std::printf("%s\n", wire::encode(examination).c_str());
    return 0;
  }
  for (const auto& table : examination.tables) print(table);
  for (const auto& fault : examination.faults)
    std::printf("%8lld  %s: %s\n", static_cast<long long>(fault.count), fault.table.c_str(), in_language(fault.words).c_str());
  for (const auto& rule : examination.quality.value_or(std::vector<catalogue::QualityFound>()))
    std::printf("%8lld  %s/%s: %s\n", static_cast<long long>(rule.broken), rule.resource.text().c_str(), rule.field.c_str(),
                in_language(rule.why.value_or(rule.words)).c_str());
  return 0;
}

int source_check(const std::filesystem::path& config, const std::string& source) {
  auto opened = open(config);
  if (!opened) return failed(opened.error());
  auto& database = *(*opened)->store->database;
  const auto found = named(*(*opened)->store, source);
  if (!found) return failed(found.error());
  const auto checked = exchange::check(database, (*opened)->sources, *found, SystemClock().now() + check_time_max);
  if (!checked) return failed(checked.error());
  const auto now = (*opened)->store->clock.now();
  if (const auto kept = database.write(no_deadline, [&](db::Tx& tx) { return catalogue::save_check(tx, found->id, now, *checked); }); !kept)
    return failed(kept.error());
  if (!checked->reached) {
    std::printf("%s\n", checked->why ? in_language(*checked->why).c_str() : "");
    return 1;
  }
  for (const auto& lack : checked->missing) {
    std::printf("%s: %s %s%s\n", lack.resource.text().c_str(), say({"the source has no", "数据源缺少"}).c_str(), lack.table.c_str(),
                lack.column ? ("." + *lack.column).c_str() : "");
  }
  if (!checked->missing.empty()) return 1;
  std::printf("%s\n", say({"it is reached, and has what its resources name", "已连通，资源所需的表和列齐全"}).c_str());
  return 0;
}

int source_secret_set(const std::filesystem::path& config, const std::string& source) {
  auto store = open_store(config);
  if (!store) return failed(store.error());
  const auto keys = load_keys((*store)->config.keys);
  if (!keys) return failed(keys.error());
  const auto id = SourceId::parse(source);
  if (!id) return failed(id.error());
  auto value = first_line(std::cin);
  const auto context = (*store)->system_context();
  const auto done =
      (*store)->database->write(no_deadline, [&](db::Tx& tx) { return catalogue::set_secret(tx, context, keys->attachments, *id, value); });
  crypto::wipe(value);
  if (!done) return failed(done.error());
  std::printf("%s %s\n", say({"sealed, recorded as", "已加密保存，登记为"}).c_str(), done->text().c_str());
  return 0;
}

}  // namespace jx::app
