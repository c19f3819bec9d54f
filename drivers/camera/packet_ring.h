// SPDX-License-Identifier: Apache-2.0
// The last seconds of a stream as the camera compressed them: about 4 MB where ten seconds of pictures would be 780. Cut at
// key frames, never encoded anew.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "drivers/mutex.h"
#include "models/device_event.h"
#include "models/result.h"

struct AVPacket;
struct AVCodecParameters;

namespace gapura::drivers {

// Thread-safe: the capturing thread adds, another cuts.
class PacketRing {
 public:
  static constexpr Millis span{16'000};                 // ten seconds before an event, five after, one to be asked
  static constexpr std::size_t most_bytes = 10u << 20;  // a camera at 5 Mbit/s; above that it keeps fewer seconds

  PacketRing();
  ~PacketRing();
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  // A stream begins, or goes on with pictures of another size: what came before does not go together with it.
  void begin(const AVCodecParameters& parameters, int time_base_num, int time_base_den);
  void set_size(int width, int height);  // of its pictures, as decoded
  void add(const AVPacket& packet, bool key, BootTime received);
  void clear();
  std::size_t bytes() const;

  // From the last key frame at or before `from` (the first there is, when that is gone) to the last packet at or before
  // `until`. not_found: nothing of that time is kept. bug: the container refused it.
  Result<Clip> cut(BootTime from, BootTime until) const;

 private:
  struct Kept;
  struct Group;  // a key frame and what follows it
  struct Stream;

  mutable Mutex mutex_;
  std::unique_ptr<Stream> stream_ GUARDED_BY(mutex_);
  std::deque<Group> groups_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace gapura::drivers
