// SPDX-License-Identifier: Apache-2.0
// Turns codes seen in frames into presentations: a badge held to the camera is one reading, however long it is held.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/time.h"

namespace gapura::drivers {

// Pure: time is an argument. Not thread-safe.
class Presentation {
 public:
  // Unseen for this long, a badge has been taken away: the next sight of it is a new presentation.
  static constexpr Millis gone_after{1000};
  // Two badges seen at most this far apart were in view together: a code is missed in some frames, so "the same frame"
  // alone would let a second badge slip in. Longer, and a quick next guest would be taken for a second badge.
  static constexpr Millis together_within{300};

  // What one frame showed. Returns the payloads of a new presentation, sorted: one badge, or several codes in view together
  // (two badges: ambiguous); a code that is no badge and joins one that was read before comes alone. Empty when everything
  // in view was reported before. Call it for frames without codes too, or not: the same.
  std::vector<std::string> see(const std::vector<std::string>& payloads, BootTime captured);

  // Whether some badge was seen and not yet taken away: worth looking again soon, even when nothing moves.
  bool in_view(BootTime at) const;

 private:
  std::map<std::string, BootTime> last_seen_;  // bounded: what is gone is forgotten, and a frame shows at most eight
};

}  // namespace gapura::drivers
