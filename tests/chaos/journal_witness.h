// SPDX-License-Identifier: Apache-2.0
// Reads the journal of a daemon that was killed, repeatedly, and reports what must never be there: a gap in the numbers, an
// entry that changed, an intent without exactly one outcome after a start, a pulse without an intent, or a missing entry of
// an acknowledged act.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/base/time.h"
#include "simulated/devices/modbus_device.h"

namespace gapura::tests {

class JournalWitness {
 public:
  struct Act {
    std::string type, visit;
  };
  // Reads new entries. Returns false, with a violation, when the file cannot be read.
  bool read(const std::string& database);
  // Matches the pulses that the coils saw until the last read: each belongs to an intent of its own at that lane.
  void match(const std::vector<simulated::CoilChange>& pulses);
  void expect(const std::vector<Act>& acknowledged);
  // Runs `gapura log verify`, in this process.
  void verify(const std::string& database);
  void violate(std::string what);

  const std::vector<std::string>& violations() const { return violations_; }
  std::uint64_t entries() const { return next_; }
  std::size_t intents() const { return intents_; }
  std::size_t closed_at_start() const { return closed_at_start_; }

 private:
  struct Intent {
    std::string point;
    BootTime at;
  };
  std::uint64_t next_ = 0;
  std::string last_leaf_;
  std::map<std::uint64_t, Intent> open_;
  std::set<std::uint64_t> ended_;
  std::multimap<std::string, BootTime> unused_;  // intents without a pulse so far, by point
  std::set<std::string> done_;                   // "type visit"
  std::size_t intents_ = 0, closed_at_start_ = 0;
  std::vector<std::string> violations_;
};

}  // namespace gapura::tests
