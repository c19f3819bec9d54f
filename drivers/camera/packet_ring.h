// SPDX-License-Identifier: Apache-2.0
// The last seconds of a stream in the camera's own compression: about 4 MB where ten seconds of pictures would take 780.
// Clips are cut at key frames and never re-encoded.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "drivers/mutex.h"
#include "models/base/device_event.h"
#include "models/base/result.h"

struct AVPacket;
struct AVCodecParameters;

namespace gapura::drivers {

// Thread-safe: the capturing thread adds packets, another thread cuts clips.
class PacketRing {
 public:
  static constexpr Millis span{16'000};                 // ten seconds before an event, five after, one to be asked
  static constexpr std::size_t most_bytes = 10u << 20;  // a camera at 5 Mbit/s; of a faster one fewer seconds are kept

  PacketRing();
  ~PacketRing();
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;

  // Call when a stream begins, or continues with pictures of another size; earlier packets are dropped, because they cannot
  // be in one clip with later ones.
  void begin(const AVCodecParameters& parameters, int time_base_num, int time_base_den);
  void set_size(int width, int height);  // of its pictures, as decoded
  void add(const AVPacket& packet, bool key, BootTime received);
  void clear();
  std::size_t bytes() const;

  // Returns the section from the last key frame at or before `from` (or the first key frame, when that is gone) to the last
  // packet at or before `until`. not_found: nothing of that time is kept. bug: the container could not be written.
  Result<Clip> cut(BootTime from, BootTime until) const;

 private:
  struct Kept;
  struct Group;  // a key frame and the packets that depend on it
  struct Stream;

  mutable Mutex mutex_;
  std::unique_ptr<Stream> stream_ GUARDED_BY(mutex_);
  std::deque<Group> groups_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace gapura::drivers
