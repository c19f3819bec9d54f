// SPDX-License-Identifier: Apache-2.0
// The interface through which drivers report. The gateway's implementation posts into the core's mailbox.
#pragma once

#include "models/base/device_event.h"

namespace gapura::drivers {

// Thread-safe. Never blocks: when the core's mailbox is full, a badge read is counted and dropped, so that a driver is
// never delayed; all other facts are always taken.
class DeviceSink {
 public:
  virtual ~DeviceSink() = default;
  virtual void badge_read(BadgeRead read) = 0;
  virtual void level(LevelReport report) = 0;
  virtual void pulse_done(PulseReport report) = 0;
  virtual void health(DeviceHealth health) = 0;
};

// Now on CLOCK_BOOTTIME, the clock of every instant that leaves a driver. Within a driver, durations are measured on the
// steady clock.
BootTime boot_now();

}  // namespace gapura::drivers
