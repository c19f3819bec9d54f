// SPDX-License-Identifier: Apache-2.0
// Preloaded into the daemon: from the n-th call on, writing to files below GAPURA_FAULT_FOLDER fails as a disk does that is
// broken (EIO) or full (ENOSPC). Counted are write, pwrite, writev, fsync, fdatasync, ftruncate, posix_fallocate, rename
// and every open that may write.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "chaos/shim/fault_control.h"

namespace {

using gapura::tests::FaultControl;

template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

constexpr int most = 4096;  // descriptors
std::atomic<char> watched[most];
char names[most][32];

const char* folder() {
  static const char* const given = std::getenv("GAPURA_FAULT_FOLDER");
  return given ? given : "";
}

FaultControl* control() {
  static FaultControl* const mapped = [] {
    const char* path = std::getenv("GAPURA_FAULT_CONTROL");
    static const auto real_open = next<int(const char*, int, ...)>("open");
    const int fd = path ? real_open(path, O_RDWR | O_CLOEXEC) : -1;
    void* at = fd >= 0 ? mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (fd >= 0) close(fd);
    return at == MAP_FAILED ? nullptr : static_cast<FaultControl*>(at);
  }();
  return mapped;
}

bool is_below(const char* path) {
  const std::size_t length = std::strlen(folder());
  return length > 0 && std::strncmp(path, folder(), length) == 0 && path[length] == '/';
}

const char* name_of(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash ? slash + 1 : path;
}

// Counts the call; true when it is to fail, with errno set.
bool fails(const char* call, const char* name) {
  FaultControl* const shared = control();
  if (!shared) return false;
  const auto number = ++shared->calls;
  const auto from = shared->fail_from.load();
  if (from == 0 || number < from || (number > from && shared->sticky == 0)) return false;
  if (shared->failed++ == 0) std::snprintf(shared->first, sizeof shared->first, "%s %s", call, name);
  // Opens of the journal while it runs are its readers', which write nothing.
  const bool opens = std::strcmp(call, "open") == 0;
  if (!opens && (std::strcmp(name, "gapura.db") == 0 || std::strcmp(name, "gapura.db-wal") == 0)) ++shared->in_journal;
  errno = shared->error;
  return true;
}
// Streams open their files inside the C library, where no shim sees it: those are asked of the kernel each time.
bool fails(const char* call, int fd) {
  if (fd < 0 || fd >= most) return false;
  if (watched[fd] != 0) return fails(call, names[fd]);
  char link[32], path[512];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return false;
  path[length] = '\0';
  return is_below(path) && fails(call, name_of(path));
}

int remember(int fd, const char* path) {
  if (fd >= 0 && fd < most) {
    std::snprintf(names[fd], sizeof names[fd], "%s", name_of(path));
    watched[fd] = 1;
  }
  return fd;
}

template <class Open>
int open_watched(const char* path, int flags, const Open& open) {
  if (!is_below(path) || (flags & O_DIRECTORY) != 0) return open();
  const bool may_write = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
  if (!may_write) return open();
  if (fails("open", name_of(path))) return -1;
  return remember(open(), path);
}

mode_t mode_of(int flags, va_list rest) { return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; }

}  // namespace

#define OPEN(NAME)                                                             \
  extern "C" int NAME(const char* path, int flags, ...) {                      \
    static const auto real = next<int(const char*, int, ...)>(#NAME);          \
    va_list rest;                                                              \
    va_start(rest, flags);                                                     \
    const mode_t mode = mode_of(flags, rest);                                  \
    va_end(rest);                                                              \
    return open_watched(path, flags, [&] { return real(path, flags, mode); }); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(NAME)                                                               \
  extern "C" int NAME(int at, const char* path, int flags, ...) {                  \
    static const auto real = next<int(int, const char*, int, ...)>(#NAME);         \
    va_list rest;                                                                  \
    va_start(rest, flags);                                                         \
    const mode_t mode = mode_of(flags, rest);                                      \
    va_end(rest);                                                                  \
    return open_watched(path, flags, [&] { return real(at, path, flags, mode); }); \
  }
OPENAT(openat)
OPENAT(openat64)

extern "C" int close(int fd) {
  static const auto real = next<int(int)>("close");
  if (fd >= 0 && fd < most) watched[fd] = 0;
  return real(fd);
}

extern "C" ssize_t write(int fd, const void* bytes, size_t count) {
  static const auto real = next<ssize_t(int, const void*, size_t)>("write");
  return fails("write", fd) ? -1 : real(fd, bytes, count);
}
extern "C" ssize_t writev(int fd, const iovec* parts, int count) {
  static const auto real = next<ssize_t(int, const iovec*, int)>("writev");
  return fails("writev", fd) ? -1 : real(fd, parts, count);
}

#define PWRITE(NAME, OFFSET)                                                         \
  extern "C" ssize_t NAME(int fd, const void* bytes, size_t count, OFFSET at) {      \
    static const auto real = next<ssize_t(int, const void*, size_t, OFFSET)>(#NAME); \
    return fails("pwrite", fd) ? -1 : real(fd, bytes, count, at);                    \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(NAME)                                  \
  extern "C" int NAME(int fd) {                     \
    static const auto real = next<int(int)>(#NAME); \
    return fails(#NAME, fd) ? -1 : real(fd);        \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(NAME, OFFSET)                              \
  extern "C" int NAME(int fd, OFFSET length) noexcept {     \
    static const auto real = next<int(int, OFFSET)>(#NAME); \
    return fails("ftruncate", fd) ? -1 : real(fd, length);  \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define ALLOCATE(NAME, OFFSET)                                          \
  extern "C" int NAME(int fd, OFFSET at, OFFSET length) {               \
    static const auto real = next<int(int, OFFSET, OFFSET)>(#NAME);     \
    return fails("posix_fallocate", fd) ? errno : real(fd, at, length); \
  }
ALLOCATE(posix_fallocate, off_t)
ALLOCATE(posix_fallocate64, off64_t)

extern "C" int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int(const char*, const char*)>("rename");
  return is_below(to) && fails("rename", name_of(to)) ? -1 : real(from, to);
}
