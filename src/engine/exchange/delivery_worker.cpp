// delivery_worker.cpp - deliveries are made, released, expired and deleted.
#include "deliveries.hpp"
#include "delivery_make.hpp"
#include "exchange_sql.hpp"
#include "usage_rows.hpp"

#include <jx/ledger/row_hash.hpp>
#include <jx/wire.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace jx::exchange {
namespace {

namespace fs = std::filesystem;

constexpr int attempts_max = 50;          // that were broken off: then something in it breaks the program
constexpr int unavailable_max = 5;        // attempts while the source does not answer
constexpr std::size_t persons_max = 500;  // put down in one act
constexpr std::chrono::minutes every{1};

std::unexpected<Error> overtaken() { return fail(ErrorCode::conflict, {"another worker has taken the delivery over", "该交付已由其他进程接手"}); }

Result<> settle_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  return done ? Result<>() : fail(ErrorCode::unavailable, {"the folder of deliveries cannot be written", "交付文件目录无法写入"});
}

Result<> fresh_folder(const fs::path& of_delivery, const fs::path& of_attempt) {
  std::error_code error;
  fs::remove_all(of_delivery, error);  // of attempts that were broken off
  fs::create_directories(of_attempt, error);
  if (!error) fs::permissions(of_delivery, fs::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::unavailable, {"the folder of deliveries cannot be written: is the disk full?", "交付文件目录无法写入，请检查磁盘空间"});
  return {};
}

fs::path attempt_folder(const fs::path& of_delivery, std::int64_t attempt) { return of_delivery / std::to_string(attempt); }

std::optional<Filter> filter_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  boost::system::error_code error;
  const auto json = boost::json::parse(text, error);
  auto filter = error ? Result<Filter>(fail(ErrorCode::corrupt, "")) : parse_filter(json);
  return filter ? std::optional(std::move(*filter)) : std::optional<Filter>();  // it was parsed when it was ordered
}

LocalDate cycle_start(LocalDate today, DeliveryCycle every_cycle) {
  switch (every_cycle) {
    case DeliveryCycle::daily: return today;
    case DeliveryCycle::weekly: return today - static_cast<std::int32_t>((today.weekday() + 6) % 7);  // Monday
    case DeliveryCycle::monthly: break;
  }
  const auto date = today.ymd();
  return LocalDate::of(static_cast<int>(date.year()), static_cast<unsigned>(date.month()), 1);
}

}  // namespace

/// One attempt at a delivery.
struct Deliveries::Job {
  Delivery delivery;
  Context ctx;
  Basis basis = {};
  std::optional<Filter> filter = {};
  Instant lease_until = {};
};

Result<std::optional<Deliveries::Job>> Deliveries::lease() {
  auto ctx = needs_.context();
  const auto now = ctx.now();
  return needs_.database.write_relaxed(no_deadline, [&](db::Tx& tx) -> Result<std::optional<Job>> {
    JX_TRY(row, tx.one(sql::delivery_lease, now, now + needs_.lease));
    if (!row) return std::optional<Job>();
    JX_TRY(leased, decode_delivery(*row));
    return std::optional(Job{std::move(leased), ctx, {}, {}, now + needs_.lease});
  });
}

namespace {

/// Whose data the rows are, of those whom the program knows.
Result<std::vector<PersonId>> persons_of(db::Database& database, Facts& facts, const std::string& scheme, const std::vector<std::string>& codes) {
  const std::set<std::string_view> distinct(codes.begin(), codes.end());
  return database.read(no_deadline, [&](db::Tx& tx) -> Result<std::vector<PersonId>> {
    std::vector<PersonId> found;
    for (const auto code : distinct) {
      JX_TRY(person, facts.person(tx, {scheme, std::string(code)}));
      if (person) found.push_back(*person);
      if (person) continue;
      JX_TRY(firm, facts.firm(tx, {scheme, std::string(code)}));
      if (firm) found.emplace_back(firm->uuid());
    }
    return found;
  });
}

Result<crypto::Digest> persons_recorded(db::Database& database, const UsageId& usage) {
  return database.read(no_deadline, [&](db::Tx& tx) -> Result<crypto::Digest> {
    crypto::Sha256 hash;
    JX_CHECK(tx.each(
        sql::usage_persons_of,
        [&](db::Row&& row) -> Result<> {
          hash.update(row.bytes(0));
          return {};
        },
        usage));
    return hash.finish();
  });
}

/// The usage row, as the gateway writes it for a call; answers what the entry has to vouch for, and the row goes in with the entry's id.
struct UsageRow {
  Instant at;
  std::string fields;
  crypto::Digest persons;

  [[nodiscard]] std::array<db::Param, 16> row(const Delivery& delivery, std::int64_t records) const {
    static const ItemId no_item;
    static const AccountId nobody;
    return {delivery.usage,
            at,
            delivery.consumer,
            delivery.provider,
            delivery.resource,
            delivery.grant,
            fields,
            records,
            nullptr,
            "",
            no_item,
            delivery.programme,
            false,
            nobody,
            "",
            ByteView(persons)};
  }
};

Result<> release(db::Tx& tx, const Context& ctx, const Delivery& delivery, const Basis& basis, const Made& made, const crypto::Digest& persons) {
  const auto now = ctx.now();
  const auto released = tx.run(sql::delivery_release, delivery.id, delivery.attempts, now, now + std::chrono::days(delivery_days), made.records,
                               made.bytes, made.parts.size());
  if (!released) return std::unexpected(released.error());
  if (*released == 0) return overtaken();
  std::vector<std::string> fields;
  for (const auto& field : basis.grant.fields) fields.push_back(field.id);
  const UsageRow usage{now, wire::encode(fields), persons};
  const auto row = usage.row(delivery, made.records);
  std::vector<ledger::StateHash> states{ledger::state_from(state_tables()[2], row)};
  for (const auto& part : made.parts) {
    const std::array<db::Param, 5> cells{delivery.id, part.part, part.records, part.bytes, ByteView(part.sha256)};
    JX_CHECK(tx.later(sql::delivery_part_insert, delivery.id, part.part, part.records, part.bytes, ByteView(part.sha256)));
    states.push_back(ledger::state_from(delivery_part_table(), cells));
  }
  boost::json::array names;
  for (const auto& field : fields) names.emplace_back(field);
  boost::json::object body{{"usage", delivery.usage.text()},
                           {"resource", delivery.resource.text()},
                           {"consumer", delivery.consumer.text()},
                           {"provider", delivery.provider.text()},
                           {"programme", delivery.programme.text()},
                           {"kind", wire::name_of(delivery.kind)},
                           {"fields", std::move(names)},
                           {"records", made.records},
                           {"bytes", made.bytes},
                           {"parts", made.parts.size()}};
  JX_TRY(entry, record_delivery(tx, ctx, "delivery.released", delivery, std::move(body), std::move(states)));
  return tx.later(sql::insert_usage, delivery.usage, now, delivery.consumer, delivery.provider, delivery.resource, delivery.grant, usage.fields,
                  made.records, nullptr, "", ItemId(), delivery.programme, false, AccountId(), "", entry, ByteView(persons));
}

}  // namespace

Result<> Deliveries::make(const Job& leased) {
  Job job = leased;
  const auto& delivery = job.delivery;
  auto& database = needs_.database;
  JX_TRY(basis, database.read(no_deadline, [&](db::Tx& tx) { return delivery_basis(tx, needs_.facts.today(), delivery.grant); }));
  const auto& key = delivery.key;
  if (basis.grant.delivery->format != delivery.format || key_of(basis.grant, basis.resource) != key)
    return fail(ErrorCode::conflict, {"the grant was changed: order the delivery again", "授权已变更，请重新订购"});
  job.basis = std::move(basis);
  job.filter = filter_of(delivery.filter);
  const auto folder = attempt_folder(folder_of(delivery.id), delivery.attempts);
  JX_CHECK(fresh_folder(folder_of(delivery.id), folder));

  // The grant again, with what may have changed; the lease on; and whose data it is.
  std::set<PersonId> known;
  const auto check = [&](std::int64_t records, const std::vector<std::string>& subjects) -> Result<> {
    JX_CHECK(database.read(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_TRY(again, delivery_basis(tx, needs_.facts.today(), delivery.grant));
      if (!job.basis.same(again))
        return fail(ErrorCode::conflict, {"the grant or the resource was changed while the delivery was made: order it again",
                                          "生成交付期间该授权或数据资源已有变更，请重新订购"});
      return check_volume(tx, job.ctx, again.grant, records);
    }));
    std::vector<PersonId> persons;
    if (!subjects.empty()) {
      JX_TRY(found, persons_of(database, needs_.facts, job.basis.resource.subject->scheme, subjects));
      persons = std::move(found);
    }
    const auto now = job.ctx.now();
    if (persons.empty() && job.lease_until - now > needs_.lease / 2) return {};
    for (std::size_t from = 0; from == 0 || from < persons.size(); from += persons_max) {
      JX_CHECK(database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
        JX_TRY(held, tx.run(sql::delivery_lease_on, delivery.id, delivery.attempts, now + needs_.lease));
        if (held == 0) return overtaken();
        for (std::size_t i = from; i < std::min(from + persons_max, persons.size()); ++i)
          JX_CHECK(tx.later(sql::insert_usage_person, persons[i], delivery.usage));
        return {};
      }));
    }
    job.lease_until = now + needs_.lease;
    return {};
  };
  JX_CHECK(database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {  // of an attempt before
    JX_TRY(held, tx.run(sql::delivery_lease_on, delivery.id, delivery.attempts, job.lease_until));
    if (held == 0) return overtaken();
    JX_CHECK(forget_persons(tx, delivery.usage));
    return {};
  }));

  JX_TRY(writer, RowWriter::make({job.basis.grant, job.basis.resource, job.filter, key, needs_.mask_keys}));
  Making making{needs_.sources, job.basis.source, job.basis.resource.table, *writer, folder, delivery.kind, !key.empty(), {}, check};
  if (delivery.base) {
    JX_TRY(row, database.read(no_deadline, [&](db::Tx& tx) { return tx.one(sql::delivery_folder, *delivery.base); }));
    making.base = attempt_folder(folder_of(*delivery.base), row ? row->integer(1) : 0) / "index";
  }
  JX_TRY(made, make_delivery(making));
  JX_CHECK(settle_folder(folder_of(delivery.id)));
  JX_CHECK(settle_folder(needs_.folder));
  JX_TRY(persons, persons_recorded(database, delivery.usage));
  const auto act = [&](db::Tx& tx) -> Result<> {
    JX_TRY(again, delivery_basis(tx, needs_.facts.today(), delivery.grant));
    if (!job.basis.same(again))
      return fail(ErrorCode::conflict, {"the grant or the resource was changed while the delivery was made: order it again",
                                        "生成交付期间该授权或数据资源已有变更，请重新订购"});
    JX_CHECK(check_volume(tx, job.ctx, again.grant, made.records));
    return release(tx, job.ctx, delivery, job.basis, made, persons);
  };
  return job.basis.grant.records_per_day ? database.write(no_deadline, act) : database.write_guarded(no_deadline, act);
}

/// What went wrong is on record, and shown to both sides; a source that does not answer is asked again a few times.
Result<> Deliveries::refuse(const Job& job, const Error& why) {
  const auto& delivery = job.delivery;
  const bool again = (why.code == ErrorCode::unavailable || why.code == ErrorCode::timeout) && delivery.attempts < unavailable_max;
  JX_CHECK(needs_.database.write_guarded(no_deadline, [&](db::Tx& tx) -> Result<> {
    if (again) {
      const auto rest = needs_.lease * (1 << delivery.attempts);
      JX_CHECK(tx.run(sql::delivery_lease_on, delivery.id, delivery.attempts, job.ctx.now() + rest));
      return {};
    }
    JX_TRY(failed, tx.run(sql::delivery_fail, delivery.id, delivery.attempts, wire::encode(why.message)));
    if (failed == 0) {  // another worker's, or superseded
      JX_TRY(now, exchange::delivery(tx, delivery.id));
      if (now.state == DeliveryState::superseded && now.attempts == delivery.attempts) JX_CHECK(forget_persons(tx, delivery.usage));
      return {};
    }
    JX_CHECK(forget_persons(tx, delivery.usage));
    JX_CHECK(record_delivery(tx, job.ctx, "delivery.failed", delivery, {{"why", why.message.en}}));
    return {};
  }));
  JX_TRY(row, needs_.database.read(no_deadline, [&](db::Tx& tx) { return tx.one(sql::delivery_folder, delivery.id); }));
  if (row && row->integer(2) > 0) return {};  // it was released all the same
  std::error_code ignored;
  fs::remove_all(attempt_folder(folder_of(delivery.id), delivery.attempts), ignored);
  return {};
}

Result<bool> Deliveries::step() {
  JX_TRY(job, lease());
  if (!job) return false;
  auto made = job->delivery.attempts > attempts_max
                  ? Result<>(fail(ErrorCode::internal, {"the making of this delivery was broken off again and again", "该交付多次生成中断"}))
                  : make(*job);
  if (!made && needs_.failed) needs_.failed(made.error());
  if (!made) JX_CHECK(refuse(*job, made.error()));
  return true;
}

Result<> Deliveries::subscribe() {
  const auto ctx = needs_.context();
  const auto today = needs_.facts.today();
  JX_TRY(due, needs_.database.read(no_deadline, [&](db::Tx& tx) -> Result<std::vector<std::pair<GrantId, LocalDate>>> {
    std::vector<std::pair<GrantId, LocalDate>> list;
    JX_TRY(all, grants(tx, today));
    for (const auto& view : all) {
      const auto& terms = view.grant.delivery;
      if (view.state != GrantState::active || !terms || !terms->every) continue;
      const auto cycle = cycle_start(today, *terms->every);
      JX_TRY(there, tx.one(sql::delivery_of_cycle, view.grant.id, cycle.text()));
      if (!there) list.emplace_back(view.grant.id, cycle);
    }
    return list;
  }));
  for (const auto& [id, cycle] : due) {
    JX_CHECK(needs_.database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_TRY(open, tx.one(sql::deliveries_unacknowledged, id));
      JX_TRY(waiting, tx.one(sql::deliveries_waiting, id));
      if (open->integer(0) >= unacknowledged_max || waiting->integer(0) > 0) return {};
      auto basis = delivery_basis(tx, today, id);
      if (!basis) return basis.error().code == ErrorCode::forbidden ? Result<>() : std::unexpected(std::move(basis).error());
      std::optional<Base> base;
      if (basis->grant.delivery->changes) {
        JX_TRY(found, base_of(tx, *basis));
        base = std::move(found);
      }
      JX_CHECK(put_order(tx, ctx, *basis, base ? DeliveryKind::changes : DeliveryKind::snapshot, base ? base->filter : std::string(),
                         base ? std::optional(base->id) : std::nullopt, cycle));
      return {};
    }));
  }
  return {};
}

Result<> Deliveries::tidy() {
  const auto ctx = needs_.context();
  auto& database = needs_.database;
  JX_TRY(expired, database.read(no_deadline, [&](db::Tx& tx) { return tx.all(sql::deliveries_to_expire, ctx.now()); }));
  for (const auto& row : expired) {
    JX_CHECK(database.write(no_deadline, [&](db::Tx& tx) -> Result<> {
      const auto id = row.id<DeliveryId>(0);
      JX_TRY(found, delivery(tx, id));
      JX_TRY(done, tx.run(sql::delivery_expire, id));
      if (done > 0) JX_CHECK(record_delivery(tx, ctx, "delivery.expired", found, {}));
      return {};
    }));
  }
  JX_TRY(over, database.read(no_deadline, [](db::Tx& tx) { return tx.all(sql::deliveries_over); }));
  for (const auto& row : over) {
    const auto id = row.id<DeliveryId>(0);
    const bool keep_index = row.integer(2) != 0;
    if (keep_index && row.integer(1) == 2) continue;
    std::error_code error;
    if (keep_index) {
      for (const auto& file : fs::recursive_directory_iterator(folder_of(id), error)) {
        if (file.path().filename().string().starts_with("part-")) fs::remove(file.path(), error);
      }
    } else {
      fs::remove_all(folder_of(id), error);
    }
    JX_CHECK(database.write_relaxed(no_deadline, [&](db::Tx& tx) -> Result<> {
      JX_CHECK(tx.run(sql::delivery_files, id, keep_index ? 2 : 0));
      return {};
    }));
  }
  // What an attempt left that nobody goes on with.
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(needs_.folder, error)) {
    const auto id = DeliveryId::parse(entry.path().filename().string());
    if (!id) continue;
    JX_TRY(row, database.read(no_deadline, [&](db::Tx& tx) { return tx.one(sql::delivery_folder, *id); }));
    if (row && (row->text(0) == "ordered" || row->integer(2) > 0)) continue;
    std::error_code ignored;
    fs::remove_all(entry.path(), ignored);
  }
  return {};
}

Result<fs::path> Deliveries::file(db::Tx& tx, const DeliveryId& id, std::int64_t part) const {
  JX_TRY(found, delivery(tx, id));
  if (found.recalled_at)
    return fail(ErrorCode::conflict, {"the delivery was recalled: destroy what you have of it", "该交付已被召回，请销毁已下载的数据"});
  if (found.state != DeliveryState::released || found.destroyed_at)
    return fail(ErrorCode::conflict, {"the delivery cannot be downloaded now", "该交付目前不可下载"});
  JX_CHECK(delivery_basis(tx, needs_.facts.today(), found.grant));
  if (part < 1 || part > found.parts) return fail(ErrorCode::not_found, {"the delivery has no such part", "该交付没有这一部分"});
  auto path = part_file(attempt_folder(folder_of(id), found.attempts), part);
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return fail(ErrorCode::unavailable, {"the file of this part is not there: order the delivery again", "该部分文件已不存在，请重新订购"});
  return path;
}

Result<std::vector<std::string>> check_delivery_files(db::Database& database, const fs::path& folder, bool deep) {
  std::vector<std::string> wrong;
  JX_TRY(rows, database.read(no_deadline, [](db::Tx& tx) { return tx.all(sql::deliveries_with_files); }));
  for (const auto& row : rows) {
    if (row.integer(2) != 1) continue;
    const auto id = row.id<DeliveryId>(0);
    JX_TRY(parts, database.read(no_deadline, [&](db::Tx& tx) { return delivery_parts(tx, id); }));
    for (const auto& part : parts) {
      const auto path = part_file(attempt_folder(folder / id.text(), row.integer(1)), part.part);
      std::error_code error;
      const auto size = fs::file_size(path, error);
      if (error) continue;  // gone, as after a backup was restored
      bool sound = size == static_cast<std::uintmax_t>(part.bytes);
      if (sound && deep) {
        std::string octets(static_cast<std::size_t>(part.bytes), '\0');
        const File file(std::fopen(path.c_str(), "rb"));
        sound = file && std::fread(octets.data(), 1, octets.size(), file.get()) == octets.size() && crypto::sha256(bytes_of(octets)) == part.sha256;
      }
      if (!sound) wrong.push_back(fs::relative(path, folder, error).string());
    }
  }
  return wrong;
}

void Deliveries::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Deliveries::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  woken_.notify_all();
  thread_.join();
}

void Deliveries::wake() {
  const std::lock_guard lock(mutex_);
  wanted_ = true;
  woken_.notify_all();
}

void Deliveries::run(const std::stop_token& stop) {
  const auto tell = [&](const auto& done) {
    if (!done && needs_.failed) needs_.failed(done.error());
  };
  while (!stop.stop_requested()) {
    tell(subscribe());
    for (bool more = true; more && !stop.stop_requested();) {
      const auto done = step();
      tell(done);
      more = done && *done;
    }
    tell(tidy());
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, every, [this] { return wanted_; });
    wanted_ = false;
  }
}

}  // namespace jx::exchange
