// SPDX-License-Identifier: Apache-2.0
// Decides which of a device's changes become journal entries. A device that chatters ten times a second is one fault, not
// ten.
#pragma once

#include <deque>
#include <optional>

#include "models/base/device_event.h"
#include "models/base/time.h"

namespace gapura::gateway {

// The device's state, as it is entered now.
struct HealthReport {
  DeviceHealth health;
  int outages = 0;    // of a chattering device: since the previous entry; else 0
  bool calm = false;  // it chattered, and has been quiet for a minute
};

// For one device. Time is an argument. Not thread-safe. Recorded at once: going offline or online, and changes of the fault
// or its cause while they are few. After five entries in a minute such changes are recorded once a minute until they end.
// The third outage within a minute is recorded with their number, and the device then chatters: one entry a minute, until a
// whole minute passes without an outage.
class HealthDamper {
 public:
  std::optional<HealthReport> take(const DeviceHealth& health, BootTime now);
  // Call at due().
  std::optional<HealthReport> tick(BootTime now);
  std::optional<BootTime> due() const;
  bool chatters() const { return chatters_; }

 private:
  bool is_entered() const;
  HealthReport enter(BootTime now);

  std::optional<DeviceHealth> latest_, entered_;
  std::deque<BootTime> entries_, outages_;  // of the last minute
  BootTime last_entry_, last_outage_, last_change_;
  int not_entered_ = 0;  // outages since the last entry
  bool chatters_ = false;
  bool noisy_ = false;  // its cause changes too often
};

}  // namespace gapura::gateway
