#include "delivery_make.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace jx::exchange {
namespace {

constexpr std::size_t batch_rows = 512;
constexpr std::size_t batch_bytes = 512U << 10U;
constexpr std::size_t batches_waiting_max = 6;

/// Rows with their texts, taken out of the source's own memory.
struct Batch {
  std::vector<Cell> cells;  // of all rows, one after another; a text says only how long it is
  std::string texts;        // in the order of the cells

  void clear() {
    cells.clear();
    texts.clear();
  }
};

/// Hands batches from the reader to the writer, and empty ones back.
class Queue {
 public:
  /// An empty batch; nothing once the writer has failed.
  std::unique_ptr<Batch> empty() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || !free_.empty() || made_ < batches_waiting_max; });
    if (failed_) return nullptr;
    if (free_.empty()) {
      ++made_;
      return std::make_unique<Batch>();
    }
    auto batch = std::move(free_.back());
    free_.pop_back();
    return batch;
  }
  void push(std::unique_ptr<Batch> batch) {
    const std::lock_guard lock(mutex_);
    full_.push_back(std::move(batch));
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  /// Nothing at the end.
  std::unique_ptr<Batch> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ || !full_.empty(); });
    if (full_.empty()) return nullptr;
    auto batch = std::move(full_.front());
    full_.pop_front();
    return batch;
  }
  void give_back(std::unique_ptr<Batch> batch) {
    batch->clear();
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(batch));
    changed_.notify_all();
  }
  void fail() {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Batch>> full_;  // guarded by mutex_, as all below
  std::vector<std::unique_ptr<Batch>> free_;
  std::size_t made_ = 0;
  bool ended_ = false;
  bool failed_ = false;
};

/// What the writing thread does.
class Writing {
 public:
  explicit Writing(const Making& making)
      : making_(making),
        parts_(making.folder),
        sorter_(making.folder),
        snapshot_(making.kind == DeliveryKind::snapshot),
        beginning_(making.writer.beginning("")),
        inserted_(making.writer.beginning("insert")),
        updated_(making.writer.beginning("update")) {
    parts_.begin(making.writer.header(snapshot_ ? "" : "op"));
  }

  Result<> take(const Batch& batch) {
    const auto width = making_.writer.columns().size();
    row_.resize(width);
    std::size_t text = 0;
    std::vector<std::string> subjects;
    std::int64_t records = 0;
    for (std::size_t at = 0; at < batch.cells.size(); at += width) {
      for (std::size_t i = 0; i < width; ++i) {
        row_[i] = batch.cells[at + i];
        if (auto* borrowed = std::get_if<std::string_view>(&row_[i])) {
          *borrowed = std::string_view(batch.texts).substr(text, borrowed->size());
          text += borrowed->size();
        }
      }
      JX_TRY(taken, snapshot_ ? snapshot_row() : changed_row());
      if (!taken || !snapshot_) continue;
      ++records;
      if (const auto subject = making_.writer.subject(); !subject.empty()) subjects.emplace_back(subject);
    }
    const std::lock_guard lock(mutex_);
    records_ += records;
    std::ranges::move(subjects, std::back_inserter(subjects_));
    return {};
  }

  /// After the last row: the index, and of a delivery of changes the lines.
  Result<> finish() {
    if (making_.index) {
      JX_CHECK(snapshot_ ? write_index() : write_changes());
    }
    JX_CHECK(check());
    return parts_.finish();
  }
  Result<> check() {
    const auto [records, subjects] = progress();
    return making_.check ? making_.check(records, subjects) : Result<>();
  }

  [[nodiscard]] Made made() const { return {parts_.parts(), parts_.records(), parts_.bytes()}; }

 private:
  /// Since the last call.
  std::pair<std::int64_t, std::vector<std::string>> progress() {
    const std::lock_guard lock(mutex_);
    return {records_, std::exchange(subjects_, {})};
  }

  Result<bool> snapshot_row() {
    auto& out = parts_.buffer();
    const auto begin = out.size();
    out.append(beginning_);
    const auto from = out.size();
    if (!making_.writer.append(row_, out)) {
      out.resize(begin);
      return false;
    }
    if (making_.index) JX_CHECK(sorter_.add(making_.writer.key(), row_hash(std::string_view(out).substr(from)), {}));
    JX_CHECK(parts_.line_ended());
    return true;
  }
  Result<bool> changed_row() {
    line_.clear();
    if (!making_.writer.append(row_, line_)) return false;
    const auto subject = making_.writer.subject();
    const auto hash = row_hash(line_);
    line_.append(subject).push_back(static_cast<char>(subject.size()));
    JX_CHECK(sorter_.add(making_.writer.key(), hash, line_));
    return true;
  }

  Result<> write_index() {
    JX_TRY(index, IndexWriter::open(making_.folder / "index"));
    JX_CHECK(sorter_.merge([&](std::string_view key, const RowHash& hash, std::string_view) { return index.add(key, hash); }));
    return index.finish();
  }

  /// `rest` is what changed_row() kept: the line, whose data it is (of at most 255 octets), and the length of that.
  Result<> changed(std::string_view first, std::string_view rest) {
    const auto subject_bytes = static_cast<std::size_t>(static_cast<unsigned char>(rest.back()));
    rest.remove_suffix(1);
    if (subject_bytes > 0) subjects_.emplace_back(rest.substr(rest.size() - subject_bytes));
    rest.remove_suffix(subject_bytes);
    return line(first, rest);
  }
  Result<> line(std::string_view first, std::string_view rest) {
    parts_.buffer().append(first).append(rest);
    JX_CHECK(parts_.line_ended());
    return ++records_ % rows_between_checks == 0 ? check() : Result<>();
  }
  Result<> write_changes() {
    JX_TRY(index, IndexWriter::open(making_.folder / "index"));
    JX_TRY(before, IndexReader::open(making_.base));
    JX_TRY(more, before.next());
    // Both run in the order of the keys: what only the index has is gone, what only the rows have is new.
    const auto gone_until = [&](const std::string_view* key) -> Result<> {
      while (more && (key == nullptr || before.key() < *key)) {
        if (auto subject = making_.writer.subject_of_gone(before.key()); !subject.empty() && subject.size() <= value_bytes_max)
          subjects_.push_back(std::move(subject));
        JX_CHECK(line(making_.writer.gone(before.key()), ""));
        JX_TRY(another, before.next());
        more = another;
      }
      return {};
    };
    JX_CHECK(sorter_.merge([&](std::string_view key, const RowHash& hash, std::string_view rest) -> Result<> {
      JX_CHECK(gone_until(&key));
      JX_CHECK(index.add(key, hash));
      if (!more || before.key() != key) return changed(inserted_, rest);
      if (before.hash() != hash) JX_CHECK(changed(updated_, rest));
      JX_TRY(another, before.next());
      more = another;
      return {};
    }));
    JX_CHECK(gone_until(nullptr));
    return index.finish();
  }

  const Making& making_;
  PartWriter parts_;
  RowSorter sorter_;
  bool snapshot_;
  std::string beginning_, inserted_, updated_;
  std::vector<Cell> row_;
  std::string line_;
  std::mutex mutex_;
  std::int64_t records_ = 0;           // guarded by mutex_ while there are two threads
  std::vector<std::string> subjects_;  // the same
};

}  // namespace

Result<Made> make_delivery(const Making& making) {
  Writing writing(making);
  Queue queue;
  Result<> written;
  std::jthread writer([&] {
    while (auto batch = queue.pop()) {
      if (written) written = writing.take(*batch);
      if (!written) queue.fail();
      queue.give_back(std::move(batch));
    }
  });

  auto batch = queue.empty();
  std::int64_t rows = 0;
  auto scanned =
      making.sources.scan_columns(making.source, making.table, making.writer.columns(), no_deadline, [&](std::span<const Cell> cells) -> Result<> {
        if (++rows % rows_between_checks == 0) JX_CHECK(writing.check());
        for (const auto& cell : cells) {
          batch->cells.push_back(cell);
          if (const auto* text = std::get_if<std::string_view>(&cell)) batch->texts.append(*text);
        }
        if (batch->cells.size() < batch_rows * cells.size() && batch->texts.size() < batch_bytes) return {};
        queue.push(std::move(batch));
        batch = queue.empty();
        return batch ? Result<>() : fail(ErrorCode::internal, "the delivery could not be written");
      });
  if (batch) queue.push(std::move(batch));
  queue.end();
  writer.join();
  if (!written) return std::unexpected(std::move(written).error());
  JX_CHECK(scanned);
  JX_CHECK(writing.check());
  JX_CHECK(writing.finish());
  return writing.made();
}

}  // namespace jx::exchange
