// SPDX-License-Identifier: Apache-2.0
// Groups codes seen in frames into presentations: a badge held to the camera is one reading, however long it is held.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/base/time.h"

namespace gapura::drivers {

// Pure: time is an argument. Not thread-safe.
class Presentation {
 public:
  // A badge that was not seen for this long was taken away: when it is seen again, that is a new presentation.
  static constexpr Millis gone_after{1000};
  // Two badges seen at most this far apart were in view together. A code is missed in some frames, so with "the same frame"
  // alone a second badge could go unnoticed. With a longer time a quick next guest would be taken for a second badge.
  static constexpr Millis together_within{300};

  // Call with the codes of one frame. Returns the payloads of a new presentation, sorted: one badge, or several codes in
  // view together (two badges: ambiguous). A code that is not a badge and appears beside one that was read before comes
  // alone. Empty when everything in view was reported before. Calls for frames without codes are optional.
  std::vector<std::string> see(const std::vector<std::string>& payloads, BootTime captured);

  // Whether a badge was seen and not yet taken away: worth searching again soon, even without motion.
  bool in_view(BootTime at) const;

 private:
  std::map<std::string, BootTime> last_seen_;  // bounded: badges that are gone are removed, and a frame shows at most eight
};

}  // namespace gapura::drivers
