// SPDX-License-Identifier: Apache-2.0
// The child's capturing thread: opens the source, decodes, puts the newest frame into the slot.
#pragma once

#include "drivers/camera/frame_slot.h"
#include "drivers/camera/packet_ring.h"
#include "drivers/camera/video_source.h"
#include "drivers/camera/worker_parts.h"

namespace gapura::drivers {

class Capture {
 public:
  Capture(const link::Settings& settings, Counters& counters, Outbox& outbox, FrameSlot& slot, PacketRing& ring)
      : settings_(settings), counters_(counters), outbox_(outbox), slot_(slot), ring_(ring) {}
  [[noreturn]] void run();

 private:
  int pause_after(int failures) const;
  bool capture_once();
  void no_frames(CameraFault fault, std::string why);
  void check_clock(const SourceState& state);
  void count(const Frame& frame);

  const link::Settings& settings_;
  Counters& counters_;
  Outbox& outbox_;
  FrameSlot& slot_;
  PacketRing& ring_;
};

}  // namespace gapura::drivers
