// SPDX-License-Identifier: Apache-2.0
#include "console/post/moved_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

namespace gapura::tests {
namespace {

struct Moved {
  std::atomic<std::int64_t> both_ms, wall_ms;
};
Moved none{};
std::atomic<Moved*> moved{&none};

void add(timespec& time, std::int64_t ms) {
  time.tv_sec += ms / 1000;
  time.tv_nsec += ms % 1000 * 1'000'000;
  if (time.tv_nsec >= 1'000'000'000) time.tv_nsec -= 1'000'000'000, ++time.tv_sec;
  if (time.tv_nsec < 0) time.tv_nsec += 1'000'000'000, --time.tv_sec;
}

}  // namespace

Status move_clock_by_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(Moved)) != 0) return fail(ErrorKind::storage, "cannot open " + path);
  void* at = mmap(nullptr, sizeof(Moved), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (at == MAP_FAILED) return fail(ErrorKind::storage, "cannot map " + path);
  moved = static_cast<Moved*>(at);
  return {};
}

void pass_time(Millis time) { moved.load()->both_ms += time.count(); }
void jump_time(Millis time) { moved.load()->wall_ms += time.count(); }

}  // namespace gapura::tests

// Every caller in the process comes here, those in shared libraries too.
extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto done = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  const gapura::tests::Moved& by = *gapura::tests::moved.load(std::memory_order_relaxed);
  if (clock == CLOCK_REALTIME) gapura::tests::add(*time, by.both_ms + by.wall_ms);
  if (clock == CLOCK_BOOTTIME) gapura::tests::add(*time, by.both_ms);
  return done;
}
