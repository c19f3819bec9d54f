// SPDX-License-Identifier: Apache-2.0
// Reads the journal of a daemon that was killed, again and again, and says what may never be: a gap in the numbers, an
// entry that was there before and is another now, an intent without its one outcome after a start, a pulse without its
// intent, an acknowledged act that is not there.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "models/time.h"
#include "simulated/modbus_device.h"

namespace gapura::tests {

class JournalWitness {
 public:
  struct Act {
    std::string type, visit;
  };
  // Reads what is new. False when the file cannot be read, with a violation.
  bool read(const std::string& database);
  // Pulses that the coils saw up to the last read's moment: each belongs to an intent of its own at that lane.
  void match(const std::vector<simulated::CoilChange>& pulses);
  void expect(const std::vector<Act>& acknowledged);
  // `gapura log verify`, in this process.
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
  std::multimap<std::string, BootTime> unused_;  // intents that no pulse belongs to yet, by point
  std::set<std::string> done_;                   // "type visit"
  std::size_t intents_ = 0, closed_at_start_ = 0;
  std::vector<std::string> violations_;
};

}  // namespace gapura::tests
