// SPDX-License-Identifier: Apache-2.0
// Where drivers put what they learned. The gateway's implementation posts into the core's mailbox.
#pragma once

#include "models/device_event.h"

namespace gapura::drivers {

// Thread-safe. Never blocks: when the core's mailbox is full the fact is counted and dropped, so a driver is never delayed.
class DeviceSink {
 public:
  virtual ~DeviceSink() = default;
  virtual void badge_read(BadgeRead read) = 0;
  virtual void level(LevelReport report) = 0;
  virtual void pulse_done(PulseReport report) = 0;  // never dropped
  virtual void health(DeviceHealth health) = 0;
};

// A point on CLOCK_BOOTTIME. The only clock that drivers read.
BootTime boot_now();

}  // namespace gapura::drivers
