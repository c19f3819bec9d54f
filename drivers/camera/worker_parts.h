// SPDX-License-Identifier: Apache-2.0
// What the three threads of a camera's child share. Only the child's own files include this.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <optional>
#include <string>

#include "drivers/camera/link.h"
#include "drivers/mutex.h"
#include "drivers/reader.h"

namespace gapura::drivers {

// The threads' figures for the next health message. An instant of 0 means "not now".
struct Counters {
  std::atomic<std::uint64_t> frames{0}, dropped{0}, late{0}, decode_us{0}, search_us{0};
  std::atomic<std::int64_t> newest{0}, searching_since{0}, waiting_since{0};
  std::atomic<int> width{0}, height{0};
  std::atomic<CameraFault> source_fault{CameraFault::none};   // of the capturing thread: no frames
  std::atomic<CameraFault> clock_fault{CameraFault::none};    // of the capturing thread: frames still come
  std::atomic<CameraFault> picture_fault{CameraFault::none};  // of the search thread
  std::atomic<CameraFault> view_fault{CameraFault::none};     // of the search thread: frames still come
  std::atomic<int> landmarks{0};
  Mutex detail_mutex;
  std::string detail GUARDED_BY(detail_mutex);

  void set_detail(std::string text) {
    const MutexLock lock(detail_mutex);
    detail = std::move(text);
  }
  CameraFault fault() const {
    for (const auto* each : {&source_fault, &picture_fault, &view_fault, &clock_fault})
      if (*each != CameraFault::none) return *each;
    return CameraFault::none;
  }
  // Returns the message for the parent.
  link::Health report() {
    link::Health health;
    health.frames = frames;
    health.dropped = dropped;
    health.decode_us = decode_us;
    health.search_us = search_us;
    health.newest = known(newest);
    health.searching_since = known(searching_since);
    health.waiting_since = known(waiting_since);
    health.late = late;
    health.fault = fault();
    health.width = width;
    health.height = height;
    health.landmarks = landmarks;
    {
      const MutexLock lock(detail_mutex);
      health.detail = detail;
    }
    return health;
  }

 private:
  static std::optional<BootTime> known(std::int64_t at) {
    return at == 0 ? std::nullopt : std::optional(BootTime{Millis{at}});
  }
};

inline std::int64_t instant() { return boot_now().time_since_epoch().count(); }

// Thread-safe. A parent that does not read is treated as ended.
class Outbox {
 public:
  void send(const link::FromChild& message) {
    const auto bytes = link::encode(message);
    const MutexLock lock(mutex_);
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t n = ::send(link::child_descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) _exit(0);
      sent += static_cast<std::size_t>(n);
    }
  }

 private:
  Mutex mutex_;  // one message at a time
};

// What the parent has requested, as received by the talking thread. Instants of CLOCK_BOOTTIME, 0: never.
struct ParentRequests {
  std::atomic<std::int64_t> watched_until{0}, live_until{0}, still_after{0};
  std::atomic<bool> accept_view{false};
};

}  // namespace gapura::drivers
