// fault_vfs.hpp - for tests: SQLite's view of a disk that fails, fills up or loses power. Wraps the real one while it lives.
#pragma once
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>

namespace jx::db {

/// One at a time in a program. What happens to the disk is set from outside; -1 stands for never.
class FaultyDisk {
 public:
  std::atomic<std::int64_t> writes = 0;        // so far
  std::atomic<std::int64_t> fail_write = -1;   // this write fails, once, with fail_code
  std::atomic<std::int64_t> fail_writes = -1;  // this write and all after it fail with fail_code
  std::atomic<int> fail_code = SQLITE_IOERR_WRITE;
  std::atomic<std::int64_t> fail_syncs = 0;     // so many more syncs fail, though what was written may be found later
  std::atomic<std::int64_t> die_at_write = -1;  // the program ends in the middle of this write
  std::atomic<bool> keep_synced = false;        // after each sync, what is surely on the disk is copied to <file>.synced

  FaultyDisk() {
    disk = this;
    real_ = sqlite3_vfs_find(nullptr);
    vfs_ = *real_;
    vfs_.zName = "faulty";
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.xOpen = open;
    sqlite3_vfs_register(&vfs_, 1);
  }
  ~FaultyDisk() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(real_, 1);
    disk = nullptr;
  }
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

 private:
  struct File {
    sqlite3_file base;
    sqlite3_file* real;
    const char* path;
  };
  static inline FaultyDisk* disk = nullptr;
  static File* self(sqlite3_file* file) { return reinterpret_cast<File*>(file); }  // NOLINT(*-reinterpret-cast)
  static sqlite3_file* real(sqlite3_file* file) { return self(file)->real; }

  static int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto* own = self(file);
    own->base.pMethods = nullptr;
    own->real = reinterpret_cast<sqlite3_file*>(own + 1);  // NOLINT(*-reinterpret-cast)
    own->path = path;
    const int code = disk->real_->xOpen(disk->real_, path, own->real, flags, out_flags);
    if (own->real->pMethods != nullptr) own->base.pMethods = &methods;
    return code;
  }

  static int write(sqlite3_file* file, const void* data, int length, sqlite3_int64 offset) {
    const std::int64_t number = disk->writes++;
    if (number == disk->die_at_write) {
      real(file)->pMethods->xWrite(real(file), data, length / 2, offset);
      ::_exit(9);
    }
    if (number == disk->fail_write || (disk->fail_writes >= 0 && number >= disk->fail_writes)) return disk->fail_code;
    return real(file)->pMethods->xWrite(real(file), data, length, offset);
  }

  /// The machine's own disk is not waited for: power is cut in these tests alone.
  static int sync(sqlite3_file* file, int) {
    if (disk->fail_syncs > 0) return --disk->fail_syncs, SQLITE_IOERR_FSYNC;
    if (disk->keep_synced && self(file)->path != nullptr) {
      const std::string path = self(file)->path;
      std::filesystem::copy_file(path, path + ".synced", std::filesystem::copy_options::overwrite_existing);
    }
    return SQLITE_OK;
  }

  static constexpr sqlite3_io_methods make_methods() {
    sqlite3_io_methods made{};
    made.iVersion = 3;
    made.xClose = [](sqlite3_file* f) { return real(f)->pMethods->xClose(real(f)); };
    made.xRead = [](sqlite3_file* f, void* data, int n, sqlite3_int64 at) { return real(f)->pMethods->xRead(real(f), data, n, at); };
    made.xWrite = write;
    made.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return real(f)->pMethods->xTruncate(real(f), size); };
    made.xSync = sync;
    made.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return real(f)->pMethods->xFileSize(real(f), size); };
    made.xLock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xLock(real(f), lock); };
    made.xUnlock = [](sqlite3_file* f, int lock) { return real(f)->pMethods->xUnlock(real(f), lock); };
    made.xCheckReservedLock = [](sqlite3_file* f, int* out) { return real(f)->pMethods->xCheckReservedLock(real(f), out); };
    made.xFileControl = [](sqlite3_file* f, int op, void* arg) { return real(f)->pMethods->xFileControl(real(f), op, arg); };
    made.xSectorSize = [](sqlite3_file* f) { return real(f)->pMethods->xSectorSize(real(f)); };
    made.xDeviceCharacteristics = [](sqlite3_file* f) { return real(f)->pMethods->xDeviceCharacteristics(real(f)); };
    made.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return real(f)->pMethods->xShmMap(real(f), page, size, extend, out);
    };
    made.xShmLock = [](sqlite3_file* f, int at, int n, int flags) { return real(f)->pMethods->xShmLock(real(f), at, n, flags); };
    made.xShmBarrier = [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); };
    made.xShmUnmap = [](sqlite3_file* f, int remove) { return real(f)->pMethods->xShmUnmap(real(f), remove); };
    made.xFetch = [](sqlite3_file* f, sqlite3_int64 at, int n, void** out) { return real(f)->pMethods->xFetch(real(f), at, n, out); };
    made.xUnfetch = [](sqlite3_file* f, sqlite3_int64 at, void* page) { return real(f)->pMethods->xUnfetch(real(f), at, page); };
    return made;
  }
  static inline const sqlite3_io_methods methods = make_methods();

  sqlite3_vfs* real_;
  sqlite3_vfs vfs_{};
};

}  // namespace jx::db
